// Who has paused what, and since when: what people are told while nothing is written.
import type { Instant } from '../model/instant.ts';
import type { AuditLine } from './audit-line.ts';

export interface Pause {
  /** The cluster whose switch is off; null: the gate's own. */
  readonly cluster: string | null;
  /** null: the trail does not say. */
  readonly since: Instant | null;
  /** null: the gate itself (its breaker, a store that went back in time). */
  readonly by: string | null;
}

/** The pause of this switch as the newest of these lines tells it; what else they tell is passed over. */
export function pauseOf(cluster: string | null, lines: readonly AuditLine[]): Pause {
  const last = lines.findLast(
    ({ deed }) => deed.kind === 'note' && deed.what === 'paused' && (deed.cluster ?? null) === cluster,
  )?.deed;
  return last?.kind === 'note' ? { cluster, since: last.at, by: last.who } : { cluster, since: null, by: null };
}
