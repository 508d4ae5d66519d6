// Fresh ids for proposals.
import { randomBytes } from 'node:crypto';

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** "p-" and 12 letters that are hard to mistake for each other: 60 bits of chance. */
export function newId(): string {
  return `p-${[...randomBytes(12)].map((byte) => LETTERS[byte % 32]).join('')}`;
}
