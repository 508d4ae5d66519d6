// Fresh ids for proposals. It must never give the same one twice.
import { randomBytes } from 'node:crypto';

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** "p-" and 12 letters that are hard to mistake for each other: 60 bits of chance. */
export const newId = (): string => `p-${[...randomBytes(12)].map((byte) => LETTERS[byte % 32]).join('')}`;
