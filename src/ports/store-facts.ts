// What a store that others look after says of itself.

export interface StoreFacts {
  readonly version: string;
  /** "on": an acknowledged step is on disk. Anything less, and a crash can lose it. */
  readonly synchronousCommit: string;
  /** Which copies must have a step before it is acknowledged; "": none, so that a switch to one may lose some. */
  readonly standbys: string;
  readonly isolation: string;
  readonly isReadOnly: boolean;
  /** False behind a pooler that gives each transaction another connection: then gates look each second instead. */
  readonly passesNotices: boolean;
  readonly roundTripMs: number;
  /** Milliseconds since the epoch. */
  readonly clockMs: number;
}

/** Whether every acknowledged step is on a second machine too. */
export function keepsWhatItSays({ synchronousCommit, standbys }: StoreFacts): boolean {
  return ['on', 'remote_apply'].includes(synchronousCommit) && standbys !== '';
}
