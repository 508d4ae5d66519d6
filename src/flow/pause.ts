// A gate → the pause that holds what would be written to its cluster now.
import type { AuditLine } from '../core/remediation/audit-line.ts';
import { type Pause, pauseOf } from '../core/remediation/pause.ts';
import { within } from './deadline.ts';
import type { Gate } from './gate.ts';

/** Lines of the trail that are read at once. */
const PAGE = 200;

type Paused = Pick<Gate, 'store' | 'clusterName'>;

/**
 * By which switch it is paused now: of its cluster alone, or (`cluster` null) of the whole gate, which goes before; null: it is not.
 * Throws AdapterError when the store fails.
 */
export async function pausedBy(
  { store: { controls }, clusterName: own }: Paused,
  signal: AbortSignal,
): Promise<{ readonly cluster: string | null } | null> {
  if (!(await controls.paused(own, within('store', signal)))) return null;
  return { cluster: own === null || (await controls.paused(null, within('store', signal))) ? null : own };
}

/** The pause behind that switch, as the trail has it; null: it is not paused. Throws AdapterError when the store fails. */
export async function pauseNow(gate: Paused, signal: AbortSignal): Promise<Pause | null> {
  const by = await pausedBy(gate, signal);
  return by === null ? null : pauseOf(by.cluster, await pausesIn(gate, signal));
}

/** Every pause that there ever was, the oldest first: there are few. */
const pausesIn = async ({ store }: Pick<Gate, 'store'>, signal: AbortSignal): Promise<readonly AuditLine[]> => {
  const found: AuditLine[] = [];
  const filter = { incident: null, event: 'paused', since: null };
  for (let after: number | null = 0; after !== null; ) {
    const page = await store.trail.page(filter, { limit: PAGE, after }, within('store', signal));
    found.push(...page.lines);
    after = page.next;
  }
  return found;
};
