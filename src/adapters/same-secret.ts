// A secret as it was given, and as it should be → whether they are the same.
import { timingSafeEqual } from 'node:crypto';

/** Takes as long whichever byte differs; the length is no secret. */
export function isSameSecret(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
