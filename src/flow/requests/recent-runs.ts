// What ran without approval in the last hour, and what runs now: the gate's memory for `budget` (scoring section 5).

import { reachOf } from '../../core/impact/reach.ts';
import type { RecentRun } from '../../core/model/facts.ts';
import { plusSeconds } from '../../core/model/instant.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { isUnderWay, STATES } from '../../core/remediation/state.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { nowOf } from '../transition.ts';

const HOUR = 3600;

const runOf = ({ id, spec }: Remediation): RecentRun => ({
  proposal: id,
  score: spec.blastRadiusScore ?? 0,
  ...reachOf(spec.impact, spec.effects),
});

const ranAlone = ({ decision }: Remediation): boolean => decision?.approvals === 0;

/** Of two that wait to begin only the later one counts the other, so that they do not stop each other. */
const isBefore = (one: Remediation, asking: Remediation | null): boolean => {
  if (asking === null) return true;
  if (one.createdAt !== asking.createdAt) return one.createdAt < asking.createdAt;
  return one.id < asking.id;
};

/** Ended within the hour, under way, or approved and about to begin; `asking` is the one judged again, null a new one. */
export async function recentRuns(
  gate: Gate,
  asking: Remediation | null,
  signal: AbortSignal,
): Promise<readonly RecentRun[]> {
  const { history, remediations } = gate.store;
  const found = new Map<string, Remediation>();
  for (const { proposal } of await history.outcomes(plusSeconds(nowOf(gate), -HOUR), within('store', signal))) {
    const ended = await remediations.read(proposal, within('store', signal));
    if (ended !== null) found.set(proposal, ended);
  }
  for (const state of STATES.filter(isUnderWay)) {
    for (const one of await remediations.list({ state, incident: null }, within('store', signal)))
      found.set(one.id, one);
  }
  for (const one of await remediations.list({ state: 'approved', incident: null }, within('store', signal))) {
    if (isBefore(one, asking)) found.set(one.id, one);
  }
  return [...found.values()].filter((one) => one.id !== asking?.id && ranAlone(one)).map(runOf);
}
