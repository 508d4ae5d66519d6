// The breaker: after so many failures within so many minutes the gate pauses itself, until a person resumes it.
import { type Breaker, DEFAULT_BREAKER } from '../../core/blast-radius/policy.ts';
import type { AuditEntry } from '../../core/remediation/audit-line.ts';
import { countedSince, type FailedEnd } from '../../core/remediation/breaker.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { within } from '../deadline.ts';
import { type Gate, scopeOf, switchOf } from '../gate.ts';
import { logFieldsOf } from '../log-steps.ts';
import { applyEvents, nowOf, RACES, retryOnConflict, save, toStoreChange } from '../transition.ts';

type PauseEntry = AuditEntry & { readonly kind: 'note' };

/** The policy's, or the default. */
export function breakerOf({ policy }: Pick<Gate, 'policy'>): Breaker {
  return policy.document.breaker ?? DEFAULT_BREAKER;
}

/** The failures that count now, newest first. Throws AdapterError. */
export async function countedFailures(gate: Gate, signal: AbortSignal): Promise<readonly FailedEnd[]> {
  const resumedAt = await gate.store.controls.resumedAt(gate.clusterName, within('store', signal));
  const since = countedSince(breakerOf(gate), nowOf(gate), resumedAt);
  return gate.store.history.failedAfter(since, scopeOf(gate), within('store', signal));
}

/**
 * Pauses the gate when too many have failed; true when it is paused. Asked whenever one fails and before each write that would
 * begin: after a crash in between the failures are still there. The latest of them is marked, and people are told with it.
 */
export async function tripBreaker(gate: Gate, signal: AbortSignal): Promise<boolean> {
  const rule = breakerOf(gate);
  const tripped = await retryOnConflict(RACES, async () => {
    const failed = await countedFailures(gate, signal);
    if (failed.length < rule.failures) return false;
    const cluster = switchOf(gate);
    if (await gate.store.controls.paused(gate.clusterName, within('store', signal))) return true;
    const newest = await newestReadable(gate, failed, signal);
    const now = nowOf(gate);
    const about = `${failed.length} failures within ${rule.withinMinutes} minutes: ${failed.map(({ proposal }) => proposal).join(', ')}`;
    const own = cluster === null ? {} : { cluster };
    const pauses: PauseEntry = { kind: 'note', at: now, what: 'paused', who: null, about, ...own };
    // Nobody can be told by rows that nobody can read; the pause does not wait for it.
    if (newest === null) {
      await gate.store.controls.setPaused('paused', pauses, within('store', signal));
      return true;
    }
    const event = { event: 'breaker-tripped', failures: failed.length, withinMinutes: rule.withinMinutes } as const;
    const step = applyEvents(newest, [event], now);
    if (!step.ok) throw new Error(`${newest.id} failed and is ${newest.state} (this is a bug)`);
    const change = { ...toStoreChange(step, null, 'release-claim'), pauses };
    const saved = await save(gate, [change], signal);
    if (!saved.ok) return 'conflict';
    gate.log.warn('breaker_tripped', {
      ...logFieldsOf(newest),
      failures: failed.length,
      within_minutes: rule.withinMinutes,
    });
    return true;
  });
  if (tripped === 'conflict') throw new AdapterError('no-answer', `the breaker lost ${RACES} races`);
  return tripped;
}

const newestReadable = async (
  gate: Gate,
  failed: readonly FailedEnd[],
  signal: AbortSignal,
): Promise<Remediation | null> => {
  for (const { proposal } of failed) {
    try {
      const found = await gate.store.remediations.read(proposal, within('store', signal));
      if (found !== null) return found;
    } catch (error) {
      if (!(error instanceof AdapterError) || error.reason !== 'corrupt') throw error;
    }
  }
  return null;
};
