// A page of a list that is larger than any answer that is read → the same rows, read in smaller pages.
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ApiPage } from './forge-api.ts';

/** Rows `(page - 1) * size` to `page * size`; pages are counted from 1. */
export interface PagePart {
  readonly page: number;
  readonly size: number;
}

/** What an answer beyond the limit is called (`AdapterError.reason`). */
export const TOO_LARGE = 'too-large';

/** More of them on one page are the fault of the forge, or of what stands between. */
const MOST_LEFT_OUT = 10;

/**
 * Whoever may write in the repository decides how large a row is: a page that is too large is read by tenths, a row that is too
 * large by itself is left out. Throws AdapterError for all other trouble, and where ten rows of the page are too large.
 */
export function readInParts<T>(page: PagePart, read: (part: PagePart) => Promise<ApiPage<T>>): Promise<ApiPage<T>> {
  let leftOut = 0;
  const readPart = async (part: PagePart): Promise<ApiPage<T>> => {
    try {
      return await read(part);
    } catch (thrown) {
      if (!(thrown instanceof AdapterError) || thrown.reason !== TOO_LARGE) throw thrown;
      if (part.size > 1) return await readTenths(part);
      leftOut += 1;
      if (leftOut >= MOST_LEFT_OUT) throw thrown;
      return { items: [], isLast: false };
    }
  };
  const readTenths = async ({ page, size }: PagePart): Promise<ApiPage<T>> => {
    const smaller = size % 10 === 0 ? size / 10 : 1;
    const parts = size / smaller;
    const items: T[] = [];
    let isLast: boolean | null = null;
    for (let at = (page - 1) * parts + 1; at <= page * parts && isLast !== true; at += 1) {
      const found = await readPart({ page: at, size: smaller });
      items.push(...found.items);
      isLast = found.isLast;
    }
    return { items, isLast };
  };
  return readPart(page);
}
