// What judging reads of each kind's specification: replicas, selectors, limits, policies, rules, subjects.
import type { ActionKind, Trait } from '../../../model/effect.ts';
import { isObject, type Json } from '../../../model/json.ts';
import { subjectName } from '../../../model/subject.ts';
import { around, type BodyReading, type BodyTarget, leaves, type Reader, type WriteMode } from './body-reading.ts';
import { type Edit, isList, textOf } from './edit.ts';
import { CLUSTER_ROLES, SCALED } from './lost-fields.ts';
import { replicaTraits } from './replicas.ts';

/** A number in a body, strings included, as the API server would at best take it; null when it is none. */
const numberOf = (value: Json): number | null => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.trunc(number) : null;
};

/** Removed replicas are the default, one; of a Scale, which has no default, none. What only the cluster knows may be none. */
const readReplicas: Reader = (edit, target, reading) => {
  if (edit.at !== '/spec/replicas') return false;
  const ofScale = target.subresource === 'scale';
  const scales = SCALED.includes(target.key) || ofScale;
  const replicas = edit.how === 'removed' ? (ofScale ? 0 : 1) : edit.how === 'unknown' ? null : numberOf(edit.value);
  for (const trait of replicaTraits(edit.how === 'unknown' ? 0 : replicas)) {
    if (trait !== 'scale-to-zero' || target.mode !== 'create') reading.traits.push(trait);
  }
  reading.replicas = replicas;
  reading.kinds.push(scales ? 'scale' : 'patch');
  return true;
};

const isTrue = (edit: Edit): boolean => edit.how === 'unknown' || edit.value === true;

interface Rule {
  readonly place: RegExp;
  /** Kinds that the rule is about. */
  readonly keys: readonly string[];
  /** What a patch of this place alone is. */
  readonly kind: ActionKind;
  readonly trait: Trait | null;
  readonly roads: ReadonlySet<WriteMode>;
  readonly holds: (edit: Edit) => boolean;
}

const EVERY: ReadonlySet<WriteMode> = new Set<WriteMode>(['create', 'patch', 'apply', 'put']);
const EXISTING: ReadonlySet<WriteMode> = new Set<WriteMode>(['patch', 'apply', 'put']);
const PATCH: ReadonlySet<WriteMode> = new Set<WriteMode>(['patch']);
const NONE: ReadonlySet<WriteMode> = new Set<WriteMode>();

const isZero = (edit: Edit): boolean => edit.how === 'unknown' || (leaves(edit) && numberOf(edit.value) === 0);

const rule = (
  place: RegExp,
  keys: readonly string[],
  kind: ActionKind,
  trait: Trait | null = null,
  roads: ReadonlySet<WriteMode> = NONE,
  holds: (edit: Edit) => boolean = leaves,
): Rule => ({ place, keys, kind, trait, roads, holds });

const SELECTED = ['services', 'poddisruptionbudgets.policy', 'networkpolicies.networking.k8s.io'];

/** Kinds whose selector decides which pods they are for. */
export function isSelected(key: string): boolean {
  return SELECTED.includes(key);
}

const WITH_SELECTOR = [
  'services',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'replicationcontrollers',
];
const DELETES = (edit: Edit): boolean => edit.how === 'unknown' || edit.value === 'Delete' || edit.value === 'Recycle';
const OPENS = (edit: Edit): boolean =>
  edit.how === 'unknown' || edit.value === 'LoadBalancer' || edit.value === 'NodePort';
const MANY = (edit: Edit): boolean => (numberOf(edit.value) ?? 0) > 20;
const EMPTY = (edit: Edit): boolean =>
  edit.how === 'removed' || edit.how === 'unknown' || (isList(edit.value) && edit.value.length === 0);
/** An aggregation rule that chooses no roles: the controller leaves no rules. */
const CHOOSES_NONE = ({ how, value }: Edit): boolean =>
  how === 'unknown' || how === 'retained' || (isObject(value) && value['clusterRoleSelectors'] === undefined);
const ADMINS = (edit: Edit): boolean => edit.how === 'unknown' || edit.value === 'cluster-admin';

/** One row a place: the first that fits names the kind of a patch; every one that fits gives its trait. */
const RULES: readonly Rule[] = [
  rule(/^\/spec\/paused$/, ['deployments.apps'], 'rollout-pause', 'pause', EXISTING, isTrue),
  rule(/^\/spec\/suspend$/, ['cronjobs.batch'], 'patch', 'suspend', EXISTING, isTrue),
  rule(/^\/spec\/suspend$/, ['jobs.batch'], 'patch', 'scale-to-zero', EXISTING, isTrue),
  rule(/^\/spec\/parallelism$/, ['jobs.batch'], 'patch', 'scale-to-zero', EXISTING, isZero),
  rule(/^\/spec\/maxReplicas$/, ['horizontalpodautoscalers.autoscaling'], 'autoscale', 'scale-up', EVERY, MANY),
  rule(/^\/spec(?:\/|$)/, ['horizontalpodautoscalers.autoscaling'], 'autoscale'),
  rule(/^\/spec\/(?:selector|podSelector)(?:\/|$)/, SELECTED, 'patch', 'membership', PATCH, () => true),
  rule(/^\/spec\/(?:selector|podSelector)$/, SELECTED, 'patch', 'membership', EXISTING, (edit) => !leaves(edit)),
  rule(/^\/spec\/claimRef(?:\/|$)/, ['persistentvolumes'], 'patch', 'claim-ref', EXISTING, () => true),
  rule(/^\/spec\/type$/, ['services'], 'patch', 'exposes', EVERY, OPENS),
  rule(/^\/spec\/externalIPs\/\*$/, ['services'], 'patch', 'exposes', EVERY),
  rule(/^\/spec\/persistentVolumeReclaimPolicy$/, ['persistentvolumes'], 'patch', 'reclaim-delete', EXISTING, DELETES),
  rule(
    /^\/spec\/persistentVolumeClaimRetentionPolicy\/when(?:Deleted|Scaled)$/,
    ['statefulsets.apps'],
    'patch',
    'claim-retention-delete',
    EXISTING,
    DELETES,
  ),
  rule(/^\/rules$/, CLUSTER_ROLES, 'patch', 'rules-emptied', EXISTING, EMPTY),
  rule(/^\/aggregationRule$/, CLUSTER_ROLES, 'patch', 'rules-emptied', EXISTING, CHOOSES_NONE),
  rule(/^\/aggregationRule\/clusterRoleSelectors$/, CLUSTER_ROLES, 'patch', 'rules-emptied', EXISTING, EMPTY),
  rule(
    /^\/roleRef\/name$/,
    ['clusterrolebindings.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io'],
    'patch',
    'grants-admin',
    EVERY,
    ADMINS,
  ),
  rule(
    /^\/status\/conditions\/\*\/type$/,
    ['certificatesigningrequests.certificates.k8s.io'],
    'patch',
    'approves-csr',
    EVERY,
    (edit) => edit.how === 'unknown' || edit.value === 'Approved',
  ),
];

/** The rules about each kind, in their order. */
const RULES_OF: ReadonlyMap<string, readonly Rule[]> = new Map(
  RULES.flatMap(({ keys }) => keys).map((key) => [key, RULES.filter(({ keys }) => keys.includes(key))]),
);

const setConfig = (at: string, key: string): boolean =>
  /^\/spec\/selector(?:\/|$)/.test(at) && WITH_SELECTOR.includes(key);

/** A node's own switches: what the value says decides which of two kinds it is. */
const nodeKind = (edit: Edit): ActionKind | null => {
  if (edit.at === '/spec/unschedulable') return isTrue(edit) ? 'cordon' : 'uncordon';
  if (!edit.at.startsWith('/spec/taints')) return null;
  const fills = edit.how === 'unknown' || edit.how === 'element' || (isList(edit.value) && edit.value.length > 0);
  return fills || /\/spec\/taints\/\*\//.test(edit.at) ? 'taint' : 'untaint';
};

const readNode: Reader = (edit, target, reading) => {
  const kind = target.key === 'nodes' ? nodeKind(edit) : null;
  if (kind === null) return false;
  reading.kinds.push(kind);
  if (edit.at === '/spec/taints/*/effect' && (edit.how === 'unknown' || edit.value === 'NoExecute'))
    reading.traits.push('no-execute');
  return true;
};

const BINDINGS = /^(?:cluster)?rolebindings\.rbac\.authorization\.k8s\.io$/;

const addSubject = (reading: BodyReading, kind: string, namespace: string, name: string): void => {
  reading.subjects.push(subjectName(`${kind}:${kind === 'ServiceAccount' ? `${namespace}/` : ''}${name}`));
  if (kind === 'Group' && name === 'system:masters') reading.traits.push('grants-admin');
};

/** Who a binding names. One that changes in part is not known whole: it may become anybody. */
const readSubject: Reader = (edit, target, reading) => {
  if (!/^\/subjects(?:\/|$)/.test(edit.at) || !BINDINGS.test(target.key)) return false;
  reading.kinds.push('patch');
  if (edit.how === 'set' && edit.at !== '/subjects' && !reading.isStated(around(edit.at))) {
    reading.unknown = true;
    if (edit.at.endsWith('/name'))
      for (const kind of ['User', 'Group']) addSubject(reading, kind, '', textOf(edit.value));
  }
  if (edit.at !== '/subjects/*' || !isObject(edit.value)) return true;
  const { kind, namespace, name } = edit.value;
  addSubject(reading, textOf(kind), textOf(namespace), textOf(name));
  return true;
};

/** Which users and roles of AWS are whom in the cluster (EKS, aws-auth): its texts name groups. */
const readIdentityMap: Reader = (edit, target, reading) => {
  if (!target.identityMap || !edit.at.startsWith('/data/')) return false;
  reading.kinds.push('grant');
  if (textOf(edit.value).includes('system:masters')) reading.traits.push('grants-admin');
  return true;
};

const readRules: Reader = (edit, target, reading) => {
  let read = false;
  // whether it was the last of its rules, the cluster knows
  if (edit.at === '/rules/*' && edit.how === 'removed' && CLUSTER_ROLES.includes(target.key)) reading.unknown = true;
  for (const { place: pattern, kind, trait, roads, holds } of RULES_OF.get(target.key) ?? []) {
    if (!pattern.test(edit.at)) continue;
    if (!read) reading.kinds.push(setConfig(edit.at, target.key) ? 'set-config' : kind);
    read = true;
    if (trait !== null && roads.has(target.mode) && holds(edit)) reading.traits.push(trait);
  }
  return read;
};

const readSelector: Reader = (edit, target, reading) => {
  if (!setConfig(edit.at, target.key)) return false;
  reading.kinds.push('set-config');
  return true;
};

/** A Secret of this type is a token of a service account: made by the control plane, a grant to whoever asks. */
const readToken: Reader = (edit, target, reading) => {
  if (target.key !== 'secrets' || edit.at !== '/type') return false;
  reading.kinds.push(
    edit.value === 'kubernetes.io/service-account-token' || edit.how === 'unknown' ? 'grant' : 'patch',
  );
  return true;
};

/** The most replicas that an autoscaler allows; what kind of change it is, the rules say. */
const readBounds: Reader = (edit, target, reading) => {
  if (target.key !== 'horizontalpodautoscalers.autoscaling' || edit.at !== '/spec/maxReplicas') return false;
  reading.maxReplicas = (edit.how === 'removed' || edit.how === 'unknown' ? null : numberOf(edit.value)) ?? undefined;
  return false;
};

const READERS: readonly Reader[] = [
  readReplicas,
  readNode,
  readSubject,
  readIdentityMap,
  readToken,
  readBounds,
  readRules,
  readSelector,
];

export function readSpec(edit: Edit, target: BodyTarget, reading: BodyReading): boolean {
  return READERS.some((read) => read(edit, target, reading));
}
