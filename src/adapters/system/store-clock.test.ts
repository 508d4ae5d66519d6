import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock } from '../../../test/fakes/clock.ts';
import { openStoreClock } from './store-clock.ts';

const never = new AbortController().signal;

test('the time is the store’s, and goes on by what has elapsed, whatever the date of the machine', async () => {
  const machine = fakeClock();
  const store = { ahead: 300_000 };
  const began = machine.now();
  const clock = await openStoreClock(async () => began + machine.elapsed() + store.ahead, machine, never);
  assert.equal(clock.now() - began, 300_000);
  machine.pass(10);
  machine.jump(-3600);
  assert.equal(clock.now() - began, 310_000);
  const over = new AbortController();
  const keeping = clock.keep(over.signal);
  store.ahead = 299_000;
  machine.pass(30);
  for (let i = 0; i < 20; i += 1) await new Promise((done) => setImmediate(done));
  assert.equal(clock.now() - began, 339_000, 'it is read again');
  over.abort();
  await keeping;
});

test('of three readings the one that was answered fastest counts', async () => {
  const machine = fakeClock();
  const delays = [4, 1, 9];
  const clock = await openStoreClock(
    async () => {
      const seconds = delays.shift() ?? 0;
      machine.pass(seconds);
      return 1_000_000 + machine.elapsed() - (seconds * 1000) / 2;
    },
    machine,
    never,
  );
  assert.equal(clock.now(), 1_000_000 + machine.elapsed());
});

test('a store that tells no time is not opened', async () => {
  await assert.rejects(
    openStoreClock(() => Promise.reject(new Error('away')), fakeClock(), never),
    /away/,
  );
});
