// What reaches the cluster: one effect is one API request, in the terms that judging and executing share.

import type { Desired } from './desired.ts';
import type { DrainOptions } from './drain.ts';
import type { Mutation } from './mutation.ts';

/** Kubernetes API verbs; apply travels as patch (contract section 1). */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection' | 'connect';

/**
 * The rows of scoring section 2, top to bottom: at equal points the later row names the action.
 * `delete-object` is the deletion of anything but a pod.
 */
export const ACTION_KINDS = [
  'none',
  'read',
  'annotate',
  'uncordon',
  'label',
  'rollout-pause',
  'delete-pod',
  'rollout-restart',
  'scale',
  'autoscale',
  'untaint',
  'rollout-undo',
  'create',
  'cordon',
  'set-image',
  'set-config',
  'patch',
  'apply',
  'taint',
  'delete-object',
  'drain',
  'exec',
  'sensitive-read',
  'tunnel',
  'grant',
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

const ROW = new Map<ActionKind, number>(ACTION_KINDS.map((kind, row) => [kind, row]));

/** Row of scoring section 2, from the top. */
export function rowOf(kind: ActionKind): number {
  return ROW.get(kind) ?? 0;
}

/** What `score` prints as `action`: a kind, or opaque when the command could not be resolved. */
export type Action = ActionKind | 'opaque';

/** Where the resource name was found: the built-in table, a cluster's discovery, or nowhere. */
export type Known = 'built-in' | 'custom' | 'unknown';

/**
 * What is true of one effect beyond its request line, by whichever road it was written. Each trait is read by
 * modifiers (scoring section 4), floors (section 6) or hard rules (section 7); understanding sets them, judging reads them.
 */
export type Trait =
  // how it is done (section 4)
  | 'force' // --force on delete, replace, apply, drain
  | 'grace-zero' // effective grace 0
  | 'grace-one' // effective grace 1
  | 'orphan' // --cascade=orphan
  | 'selector' // chosen by a label or field selector
  | 'all' // --all, a collection without selector, a rollout verb on a bare type, a selector that only negates or tests existence
  | 'all-namespaces' // -A
  | 'unknown-name' // its words are only known when it runs: "*" is one object, or with `all` any number, never "without name"
  | 'unknown-namespace' // "*" is one namespace that is only known when it runs, never all of them
  | 'finished-only' // only Failed or Succeeded pods, or finished jobs
  | 'prune' // apply --prune
  | 'emptydir' // drain --delete-emptydir-data
  // what it changes (section 4)
  | 'scale-to-zero' // an existing workload to 0 replicas, a Job suspended or without parallelism
  | 'suspend' // a CronJob suspended
  | 'pause' // a rollout paused
  | 'scale-up' // more than 20 replicas
  | 'unseen-content' // the body is not part of the proposal
  | 'privileged' // hostPath, privileged, added capabilities
  | 'membership' // selector of a Service, PDB, NetworkPolicy changes; a label changes or goes
  | 'new-label' // a label is added: membership only when the cluster shows that a selector matches it
  | 'finalizers' // finalizers removed
  | 'effectful-annotation' // an annotation key with a slash (the policy's inert list is applied by score; see annotationKeys)
  | 'mutable-image' // an image without a digest
  | 'placement' // node selector, affinity or tolerations of an existing template change
  // floors (section 6)
  | 'starts-image' // starts an image that the proposer chose
  | 'explicit-command' // run, create job|cronjob|deployment with a command or --overrides
  | 'service-account' // the service account of a template changes
  | 'from-secret' // --from=secret/…
  | 'exposes' // Service of type LoadBalancer or NodePort, externalIPs
  | 'no-execute' // a NoExecute taint is added
  | 'namespace-label' // a label on a Namespace (the policy's inert keys are applied by score; see labelKeys)
  | 'tracked' // an object is given to an Argo CD application by its tracking id or instance label
  // hard rules (section 7)
  | 'owner-reference' // an ownerReference is added to what exists
  | 'claim-ref' // the claimRef of an existing PersistentVolume changes or goes
  | 'finalize' // the finalize subresource of a namespace
  | 'prune-volumes' // apply --prune whose list of kinds includes protected ones, or cannot be known
  | 'reclaim-delete' // a PV's reclaim policy set to Delete or Recycle
  | 'claim-retention-delete' // a StatefulSet's claim retention set to Delete
  | 'rules-emptied' // ClusterRole rules emptied, or aggregated from no roles
  | 'disable-eviction' // drain --disable-eviction
  | 'host-namespaces' // hostPID, hostIPC, hostNetwork, debug node/…
  | 'approves-csr'
  | 'grants-admin' // cluster-admin or system:masters is granted
  | 'kind-unknown' // the kind of a deletion or of a body could not be known: hard rules undecided
  | 'raw'; // a --raw write: never a dry run

/** What an executor would do with the effect; `bounds`, `several` and `other` have no executor. Replicas null: the number could not be read. */
export type Change =
  | { readonly to: 'replicas'; readonly replicas: number | null }
  | { readonly to: 'images'; readonly images: readonly ContainerImage[] }
  | { readonly to: 'restart' }
  | { readonly to: 'revision'; readonly revision: number | null } // null: the one before the live one
  | {
      readonly to: 'absence';
      readonly gracePeriodSeconds: number | null;
      readonly propagation: 'Background' | 'Foreground' | 'Orphan' | null;
      /** Of a pruning: what the selector chooses and was applied before goes, but for the objects of these names. */
      readonly keeps?: readonly string[];
    }
  /**
   * Of the pods on nodes that are drained: each is evicted, or with another verb deleted past its budgets, and waited for. Which
   * pods these are is sealed by uid.
   */
  | ({ readonly to: 'eviction' } & DrainOptions)
  /**
   * A program in a container of a pod, without a terminal and without input. `container` null: the one that kubectl would choose.
   * `of`: the pod is chosen among those of this object, as kubectl does; null: the effect names it.
   */
  | {
      readonly to: 'run';
      readonly argv: readonly string[];
      readonly container: string | null;
      readonly of: { readonly group: string; readonly resource: string; readonly name: string } | null;
    }
  /**
   * Only in a way back. Of this StatefulSet the pods that are not ready and of another revision than the one it wants now are
   * deleted: its controller waits for them for ever (Kubernetes: StatefulSets, "Forced rollback"). Frozen by its sealed uid.
   */
  | { readonly to: 'replacement'; readonly statefulSet: string }
  /**
   * Only in a way back: what the spec's changes name of this object gets its values from before. `write`: of the change that has it
   * too, where the object is written to several times.
   */
  | { readonly to: 'before'; readonly write?: number }
  | { readonly to: 'bounds'; readonly max: number } // of a HorizontalPodAutoscaler
  | { readonly to: 'several'; readonly replicas: number } // a body that sets the replicas of what exists, among others
  | { readonly to: 'other' };

/** `container` is `*` where the command says all containers. */
export interface ContainerImage {
  readonly container: string;
  readonly image: string;
}

/** One API request that a command amounts to. */
export interface Effect {
  readonly verb: Verb;
  /** API group, "" for the core group. */
  readonly group: string;
  /** Plural resource name. */
  readonly resource: string;
  /** Of the group: "v1beta1", where a request names another than the cluster prefers; absent: that one. */
  readonly version?: string;
  readonly subresource: string | null;
  /** null for cluster-scoped objects, "*" for all namespaces. */
  readonly namespace: string | null;
  /** "*" where a selector, --all or a node's pods decide; null where the server names the object. */
  readonly name: string | null;
  /** Label and field selector as one query string, e.g. "app=web,fields:status.phase=Failed"; null where none. */
  readonly selector: string | null;
  readonly kind: ActionKind;
  readonly known: Known;
  /** true when nothing would be persisted (client or server dry run). */
  readonly dryRun: boolean;
  readonly traits: readonly Trait[];
  readonly change: Change;
  /** Keys of the object's own labels that the effect sets or removes (removed ones end in "-"). */
  readonly labelKeys: readonly string[];
  /** Keys of the object's own annotations, likewise. */
  readonly annotationKeys: readonly string[];
  /** Keys of labels and annotations of its templates that the effect sets or removes. */
  readonly templateKeys: readonly string[];
  /** What it wants of fields that are compared with the cluster; null: nothing of the kind. */
  readonly desired: Desired | null;
  /** Subjects that a grant names, as `subjectName` writes them; empty elsewhere. */
  readonly subjects: readonly string[];
  /** What is sent, where `change` does not say all of it. */
  readonly mutation?: Mutation;
  /**
   * Carried out only where the API server finds the earlier write of its object invalid (apply --force), where the object is not there
   * (auth reconcile), or in either case; absent: whatever comes of another.
   */
  readonly onlyIf?: 'invalid' | 'absent' | 'invalid-or-absent';
}

/** True for the object of this name where the effect prunes all but some. */
export function isKept({ change }: Pick<Effect, 'change'>, name: string): boolean {
  return change.to === 'absence' && change.keeps?.includes(name) === true;
}

/** Whether the effect prunes: what was applied before, and is not any more, goes; there may be nothing of it. */
export function isPruning({ change }: Pick<Effect, 'change'>): boolean {
  return change.to === 'absence' && change.keeps !== undefined;
}

/** What a deletion that says nothing of how it is to be done would change. */
export const PLAIN_ABSENCE: Change = { to: 'absence', gracePeriodSeconds: null, propagation: null };

/** The deletion of one object by its name that no command spells out: a controller's, or a step that the gate adds. */
export function plainDeletion(
  kind: 'delete-pod' | 'delete-object',
  { group, resource, namespace, name }: Pick<Effect, 'group' | 'resource' | 'namespace' | 'name'>,
): Effect {
  return {
    verb: 'delete',
    group,
    resource,
    subresource: null,
    namespace,
    name,
    selector: null,
    kind,
    known: 'built-in',
    dryRun: false,
    traits: [],
    change: PLAIN_ABSENCE,
    labelKeys: [],
    annotationKeys: [],
    templateKeys: [],
    desired: null,
    subjects: [],
  };
}

/** True when the change is about the pod template, whose history the rollback goes back in. */
export function changesTemplate({ change }: Effect): boolean {
  return change.to === 'restart' || change.to === 'images' || change.to === 'revision';
}

/** True for the pods of a drain: it takes its time, and after a crash it goes on where the cluster shows that it is. */
export function isEviction({ change }: Pick<Effect, 'change'>): boolean {
  return change.to === 'eviction';
}

/** The same effect without the words of its program. */
export function withoutProgram(effect: Effect): Effect {
  return effect.change.to === 'run' ? { ...effect, change: { to: 'other' } } : effect;
}

/** The same effect without what it sends: neither a body nor the words of a program. */
export function withoutMutation(effect: Effect): Effect {
  const { mutation, ...plain } = effect;
  return withoutProgram(mutation === undefined ? effect : plain);
}

/** The key itself, of one that is set or removed. */
export function plainKey(key: string): string {
  return key.endsWith('-') ? key.slice(0, -1) : key;
}

/** Verbs that change nothing by themselves. */
export const READ_VERBS: ReadonlySet<Verb> = new Set<Verb>(['get', 'list', 'watch']);

/** Effects that would send a change: no reads by verb, no dry runs. */
export function writesOf(effects: readonly Effect[]): readonly Effect[] {
  return effects.filter((effect) => !READ_VERBS.has(effect.verb) && !effect.dryRun);
}

/** True for an effect that changes something when it runs. */
export function isWrite({ verb, dryRun, kind }: Effect): boolean {
  return !dryRun && kind !== 'none' && kind !== 'read' && !READ_VERBS.has(verb);
}
