// The report as a page and as text: complete, in both languages, and harmless whatever stands in the log.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEFAULT_POLICY } from '../../core/blast-radius/default-policy.ts';
import { LogReplay } from '../../core/replay/replay-log.ts';
import type { ReplayReport } from '../../core/replay/replay-report.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import { LANGS } from '../../core/text/words/lang.ts';
import { painter } from '../terminal/paint.ts';
import { grouped, type ReplayAnswer, replayJson } from './replay-answer.ts';
import { replayPage } from './replay-page.ts';
import { replayText } from './replay-text.ts';

const EMPTY = new LogReplay(
  () => {
    throw new Error('nothing is read');
  },
  { policy: DEFAULT_POLICY, against: null },
).report();

const HOSTILE = `<script>alert(1)</script><img src=x onerror=alert(1)>"'&\u001b[31m\u202eevil\u2028\nINJECTED`;

const FULL: ReplayReport = {
  ...EMPTY,
  records: 1234567,
  unreadable: 3,
  notCounted: { ...EMPTY.notCounted, read: 10, repeated: 2 },
  period: { from: '2026-11-20T10:00:00Z', to: HOSTILE },
  total: { auto: 1, human: 2000, dual: 3, blocked: 4, refused: 5, noBody: 6 },
  cannotTell: { 'patch-type': 7, 'label-before': 8 },
  asked: [
    { day: '2026-11-20', human: 1, dual: 1 },
    { day: HOSTILE, human: 1999, dual: 2 },
  ],
  reasons: [{ code: 'multiplier', count: 9 }],
  actors: [
    {
      actor: HOSTILE,
      class: 'user',
      actions: [
        { action: 'scale', auto: 1, human: 2000, dual: 3, blocked: 4, refused: 5, noBody: 0 },
        { action: null, auto: 0, human: 0, dual: 0, blocked: 0, refused: 0, noBody: 6 },
      ],
    },
  ],
  changes: [
    {
      actor: HOSTILE,
      action: 'scale',
      before: 'auto',
      after: 'dual',
      count: 12,
      because: [{ code: 'base', before: 5, after: null }],
      example: {
        at: HOSTILE,
        method: 'PATCH',
        path: HOSTILE,
        before: { score: 5, reasons: [] },
        after: { score: 55, reasons: [{ code: 'multiplier', points: 8, subject: HOSTILE }] },
      },
    },
  ],
  idsFull: true,
  unlisted: { actors: 1, days: 0, changes: 1 },
};

const answer = (report: ReplayReport): ReplayAnswer => ({
  sources: { of: 'log', files: [{ file: HOSTILE, cut: true }], policy: HOSTILE, against: null },
  report,
});

for (const lang of LANGS)
  describe(lang, () => {
    const words = DICTIONARIES[lang].replay;
    const page = replayPage(answer(FULL), lang);
    const text = replayText(answer(FULL), lang, painter({ colour: false }));

    test('the page loads nothing, runs nothing and shows texts as texts', () => {
      assert.match(page, /^<!doctype html>/);
      assert.match(page, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'/);
      // Elements that the page is made of, and no other: whatever the log holds has become text.
      const elements = new Set([...page.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name]) => name));
      for (const name of ['script', 'img', 'iframe', 'link', 'object', 'form', 'a'])
        assert.equal(elements.has(name), false, name);
      const tags = [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag).join('');
      assert.doesNotMatch(tags, /\s(?:on\w+|style|src|href)=/i);
      assert.doesNotMatch(page, /url\(|@import|https?:/i);
      for (const unseen of ['\u001b', '\u202e', '\u2028']) assert.ok(!page.includes(unseen));
      assert.match(page, /&lt;script&gt;alert\(1\)/);
    });

    test('the page says what the text says', () => {
      for (const part of [words.lowerBound, words.refusedMeans, words.reasons, words.notCounted, words.idsFull]) {
        assert.ok(page.includes(part), part);
        assert.ok(text.includes(part), part);
      }
      for (const part of ['1,234,567', '2,000', 'base 5 → ', words.why.repeated, words.unlisted('2')]) {
        assert.ok(page.includes(part), part);
        assert.ok(text.includes(part), part);
      }
    });

    test('the text steers no terminal, and a text of the log stands on one line', () => {
      for (const unseen of ['\u001b', '\u202e', '\u2028']) assert.ok(!text.includes(unseen));
      assert.doesNotMatch(text, /^\s*INJECTED/m);
    });

    test('an empty log says so', () => {
      assert.ok(replayText(answer(EMPTY), lang, painter({ colour: false })).includes(words.nothing));
      assert.ok(replayPage(answer(EMPTY), lang).includes(words.nothing));
    });

    test('a comparison without a difference says so', () => {
      const same = answer({ ...FULL, changes: [] });
      assert.ok(replayText(same, lang, painter({ colour: false })).includes(words.noChanges));
      assert.ok(replayPage(same, lang).includes(words.noChanges));
    });

    test('the JSON explains each point', () => {
      const json = JSON.parse(JSON.stringify(replayJson(answer(FULL), lang)));
      assert.equal(json.evidence, 'lower-bound');
      assert.equal(json.changes[0].example.after.reasons[0].points, 8);
      assert.match(json.changes[0].example.after.reasons[0].message, /onerror/);
    });
  });

test('numbers are grouped', () => {
  for (const [count, text] of [
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
  ] as const)
    assert.equal(grouped(count), text);
});
