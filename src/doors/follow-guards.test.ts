// What is told of the guards: held, open, missing, not known, and that one was lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock } from '../../test/fakes/clock.ts';
import { memoryLog } from '../../test/fakes/log.ts';
import { followGuards, type Guards } from './follow-guards.ts';

const looks = async (answers: readonly (Guards | Error)[]) => {
  const [clock, log, ending] = [fakeClock(), memoryLog(), new AbortController()];
  const texts: string[] = [];
  let at = 0;
  const followed = followGuards(
    () => {
      texts.push(followed.text());
      const answer = answers[at];
      at += 1;
      if (answer === undefined) ending.abort();
      return answer instanceof Error || answer === undefined ? Promise.reject(answer) : Promise.resolve(answer);
    },
    { now: () => clock.now(), sleep: () => Promise.resolve() },
    log,
  );
  await followed.refresh(ending.signal);
  const shown = (text: string) =>
    [...text.matchAll(/^blastgate_guard\{guard="(\w+)"\} (-?\d)$/gm)].map((one) => one[2]);
  return { values: texts.slice(1).map(shown), warned: log.lines.map(({ event }) => event) };
};

test('before the first look nothing is known', () => {
  const followed = followGuards(() => Promise.reject(new Error('never asked')), fakeClock(), memoryLog());
  assert.match(followed.text(), /^blastgate_guard\{guard="agents"\} -1$/m);
});

test('what holds is 1; what is open or missing is 0, and that it was lost is said once', async () => {
  const { values, warned } = await looks([
    { agents: 'holds', executor: 'missing' },
    { agents: 'open', executor: 'holds' },
    { agents: 'open', executor: 'holds' },
  ]);
  assert.deepEqual(values, [
    ['1', '0'],
    ['0', '1'],
    ['0', '1'],
  ]);
  assert.deepEqual(warned, ['guard_lost']);
});

test('what cannot be read is not known, said once until it can be read again', async () => {
  const error = new Error('forbidden');
  const { values, warned } = await looks([error, error, { agents: 'holds', executor: 'holds' }, error]);
  assert.deepEqual(values, [
    ['-1', '-1'],
    ['-1', '-1'],
    ['1', '1'],
    ['-1', '-1'],
  ]);
  assert.deepEqual(warned, ['guard_unknown', 'guard_unknown']);
});
