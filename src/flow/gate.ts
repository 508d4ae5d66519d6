// What every flow works with: the ports, the people, the policy.
import type { People } from '../core/approval/people.ts';
import type { VoteDoors } from '../core/approval/ways.ts';
import type { Policy, ReviewRule } from '../core/blast-radius/policy.ts';
import type { Flags } from '../core/decision/decide.ts';
import type { SpecSettings } from '../core/evaluation/evaluate.ts';
import type { Instant } from '../core/model/instant.ts';
import type { Refusal } from '../core/model/refusal.ts';
import type { Resource } from '../core/model/resource.ts';
import type { TraceContext } from '../core/model/trace-context.ts';
import { type ClusterScope, isInScope, isOfOwnCluster } from '../core/remediation/cluster-scope.ts';
import type { Remediation } from '../core/remediation/remediation.ts';
import type { Doubt } from '../core/remediation/revalidate.ts';
import type { VerdictRule } from '../core/remediation/verdict.ts';
import type { AnswerDoors } from '../core/text/answer-doors.ts';
import type { Lang } from '../core/text/words/lang.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';
import type { ClusterWriter } from '../ports/cluster-writer.ts';
import type { HealthChecks } from '../ports/health-checks.ts';
import type { Judging } from '../ports/judging.ts';
import type { Log } from '../ports/log.ts';
import type { ReviewForge } from '../ports/review-forge.ts';
import type { RemediationChange, Store } from '../ports/store.ts';
import type { Polls } from './leading.ts';
import type { Chats } from './notify/chats.ts';
import type { HeadProof } from './notify/compare-heads.ts';
import type { RateLimit } from './rate-limit.ts';
import type { KnownRuns } from './requests/recent-runs.ts';
import type { ShownTimes } from './requests/shown.ts';
import type { WakeSignal } from './wake-signal.ts';

/**
 * The gates of several clusters over one store. People, chat, forge and store are shared; reader, writer, policy, budget, breaker
 * and workers are each one's own, so that a dead cluster slows no other.
 */
export interface ClusterGates {
  /** In the order of clusters.yaml. */
  readonly all: readonly Gate[];
  /** The names, in the same order. */
  readonly names: readonly string[];
}

export interface Gate {
  readonly store: Store;
  readonly reader: ClusterReader;
  readonly writer: ClusterWriter;
  readonly checks: HealthChecks;
  /** null: no chat is configured; what it would say is stored as ended. */
  readonly chat: Chats | null;
  /** By proposal that waits: when it was judged again last, and what could not be decided then (null: all was as sealed). */
  readonly rechecked: Map<string, { readonly at: Instant; readonly doubt: Doubt | null }>;
  /** Proposals that have changed since their cards in the chats were looked at last. */
  readonly changed: Set<string>;
  /** null: no forge is configured; there are no review issues. */
  readonly forge: ReviewForge | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly wakeSignal: WakeSignal;
  /** Read anew for every decision: people and their rights may change while the gate runs. */
  readonly people: () => People;
  /** The policy of now: it may change while the gate runs, so one decision reads it once. */
  readonly policy: Policy;
  readonly flags: Flags;
  /** Who vouches for people that log in to the console; absent: no issuer does. */
  readonly issuer?: 'oidc';
  /** Where people reach the console, for texts that name it; null or absent: it is not known. */
  readonly consoleUrl?: () => string | null;
  /** `serve --shadow`: every request through the proxy is only observed. Absent: as the policy says (shadow). */
  readonly observesEverything?: boolean;
  readonly lang: Lang;
  /** The demo: two who came by one-time links are two. Absent: they count as one. */
  readonly linkVotes?: 'each';
  readonly specSettings: SpecSettings;
  readonly verdictRule: Omit<VerdictRule, 'windowSeconds'>;
  /** The name an operator gave to the cluster. */
  readonly clusterName: string | null;
  /** The gates of the other clusters and this one; absent: there is one cluster, and all that is stored is of it. */
  readonly clusters?: () => ClusterGates;
  /** The namespace of the configured context, and the kinds that the cluster's discovery adds. */
  readonly context: {
    readonly namespace: string;
    readonly customResources: readonly Resource[];
    /** Asks for them anew, since a command names none of them. True: they were read. Absent: they never change. */
    readonly lookForKinds?: () => Promise<boolean>;
  };
  /** How the audit heads in review issues are proven. Absent: they are shown for people alone. */
  readonly headProof?: HeadProof;
  /** When proposals were first shown. Absent: nobody remembers, and no approval is marked as hasty. */
  readonly shown?: ShownTimes;
  readonly judging: Judging;
  /** How often one person or agent may ask. */
  readonly rates: { readonly proposals: RateLimit; readonly scores: RateLimit; readonly evaluations: RateLimit };
  /** What ran within the last hour, as far as it was looked up already. */
  readonly knownRuns: KnownRuns;
  /** Hears of every step once it is saved; must not throw. Absent: nobody measures. */
  readonly onSaved?: (changes: readonly RemediationChange[]) => void;
  /** Hears of polls of chats and forge. Absent: nobody measures. */
  readonly polls?: Polls;
  /** A trace for a proposal that came without one. Absent: nobody is sent traces. */
  readonly newTrace?: () => TraceContext;
  /** A fresh, unique proposal id. */
  readonly newId: () => string;
}

/** The gates of all clusters; of one where there is one. */
export function gatesOf(gate: Gate): readonly Gate[] {
  return gate.clusters?.().all ?? [gate];
}

/** The gate of a remediation's cluster: whose policy, and whose pause, is about it. */
export function gateOf(gate: Gate, remediation: Pick<Remediation, 'spec'>): Gate {
  return gatesOf(gate).find((one) => isOwn(one, remediation)) ?? gate;
}

/** Whether a remediation is of this gate's cluster. */
export function isOwn(gate: Pick<Gate, 'clusters' | 'clusterName'>, { spec }: Pick<Remediation, 'spec'>): boolean {
  return isInScope(scopeOf(gate), spec);
}

/** Whether a write of it may be this cluster's: the scope alone would let in what belongs to a name that has gone. */
export function isOfCluster(
  gate: Pick<Gate, 'clusters' | 'clusterName'>,
  remediation: Pick<Remediation, 'spec'>,
): boolean {
  return isOfOwnCluster(scopeOf(gate), remediation.spec);
}

/** The gate of the cluster that a request names; null: of the only one there is. */
export function gateNamed(
  gate: Gate,
  name: string | null,
): { readonly ok: true; readonly gate: Gate } | { readonly ok: false; readonly refusal: Refusal } {
  const { all, names } = gate.clusters?.() ?? {
    all: [gate],
    names: gate.clusterName === null ? [] : [gate.clusterName],
  };
  const [only] = all;
  if (name === null)
    return all.length === 1 && only !== undefined
      ? { ok: true, gate: only }
      : { ok: false, refusal: { code: 'cluster-required', about: names.join(', ') } };
  const found = all.find(({ clusterName }) => clusterName === name);
  return found === undefined
    ? { ok: false, refusal: { code: 'unknown-cluster', about: name } }
    : { ok: true, gate: found };
}

/** Which remediations of the store this gate works on. */
export function scopeOf({ clusters, clusterName }: Pick<Gate, 'clusters' | 'clusterName'>): ClusterScope {
  const [first, ...others] = clusters?.().names ?? [];
  if (others.length === 0) return { kind: 'all', own: clusterName };
  return clusterName === first ? { kind: 'but', names: others, own: first } : { kind: 'of', name: clusterName ?? '' };
}

/**
 * The switch that pauses its cluster alone; null: there is one cluster, and the whole gate is paused. What is paused is asked by its
 * name all the same: that pause may be of a time, or of a gate beside this one, with several.
 */
export function switchOf({ clusters, clusterName }: Pick<Gate, 'clusters' | 'clusterName'>): string | null {
  return clusters === undefined ? null : clusterName;
}

/** Where votes come in to this gate. */
export function voteDoorsOf({
  chat,
  forge,
  flags,
  issuer,
}: Pick<Gate, 'chat' | 'forge' | 'flags' | 'issuer'>): VoteDoors {
  return {
    chats: (chat?.all ?? []).map(({ channel }) => channel),
    comments: flags.gitopsPr === 'on' ? (forge?.channel ?? null) : null,
    issuer: issuer ?? null,
  };
}

/** The ways to answer that this gate has, for texts that name them. */
export function answerDoorsOf({
  chat,
  forge,
  flags,
  consoleUrl,
}: Pick<Gate, 'chat' | 'forge' | 'flags' | 'consoleUrl'>): AnswerDoors {
  const chats = (chat?.all ?? []).map(({ brand, commandPrefix: prefix }) => ({ brand, prefix }));
  return {
    chats,
    comments: flags.gitopsPr === 'on' ? (forge?.commandPrefix ?? null) : null,
    console: consoleUrl?.() ?? null,
  };
}

/** Whether policy holds dual actions back without their review issue. */
export function reviewRuleOf({ policy }: Pick<Gate, 'policy'>): ReviewRule {
  return policy.document.review ?? 'off';
}
