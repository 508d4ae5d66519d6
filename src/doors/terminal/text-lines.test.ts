import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LINE_LIMIT, textLines } from './text-lines.ts';

const collect = async (lines: AsyncIterable<string>): Promise<readonly string[]> => {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
};

const linesOf = async (...chunks: readonly (string | Uint8Array)[]): Promise<readonly string[]> => {
  const bytes = async function* () {
    for (const chunk of chunks) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
  };
  return collect(textLines(bytes()));
};

const cases: readonly (readonly [what: string, chunks: readonly string[], lines: readonly string[]])[] = [
  ['nothing', [], []],
  ['one line with its end', ['a\n'], ['a']],
  ['one line without an end', ['a'], ['a']],
  ['empty lines', ['\n\na\n'], ['', '', 'a']],
  ['CRLF', ['a\r\nb\r\n'], ['a', 'b']],
  ['CR before LF in two chunks', ['a\r', '\nb'], ['a', 'b']],
  ['a lone CR ends nothing', ['a\rb\n'], ['a\rb']],
  ['line ends of other standards', ['a\u2028b\u2029c\u0085d\v\f\n'], ['a\u2028b\u2029c\u0085d\v\f']],
  ['a line over several chunks', ['kub', 'ectl get', ' pods\nx'], ['kubectl get pods', 'x']],
  ['a byte order mark is text', ['\ufeffa\n'], ['\ufeffa']],
];
for (const [what, chunks, lines] of cases) {
  test(`lines of ${what}`, async () => assert.deepEqual(await linesOf(...chunks), lines));
}

test('as many lines as there are LF, wherever the chunks end', async () => {
  const text = fc.array(fc.constantFrom('a', '\n', '\r', '\u2028', '\u0085', 'é', '\u{1F600}'), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(text, fc.nat(60), async (letters, cut) => {
      const whole = letters.join('');
      const bytes = new TextEncoder().encode(whole);
      const lines = await linesOf(bytes.subarray(0, cut), bytes.subarray(cut));
      const expected = whole.split('\n').map((line) => line.replace(/\r$/, ''));
      if (whole === '' || whole.endsWith('\n')) expected.pop();
      assert.deepEqual(lines, expected);
    }),
  );
});

test('bytes that are no UTF-8 and half a character at the end are U+FFFD', async () => {
  assert.deepEqual(await linesOf(Uint8Array.of(0x61, 0xff, 0x0a, 0xe2, 0x80)), ['a\ufffd', '\ufffd']);
});

test('of a line without end no more than the limit is kept, and the next line is read', async () => {
  const [first, next] = await linesOf('x'.repeat(LINE_LIMIT), 'y'.repeat(LINE_LIMIT), '\nkubectl get pods\n');
  assert.deepEqual([first?.length, first?.includes('y'), next], [LINE_LIMIT, false, 'kubectl get pods']);
});
