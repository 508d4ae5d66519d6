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
    [
      {
        cluster: null,
        read: () => {
          texts.push(followed.text());
          const answer = answers[at];
          at += 1;
          if (answer === undefined) ending.abort();
          return answer instanceof Error || answer === undefined ? Promise.reject(answer) : Promise.resolve(answer);
        },
      },
    ],
    { now: () => clock.now(), sleep: () => Promise.resolve() },
    log,
  );
  await followed.refresh(ending.signal);
  const shown = (text: string) =>
    [...text.matchAll(/^blastgate_guard\{guard="(\w+)"\} (-?\d)$/gm)].map((one) => one[2]);
  return { values: texts.slice(1).map(shown), warned: log.lines.map(({ event }) => event) };
};

test('before the first look nothing is known', () => {
  const read = () => Promise.reject(new Error('never asked'));
  const followed = followGuards([{ cluster: null, read }], fakeClock(), memoryLog());
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

test('each of several clusters has rows by its name, and one that hangs keeps no other unknown', async () => {
  const [log, ending] = [memoryLog(), new AbortController()];
  const holds: Guards = { agents: 'holds', executor: 'missing' };
  const followed = followGuards(
    [
      { cluster: 'eu', read: () => new Promise(() => undefined) },
      { cluster: 'us', read: async () => holds },
    ],
    fakeClock(),
    log,
  );
  void followed.refresh(ending.signal);
  await new Promise((done) => setImmediate(done));
  ending.abort();
  const text = followed.text();
  assert.equal([...text.matchAll(/^# TYPE/gm)].length, 1);
  assert.match(text, /^blastgate_guard\{guard="agents",cluster="eu"\} -1$/m);
  assert.match(text, /^blastgate_guard\{guard="agents",cluster="us"\} 1$/m);
});
