// A gate → the pause that holds what would be written to its cluster now.
import type { AuditLine } from '../core/remediation/audit-line.ts';
import { type Pause, pauseOf } from '../core/remediation/pause.ts';
import { within } from './deadline.ts';
import type { Gate } from './gate.ts';

/** Lines of the trail that are read at once. */
const PAGE = 200;

/** null: it is not paused. That of the whole gate goes before that of its cluster alone. Throws AdapterError when the store fails. */
export async function pauseNow(gate: Pick<Gate, 'store' | 'clusterName'>, signal: AbortSignal): Promise<Pause | null> {
  const { store, clusterName: own } = gate;
  const { controls } = store;
  if (!(await controls.paused(own, within('store', signal)))) return null;
  const cluster = own === null || (await controls.paused(null, within('store', signal))) ? null : own;
  return pauseOf(cluster, await pausesIn(gate, signal));
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
