// Shows that nobody's words can act where they are shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  chatText,
  codeBlock,
  codeSpan,
  cut,
  htmlText,
  markdownSentence,
  plainLine,
  visible,
  visibleJson,
} from './escape.ts';

const HOSTILE: readonly (readonly [name: string, text: string])[] = [
  ['terminal escape', '\u001b[2J\u001b]0;owned\u0007'],
  ['8-bit terminal escape', '\u009b2J'],
  ['carriage return that overwrites the line', 'delete\rget'],
  ['backspace', 'web\u0008\u0008x'],
  ['right-to-left override', 'a\u202eb'],
  ['isolates', '\u2066a\u2069'],
  ['zero-width space, joiner, word joiner, BOM', '\u200b\u200d\u2060\ufeff'],
  ['soft hyphen', 'a\u00adb'],
  ['tag characters', '\u{e0061}\u{e0062}'],
  ['variation selector', 'a\ufe0f'],
  ['Hangul filler', '\u3164'],
  ['no-break space', 'a\u00a0b'],
  ['line separator', 'a\u2028b'],
  ['lone surrogate', 'a\ud800b'],
];

test('what cannot be seen is shown, and nothing is lost', () => {
  for (const [name, text] of HOSTILE) {
    const shown = visible(text);
    assert.doesNotMatch(shown, /(?![\n\t ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u, name);
    const back = shown.replace(/\\u\{([0-9A-F]+)\}/g, (_, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16)),
    );
    assert.equal(back, text, name);
  }
  assert.equal(visible('deployment/web 高風險 — ✅\n\tx'), 'deployment/web 高風險 — ✅\n\tx');
});

test('JSON reads back as it was, with nothing unseen in it', () => {
  for (const [name, text] of HOSTILE) {
    for (const indent of [0, 2]) {
      const json = visibleJson(JSON.stringify({ [text]: [text, '高風險 ✅'] }, null, indent));
      assert.doesNotMatch(json, /(?![\n ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u, name);
      assert.deepEqual(JSON.parse(json), { [text]: [text, '高風險 ✅'] }, name);
    }
  }
});

test('a code block cannot be ended from inside', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('`', '~', '\n', 'a', ' ', '```\n', '</pre>')), (parts) => {
      const block = codeBlock('bash', parts.join('')).split('\n');
      const fence = block[0]?.replace('bash', '') ?? '';
      assert.equal(block.at(-1), fence);
      for (const line of block.slice(1, -1)) assert.ok(!line.includes(fence), line);
    }),
  );
});

test('a code span has its delimiter nowhere inside and no line break', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\n', '@ana', '<b>') }), (text) => {
      const span = codeSpan(text);
      const ticks = /^`+/.exec(span)?.[0] ?? '';
      const inside = span.slice(ticks.length, -ticks.length);
      assert.ok(span.endsWith(ticks));
      assert.ok(!new RegExp(`(?<!\`)${ticks}(?!\`)`).test(inside), span);
      assert.ok(!span.includes('\n'));
    }),
  );
});

test('a sentence keeps plain words plain and puts everything else into code', () => {
  const cases: readonly (readonly [text: string, markdown: string])[] = [
    ['The dry run on the server passed.', 'The dry run on the server passed.'],
    ['within 120 s (at most)', 'within 120 s (at most)'],
    ['tell @ana now', 'tell `@ana` now'],
    ['see #12 or ops/review#3', 'see `#12` or `ops/review#3`'],
    ['<img src=x onerror=alert(1)>', '`<img src=x onerror=alert(1)>`'],
    ['[x](https://evil.example)', '`[x](https://evil.example)`'],
    ['www.evil.example and https://evil.example', '`www.evil.example` and `https://evil.example`'],
    ['**bold** _x_ ~~y~~ | table |', '`**bold** _x_ ~~y~~ |` table `|`'],
    ['# heading\n- list\n> quote', '`#` heading `-` list `>` quote'],
    ['&lt;b&gt; :tada: $x$ \\*', '`&lt;b&gt; :tada: $x$ \\*`'],
    ['deployment/web -n shop has 0 replicas', '`deployment/web -n shop` has 0 replicas'],
    ['a ` and `` b`', 'a `` ` `` and ``` `` b` ```'],
    ['在 120 秒內收斂，否則回滾。', '在 120 秒內收斂，否則回滾。'],
  ];
  for (const [text, markdown] of cases) assert.equal(markdownSentence(text), markdown);
});

test('HTML text holds no markup', () => {
  assert.equal(htmlText(`<a href="x" onclick='y'>&`), '&lt;a href=&quot;x&quot; onclick=&#39;y&#39;&gt;&amp;');
});

test('a chat text calls nobody and leaves image digests alone', () => {
  assert.equal(
    chatText('@ana (@bo) mail a@b.example web@sha256:1 @ x'),
    '＠ana (＠bo) mail a@b.example web@sha256:1 @ x',
  );
});

test('a line is one line, and a cut text keeps its limit in code points', () => {
  assert.equal(plainLine(' a\n\n b\tc\r\n'), 'a b c\\u{D}');
  assert.equal(cut('😀😀😀', 3), '😀😀😀');
  assert.equal(cut('😀😀😀😀', 3), '😀😀…');
});
