// A kind that an agent may write → whether the cluster's admission refuses the agent all the same, by a dry run.
import { isObject, type Json, type JsonObject } from '../../../core/model/json.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { asDryRun } from '../as-dry-run.ts';
import { type ClusterClient, type ClusterRequest, getJson } from '../client.ts';
import { at, listAt, textAt } from '../json-at.ts';
import { apiVersionOf, collectionPath, objectPath } from '../resource-path.ts';
import type { ServedKind } from './served-kinds.ts';

/** `refused`: by this policy. `passed`: it would have been written. `untried`: something else was in the way. */
export type GuardTrial =
  | { readonly kind: 'refused'; readonly policy: string; readonly binding: string }
  | { readonly kind: 'passed' }
  | { readonly kind: 'untried'; readonly why: string };

const NAME = 'blastgate-doctor-probe';
const POD = { containers: [{ name: 'probe', image: 'probe' }], restartPolicy: 'Never' };
const LABELS = { app: NAME };
const workload = {
  selector: { matchLabels: LABELS },
  template: { metadata: { labels: LABELS }, spec: { ...POD, restartPolicy: 'Always' } },
};
const JOB = { template: { spec: POD } };
const ROLE_REF = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME };

/** The least that the API server takes for valid, of kinds that are often written; what is refused as invalid proves nothing. */
const SAMPLES: { readonly [resource: string]: JsonObject } = {
  configmaps: {},
  secrets: {},
  pods: { spec: POD },
  services: { spec: { ports: [{ port: 80 }] } },
  serviceaccounts: {},
  namespaces: {},
  events: { involvedObject: {} },
  persistentvolumeclaims: {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
  'deployments.apps': { spec: workload },
  'replicasets.apps': { spec: workload },
  'daemonsets.apps': { spec: workload },
  'statefulsets.apps': { spec: { ...workload, serviceName: NAME } },
  'jobs.batch': { spec: JOB },
  'cronjobs.batch': { spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: JOB } } },
  'poddisruptionbudgets.policy': { spec: { minAvailable: 1, selector: { matchLabels: LABELS } } },
  'networkpolicies.networking.k8s.io': { spec: { podSelector: {} } },
  'leases.coordination.k8s.io': {},
  'roles.rbac.authorization.k8s.io': { rules: [] },
  'clusterroles.rbac.authorization.k8s.io': { rules: [] },
  'rolebindings.rbac.authorization.k8s.io': { roleRef: ROLE_REF },
  'clusterrolebindings.rbac.authorization.k8s.io': { roleRef: ROLE_REF },
};

const BY_POLICY = /ValidatingAdmissionPolicy '([^']+)' with binding '([^']+)' denied request/;

/** What a dry run of it comes to. Nothing is persisted. Never throws for what the cluster says. */
const send = async (client: ClusterClient, request: ClusterRequest, signal: AbortSignal): Promise<GuardTrial> => {
  try {
    await client.send(asDryRun(request), signal);
    return { kind: 'passed' };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const [, policy, binding] = BY_POLICY.exec(error.message) ?? [];
    return policy === undefined || binding === undefined
      ? { kind: 'untried', why: error.message }
      : { kind: 'refused', policy, binding };
  }
};

const created = ({ prefix, group, resource, kind }: ServedKind, namespace: string | null): ClusterRequest | null => {
  const sample = SAMPLES[group === '' ? resource : `${resource}.${group}`];
  if (sample === undefined) return null;
  const own = resource === 'events' ? { involvedObject: { namespace } } : {};
  const value = { apiVersion: apiVersionOf(prefix), kind, metadata: { name: NAME }, ...sample, ...own };
  return {
    method: 'POST',
    path: collectionPath(prefix, resource, namespace),
    query: {},
    body: { type: 'application/json', value },
  };
};

const TOUCH = { metadata: { annotations: { 'blastgate.io/doctor': 'probe' } } };

/** A change or the deletion of an object that is there; null: there is none, or none that the agent may see. */
const changed = async (
  client: ClusterClient,
  { prefix, resource }: ServedKind,
  namespace: string | null,
  verb: 'patch' | 'delete',
  signal: AbortSignal,
): Promise<ClusterRequest | null> => {
  const list = await client.send(getJson(collectionPath(prefix, resource, namespace), { limit: '1' }), signal);
  const [first] = listAt(list, 'items');
  const name = textAt(first, 'metadata', 'name');
  if (name === null) return null;
  const path = objectPath(prefix, resource, textAt(first, 'metadata', 'namespace'), name);
  return verb === 'delete'
    ? { method: 'DELETE', path, query: { dryRun: 'All' }, body: null }
    : { method: 'PATCH', path, query: {}, body: { type: 'application/merge-patch+json', value: TOUCH } };
};

/** Subresources that are connected to: admission is asked before the object is looked for, so one that nobody has will do. */
const CONNECTED = /\/(?:exec|attach|portforward|proxy)$/;

export function isConnected({ resource }: Pick<ServedKind, 'resource'>): boolean {
  return CONNECTED.test(resource);
}

const tryConnection = async (
  client: ClusterClient,
  { prefix, resource }: ServedKind,
  namespace: string | null,
  signal: AbortSignal,
): Promise<GuardTrial> => {
  const [plural = '', subresource] = resource.split('/');
  const path = `${objectPath(prefix, plural, namespace, NAME)}/${subresource}`;
  try {
    await client.send(getJson(path, subresource === 'exec' ? { command: 'true', stdout: 'true' } : {}), signal);
    return { kind: 'passed' };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const [, policy, binding] = BY_POLICY.exec(error.message) ?? [];
    if (policy !== undefined && binding !== undefined) return { kind: 'refused', policy, binding };
    return error.kind === 'refused' && error.status === 404
      ? { kind: 'passed' }
      : { kind: 'untried', why: error.message };
  }
};

/** Tries one of the verbs on the kind. The first that tells something counts. */
export async function tryPastGuard(
  client: ClusterClient,
  kind: ServedKind,
  verbs: ReadonlySet<string>,
  namespace: string | null,
  signal: AbortSignal,
): Promise<GuardTrial> {
  const place = kind.namespaced ? namespace : null;
  if (isConnected(kind)) return tryConnection(client, kind, place ?? (kind.namespaced ? 'default' : null), signal);
  let last: GuardTrial = { kind: 'untried', why: 'no dry run of it could be made' };
  const ways: readonly (() => Promise<ClusterRequest | null>)[] = [
    ...(verbs.has('create') ? [async () => created(kind, place ?? (kind.namespaced ? 'default' : null))] : []),
    ...(['patch', 'delete'] as const)
      .filter((verb) => verbs.has(verb))
      .map((verb) => () => changed(client, kind, place, verb, signal)),
  ];
  for (const way of ways) {
    try {
      const request = await way();
      if (request === null) continue;
      last = await send(client, request, signal);
      if (last.kind !== 'untried') return last;
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error;
      last = { kind: 'untried', why: error.message };
    }
  }
  return last;
}

const hasAll = (value: Json | undefined, ...wanted: readonly string[]): boolean =>
  Array.isArray(value) && (value.includes('*') || wanted.every((one) => value.includes(one)));
const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0);

const API = '/apis/admissionregistration.k8s.io/v1';

/**
 * Why the policy and its binding, as they stand, may let a write of some kind or way pass; null: by their rules they see all of
 * them, so that what refuses one refuses the others. Throws AdapterError where they cannot be read.
 */
export async function holeIn(
  client: ClusterClient,
  { policy, binding }: Extract<GuardTrial, { readonly kind: 'refused' }>,
  signal: AbortSignal,
): Promise<string | null> {
  const [rules, bound] = await Promise.all([
    client.send(getJson(`${API}/validatingadmissionpolicies/${encodeURIComponent(policy)}`), signal),
    client.send(getJson(`${API}/validatingadmissionpolicybindings/${encodeURIComponent(binding)}`), signal),
  ]);
  const wide = listAt(rules, 'spec', 'matchConstraints', 'resourceRules').some(
    (rule) =>
      hasAll(rule['apiGroups'], '*') &&
      hasAll(rule['apiVersions'], '*') &&
      hasAll(rule['operations'], 'CREATE', 'UPDATE', 'DELETE', 'CONNECT') &&
      Array.isArray(rule['resources']) &&
      rule['resources'].includes('*/*') &&
      (rule['scope'] === undefined || rule['scope'] === '*') &&
      isEmpty(rule['resourceNames']),
  );
  const constraints = at(rules, 'spec', 'matchConstraints');
  const holes: readonly (readonly [boolean, string])[] = [
    [!wide, 'its rules do not match every kind, subresource and operation'],
    [listAt(constraints, 'excludeResourceRules').length > 0, 'it leaves some resources out'],
    [
      !isEmpty(at(constraints, 'namespaceSelector')) || !isEmpty(at(constraints, 'objectSelector')),
      'it looks at some namespaces or objects alone',
    ],
    [!isEmpty(at(rules, 'spec', 'paramKind')), 'it depends on a parameter'],
    [textAt(rules, 'spec', 'failurePolicy') === 'Ignore', 'it lets pass what it fails on'],
    [!hasAll(at(bound, 'spec', 'validationActions'), 'Deny'), 'its binding does not deny'],
    [!isEmpty(at(bound, 'spec', 'matchResources')), 'its binding matches some resources alone'],
  ];
  const found = holes.find(([is]) => is)?.[1];
  return found === undefined ? null : `${policy}: ${found}`;
}
