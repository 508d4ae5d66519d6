// The defaults that Kubernetes fills in before it stores an object, for the kinds whose defaults somebody reads.
// Pure: object in, object out; given values are never overwritten.
import { isObject, plainText } from './json.ts';
import type { Kind } from './kinds.ts';
import type { Json, JsonObject, KubeObject } from './model.ts';

type Fill = (spec: JsonObject) => JsonObject;

function each(list: Json | undefined, fill: Fill): Json | undefined {
  return Array.isArray(list) ? list.map((item: Json) => (isObject(item) ? fill(item) : item)) : list;
}

function inside(value: Json | undefined, fill: Fill): Json | undefined {
  return isObject(value) ? fill(value) : value;
}

const probe: Fill = (value) => ({
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
  ...value,
  httpGet: inside(value['httpGet'], (get) => ({ path: '/', scheme: 'HTTP', ...get })),
});

function pullPolicy(image: Json | undefined): string {
  const name = plainText(image).split('/').at(-1) ?? '';
  const latest = !name.includes('@') && (!name.includes(':') || name.endsWith(':latest'));
  return latest ? 'Always' : 'IfNotPresent';
}

const resources: Fill = (value) =>
  isObject(value['limits'])
    ? { ...value, requests: { ...value['limits'], ...(isObject(value['requests']) ? value['requests'] : {}) } }
    : value;

const container: Fill = (value) => ({
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: pullPolicy(value['image']),
  ...value,
  ports: each(value['ports'], (port) => ({ protocol: 'TCP', ...port })),
  livenessProbe: inside(value['livenessProbe'], probe),
  readinessProbe: inside(value['readinessProbe'], probe),
  startupProbe: inside(value['startupProbe'], probe),
});

const volume: Fill = (value) => ({
  ...value,
  configMap: inside(value['configMap'], (source) => ({ defaultMode: 420, ...source })),
  secret: inside(value['secret'], (source) => ({ defaultMode: 420, ...source })),
});

const podSpec: Fill = (spec) => ({
  restartPolicy: 'Always',
  dnsPolicy: 'ClusterFirst',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
  ...spec,
  containers: each(spec['containers'], container),
  initContainers: each(spec['initContainers'], container),
  ephemeralContainers: each(spec['ephemeralContainers'], container),
  volumes: each(spec['volumes'], volume),
});

const NOT_READY = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** A pod's containers request what they are limited to, where they do not say; templates are left as given. */
const requesting: Fill = (value) =>
  isObject(value['resources']) ? { ...value, resources: resources(value['resources']) } : value;

const barePod: Fill = (given) => {
  const spec: JsonObject = { ...given, containers: each(given['containers'], requesting) };
  return {
    serviceAccountName: 'default',
    serviceAccount: 'default',
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    ...podSpec(spec),
    tolerations: [
      ...(Array.isArray(spec['tolerations']) ? (spec['tolerations'] as readonly Json[]) : []),
      ...NOT_READY.filter(
        (key) =>
          !(
            Array.isArray(spec['tolerations']) &&
            spec['tolerations'].some((one: Json) => isObject(one) && (one['key'] === key || one['key'] === undefined))
          ),
      ).map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })),
    ],
  };
};

const template: Fill = (value) => ({ ...value, spec: inside(value['spec'], podSpec) });

function rolling(value: Json | undefined): JsonObject {
  const given = isObject(value) ? value : {};
  if ((given['type'] ?? 'RollingUpdate') !== 'RollingUpdate') return given;
  const update = isObject(given['rollingUpdate']) ? given['rollingUpdate'] : {};
  return { ...given, type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%', ...update } };
}

function service(spec: JsonObject): JsonObject {
  if (spec['type'] === 'ExternalName') return { sessionAffinity: 'None', ...spec };
  return {
    type: 'ClusterIP',
    sessionAffinity: 'None',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    internalTrafficPolicy: 'Cluster',
    ...(spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer' ? { externalTrafficPolicy: 'Cluster' } : {}),
    ...(spec['type'] === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
    ...spec,
    ports: each(spec['ports'], (port) => ({ protocol: 'TCP', targetPort: port['port'], ...port })),
  };
}

function daemonUpdates(value: Json | undefined): JsonObject {
  const given = isObject(value) ? value : { type: 'RollingUpdate' };
  const update = isObject(given['rollingUpdate']) ? given['rollingUpdate'] : {};
  return given['type'] === 'OnDelete'
    ? given
    : { type: 'RollingUpdate', ...given, rollingUpdate: { maxUnavailable: 1, maxSurge: 0, ...update } };
}

function statefulUpdates(value: Json | undefined): JsonObject {
  const given = isObject(value) ? value : { type: 'RollingUpdate' };
  const update = isObject(given['rollingUpdate']) ? given['rollingUpdate'] : {};
  return given['type'] === 'OnDelete'
    ? given
    : { type: 'RollingUpdate', ...given, rollingUpdate: { partition: 0, ...update } };
}

const SPECS: Readonly<Record<string, Fill>> = {
  pods: barePod,
  deployments: (spec) => ({
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...spec,
    strategy: rolling(spec['strategy']),
    template: inside(spec['template'], template),
  }),
  replicasets: (spec) => ({ replicas: 1, ...spec, template: inside(spec['template'], template) }),
  statefulsets: (spec) => ({
    replicas: 1,
    revisionHistoryLimit: 10,
    podManagementPolicy: 'OrderedReady',
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    ...spec,
    updateStrategy: statefulUpdates(spec['updateStrategy']),
    template: inside(spec['template'], template),
  }),
  daemonsets: (spec) => ({
    revisionHistoryLimit: 10,
    ...spec,
    updateStrategy: daemonUpdates(spec['updateStrategy']),
    template: inside(spec['template'], template),
  }),
  jobs: (spec) => ({
    parallelism: 1,
    ...(spec['completions'] === undefined && spec['parallelism'] === undefined ? { completions: 1 } : {}),
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: 'TerminatingOrFailed',
    ...spec,
    template: inside(spec['template'], template),
  }),
  services: service,
  horizontalpodautoscalers: (spec) => ({ minReplicas: 1, ...spec }),
  namespaces: (spec) => ({ finalizers: ['kubernetes'], ...spec }),
  persistentvolumeclaims: (spec) => ({ volumeMode: 'Filesystem', storageClassName: 'standard', ...spec }),
};

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function secret(object: JsonObject): JsonObject {
  const { stringData, ...rest } = object;
  const plain = isObject(stringData) ? Object.entries(stringData) : [];
  const data = isObject(rest['data']) ? rest['data'] : {};
  const added = Object.fromEntries(plain.map(([key, value]) => [key, base64(plainText(value))]));
  const all = { ...data, ...added };
  return { type: 'Opaque', ...rest, ...(Object.keys(all).length > 0 ? { data: all } : {}) };
}

/** The object with its kind's defaults filled in, as a stored object has them. */
export function withDefaults<T extends KubeObject>(kind: Kind<T>, object: T): T {
  const json = object as unknown as JsonObject;
  if (kind.resource === 'secrets') return secret(json) as unknown as T;
  if (kind.resource === 'namespaces') return namespace(json) as unknown as T;
  const fill = SPECS[kind.resource];
  return fill !== undefined && isObject(json['spec'])
    ? ({ ...json, spec: fill(json['spec']) } as unknown as T)
    : object;
}

function namespace(object: JsonObject): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const labels = isObject(metadata['labels']) ? metadata['labels'] : {};
  return {
    ...object,
    metadata: { ...metadata, labels: { ...labels, 'kubernetes.io/metadata.name': metadata['name'] } },
    spec: { finalizers: ['kubernetes'], ...(isObject(object['spec']) ? object['spec'] : {}) },
    status: { phase: 'Active', ...(isObject(object['status']) ? object['status'] : {}) },
  };
}
