// A matrix of cases becomes those of this run: all of them, or a sample that a seed picks.

/** Set by test/servers/run-real.ts; unset, every case runs (`npm run test:long`, or a file by itself). */
export const SEED = 'BLASTGATE_TEST_SEED';

/** The seed of this run; null where nothing is to be left out. */
export function seedOf(env: NodeJS.ProcessEnv): number | null {
  const text = env[SEED];
  return text === undefined || text === '' ? null : Number(text);
}

/** Mulberry32: the same seed, the same numbers in [0, 1). */
const generator = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** `most` of the cases in their order, picked by the seed; all of them without one. */
export function sampled<T>(cases: readonly T[], most: number, seed: number | null): readonly T[] {
  if (seed === null || cases.length <= most) return cases;
  const next = generator(seed);
  const drawn = cases.map((_, at) => ({ at, lot: next() })).toSorted((a, b) => a.lot - b.lot);
  const kept = new Set(drawn.slice(0, most).map(({ at }) => at));
  return cases.filter((_, at) => kept.has(at));
}
