import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chain, hashOfLine } from '../../adapters/store/chain.ts';
import type { AuditLine } from './audit-line.ts';
import { agreesUpTo, type HeadPresence, headComparison, type OutsideHead, presenceOf } from './outside-heads.ts';

const LINES: AuditLine[] = [];
for (let seq = 1; seq <= 9; seq += 1)
  LINES.push(
    chain(LINES.at(-1) ?? null, {
      kind: 'note',
      at: '2026-01-01T00:00:00.000Z',
      what: 'paused',
      who: null,
      about: `${seq}`,
    }),
  );
const line = (seq: number): AuditLine => {
  const found = LINES[seq - 1];
  assert.ok(found);
  return found;
};
const OTHER = 'cd'.repeat(32);
const changed = (seq: number): AuditLine => ({ ...line(seq), prev: OTHER });

describe('where a head stands', () => {
  const CASES: readonly (readonly [
    why: string,
    head: { readonly seq: number; readonly hash: string },
    kept: readonly AuditLine[],
    through: AuditLine | null,
    is: HeadPresence,
  ])[] = [
    ['its line is there', line(4), LINES, null, 'there'],
    ['the last line', line(9), LINES, null, 'there'],
    ['another line is in its place', { seq: 4, hash: OTHER }, LINES, null, 'missing'],
    ['the trail ends before it', line(9), LINES.slice(0, 8), null, 'missing'],
    ['the trail is empty', line(1), [], null, 'missing'],
    [
      'its content does not give its hash',
      line(4),
      [...LINES.slice(0, 3), changed(4), ...LINES.slice(4)],
      null,
      'missing',
    ],
    ['it was taken out of the middle', line(4), LINES.filter(({ seq }) => seq !== 4), null, 'missing'],
    ['older than what is kept', line(3), LINES.slice(5), line(5), 'earlier'],
    ['older, and stayed', line(3), [line(3), ...LINES.slice(5)], line(5), 'there'],
    ['older, stayed, and is another', { seq: 3, hash: OTHER }, [line(3), ...LINES.slice(5)], line(5), 'missing'],
    ['cut behind the checkpoint', line(9), LINES.slice(5, 8), line(5), 'missing'],
    ['the last that was archived, as the checkpoint says', line(5), LINES.slice(5), line(5), 'there'],
    ['another than the checkpoint says', { seq: 5, hash: OTHER }, LINES.slice(5), line(5), 'missing'],
    ['the first that is kept', line(6), LINES.slice(5), line(5), 'there'],
  ];
  for (const [why, { seq, hash }, kept, through, is] of CASES)
    test(`${is}: ${why}`, () => {
      const own = kept.find((one) => one.seq === seq) ?? null;
      assert.equal(presenceOf({ seq, hash }, own, through, hashOfLine), is);
    });
});

describe('heads compared', () => {
  const outside = (seq: number, isProven = true): OutsideHead => ({
    head: line(seq),
    issueNumber: seq * 10,
    issueUrl: `https://forge.example/issues/${seq * 10}`,
    isProven,
  });
  const seqs = (those: readonly OutsideHead[]): readonly number[] => those.map(({ head }) => head.seq);

  test('each in its place, by line; what is not proven says nothing unless it differs', () => {
    const compared = headComparison([
      { outside: outside(8), presence: 'missing' },
      { outside: outside(7), presence: 'there' },
      { outside: outside(2), presence: 'there' },
      { outside: outside(9, false), presence: 'missing' },
      { outside: outside(6, false), presence: 'there' },
      { outside: outside(1), presence: 'earlier' },
    ]);
    const { there, missing, doubtful, earlier } = compared;
    assert.deepEqual([there, missing, doubtful, earlier].map(seqs), [[2, 7], [8], [9], [1]]);
    assert.equal(agreesUpTo(compared), 7);
  });

  test('a trail that went on after it was restored agrees only up to before the first line that it lacks', () => {
    const compared = headComparison([
      { outside: outside(9), presence: 'there' },
      { outside: outside(5), presence: 'missing' },
      { outside: outside(3), presence: 'there' },
    ]);
    assert.equal(agreesUpTo(compared), 3);
    assert.equal(agreesUpTo(headComparison([{ outside: outside(5), presence: 'missing' }])), 0);
  });
});
