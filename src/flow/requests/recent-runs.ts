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
const isBefore = (one: Pick<Remediation, 'id' | 'createdAt'>, asking: Remediation | null): boolean => {
  if (asking === null) return true;
  if (one.createdAt !== asking.createdAt) return one.createdAt < asking.createdAt;
  return one.id < asking.id;
};

/** What is known of runs, by proposal, so that no remediation is read again for them. */
export interface KnownRuns {
  /** Of those that have ended; null: people were asked. They never change. */
  readonly ended: Map<string, RecentRun | null>;
  /** Of those under way or approved, as of a revision. */
  readonly underWay: Map<string, UnderWay>;
}

interface UnderWay {
  readonly revision: number;
  readonly createdAt: Remediation['createdAt'];
  /** null: people were asked, or it is another cluster's. */
  readonly run: RecentRun | null;
}

export function createKnownRuns(): KnownRuns {
  return { ended: new Map(), underWay: new Map() };
}

const COUNTED = [...STATES.filter(isUnderWay), 'approved'] as const;

const ownRunOf = (gate: Gate, one: Remediation): RecentRun | null =>
  ranAlone(one) && isOwn(gate, one) ? runOf(one) : null;

/** What ended within the hour and was not asked about. */
const ended = async (gate: Gate, signal: AbortSignal): Promise<readonly RecentRun[]> => {
  const ids = await gate.store.history.endedSince(plusSeconds(nowOf(gate), -HOUR), within('store', signal));
  const known = gate.knownRuns.ended;
  for (const id of ids) {
    if (known.has(id)) continue;
    const one = await gate.store.remediations.read(id, within('store', signal));
    if (one !== null) known.set(id, ownRunOf(gate, one));
  }
  if (known.size > 2 * ids.length) {
    const recent = new Set(ids);
    for (const id of known.keys()) if (!recent.has(id)) known.delete(id);
  }
  return ids.flatMap((id) => known.get(id) ?? []);
};

/** What runs or is about to, as it was when it was listed: one that ends meanwhile still counts. */
const underWay = async (gate: Gate, asking: Remediation | null, signal: AbortSignal): Promise<readonly RecentRun[]> => {
  const listed = await gate.store.remediations.revisionsIn(COUNTED, within('store', signal));
  const known = gate.knownRuns.underWay;
  const all = await Promise.all(
    listed.map(async ({ id, revision, state }) => {
      const fresh = known.get(id);
      if (fresh?.revision === revision) return { id, state, ...fresh };
      const one = await gate.store.remediations.read(id, within('store', signal));
      if (one === null) return null;
      const { createdAt } = one;
      const found: UnderWay = { revision, createdAt, run: ownRunOf(gate, one) };
      // What was read may be of a later revision than was listed: then it is read again.
      if (one.revision === revision) known.set(id, found);
      return { id, state, ...found };
    }),
  );
  const open = new Set(listed.map(({ id }) => id));
  for (const id of known.keys()) if (!open.has(id)) known.delete(id);
  return all.flatMap((one) => {
    const counts = one !== null && (one.state !== 'approved' || isBefore(one, asking));
    return counts && one.run !== null ? [one.run] : [];
  });
};

/** Ended within the hour, under way, or approved and about to begin; `asking` is the one judged again, null a new one. */
export async function recentRuns(
  gate: Gate,
  asking: Remediation | null,
  signal: AbortSignal,
): Promise<readonly RecentRun[]> {
  // In this order: what ends in between is in both, and never in neither.
  const running = await underWay(gate, asking, signal);
  const over = await ended(gate, signal);
  const found = new Map([...over, ...running].map((run) => [run.proposal, run]));
  return [...found.values()].filter(({ proposal }) => proposal !== asking?.id);
}
