// Fresh ids for proposals.
import { randomBytes } from 'node:crypto';

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

const LENGTH = 12;
/** Asking the system for chance costs more than the chance: taken for so many ids at once, each byte used once. */
const AT_ONCE = 64;
let chance = Buffer.alloc(0);
let used = 0;

/** "p-" and 12 letters that are hard to mistake for each other: 60 bits of chance. */
export function newId(): string {
  if (used + LENGTH > chance.length) {
    chance = randomBytes(LENGTH * AT_ONCE);
    used = 0;
  }
  let id = 'p-';
  for (const byte of chance.subarray(used, used + LENGTH)) id += LETTERS.charAt(byte % LETTERS.length);
  used += LENGTH;
  return id;
}
