import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { within, withinMore, withinSeconds } from './deadline.ts';

const once = (signal: AbortSignal): Promise<unknown> =>
  new Promise((done) => signal.addEventListener('abort', () => done(signal.reason), { once: true }));

test('a deadline ends with the signal it was made from, at once and for its reason', async () => {
  const gate = new AbortController();
  const ended = once(within('store', gate.signal));
  gate.abort('shutdown');
  assert.equal(await ended, 'shutdown');
  assert.equal(within('store', gate.signal).reason, 'shutdown', 'a signal that has ended gives none that goes on');
});

test('a deadline ends when its time is over, never before', async () => {
  const began = performance.now();
  const first = withinSeconds(0.1, new AbortController().signal);
  await sleep(30);
  const later = performance.now();
  const second = withinSeconds(0.1, new AbortController().signal);
  assert.equal(((await once(first)) as Error).name, 'TimeoutError');
  assert.ok(performance.now() - began >= 99);
  if (!second.aborted) await once(second);
  assert.ok(performance.now() - later >= 99, 'it shares a timer only with one that lasts as long');
});

test('one signal does not end another, and limits of different lengths are kept apart', async () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const [ofOne, ofOther] = [within('store', one.signal), within('store', other.signal)];
  const short = withinSeconds(0.02, one.signal);
  const long = withinMore('store', 1, one.signal);
  await once(short);
  assert.deepEqual(
    [ofOne, ofOther, long].map(({ aborted }) => aborted),
    [false, false, false],
  );
  one.abort();
  assert.deepEqual(
    [ofOne, ofOther, long].map(({ aborted }) => aborted),
    [true, false, true],
  );
});

test('asked again and again it is mostly the same, so that it costs nothing', () => {
  const { signal } = new AbortController();
  const asked = Array.from({ length: 100 }, () => within('store', signal));
  assert.ok(new Set(asked).size < 100);
});
