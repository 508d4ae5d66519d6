// Which files of people and policy hold from here on → a note of the trail with the digest of each.

import { instant } from '../core/model/instant.ts';
import type { AuditEntry } from '../core/remediation/audit-line.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { RuleFile } from './watched-file.ts';

const APPEND_MS = 10_000;

/** Where notes are put down. */
export interface Notebook {
  readonly store: Pick<Store, 'trail'>;
  readonly clock: Clock;
}

/**
 * Writes one note after the other, as soon as there is a store: files are read before it is opened. A store that fails now is said
 * in the log: the file holds all the same.
 */
export function noteFiles(opening: Promise<Notebook>, log: Log, file: RuleFile): (digest: string) => void {
  const what = `${file}-read` as const;
  let last: Promise<void> = Promise.resolve();
  return (digest) => {
    log.info(`${file}_read`, { digest });
    last = last
      .then(async () => {
        const { store, clock } = await opening;
        const entry: AuditEntry = { kind: 'note', at: instant(clock.now()), what, who: null, about: digest };
        await store.trail.append(entry, AbortSignal.timeout(APPEND_MS));
      })
      .catch((error: unknown) => {
        log.error('note_not_put_down', { what, digest, error: error instanceof Error ? error.message : 'unknown' });
      });
  };
}
