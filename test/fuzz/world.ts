// The name of a namespace → the objects of a small, lived-in one: workloads, what guards and serves them, claims that
// go by themselves, and owners whose deletion takes other objects along.
import type { JsonObject } from '../../src/core/model/json.ts';

/** An object as it is made. */
export interface WorldObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject & { readonly name: string };
}

/** Where a kind is listed: "/api/v1/pods", "/apis/apps/v1/deployments"; `scope` c for cluster-scoped. */
export interface Collection {
  readonly kind: string;
  readonly apiVersion: string;
  readonly resource: string;
  readonly scope: 'namespace' | 'cluster';
}

const collection = (apiVersion: string, scope: Collection['scope'], ...kinds: readonly string[]): Collection[] =>
  kinds.map((kind) => ({
    kind,
    apiVersion,
    resource:
      kind === 'NetworkPolicy'
        ? 'networkpolicies'
        : kind === 'Ingress'
          ? 'ingresses'
          : kind === 'PriorityClass' || kind === 'StorageClass'
            ? `${kind.toLowerCase()}es`
            : `${kind.toLowerCase()}s`,
    scope,
  }));

/** Every kind that is looked at before and after. */
export const COLLECTIONS: readonly Collection[] = [
  ...collection(
    'v1',
    'namespace',
    'Pod',
    'ConfigMap',
    'Secret',
    'Service',
    'PersistentVolumeClaim',
    'ServiceAccount',
    'ReplicationController',
  ),
  ...collection('apps/v1', 'namespace', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'),
  ...collection('batch/v1', 'namespace', 'Job', 'CronJob'),
  ...collection('autoscaling/v2', 'namespace', 'HorizontalPodAutoscaler'),
  ...collection('policy/v1', 'namespace', 'PodDisruptionBudget'),
  ...collection('networking.k8s.io/v1', 'namespace', 'NetworkPolicy', 'Ingress'),
  ...collection('rbac.authorization.k8s.io/v1', 'namespace', 'Role', 'RoleBinding'),
  ...collection('v1', 'cluster', 'PersistentVolume', 'Namespace'),
  ...collection('rbac.authorization.k8s.io/v1', 'cluster', 'ClusterRole', 'ClusterRoleBinding'),
  ...collection('apiextensions.k8s.io/v1', 'cluster', 'CustomResourceDefinition'),
  ...collection('storage.k8s.io/v1', 'cluster', 'StorageClass'),
];

/** Kinds whose deletion no approval allows (scoring section 7, core). */
export const PROTECTED: ReadonlySet<string> = new Set([
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ClusterRole',
  'CustomResourceDefinition',
]);

/** The path of a collection; of one object with `name`. */
export const pathOf = ({ apiVersion, resource, scope }: Collection, namespace: string, name?: string): string =>
  [
    apiVersion.includes('/') ? '/apis' : '/api',
    apiVersion,
    ...(scope === 'namespace' ? ['namespaces', namespace] : []),
    resource,
    ...(name === undefined ? [] : [name]),
  ].join('/');

const template = (app: string, spec: JsonObject = {}): JsonObject => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image: 'registry.example/main:1' }], ...spec },
});
const selector = (app: string): JsonObject => ({ matchLabels: { app } });
const CLAIM: JsonObject = {
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Mi' } },
  storageClassName: '',
};

const stateful = (name: string, retention: JsonObject): WorldObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name },
  spec: {
    replicas: 2,
    serviceName: name,
    podManagementPolicy: 'Parallel',
    selector: selector(name),
    template: template(name),
    volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: CLAIM }],
    persistentVolumeClaimRetentionPolicy: retention,
  },
});

/** Volumes first: claims bind to the one of their size that is named for them. */
const volume = (name: string, claim: JsonObject): WorldObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '1Mi' },
    persistentVolumeReclaimPolicy: 'Delete',
    hostPath: { path: `/tmp/blastgate-fuzz/${name}` },
    claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim },
  },
});

/** In the order in which they are made. */
export const worldOf = (namespace: string): readonly WorldObject[] => [
  ...['data', 'd-db-0', 'd-db-1', 'd-api-0', 'd-api-1', 'owned'].map((name) =>
    volume(`${namespace}-${name}`, { namespace, name }),
  ),
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { ...CLAIM, volumeName: `${namespace}-data` },
  },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: 'b' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner' }, data: { a: 'b' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, stringData: { key: 'value' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a' } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: { replicas: 3, selector: selector('web'), template: template('web') },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a' },
    spec: { replicas: 1, strategy: { type: 'Recreate' }, selector: selector('a'), template: template('a') },
  },
  stateful('db', { whenScaled: 'Delete', whenDeleted: 'Delete' }),
  stateful('api', { whenScaled: 'Retain', whenDeleted: 'Retain' }),
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'web' },
    spec: { selector: selector('log'), template: template('log') },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'web' },
    spec: {
      schedule: '0 0 1 1 *',
      jobTemplate: { spec: { template: template('cron', { restartPolicy: 'Never' }) } },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', labels: { app: 'bare' } },
    spec: template('bare')['spec'] ?? {},
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a' },
    spec: { selector: { app: 'a' }, ports: [{ port: 80 }] },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web' },
    spec: { minAvailable: 2, selector: selector('web') },
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'a' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }, minReplicas: 1, maxReplicas: 3 },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'web' },
    spec: { podSelector: selector('web') },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'a' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: `${namespace}-a` },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  },
];

/** What belongs to the ConfigMap `owner` and to the pod `a`, whose uids are known by now. */
export const dependentsOf = (namespace: string, owner: string, pod: string): readonly WorldObject[] => [
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'owned', ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: pod }] },
    spec: { ...CLAIM, volumeName: `${namespace}-owned` },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'dependent',
      ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner }],
    },
    spec: { replicas: 1, selector: selector('dependent'), template: template('dependent') },
  },
];
