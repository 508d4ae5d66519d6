// Pages of long lists: how many, and where the one before ended (contract section 12).
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';

const LARGEST_PAGE = 200;
const DEFAULT_PAGE = 50;

/** A cursor as text of `[A-Za-z0-9_-]`: nobody but this file reads it. */
const cursorText = (position: number): string => `c${position.toString(36)}`;

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

/** The cursor of the next page, whose address `link` names, too, relative to `url` (RFC 8288); null at the end. */
export function linkNext(c: Context, position: number | null, url: string = c.req.url): string | null {
  if (position === null) return null;
  const cursor = cursorText(position);
  const { pathname, searchParams } = new URL(url);
  searchParams.set('cursor', cursor);
  c.header('link', `<${pathname}?${searchParams.toString()}>; rel="next"`);
  return cursor;
}
