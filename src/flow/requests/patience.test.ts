// However long the wait, kubectl's arrivals cover it and leave one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comeAgainIn, HOLD_SECONDS, holdFor, MOST_WAIT_SECONDS } from './patience.ts';

/** Arrivals of one kubectl until the wait is over, and when that is. */
const arrivalsOf = (
  waitSeconds: number,
): { readonly arrivals: number; readonly over: number; readonly longest: number } => {
  const patience = { waitSeconds, holdSeconds: HOLD_SECONDS };
  let [at, longest] = [0, 0];
  for (let arrivals = 1; ; arrivals += 1) {
    const held = holdFor(patience, at);
    assert.ok(held <= 20, 'nothing is held for longer than 20 s');
    at += held;
    if (at >= waitSeconds) return { arrivals, over: at, longest };
    const pause = comeAgainIn(patience, at, arrivals);
    assert.ok(Number.isInteger(pause) && pause >= 1);
    longest = Math.max(longest, pause);
    at += pause;
  }
};

test('the last word is said by the tenth of eleven arrivals, for every wait that can be set', () => {
  for (let wait = 1; wait <= MOST_WAIT_SECONDS; wait += 1) {
    const { arrivals, over } = arrivalsOf(wait);
    assert.ok(arrivals <= 10, `a wait of ${wait} s took ${arrivals} arrivals`);
    assert.ok(over >= wait && over <= wait + 15, `a wait of ${wait} s was over after ${over} s`);
  }
});

test('up to three minutes and a quarter the pauses are one second: an approval is seen within two', () => {
  assert.equal(arrivalsOf(195).longest, 1);
  assert.equal(arrivalsOf(300).longest, 12);
});
