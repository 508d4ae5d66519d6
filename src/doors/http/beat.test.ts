// Whoever asks without a token asks for all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock } from '../../../test/fakes/clock.ts';
import { onceABeat } from './beat.ts';

test('many who ask at once, and within five seconds, are answered by one question', async () => {
  const clock = fakeClock();
  let asked = 0;
  const ask = onceABeat(clock, async () => {
    asked += 1;
    return asked;
  });
  assert.deepEqual(
    await Promise.all(Array.from({ length: 100 }, ask)),
    Array.from({ length: 100 }, () => 1),
  );
  clock.pass(4.9);
  assert.equal(await ask(), 1);
  clock.pass(0.1);
  assert.equal(await ask(), 2);
  // A clock that was set back must not keep an old answer for hours.
  clock.jump(-3600);
  assert.equal(await ask(), 3);
});

test('a failure is told to all who asked, and asked again after the beat', async () => {
  const clock = fakeClock();
  let asked = 0;
  const ask = onceABeat(clock, () => {
    asked += 1;
    return asked === 1 ? Promise.reject(new Error('no')) : Promise.resolve('yes');
  });
  for (let i = 0; i < 3; i += 1) await assert.rejects(ask(), /no/);
  clock.pass(5);
  assert.equal(await ask(), 'yes');
  assert.equal(asked, 2);
});
