// SQLite's complaints as errors that say what to do.
import { ownValue } from '../../../core/model/json.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { Fate } from '../queries/group-commit.ts';

interface ErrorText {
  readonly kind: AdapterError['kind'];
  readonly reason: string;
  readonly says: string;
}

/** By primary result code (sqlite.org/rescode.html). */
const ERRORS: { readonly [code: number]: ErrorText } = {
  3: { kind: 'refused', reason: 'no-access', says: 'may not be opened: give the gate the right to read and write it' },
  5: {
    kind: 'no-answer',
    reason: 'locked',
    says: 'is locked by another program: end whatever holds it, then it goes on',
  },
  6: {
    kind: 'no-answer',
    reason: 'locked',
    says: 'is locked by another program: end whatever holds it, then it goes on',
  },
  8: { kind: 'refused', reason: 'read-only', says: 'is read-only: make folder and file writable for the gate' },
  10: { kind: 'invalid-answer', reason: 'io', says: 'cannot be read or written: check the disk; nothing was saved' },
  11: {
    kind: 'invalid-answer',
    reason: 'corrupt',
    says: 'is damaged: stop the gate, keep a copy of the folder, restore a backup',
  },
  13: {
    kind: 'refused',
    reason: 'disk-full',
    says: 'cannot grow, the disk is full: free some space; nothing was saved',
  },
  14: {
    kind: 'refused',
    reason: 'cannot-open',
    says: 'cannot be opened: check that the folder of BLASTGATE_DATA exists and is writable',
  },
  26: {
    kind: 'invalid-answer',
    reason: 'corrupt',
    says: 'is not a database: another file lies in its place; move it away or restore a backup',
  },
};

/** Any error of node:sqlite as an AdapterError where SQLite itself complained; others come back as they are. */
export function storeError(error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  const known = ownValue(ERRORS, String(error.errcode & 0xff));
  if (known === undefined) return error;
  return new AdapterError(known.kind, `The database ${known.says} (${error.message}).`, {
    reason: known.reason,
  });
}

/** Another program holds the database: it may be tried again. */
export function isLocked(error: unknown): boolean {
  return error instanceof AdapterError && error.reason === 'locked';
}

/** What an error of a whole transaction means to the queue of writes. */
export function sqliteFateOf(error: unknown): Fate {
  return isLocked(error) ? 'again' : 'of-one';
}
