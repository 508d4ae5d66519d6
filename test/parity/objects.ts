// Healthy objects of every kind, as an API server would show them that has whatever is asked for.
import type { Json, JsonObject } from '../../src/core/model/json.ts';
import type { Resource } from '../../src/core/model/resource.ts';

/** Everything is owned by everything: one uid serves all questions about owners. */
export const UID = '5eed0000-0000-4000-8000-000000000001';
/** Of the second in a list: pruning deletes what it has not just applied. */
const OTHER_UID = '5eed0000-0000-4000-8000-000000000002';
const NOW = '2026-01-01T00:00:00Z';
const LABELS: JsonObject = { 'touched-by': 'nobody' };

const condition = (type: string, reason = 'Ready'): JsonObject => ({
  type,
  status: 'True',
  reason,
  lastTransitionTime: NOW,
  lastUpdateTime: NOW,
});

const podSpec = (revision: number): JsonObject => ({
  nodeName: 'node-a',
  containers: [
    { name: 'main', image: `registry.example/main:${revision}`, ports: [{ containerPort: 8080, protocol: 'TCP' }] },
  ],
  restartPolicy: 'Always',
});

/** Rollouts have two revisions, which differ in the image; the second is the live one. */
const templateOf = (revision: number): JsonObject => ({ metadata: { labels: LABELS }, spec: podSpec(revision) });
const TEMPLATE = templateOf(2);
const SELECTOR: JsonObject = { matchLabels: LABELS };
const REPLICAS = 2;
const COUNTS: JsonObject = {
  observedGeneration: 1,
  replicas: REPLICAS,
  readyReplicas: REPLICAS,
  availableReplicas: REPLICAS,
  updatedReplicas: REPLICAS,
  currentReplicas: REPLICAS,
  fullyLabeledReplicas: REPLICAS,
  currentRevision: 'r1',
  updateRevision: 'r1',
  conditions: [condition('Available', 'MinimumReplicasAvailable'), condition('Progressing', 'NewReplicaSetAvailable')],
};
const workload = (): JsonObject => ({
  spec: {
    replicas: REPLICAS,
    selector: SELECTOR,
    serviceName: 'main',
    updateStrategy: { type: 'RollingUpdate' },
    template: TEMPLATE,
  },
  status: COUNTS,
});

/** What a kind has besides its metadata; others are their metadata. */
const BODIES: Readonly<Record<string, () => JsonObject>> = {
  pods: () => ({
    // The API server always has one; kubectl debug looks into it unasked.
    spec: { ...podSpec(2), securityContext: {} },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      hostIP: '10.1.0.1',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => condition(type)),
      containerStatuses: [
        {
          name: 'main',
          ready: true,
          restartCount: 0,
          image: 'registry.example/main:1',
          imageID: 'x',
          state: { running: { startedAt: NOW } },
        },
      ],
    },
  }),
  deployments: () => ({
    spec: { replicas: REPLICAS, selector: SELECTOR, strategy: { type: 'RollingUpdate' }, template: TEMPLATE },
    status: COUNTS,
  }),
  replicationcontrollers: () => ({
    spec: { replicas: REPLICAS, selector: LABELS, template: TEMPLATE },
    status: COUNTS,
  }),
  statefulsets: workload,
  daemonsets: () => ({
    spec: { selector: SELECTOR, updateStrategy: { type: 'RollingUpdate' }, template: TEMPLATE },
    status: {
      observedGeneration: 1,
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
      updatedNumberScheduled: 2,
      numberAvailable: 2,
      numberReady: 2,
      numberMisscheduled: 0,
    },
  }),
  jobs: () => ({
    spec: { parallelism: 1, completions: 1, selector: SELECTOR, template: TEMPLATE },
    status: { succeeded: 1, conditions: [condition('Complete')] },
  }),
  cronjobs: () => ({
    spec: {
      schedule: '0 0 * * *',
      concurrencyPolicy: 'Allow',
      suspend: true,
      jobTemplate: { spec: { template: TEMPLATE } },
    },
    status: {},
  }),
  services: () => ({
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.0.0.2',
      selector: LABELS,
      ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
    },
    status: { loadBalancer: {} },
  }),
  nodes: () => ({
    spec: { podCIDR: '10.2.0.0/24' },
    status: { conditions: [condition('Ready')], capacity: { cpu: '4', memory: '8Gi', pods: '110' }, nodeInfo: {} },
  }),
  namespaces: () => ({ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } }),
  secrets: () => ({ type: 'Opaque', data: { key: 'dmFsdWU=' } }),
  configmaps: () => ({ data: { key: 'value' } }),
  persistentvolumes: () => ({
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: '/tmp/x' },
    },
    status: { phase: 'Bound' },
  }),
  persistentvolumeclaims: () => ({
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, volumeName: 'pv-a' },
    status: { phase: 'Bound', conditions: [] },
  }),
  horizontalpodautoscalers: () => ({
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }, minReplicas: 1, maxReplicas: 3 },
    status: { currentReplicas: 2, desiredReplicas: 2, conditions: [] },
  }),
  certificatesigningrequests: () => ({
    spec: {
      request: 'eA==',
      signerName: 'kubernetes.io/kube-apiserver-client',
      usages: ['client auth'],
      username: 'x',
    },
    status: {},
  }),
  roles: () => ({ rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }),
  clusterroles: () => ({ rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }),
  rolebindings: () => binding('Role'),
  clusterrolebindings: () => binding('ClusterRole'),
  events: () => ({ involvedObject: { kind: 'Pod', name: 'a' }, reason: 'Started', type: 'Normal', lastTimestamp: NOW }),
  podtemplates: () => ({ template: TEMPLATE }),
  customresourcedefinitions: () => ({
    spec: { group: 'example.com', names: { plural: 'gadgets', kind: 'Gadget' }, scope: 'Namespaced', versions: [] },
    status: { conditions: [condition('Established')] },
  }),
  storageclasses: () => ({ provisioner: 'example.com/none' }),
  leases: () => ({ spec: { holderIdentity: 'x' } }),
  ingresses: () => ({ spec: { rules: [] }, status: { loadBalancer: {} } }),
  endpoints: () => ({ subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 8080 }] }] }),
  priorityclasses: () => ({ value: 1 }),
  runtimeclasses: () => ({ handler: 'x' }),
};

const binding = (kind: string): JsonObject => ({
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: 'reader' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'nobody' }],
});

/** Kinds that belong to another object: found by its uid. */
const OWNERS: Readonly<Record<string, string>> = {
  pods: 'ReplicaSet',
  replicasets: 'Deployment',
  controllerrevisions: 'StatefulSet',
};

/** `apiVersion` of a resource in a version. */
export const apiVersionOf = (group: string, version: string): string =>
  group === '' ? version : `${group}/${version}`;

/** The object of this name, healthy, with an annotation that an editor can change. `revision`: of rollout histories. */
export const objectOf = (
  resource: Resource,
  version: string,
  namespace: string | null,
  name: string,
  revision = 1,
): JsonObject => {
  const owner = OWNERS[resource.name];
  const metrics = resource.group === 'metrics.k8s.io';
  const metadata: JsonObject = {
    name,
    ...(namespace === null ? {} : { namespace }),
    uid: UID,
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: NOW,
    labels: LABELS,
    annotations: {
      touched: 'no',
      'deployment.kubernetes.io/revision': String(revision),
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
    },
    ...(owner === undefined || metrics
      ? {}
      : { ownerReferences: [{ apiVersion: 'apps/v1', kind: owner, name: 'a', uid: UID, controller: true }] }),
  };
  const own = metrics
    ? metricsOf(resource)
    : (BODIES[resource.name]?.() ?? (resource.group === 'example.com' ? WIDGET : {}));
  const revised = revisionOf(resource, revision) ?? own;
  return { apiVersion: apiVersionOf(resource.group, version), kind: resource.kind, metadata, ...revised };
};

/** What a revision of a rollout holds; null for other kinds. */
const revisionOf = ({ name }: Resource, revision: number): JsonObject | null => {
  const template = templateOf(revision);
  if (name === 'replicasets') return { spec: { replicas: REPLICAS, selector: SELECTOR, template }, status: COUNTS };
  if (name !== 'controllerrevisions') return null;
  return { revision, data: { spec: { template: { $patch: 'replace', ...template } } } };
};

const WIDGET: JsonObject = { spec: { replicas: REPLICAS, size: 1 }, status: { conditions: [condition('Ready')] } };

const metricsOf = ({ name }: Resource): JsonObject => ({
  timestamp: NOW,
  window: '30s',
  ...(name === 'nodes'
    ? { usage: { cpu: '1', memory: '1Gi' } }
    : { containers: [{ name: 'main', usage: { cpu: '1', memory: '1Gi' } }] }),
});

/** The scale of a workload. */
export const scaleOf = (resource: Resource, namespace: string | null, name: string): JsonObject => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name, ...(namespace === null ? {} : { namespace }), uid: UID, resourceVersion: '1' },
  spec: { replicas: REPLICAS },
  status: { replicas: REPLICAS, selector: 'touched-by=nobody', targetKind: resource.kind },
});

/** A list: two objects, or the one that a field selector names. */
export const listOf = (
  resource: Resource,
  version: string,
  namespace: string | null,
  only: string | null,
): JsonObject => {
  const names = only === null ? [`${resource.kind.toLowerCase()}-a`, `${resource.kind.toLowerCase()}-b`] : [only];
  const within = resource.namespaced ? (namespace ?? 'default') : null;
  return {
    apiVersion: apiVersionOf(resource.group, version),
    kind: `${resource.kind}List`,
    metadata: { resourceVersion: '1' },
    items: names.map((name, at): Json => {
      const object = objectOf(resource, version, within, name, at + 1);
      // as: metadata of an object made above
      return at === 0 ? object : { ...object, metadata: { ...(object['metadata'] as JsonObject), uid: OTHER_UID } };
    }),
  };
};
