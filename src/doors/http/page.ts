// Pages of long lists: how many, and where the one before ended (contract section 12).
import { z } from '@hono/zod-openapi';

const LARGEST_PAGE = 200;
const DEFAULT_PAGE = 50;

/** A cursor as text of `[A-Za-z0-9_-]`: nobody but this file reads it. */
export function cursorText(position: number): string {
  return `c${position.toString(36)}`;
}

const CURSOR = /^c([0-9a-z]{1,10})$/;

/** `limit` 1 to 200 (50), `cursor` as `next` of the page before; anything else is refused, never guessed. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(DEFAULT_PAGE),
  cursor: z
    .string()
    .regex(CURSOR, 'is no cursor: give `next` of the page before as it is')
    .transform((text) => Number.parseInt(text.slice(1), 36))
    .nullable()
    .default(null),
});

/** RFC 8288: the address of the next page, relative to this one. */
export function nextLink(url: string, cursor: string): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.set('cursor', cursor);
  return `<${pathname}?${searchParams.toString()}>; rel="next"`;
}
