// What is remembered of a remediation that reached the cluster (contract section 5).

import { type Effect, isWrite } from '../model/effect.ts';
import type { PastFailure, TargetFact } from '../model/facts.ts';
import { type Instant, secondsBetween } from '../model/instant.ts';
import { type ObjectKey, type ObjectRef, objectKey, objectOfKey, touchedBy, touches } from '../model/object-ref.ts';
import { byText } from '../model/text-order.ts';
import type { Tier } from '../model/tier.ts';
import type { Digest } from '../sealed-spec/declarative-spec.ts';
import type { Remediation } from './remediation.ts';
import { isFinal, type State } from './state.ts';
import type { Verdict } from './verdict.ts';

export interface Outcome {
  /** "declarative:" and the incident; (incident, digest) is unique, the key is not. */
  readonly key: string;
  readonly incident: string;
  readonly digest: Digest;
  readonly proposal: string;
  readonly action: string;
  readonly target: string;
  readonly namespace: string | null;
  /** What it wrote to; a name "*" stands for every object of the kind in its namespace. */
  readonly objects: readonly ObjectKey[];
  readonly blast_radius_score: number | null;
  readonly tier: Tier;
  /** Did the rollback restore it? One that failed is not rolled back. */
  readonly rolled_back: boolean;
  readonly state: State;
  /** Of the forward write; null where it was never judged. */
  readonly verdict: Verdict | null;
  /** Absent: it was approved by votes, or asked nobody. */
  readonly breakGlass?: { readonly by: string; readonly reason: string };
  /** Whose yes came so soon after it was shown that it can hardly have been read; absent: nobody's. */
  readonly hasty?: readonly string[];
  readonly times: {
    readonly proposed: Instant;
    readonly approved: Instant | null;
    readonly executed: Instant;
    readonly ended: Instant;
  };
}

/** For so long a failure counts (scoring section 5, history). */
export const HISTORY_DAYS = 7;

/** The outcome of a remediation that has ended and reached the cluster, or may have; null for every other. */
export function outcomeOf(remediation: Remediation): Outcome | null {
  const { spec, forward, state, breakGlass } = remediation;
  if (!isFinal(state) || forward === null) return null;
  // A write that was refused, or whose effect was looked for and not found, never reached the cluster.
  if (forward.reachedAt === null && state !== 'handed-over') return null;
  const hasty = remediation.votes.flatMap((vote) => (vote.hasty === true ? [vote.person] : []));
  return {
    key: `declarative:${remediation.incident}`,
    incident: remediation.incident,
    digest: spec.digest,
    proposal: remediation.id,
    action: spec.action,
    target: spec.target,
    namespace: spec.namespace,
    objects: objectsTouched(spec.effects, spec.facts),
    blast_radius_score: spec.blastRadiusScore,
    tier: spec.tier,
    rolled_back: state === 'rolled-back',
    state,
    verdict: remediation.verdict,
    ...(breakGlass === undefined ? {} : { breakGlass: { by: breakGlass.by, reason: breakGlass.reason } }),
    ...(hasty.length === 0 ? {} : { hasty }),
    times: {
      proposed: remediation.createdAt,
      approved: remediation.approvedAt,
      executed: forward.sentAt,
      ended: remediation.changedAt,
    },
  };
}

/** The objects that the writes touch; where none was seen, what they name. Sorted, each once. */
export function objectsTouched(effects: readonly Effect[], targets: readonly TargetFact[]): readonly ObjectKey[] {
  const keys = effects.filter(isWrite).flatMap((effect) => {
    const touched = touchedBy(effect, targets);
    return touched.length === 0 ? [objectKey(effect)] : touched.map(objectKey);
  });
  return [...new Set(keys)].toSorted();
}

/** Everything that reached the cluster and did not simply succeed has failed; null: it succeeded. */
export function failureOf({ state, action, objects, incident, times }: Outcome): PastFailure | null {
  return state === 'succeeded' ? null : { action, objects, incident, at: times.ended };
}

/**
 * What went wrong before with the same action on one of the same objects (scoring section 5, history). Everything that
 * reached the cluster and did not simply succeed counts.
 */
export function failuresOf(
  outcomes: readonly Outcome[],
  effects: readonly Effect[],
  targets: readonly TargetFact[],
): readonly PastFailure[] {
  const byAction = Map.groupBy(effects, ({ kind }) => kind);
  const meets = [...byAction].map(
    ([action, its]) => [action, meeting(objectsTouched(its, targets).map(objectOfKey))] as const,
  );
  const touched = new Map<string, (before: ObjectRef) => boolean>(meets);
  return outcomes
    .flatMap((outcome) => failureOf(outcome) ?? [])
    .filter(({ action, objects }) => {
      const isTouched = touched.get(action);
      return isTouched !== undefined && objects.map(objectOfKey).some(isTouched);
    });
}

/** What a summary needs of an outcome. `secondsToApprove` is null where nobody was asked. */
export interface OutcomeRun {
  readonly action: string;
  /** With its namespace: "shop/deployment/web". */
  readonly target: string;
  readonly state: State;
  readonly secondsToApprove: number | null;
  readonly ended: Instant;
}

export function runOfOutcome({ action, namespace, target, state, tier, times }: Outcome): OutcomeRun {
  const asked = tier !== 'auto' && times.approved !== null;
  return {
    action,
    target: namespace === null ? target : `${namespace}/${target}`,
    state,
    secondsToApprove: asked && times.approved !== null ? secondsBetween(times.proposed, times.approved) : null,
    ended: times.ended,
  };
}

/** What an outcome is found and summed up by, beside its body. */
export interface OutcomeKeys extends OutcomeRun {
  readonly proposal: string;
  /** It reached the cluster and did not succeed. */
  readonly isFailure: boolean;
}

export function keysOfOutcome(outcome: Outcome): OutcomeKeys {
  return { ...runOfOutcome(outcome), proposal: outcome.proposal, isFailure: failureOf(outcome) !== null };
}

/** Whether an object is one of these, where "*" of either side stands for all. */
const meeting = (objects: readonly ObjectRef[]): ((one: ObjectRef) => boolean) => {
  const open = objects.filter(({ namespace, name }) => namespace === '*' || name === '*');
  return (one) => touchedBy(one, objects).length > 0 || open.some((other) => touches(other, one));
};

/** How one action fared on one target. Seconds to approve: the median, null where nobody was asked. */
export interface OutcomeSummary {
  readonly action: string;
  readonly target: string;
  readonly runs: number;
  readonly succeeded: number;
  readonly rolledBack: number;
  readonly failed: number;
  readonly secondsToApprove: number | null;
  readonly lastEnded: Instant;
}

/** The aggregate that `blastgate outcomes` prints, sorted by action and target. */
export function summarize(runs: readonly OutcomeRun[]): readonly OutcomeSummary[] {
  const groups = Map.groupBy(runs, ({ action, target }) => JSON.stringify([action, target]));
  return [...groups.values()]
    .map((group): OutcomeSummary => {
      const [first] = group;
      if (first === undefined) throw new Error('an empty group (this is a bug)');
      const count = (state: State): number => group.filter((run) => run.state === state).length;
      const [succeeded, rolledBack] = [count('succeeded'), count('rolled-back')];
      return {
        action: first.action,
        target: first.target,
        runs: group.length,
        succeeded,
        rolledBack,
        failed: group.length - succeeded - rolledBack,
        secondsToApprove: median(group.flatMap((run) => run.secondsToApprove ?? [])),
        lastEnded: group.map(({ ended }) => ended).reduce((one, other) => (one > other ? one : other)),
      };
    })
    .sort((a, b) => byText(a.action, b.action) || byText(a.target, b.target));
}

const median = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  return middle ?? null;
};
