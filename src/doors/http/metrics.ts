// The gate's state as Prometheus text. It must never hold an incident's name: labels stay few.
import { STATES } from '../../core/remediation/state.ts';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';

/** Read from the store at each scrape, so that a restart loses nothing. */
export const metricsText = async (gate: Gate, version: string, signal: AbortSignal): Promise<string> => {
  const all = await gate.store.remediations.list({ state: null, incident: null }, within('store', signal));
  const paused = await gate.store.switchboard.paused(within('store', signal));
  const outcomes = await gate.store.memory.outcomes(null, within('store', signal));
  const byState = Map.groupBy(all, ({ state }) => state);
  const ends = Map.groupBy(outcomes, ({ state, tier }) => `state="${state}",tier="${tier}"`);
  return [
    '# HELP blastgate_info The running version.',
    '# TYPE blastgate_info gauge',
    `blastgate_info{version="${version}"} 1`,
    '# HELP blastgate_paused 1 while nothing new is started.',
    '# TYPE blastgate_paused gauge',
    `blastgate_paused ${paused ? 1 : 0}`,
    '# HELP blastgate_proposals Proposals by state.',
    '# TYPE blastgate_proposals gauge',
    ...STATES.map((state) => `blastgate_proposals{state="${state}"} ${byState.get(state)?.length ?? 0}`),
    '# HELP blastgate_outcomes_total Remediations that reached the cluster, by how they ended.',
    '# TYPE blastgate_outcomes_total counter',
    ...[...ends].map(([labels, group]) => `blastgate_outcomes_total{${labels}} ${group.length}`),
    '',
  ].join('\n');
};
