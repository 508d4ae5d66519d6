// What ran without approval in the last hour, and what runs now: the gate's memory for `budget` (scoring section 5).

import { reachOf } from '../../core/impact/reach.ts';
import type { RecentRun } from '../../core/model/facts.ts';
import { plusSeconds } from '../../core/model/instant.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { isUnderWay, STATES } from '../../core/remediation/state.ts';
import { sealedImpact } from '../../core/sealed-spec/declarative-spec.ts';
import { within } from '../deadline.ts';
import { type Gate, isOwn } from '../gate.ts';
import { nowOf } from '../transition.ts';

const HOUR = 3600;

const runOf = ({ id, spec }: Remediation): RecentRun => ({
  proposal: id,
  score: spec.blastRadiusScore ?? 0,
  ...reachOf(sealedImpact(spec), spec.effects),
});

const ranAlone = ({ decision }: Remediation): boolean => decision?.approvals === 0;

/** Of two that wait to begin only the later one counts the other, so that they do not stop each other. */
const isBefore = (one: Remediation, asking: Remediation | null): boolean => {
  if (asking === null) return true;
  if (one.createdAt !== asking.createdAt) return one.createdAt < asking.createdAt;
  return one.id < asking.id;
};

/** Runs that have ended, by proposal; null: people were asked. They never change, so each is read once. */
export type EndedRuns = Map<string, RecentRun | null>;

export function createEndedRuns(): EndedRuns {
  return new Map();
}

/** What ended within the hour and was not asked about. */
const ended = async (gate: Gate, signal: AbortSignal): Promise<readonly RecentRun[]> => {
  const ids = await gate.store.history.endedSince(plusSeconds(nowOf(gate), -HOUR), within('store', signal));
  const known = gate.endedRuns;
  for (const id of ids) {
    if (known.has(id)) continue;
    const one = await gate.store.remediations.read(id, within('store', signal));
    if (one !== null) known.set(id, ranAlone(one) && isOwn(gate, one) ? runOf(one) : null);
  }
  if (known.size > 2 * ids.length) {
    const recent = new Set(ids);
    for (const id of known.keys()) if (!recent.has(id)) known.delete(id);
  }
  return ids.flatMap((id) => known.get(id) ?? []);
};

/** Ended within the hour, under way, or approved and about to begin; `asking` is the one judged again, null a new one. */
export async function recentRuns(
  gate: Gate,
  asking: Remediation | null,
  signal: AbortSignal,
): Promise<readonly RecentRun[]> {
  const states = [...STATES.filter(isUnderWay), 'approved'] as const;
  const [over, underWay] = await Promise.all([
    ended(gate, signal),
    gate.store.remediations.inStates(states, within('store', signal)),
  ]);
  const found = new Map(over.map((run) => [run.proposal, run]));
  for (const one of underWay) {
    const counts = one.state !== 'approved' || isBefore(one, asking);
    if (counts && ranAlone(one) && isOwn(gate, one)) found.set(one.id, runOf(one));
  }
  return [...found.values()].filter(({ proposal }) => proposal !== asking?.id);
}
