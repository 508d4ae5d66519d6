// How much is stored when a benchmark measures: what `--stored 1000,5000` says, else its own sizes.

/** Ascending; throws where one is no whole number from 0 on. */
export const sizesAsked = (usual: readonly number[]): readonly number[] => {
  const asked = process.env['BENCH_STORED'];
  const sizes = asked === undefined ? usual : asked.split(',').map(Number);
  if (sizes.some((size) => !Number.isSafeInteger(size) || size < 0))
    throw new Error(`--stored ${asked}: whole numbers, separated by commas`);
  return sizes.toSorted((a, b) => a - b);
};
