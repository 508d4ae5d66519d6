// Sizes of rows in their order → how many of them make a page.
import { PAGE_LIMIT_BYTES } from '../../../core/model/limits.ts';

/** How many, from the first, come to no more bytes than a page may; one at least, so that every row has its page. */
export function fitting(sizes: readonly number[]): number {
  let sum = 0;
  const first = sizes.findIndex((bytes, i) => {
    sum += bytes;
    return i > 0 && sum > PAGE_LIMIT_BYTES;
  });
  return first < 0 ? sizes.length : first;
}
