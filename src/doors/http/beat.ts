// One answer for all who ask within a time: addresses that need no token must cost no more when many ask
// (test: beat.test.ts beside this file).
import type { Clock } from '../../ports/clock.ts';

/** Milliseconds. Shorter than the usual interval of a probe or a scrape. */
const BEAT_MS = 5_000;

/** Asks `make` at most once a beat; whoever comes meanwhile gets the same answer, a failure too. */
export function onceABeat<T>(clock: Pick<Clock, 'now'>, make: (now: number) => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | null = null;
  return () => {
    const now = clock.now();
    if (last === null || now < last.at || now - last.at >= BEAT_MS) last = { at: now, answer: make(now) };
    return last.answer;
  };
}
