// One proposal's life so far: the fold of its events.

import type { BreakGlass } from '../approval/break-glass.ts';
import type { Proposer } from '../approval/people.ts';
import type { Direction } from '../approval/permit.ts';
import type { Vote } from '../approval/vote.ts';
import type { Decision } from '../decision/decide.ts';
import type { ArrivedRequest, KeptReply } from '../model/api-reply.ts';
import { writesOf } from '../model/effect.ts';
import { controllerOfTarget } from '../model/facts.ts';
import type { Instant } from '../model/instant.ts';
import type { ProgramEnd } from '../model/program-output.ts';
import type { Refusal } from '../model/refusal.ts';
import type { TraceContext } from '../model/trace-context.ts';
import type { DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';
import type { ReviewIssueResult } from './event.ts';
import type { Look, Sample } from './sample.ts';
import { isUnderWay, type State } from './state.ts';
import type { Verdict } from './verdict.ts';

/** One direction's write: intended, sent one or more times, and what became of it. */
export interface Attempt {
  /** Of the first intent: what is stamped into the write, the same each time. */
  readonly intendedAt: Instant;
  /** Of the latest intent. */
  readonly sentAt: Instant;
  readonly times: number;
  /** How many of them the process did not outlive: not there when it began; the cluster was read after each. */
  readonly missed?: number;
  /** `none`: no answer yet; `missed`: the process that sent it died. */
  readonly answer: 'none' | 'written' | 'stale' | 'refused' | 'unheard' | 'missed';
  /** The peer's words, null where none. */
  readonly why: string | null;
  /** When it was known to have reached the cluster, at least in part. */
  readonly reachedAt: Instant | null;
  /** Looks count their seconds from here; null before the first. Begun anew after a gap in which nobody looked. */
  readonly watchedSince: Instant | null;
  /** How often watching was begun. */
  readonly watches: number;
  /** How the program ended that was run; absent where none was, or it is not known. */
  readonly ran?: ProgramEnd;
  /** What the API server answered, where somebody waits for it. */
  readonly reply?: KeptReply;
}

export interface Remediation {
  readonly id: string;
  readonly incident: string;
  readonly state: State;
  /** How many events have been folded in. */
  readonly revision: number;
  readonly proposer: Proposer;
  readonly diagnosis: string | null;
  readonly spec: DeclarativeSpec;
  /** The request that it came by; absent: it was proposed as a command. */
  readonly arrived?: ArrivedRequest;
  /** Where it belongs in a trace; absent: nobody traces it. */
  readonly trace?: TraceContext;
  readonly createdAt: Instant;
  /** Until then approvals count and a forward write may begin. */
  readonly expiresAt: Instant;
  /** Of the latest event. */
  readonly changedAt: Instant;
  readonly decision: Decision | null;
  readonly votes: readonly Vote[];
  /** How many rules of the policy have reminded people of it, the skipped ones among them; absent: none. */
  readonly reminded?: number;
  /** Votes that were taken back, each as it was; absent: none. */
  readonly withdrawn?: readonly Vote[];
  /** Who stood for all missing votes; absent: it was approved, if at all, by votes. */
  readonly breakGlass?: BreakGlass;
  readonly approvedAt: Instant | null;
  readonly forward: Attempt | null;
  readonly back: Attempt | null;
  /** The newest looks of the direction that is being verified, as far as judging needs them. */
  readonly looks: readonly Look[];
  /** What was unhealthy just before the first forward write; absent: nothing was seen so, or nobody could look. */
  readonly baseline?: readonly Sample[];
  readonly verdict: Verdict | null;
  readonly backVerdict: Verdict | null;
  readonly review: ReviewIssueResult | null;
  /** Why it ended or was held up, where a code says so. */
  readonly refusal: Refusal | null;
  /** Who ended it: a person's id (cancelled) or a proposal's (superseded). */
  readonly endedBy: string | null;
}

/** What must be done next for a remediation, at the earliest when it is due; a flow file does it and reports an event. */
export type Todo =
  /** Final, nothing more happens. */
  | { readonly kind: 'rest'; readonly due: null }
  /** People are asked: is what they are asked still true, and still in time? */
  | { readonly kind: 'recheck'; readonly due: Instant }
  /** Approved: judge again, dry run, store the intent, write. */
  | { readonly kind: 'start'; readonly due: Instant }
  /** An intent without an answer: whoever finds it knows that its process is dead. */
  | { readonly kind: 'doubt'; readonly direction: Direction; readonly due: Instant }
  /** Read the cluster for the effect of an unanswered write. */
  | { readonly kind: 'look'; readonly direction: Direction; readonly due: Instant }
  | { readonly kind: 'sample'; readonly direction: Direction; readonly due: Instant }
  /** Carry the sealed rollback out. */
  | { readonly kind: 'go-back'; readonly due: Instant };

/** What people must be told, as data; the words are made at delivery (core/text). */
export type Message =
  | { readonly channel: 'chat'; readonly what: 'waiting' | 'issue-made' | 'issue-failed' }
  | { readonly channel: 'chat'; readonly what: 'break-glass' }
  | { readonly channel: 'chat'; readonly what: 'reminder'; readonly tell: string; readonly afterMinutes: number }
  | { readonly channel: 'chat'; readonly what: 'state'; readonly state: State }
  | {
      readonly channel: 'chat';
      readonly what: 'breaker';
      readonly failures: number;
      readonly withinMinutes: number;
    }
  /** `issue`: make sure that the review issue stands; `status`: bring its status comment up to date, close it at the end. */
  | { readonly channel: 'review'; readonly what: 'issue' | 'status' };

/** Messages of one queue arrive in order: what the chat hears of an incident; each review issue stands for itself. */
export function queueOf({ channel }: Message, { id, incident }: Remediation): string {
  return channel === 'chat' ? `chat ${incident}` : `review ${id}`;
}

/** Namespace and target: a newer proposal of the same incident for the same place takes the place of one that waits. */
export function proposalPlace({ spec }: Pick<Remediation, 'spec'>): string {
  return `${spec.namespace ?? ''} ${spec.target}`;
}

/** Objects that this remediation alone may write to while it is under way; [] when it holds none. */
export function holdsOf({ state, spec }: Remediation): readonly string[] {
  return isUnderWay(state) ? writesTo(spec) : [];
}

/** An intent is stored that nobody has answered: of the way back, once there is one. */
export function isBeingWritten({ state, forward, back }: Remediation): boolean {
  if (state === 'rolling-back') return back?.answer === 'none';
  return state === 'executing' && forward?.answer === 'none';
}

/** The objects that carrying out a spec touches or makes, and the workloads that own them, behind the name of a cluster; sorted. */
export function writesTo({
  cluster,
  ...spec
}: Pick<DeclarativeSpec, 'cluster' | 'facts' | 'effects'>): readonly string[] {
  return objectsOf(spec).map((object) => (cluster.name === null ? object : `${cluster.name} ${object}`));
}

const objectsOf = ({ facts, effects }: Pick<DeclarativeSpec, 'facts' | 'effects'>): readonly string[] => {
  // What is not there yet has no facts: the object that a command makes goes by the name that it will have.
  const named = writesOf(effects).flatMap(({ resource, group, namespace, name }) =>
    name === null || name === '*' ? [] : [`${resource}.${group}/${namespace ?? ''}/${name}`],
  );
  const keys = facts.flatMap((fact) => {
    const where = fact.namespace ?? '';
    const self = `${fact.resource}.${fact.group}/${where}/${fact.name}`;
    const owner = controllerOfTarget(fact);
    if (owner === null) return [self];
    const { kind, name } = owner;
    // A ReplicaSet's Deployment is its name without the hash; holding a Deployment that does not exist harms nobody.
    const deployment = kind === 'ReplicaSet' ? [`deployments.apps/${where}/${name.replace(/-[a-z0-9]+$/, '')}`] : [];
    return [self, `${RESOURCE_OF.get(kind) ?? kind}/${where}/${name}`, ...deployment];
  });
  return [...new Set([...named, ...keys])].sort();
};

const RESOURCE_OF: ReadonlyMap<string, string> = new Map([
  ['ReplicaSet', 'replicasets.apps'],
  ['StatefulSet', 'statefulsets.apps'],
  ['DaemonSet', 'daemonsets.apps'],
  ['Deployment', 'deployments.apps'],
  ['ReplicationController', 'replicationcontrollers.'],
  ['Job', 'jobs.batch'],
]);
