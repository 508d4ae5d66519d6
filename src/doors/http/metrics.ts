// The gate's state as Prometheus text.
import { STATES } from '../../core/remediation/state.ts';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { breakerOf, countedFailures } from '../../flow/worker/breaker.ts';

/** Read from the store, so that a restart loses nothing; it costs the same whatever was ever stored. */
export async function metricsText(gate: Gate, version: string, signal: AbortSignal): Promise<string> {
  const paused = await gate.store.controls.paused(within('store', signal));
  const failures = await countedFailures(gate, signal);
  const tallies = await gate.store.history.tallies(within('store', signal));
  const byState = new Map(tallies.flatMap(({ kind, label, count }) => (kind === 'proposals' ? [[label, count]] : [])));
  const ends = tallies.filter(({ kind }) => kind === 'outcomes');
  return [
    '# HELP blastgate_info The running version.',
    '# TYPE blastgate_info gauge',
    `blastgate_info{version="${version}"} 1`,
    '# HELP blastgate_paused 1 while nothing new is started.',
    '# TYPE blastgate_paused gauge',
    `blastgate_paused ${paused ? 1 : 0}`,
    '# HELP blastgate_breaker_failures Failures that the breaker counts now.',
    '# TYPE blastgate_breaker_failures gauge',
    `blastgate_breaker_failures ${failures.length}`,
    '# HELP blastgate_breaker_limit At so many failures the gate pauses itself.',
    '# TYPE blastgate_breaker_limit gauge',
    `blastgate_breaker_limit ${breakerOf(gate).failures}`,
    '# HELP blastgate_proposals Proposals by state.',
    '# TYPE blastgate_proposals gauge',
    ...STATES.map((state) => `blastgate_proposals{state="${state}"} ${byState.get(state) ?? 0}`),
    '# HELP blastgate_outcomes_total Remediations that reached the cluster, by how they ended.',
    '# TYPE blastgate_outcomes_total counter',
    ...ends.map(({ label, count }) => {
      const [state, tier] = label.split(' ');
      return `blastgate_outcomes_total{state="${state}",tier="${tier}"} ${count}`;
    }),
    '',
  ].join('\n');
}

/** What is known of the cluster, kind by kind: its age in seconds (-1: nothing yet), and whether it can be relied on. */
export function knowledgeText(
  kinds: readonly { readonly kind: string; readonly ageSeconds: number | null; readonly lacking: string | null }[],
): string {
  return [
    '# HELP blastgate_knowledge_age_seconds Age of what is known of the cluster; -1 where nothing is known.',
    '# TYPE blastgate_knowledge_age_seconds gauge',
    ...kinds.map(
      ({ kind, ageSeconds }) => `blastgate_knowledge_age_seconds{kind="${kind}"} ${ageSeconds?.toFixed(1) ?? -1}`,
    ),
    '# HELP blastgate_knowledge_lacking 1 where a kind cannot be relied on: unreachable, forbidden, too old.',
    '# TYPE blastgate_knowledge_lacking gauge',
    ...kinds.map(({ kind, lacking }) => `blastgate_knowledge_lacking{kind="${kind}"} ${lacking === null ? 0 : 1}`),
    '',
  ].join('\n');
}
