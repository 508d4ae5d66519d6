// A value that a schema does not take, and says nothing of its own about → what to write in its place.
import type { z } from 'zod';

/** By what zod expects there. */
const WRITE: ReadonlyMap<string, string> = new Map([
  ['string', 'write a text; what reads as a number, a date or true needs quotes ("2026")'],
  ['number', 'write a number'],
  ['int', 'write a whole number'],
  ['boolean', 'write true or false'],
  ['array', 'write a list ("- …" in each line)'],
  ['object', 'write keys with their values (KEY: VALUE)'],
  ['record', 'write keys with their values (KEY: VALUE)'],
]);

/** undefined: zod's own words. */
export function wordsOfIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_value')
    return `write ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
  if (issue.code !== 'invalid_type') return undefined;
  const write = WRITE.get(issue.expected);
  return write !== undefined && (issue.input === null || issue.input === undefined)
    ? `nothing stands here: ${write}`
    : write;
}
