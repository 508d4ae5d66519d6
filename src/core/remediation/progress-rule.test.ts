// Progress is seen by whoever watches, and never floods the trail.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWorthTelling, MOST_LINES, type Step, type Told } from './progress-rule.ts';

/** The steps that are put down of a write that takes them one after the other. */
const toldOf = (steps: readonly Step[]): readonly Step[] => {
  const lines: Step[] = [];
  let told: Told | null = null;
  for (const step of steps) {
    if (!isWorthTelling(told, step)) continue;
    lines.push(step);
    told = { last: step, lines: lines.length };
  }
  return lines;
};

const evenly = (of: number, everyMs: number): readonly Step[] =>
  Array.from({ length: of }, (_, i) => ({ done: i + 1, of, waits: false, atMs: i * everyMs }));

test('the first step and the end are told, whatever lies between and however fast it goes', () => {
  for (const all of [2, 3, 10, 499, 500, 5000])
    for (const everyMs of [0, 1, 900, 1000, 20_000, 600_000]) {
      const lines = toldOf(evenly(all, everyMs));
      assert.deepEqual([lines[0]?.done, lines.at(-1)?.done], [1, all], `${all} every ${everyMs}`);
      assert.ok(lines.length <= MOST_LINES, `${lines.length} lines of ${all} every ${everyMs}`);
    }
});

test('a drain of 500 pods is followed by twentieths', () => {
  const lines = toldOf(evenly(500, 200));
  assert.ok(lines.length >= 20 && lines.length <= 22, `${lines.length}`);
});

test('a slow one is told each time that it moves, a fast one at most once a second', () => {
  assert.deepEqual(
    toldOf(evenly(6, 30_000)).map(({ done }) => done),
    [1, 2, 3, 4, 5, 6],
  );
  assert.deepEqual(
    toldOf(evenly(40, 100)).map(({ done }) => done),
    [1, 11, 21, 31, 40],
  );
});

test('what only waits is told once a minute, and still leaves a line for the end', () => {
  const waiting = Array.from({ length: 3600 }, (_, i): Step => ({ done: 3, of: 9, waits: true, atMs: i * 1000 }));
  const lines = toldOf([...waiting, { done: 9, of: 9, waits: false, atMs: 3_600_000 }]);
  assert.equal(lines.length, MOST_LINES);
  assert.deepEqual([lines[1]?.atMs, lines.at(-1)?.done], [60_000, 9]);
});

test('the end is told once', () => {
  const end: Step = { done: 2, of: 2, waits: false, atMs: 5 };
  assert.deepEqual(toldOf([{ done: 1, of: 2, waits: false, atMs: 0 }, end, end, { ...end, atMs: 90_000 }]).length, 2);
});

test('why it stands still is told as soon as it does', () => {
  const step: Step = { done: 1, of: 5, waits: false, atMs: 0 };
  const waits = [200, 1200, 2200, 3200].map((atMs): Step => ({ ...step, waits: true, atMs }));
  assert.deepEqual(
    toldOf([step, ...waits]).map(({ waits: isWait, atMs }) => [isWait, atMs]),
    [
      [false, 0],
      [true, 1200],
    ],
  );
});
