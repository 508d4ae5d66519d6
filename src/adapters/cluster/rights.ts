// Which rights the gate needs in the cluster, and which of them it lacks.

import type { JsonObject } from '../../core/model/json.ts';
import { resourceKey } from '../../core/model/object-ref.ts';
import type { ClusterRights, NeededRight, PublishedRole } from '../../ports/cluster-rights.ts';
import { inBatches } from './batch.ts';
import { KIND_NAMES, type KindName, METADATA_KINDS, partsOf } from './cache/kinds.ts';
import { type ClusterClient, type ClusterRequest, getJson } from './client.ts';
import { at, listAt, textAt } from './json-at.ts';

const rights = (
  role: PublishedRole,
  verbs: string,
  group: string,
  resources: string,
  purpose: string,
): readonly NeededRight[] =>
  resources.split(' ').flatMap((name) => {
    const [resource = '', subresource = ''] = name.split('/');
    return verbs.split(' ').map((verb) => ({ role, verb, group, resource, subresource, for: purpose }));
  });

const WORKLOADS = 'deployments statefulsets daemonsets';

/** Kinds beside workloads that the gate changes; what is not here an operator grants (docs/operate.md). */
const OTHER_KINDS: readonly (readonly [group: string, resources: string])[] = [
  ['', 'services'],
  ['autoscaling', 'horizontalpodautoscalers'],
  ['policy', 'poddisruptionbudgets'],
  ['batch', 'jobs cronjobs'],
  ['networking.k8s.io', 'ingresses networkpolicies'],
];
const MADE_KINDS = [['apps', WORKLOADS] as const, ...OTHER_KINDS];

const CONDITIONAL_SCALE = 'scale --current-replicas';
const RBAC = 'rbac.authorization.k8s.io';
const RECONCILE = 'auth reconcile, create and change of roles and bindings';

// as: a record over the kinds given.
const followedForOwners = <K extends KindName>(kinds: readonly K[]): Readonly<Record<K, string>> =>
  Object.fromEntries(kinds.map((kind) => [kind, 'what goes with the deletion of its last owner'])) as Record<K, string>;

/** What each kind is followed for; without one of these a person decides what it would have told. */
const FOLLOWED_FOR: { readonly [kind in KindName]: string } = {
  pods: 'facts and verification',
  'deployments.apps': 'facts and verification',
  'replicasets.apps': 'facts, verification and history',
  'statefulsets.apps': 'facts and verification',
  'daemonsets.apps': 'facts and verification',
  replicationcontrollers: 'who brings pods back',
  'jobs.batch': 'who brings pods back',
  'cronjobs.batch': 'who brings pods back',
  services: 'who sends to pods',
  'endpointslices.discovery.k8s.io': 'which services would be left without endpoints',
  'poddisruptionbudgets.policy': 'which budgets would be violated',
  'networkpolicies.networking.k8s.io': 'which policies select pods whose labels change',
  'horizontalpodautoscalers.autoscaling': 'which autoscalers govern a workload',
  'ingresses.networking.k8s.io': 'which ingresses send to a service',
  nodes: 'whether drained pods fit elsewhere',
  persistentvolumeclaims: 'which pods own volumes, and which claims go with a deletion',
  persistentvolumes: 'where volumes can be reached',
  namespaces: 'knowing which cluster this is, and the class of a namespace',
  ...followedForOwners(METADATA_KINDS),
};

/** The reader's rights, then those of each kind of action. */
export const NEEDED_RIGHTS: readonly NeededRight[] = [
  ...KIND_NAMES.flatMap((kind) => {
    const { group, resource } = partsOf(kind);
    return rights('blastgate-reader', 'get list watch', group, resource, FOLLOWED_FOR[kind]);
  }),
  ...rights('blastgate-reader', 'list', 'apps', 'controllerrevisions', 'the history of stateful sets and daemon sets'),
  ...rights('blastgate-reader', 'list', '', 'events', 'why pods are not created or not started'),
  ...rights('blastgate-delete-pod', 'delete', '', 'pods', 'delete pod'),
  ...rights('blastgate-drain', 'create', '', 'pods/eviction', 'drain, beside what cordons the node'),
  ...rights('blastgate-scale', 'get patch', 'apps', 'deployments/scale statefulsets/scale replicasets/scale', 'scale'),
  ...rights('blastgate-scale', 'get patch', '', 'replicationcontrollers/scale', 'scale'),
  ...rights(
    'blastgate-rollout',
    'patch',
    'apps',
    WORKLOADS,
    'rollout restart, undo, pause and resume, set image, env, resources and serviceaccount, and patches of workloads',
  ),
  ...OTHER_KINDS.flatMap(([group, kinds]) =>
    rights('blastgate-change', 'patch', group, kinds, 'label, annotate, patch, apply, set selector of what exists'),
  ),
  ...rights('blastgate-change', 'patch', '', 'pods', 'label, annotate and patch of pods'),
  ...rights('blastgate-configmaps', 'get create update patch delete', '', 'configmaps', 'every change of config maps'),
  ...rights('blastgate-nodes', 'patch', '', 'nodes', 'cordon, uncordon, taint, and labels of nodes'),
  ...MADE_KINDS.flatMap(([group, kinds]) =>
    rights(
      'blastgate-create',
      'create',
      group,
      kinds,
      'create, run, expose, autoscale, apply of what is new, and the rollback of a deletion',
    ),
  ),
  ...rights('blastgate-create', 'create', '', 'pods', 'run'),
  ...MADE_KINDS.flatMap(([group, kinds]) =>
    rights('blastgate-delete', 'delete', group, kinds, 'delete, and the rollback of a creation'),
  ),
  ...MADE_KINDS.flatMap(([group, kinds]) => rights('blastgate-replace', 'update', group, kinds, 'replace')),
  ...rights('blastgate-replace', 'update', '', 'pods', 'replace'),
  ...rights(
    'blastgate-replace',
    'update',
    'apps',
    'deployments/scale statefulsets/scale replicasets/scale',
    CONDITIONAL_SCALE,
  ),
  ...rights('blastgate-replace', 'update', '', 'replicationcontrollers/scale', CONDITIONAL_SCALE),
  ...rights('blastgate-secrets', 'get create update patch delete', '', 'secrets', 'every change of Secrets'),
  ...rights(
    'blastgate-reconcile',
    'get create update patch delete',
    RBAC,
    'roles rolebindings clusterrolebindings',
    RECONCILE,
  ),
  ...rights('blastgate-reconcile', 'create update patch', RBAC, 'clusterroles', RECONCILE),
  ...rights('blastgate-exec', 'get create', '', 'pods/exec', 'exec of an approved program'),
  ...rights('blastgate-debug', 'patch', '', 'pods/ephemeralcontainers', 'debug with an ephemeral container'),
];

/** The rights of the account that the client asks with. */
export function clusterRights(client: ClusterClient): ClusterRights {
  return {
    needed: NEEDED_RIGHTS,
    missing: (signal) => missingRights(client, signal),
    namespacesWith: (wanted, signal) => namespacesWith(client, wanted, signal),
  };
}

/** The rights of the list that the cluster denies in all namespaces together; throws AdapterError when it cannot be asked. */
const missingRights = async (client: ClusterClient, signal: AbortSignal): Promise<readonly NeededRight[]> => {
  const answers = await inBatches(NEEDED_RIGHTS, (right) => isAllowed(client, attributesOf(right), signal));
  return NEEDED_RIGHTS.filter((_, i) => answers[i] !== true);
};

/** Namespaces that are looked into for rights that are held there alone. */
const MOST_NAMESPACES = 200;

/**
 * Where all these rights are held although not in all namespaces: the names, sorted. Only the first 200 namespaces are asked,
 * and only what RBAC tells of itself is seen. Throws AdapterError when it cannot be asked.
 */
const namespacesWith = async (
  client: ClusterClient,
  wanted: readonly NeededRight[],
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const list = await client.send(getJson('/api/v1/namespaces', { limit: `${MOST_NAMESPACES}` }), signal);
  const names = listAt(list, 'items').flatMap((item) => textAt(item, 'metadata', 'name') ?? []);
  const held = await inBatches(names, async (namespace) => {
    const answer = await client.send(review('SelfSubjectRulesReview', { namespace }), signal);
    const rules = listAt(answer, 'status', 'resourceRules');
    return wanted.every((right) => rules.some((rule) => grants(rule, right)));
  });
  return names.filter((_, i) => held[i] === true).toSorted();
};

/** A right of some named objects alone is not the right. */
const grants = (rule: JsonObject, right: NeededRight): boolean => {
  const words = (key: string): readonly unknown[] => {
    const found = at(rule, key);
    return Array.isArray(found) ? found : [];
  };
  const has = (key: string, ...wanted: readonly string[]): boolean =>
    words(key).some((word) => wanted.some((one) => one === word));
  const { verb, group, resource, subresource } = right;
  const names = subresource === '' ? [resource] : [`${resource}/${subresource}`, `*/${subresource}`];
  return (
    words('resourceNames').length === 0 &&
    has('verbs', verb, '*') &&
    has('apiGroups', group, '*') &&
    has('resources', ...names, '*')
  );
};

/** What a SelfSubjectAccessReview asks about; without a namespace all of them together, without a name all objects. */
export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Whether the account of the client may do it; null where the answer does not say. Throws AdapterError. */
export async function isAllowed(
  client: ClusterClient,
  asked: ResourceAttributes,
  signal: AbortSignal,
): Promise<boolean | null> {
  const answer = await client.send(review('SelfSubjectAccessReview', { resourceAttributes: { ...asked } }), signal);
  const allowed = at(answer, 'status', 'allowed');
  return typeof allowed === 'boolean' ? allowed : null;
}

const attributesOf = ({ verb, group, resource, subresource }: NeededRight): ResourceAttributes => ({
  verb,
  group,
  resource,
  ...(subresource === '' ? {} : { subresource }),
});

const review = (kind: 'SelfSubjectAccessReview' | 'SelfSubjectRulesReview', spec: object): ClusterRequest => ({
  method: 'POST',
  path: `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`,
  query: {},
  body: { type: 'application/json', value: { apiVersion: 'authorization.k8s.io/v1', kind, spec } },
});

/** As the API server words a 403 (Kubernetes 1.36): `… cannot patch resource "deployments/scale" in API group "apps" …`. */
const DENIED = /\bcannot ([a-z]+) resource "([a-z0-9.-]+)(\/[a-z]+)?" in API group "([a-z0-9.-]*)"/;

/** "list replicasets.apps": the right whose lack the message names; null where it names none. */
export function deniedIn(message: string): string | null {
  const [, verb = '', resource = '', subresource = '', group = ''] = DENIED.exec(message) ?? [];
  return verb === '' ? null : `${verb} ${resourceKey({ group, resource })}${subresource}`;
}
