// The policy: what an operator may change of the arithmetic, as data, and its ready-made form.

import type { Channel, Strength } from '../model/channel.ts';
import type { ActionKind } from '../model/effect.ts';
import type { FreezeTimes } from '../model/freeze-times.ts';
import type { HealthCheck } from '../model/health-check.ts';
import { ownValue } from '../model/json.ts';
import type { ReasonCode } from '../model/reason.ts';
import type { ShadowRule } from '../model/shadow-rule.ts';
import { accountsGroup, subjectName } from '../model/subject.ts';
import type { Tier } from '../model/tier.ts';
import { globs } from './glob.ts';
import { classifierOf, type NamespaceClass, type NamespaceClassifier } from './namespace-class.ts';
import { type ResourceWeights, weightsOf } from './resource-weight.ts';

/** Modifiers of scoring section 4 that policy prices, and the code of the reason that each gives. */
export const MODIFIERS = {
  all: 'all',
  'all-namespaces': 'all-namespaces',
  'effectful-annotation': 'effectful-annotation',
  'effectful-label': 'effectful-label',
  emptydir: 'emptydir',
  finalizers: 'finalizers',
  force: 'force',
  'grace-one': 'grace-zero',
  'grace-zero': 'grace-zero',
  many: 'many',
  membership: 'membership',
  'mutable-image': 'mutable-image',
  orphan: 'orphan',
  pause: 'scale-to-zero',
  placement: 'placement',
  privileged: 'privileged',
  prune: 'prune',
  'scale-to-zero': 'scale-to-zero',
  'scale-up': 'scale-up',
  selector: 'selector',
  suspend: 'scale-to-zero',
  'unseen-content': 'unseen-content',
} as const satisfies Record<string, ReasonCode>;
export type Modifier = keyof typeof MODIFIERS;

/** Codes of scoring section 5 that policy prices. */
export const EVIDENCE = [
  'autoscaled',
  'bare-pod',
  'capacity',
  'endpoints',
  'gitops',
  'history',
  'last-replica',
  'no-way-back',
  'owned',
  'pdb',
  'replica-drop',
  'share',
  'stateful',
  'unschedulable',
] as const satisfies readonly ReasonCode[];
type EvidencePoints = (typeof EVIDENCE)[number];

/** Where what runs without approval is summed up. */
export const BUDGET_SCOPES = ['workload', 'namespace', 'node', 'cluster'] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];

/** Extended hard rules (scoring section 7): policy may lower each to `dual`, never below. */
export const EXTENDED_RULES = [
  'delete-crd',
  'delete-apiservice',
  'write-admission',
  'reclaim-delete',
  'claim-retention-delete',
  'empty-cluster-role',
  'nodes-proxy',
  'disable-eviction',
  'no-execute-all-nodes',
  'host-namespaces',
  'approve-csr',
  'grant-self',
  'grant-admin',
  'write-gate',
  'delete-workloads-everywhere',
  'protected-object',
] as const;
export type ExtendedRule = (typeof EXTENDED_RULES)[number];

/** Kinds whose deletion deletes a namespace; a policy adds to them and cannot take one away (scoring section 7). */
export const NAMESPACE_KINDS = [
  'projects.project.openshift.io',
  'subnamespaceanchors',
  'tenants.capsule.clastix.io',
] as const;

/**
 * Keys of labels and annotations that give a cloud identity or command a deletion, on objects and templates (globs); a
 * policy adds to them and cannot take one away (scoring section 6).
 */
export const DUAL_KEYS = [
  'eks.amazonaws.com/*',
  'iam.gke.io/*',
  'azure.workload.identity/*',
  'janitor/*',
  'downscaler/*',
  'strimzi.io/delete-*',
  'cnpg.io/hibernation',
  'cluster.x-k8s.io/delete-machine',
  'service.kubernetes.io/*',
  'node.kubernetes.io/exclude-*',
  'velero.io/exclude-from-backup',
  '*/configuration-snippet',
  '*/server-snippet',
  'alb.ingress.kubernetes.io/scheme',
  'iam.amazonaws.com/*',
  'scheduler.alpha.kubernetes.io/*',
] as const;

/** Short names that the kinds of the list above are known by. */
const NAMESPACE_SHORT_NAMES = ['subns'];

const wordsOf = (kind: string): readonly string[] => {
  const plural = kind.split('.')[0] ?? kind;
  return [plural, plural.replace(/s$/, '')];
};

/** Whether a dual action may go on without the review issue that could not be made. */
export type ReviewRule = 'required' | 'off';

/** What of a review issue is to be seen in lists: labels, and who it is assigned to by their names in the forge. */
export interface ReviewIssueRule {
  readonly labels?: readonly string[] | undefined;
  readonly assignees?: readonly string[] | undefined;
}

/** What a policy file says, in whole points; multipliers have one decimal at most. */
export interface PolicyDocument {
  readonly version: 1;
  /** Highest score of each tier. */
  readonly tiers: { readonly auto: number; readonly human: number; readonly dual: 99 };
  readonly base: Readonly<Record<ActionKind, number>>;
  readonly weights: {
    /** `resource[.group]`, or `namespace/resource[.group]` where only that namespace's are meant. */
    readonly named: readonly { readonly points: number; readonly resources: readonly string[] }[];
    /** Kinds not named, custom and unknown kinds, unseen content. */
    readonly others: number;
  };
  readonly namespaces: Readonly<
    Record<NamespaceClass, { readonly multiplier: number; readonly patterns: readonly string[] }>
  >;
  /** The lowest class of all namespaces of a cluster, by the cluster's name. */
  readonly clusters: Readonly<Record<string, NamespaceClass>>;
  readonly modifiers: Readonly<Record<Modifier, number>>;
  /** Points of each code of live evidence (scoring section 5). */
  readonly evidence: Readonly<Record<EvidencePoints, number>>;
  /** What may run without approval within an hour, in points of its blast radius. */
  readonly budgets: Readonly<Record<BudgetScope, number>>;
  /** The most that a code which counts each occurrence may add. */
  readonly limits: { readonly many: number; readonly history: number };
  /** Keys of annotations and labels that no controller acts on (globs); label keys of namespaces likewise. */
  readonly inert: {
    readonly annotations: readonly string[];
    readonly labels: readonly string[];
    readonly namespaceLabels: readonly string[];
  };
  readonly dualKeys: readonly string[];
  readonly hardRules: Readonly<Record<ExtendedRule, 'block' | 'dual'>>;
  readonly namespaceKinds: readonly string[];
  /** The gate's own namespace, the names of its cluster-scoped objects (globs), and the subjects nobody may grant to. */
  readonly gate: {
    readonly namespace: string;
    readonly names: readonly string[];
    readonly subjects: readonly string[];
  };
  /** Exact argvs that exec may run with one person's approval; each word plain, without quotes. */
  readonly execReadonly: readonly (readonly string[])[];
  /** `required`: a dual action is neither approved nor run before its review issue exists; off where it is left out. */
  readonly review?: ReviewRule | undefined;
  readonly reviewIssue?: ReviewIssueRule | undefined;
  /** How the rollout after a write is judged, by action and by class of namespace; absent: as the gate is set. */
  readonly verify?: VerifyRules | undefined;
  /** Address of the Prometheus that checks ask; needed where one of them is a query. */
  readonly prometheus?: string | undefined;
  /** After how many failures within how many minutes the gate pauses itself; absent: DEFAULT_BREAKER. */
  readonly breaker?: Breaker | undefined;
  /** How many approved writes may be sent at once; absent: DEFAULT_WRITES_AT_ONCE. */
  readonly writesAtOnce?: number | undefined;
  /** Whose requests through the proxy are only observed, and until when; absent: nobody's. */
  readonly shadow?: readonly ShadowRule[] | undefined;
  /** Whose agreement is needed beside what the tier asks; of each write the first that fits. */
  readonly approvals?: readonly ApprovalRule[] | undefined;
  /** Absent: nobody is reminded. */
  readonly reminders?: Reminders | undefined;
  /** When new forward writes wait; absent: never. */
  readonly freezes?: readonly FreezeRule[] | undefined;
  /** Where two people or more must agree, one of them in one of these ways; absent or empty: however it is proven. */
  readonly strongVotes?: readonly Strength[] | undefined;
  /** Where two people or more must agree, a vote through the console needs a login no older than this; absent: any. */
  readonly loginWithinMinutes?: number | undefined;
}

/** Contract part 2, section 10: while it is on, forward writes wait; the way back always goes. */
export interface FreezeRule extends FreezeTimes {
  readonly name: string;
  /** Globs; with it, what stands in other namespaces is not held. */
  readonly namespaces?: readonly string[] | undefined;
  /** Actions that go on; `rollback` is always among them. */
  readonly allow?: readonly (ActionKind | 'rollback')[] | undefined;
}

/** Who is told that a proposal still waits, and when; `quiet`: hours in which nobody is. */
export interface Reminders {
  /** In the order of their minutes. */
  readonly rules: readonly ReminderRule[];
  readonly quiet?: FreezeTimes | undefined;
}

export interface ReminderRule {
  /** Since it was proposed. */
  readonly afterMinutes: number;
  /** The id of a team in people.yaml, or "all". */
  readonly tell: string;
}

/** At least so many people of a team. */
export interface TeamShare {
  readonly team: string;
  readonly atLeast: number;
}

/** Contract part 2, section 10. What it says of tier, namespaces (globs) and actions must all fit; absent: any. */
export interface ApprovalRule {
  readonly tiers?: readonly Exclude<Tier, 'blocked'>[] | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly actions?: readonly ActionKind[] | undefined;
  /** Only from this blast radius on. */
  readonly minScore?: number | undefined;
  readonly needed: 1 | 2 | 3;
  readonly from?: readonly TeamShare[] | undefined;
  readonly channels?: readonly Channel[] | undefined;
  /** One vote at least must be proven in one of these ways, beside what the policy's own `strongVotes` asks. */
  readonly strongVotes?: readonly Strength[] | undefined;
  readonly expiresMinutes?: number | undefined;
  readonly reasonRequired?: boolean | undefined;
}

/** Whole numbers. */
export interface Breaker {
  readonly failures: number;
  readonly withinMinutes: number;
}

/** Contract part 2, section 7. */
export const DEFAULT_BREAKER: Breaker = { failures: 3, withinMinutes: 30 };
export const DEFAULT_WRITES_AT_ONCE = 4;

export type VerifyRules = Readonly<Partial<Record<ActionKind | NamespaceClass, VerifyRule>>>;

/** Seconds: how long nothing may move, at least; how long everything must have looked healthy. Absent: as the gate is set, no checks. */
export interface VerifyRule {
  readonly windowSeconds?: number | undefined;
  readonly soakSeconds?: number | undefined;
  /** What must hold besides, outside of the cluster, while it is watched. */
  readonly checks?: readonly HealthCheck[] | undefined;
}

/** An argv as a key: words that hold blanks stay apart. */
export function execKey(argv: readonly string[]): string {
  return JSON.stringify(argv);
}

/** A policy document with its tables made ready, so that scoring looks up and never searches. */
export interface Policy {
  readonly document: PolicyDocument;
  /** Name of the cluster that it was made for; null where none was named. */
  readonly cluster: string | null;
  readonly classOf: NamespaceClassifier;
  /** Multiplier of each class in tenths. */
  readonly tenths: Readonly<Record<NamespaceClass, number>>;
  readonly weights: ResourceWeights;
  readonly inertAnnotations: RegExp;
  readonly inertLabels: RegExp;
  readonly inertNamespaceLabels: ReadonlySet<string>;
  readonly namespaceKinds: ReadonlySet<string>;
  /** The same without their groups, plural and singular: how they are called where nothing is known of the kind. */
  readonly namespaceWords: ReadonlySet<string>;
  readonly dualKeys: RegExp;
  readonly gateNames: RegExp;
  /** The gate's subjects, and the groups that its service accounts are in by their namespaces. */
  readonly gateSubjects: ReadonlySet<string>;
  /** The argvs by `execKey`. */
  readonly execReadonly: ReadonlySet<string>;
}

/**
 * Makes a document ready.
 *
 * @param cluster name of the cluster judged for, as in `clusters`; null where none was named.
 */
export function policyOf(document: PolicyDocument, cluster: string | null): Policy {
  const { namespaces } = document;
  const tenths = {
    'control-plane': Math.round(namespaces['control-plane'].multiplier * 10),
    staging: Math.round(namespaces.staging.multiplier * 10),
    production: Math.round(namespaces.production.multiplier * 10),
    development: Math.round(namespaces.development.multiplier * 10),
    other: Math.round(namespaces.other.multiplier * 10),
  };
  const gateSubjects = document.gate.subjects.map(subjectName);
  const namespaceKinds = [...NAMESPACE_KINDS, ...document.namespaceKinds];
  const lowest = cluster === null ? undefined : ownValue(document.clusters, cluster);
  return {
    document,
    cluster,
    classOf: classifierOf(namespaces, tenths, lowest ?? null),
    tenths,
    weights: weightsOf(document.weights),
    inertAnnotations: globs(document.inert.annotations),
    inertLabels: globs(document.inert.labels),
    inertNamespaceLabels: new Set(document.inert.namespaceLabels),
    namespaceKinds: new Set(namespaceKinds),
    namespaceWords: new Set([...namespaceKinds.flatMap(wordsOf), ...NAMESPACE_SHORT_NAMES]),
    dualKeys: globs([...DUAL_KEYS, ...document.dualKeys]),
    gateNames: globs(document.gate.names),
    gateSubjects: new Set(gateSubjects.flatMap((one) => [one, accountsGroup(one) ?? one])),
    execReadonly: new Set(document.execReadonly.map(execKey)),
  };
}
