// Which files of people and policy hold from here on → a note of the trail with the digest of each.

import { instant } from '../core/model/instant.ts';
import type { AuditEntry } from '../core/remediation/audit-line.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';

const APPEND_MS = 10_000;

/** Writes one note after the other. A store that fails now is said in the log: the file holds all the same. */
export function noteFiles(
  { store, clock, log }: { readonly store: Pick<Store, 'trail'>; readonly clock: Clock; readonly log: Log },
  what: 'people-read' | 'policy-read',
): (digest: string) => void {
  let last = Promise.resolve();
  return (digest) => {
    const entry: AuditEntry = { kind: 'note', at: instant(clock.now()), what, who: null, about: digest };
    log.info(what.replace('-', '_'), { digest });
    last = last
      .then(async () => {
        await store.trail.append(entry, AbortSignal.timeout(APPEND_MS));
      })
      .catch((error: unknown) => {
        log.error('note_not_put_down', { what, digest, error: error instanceof Error ? error.message : 'unknown' });
      });
  };
}
