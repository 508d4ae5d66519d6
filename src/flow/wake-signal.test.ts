import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../adapters/system/clock.ts';
import type { Notice } from '../ports/store.ts';
import { createWakeSignal } from './wake-signal.ts';

const LONG = 60_000;

const ROWS: readonly (readonly [said: Notice, waits: Notice, isWoken: boolean])[] = [
  ['work', 'work', true],
  ['work', 'record', true],
  ['record', 'record', true],
  ['record', 'work', false],
];

for (const [said, waits, isWoken] of ROWS)
  test(`a notice of ${said}: who waits for ${waits} ${isWoken ? 'is woken' : 'sleeps on'}`, async () => {
    const signal = createWakeSignal(systemClock);
    const over = new AbortController();
    const seen = signal.count(waits);
    let isAwake = false;
    const waiting = signal.wait(seen, LONG, over.signal, waits).then(() => {
      isAwake = true;
    });
    signal.notify(said);
    await new Promise((done) => setImmediate(done));
    assert.equal(isAwake, isWoken);
    assert.equal(signal.count(waits) > seen, isWoken);
    over.abort();
    await waiting;
  });

test('a notice between looking and waiting is not lost', async () => {
  const signal = createWakeSignal(systemClock);
  const seen = signal.count();
  signal.notify();
  await signal.wait(seen, LONG, new AbortController().signal);
});
