// A cluster of any size, as an API server writes it, page by page.
import type { KindName } from '../src/adapters/cluster/cache/kinds.ts';
import type { JsonObject } from '../src/core/model/json.ts';

export const PODS_PER_WORKLOAD = 5;
const PODS_PER_NODE = 50;
const PAGE = 500;

export interface Generated {
  readonly kind: KindName;
  /** Each makes the text of one page. */
  readonly pages: readonly (() => string)[];
}

const meta = (name: string, namespace: string | null, uid: string, more: object = {}): object => ({
  name,
  ...(namespace === null ? {} : { namespace }),
  uid,
  resourceVersion: '1000',
  generation: 1,
  creationTimestamp: '2026-11-01T10:00:00Z',
  ...more,
  managedFields: [
    {
      manager: 'kube-controller-manager',
      operation: 'Update',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': { 'f:labels': { 'f:app': {}, 'f:tier': {}, 'f:pod-template-hash': {} } },
        'f:spec': {
          'f:containers': {
            'k:{"name":"app"}': { 'f:image': {}, 'f:resources': { 'f:requests': { 'f:cpu': {}, 'f:memory': {} } } },
          },
        },
      },
    },
  ],
});
const place = (workload: number): string => `ns-${workload % 50}`;
const labels = (n: number): object => ({
  app: `app-${n}`,
  tier: `tier-${n % 7}`,
  'app.kubernetes.io/managed-by': 'helm',
});
const owner = (kind: string, name: string, uid: string): object => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid, controller: true, blockOwnerDeletion: true }],
});

/** The nth pod of a cluster. */
export const podOf = (n: number, resourceVersion = '1000'): JsonObject => {
  const workload = Math.floor(n / PODS_PER_WORKLOAD);
  const nth = n % PODS_PER_WORKLOAD;
  const hash = (workload * 2_654_435_761) % 4_294_967_296;
  const container = {
    name: 'app',
    image: `registry.example/team-${workload % 20}/app-${workload}:v1.2.${workload % 30}`,
    env: Array.from({ length: 8 }, (_, i) => ({ name: `SETTING_${i}`, value: `value-${i}-of-${workload}` })),
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
    resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '512Mi' } },
    livenessProbe: { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, periodSeconds: 10 },
    volumeMounts: [{ name: 'token', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
  };
  const condition = (type: string): object => ({ type, status: 'True', lastTransitionTime: '2026-11-01T10:00:05Z' });
  // as: plain JSON.
  return {
    metadata: {
      ...meta(`app-${workload}-${nth}`, place(workload), `pod-${workload}-${nth}`, {
        labels: { ...labels(workload), 'pod-template-hash': hash.toString(16) },
        annotations: { 'checksum/config': hash.toString(16).repeat(8) },
        ...owner('ReplicaSet', `app-${workload}-${hash.toString(16)}`, `rs-${workload}`),
      }),
      resourceVersion,
    },
    spec: {
      nodeName: `node-${Math.floor(n / PODS_PER_NODE)}`,
      containers: [container],
      serviceAccountName: 'default',
      schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      volumes: [
        {
          name: 'token',
          projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }] },
        },
      ],
    },
    status: {
      phase: 'Running',
      podIP: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
      containerStatuses: [
        { name: 'app', ready: true, restartCount: 0, imageID: `sha256:${hash.toString(16).repeat(8)}` },
      ],
    },
  } as unknown as JsonObject;
};

const selector = (n: number): object => ({ matchLabels: { app: `app-${n}` } });

const workloadKinds: readonly (readonly [KindName, (n: number) => object])[] = [
  [
    'deployments.apps',
    (n) => ({
      metadata: meta(`app-${n}`, place(n), `deploy-${n}`, { labels: labels(n) }),
      spec: { replicas: PODS_PER_WORKLOAD, selector: selector(n), strategy: { type: 'RollingUpdate' } },
    }),
  ],
  [
    'replicasets.apps',
    (n) => ({
      metadata: meta(`app-${n}-rs`, place(n), `rs-${n}`, owner('Deployment', `app-${n}`, `deploy-${n}`)),
      spec: { replicas: PODS_PER_WORKLOAD, selector: selector(n) },
    }),
  ],
  ['services', (n) => ({ metadata: meta(`app-${n}`, place(n), `svc-${n}`), spec: { selector: { app: `app-${n}` } } })],
  [
    'endpointslices.discovery.k8s.io',
    (n) => ({
      metadata: meta(`app-${n}-x`, place(n), `slice-${n}`, { labels: { 'kubernetes.io/service-name': `app-${n}` } }),
      endpoints: Array.from({ length: PODS_PER_WORKLOAD }, (_, i) => ({
        addresses: [`10.1.${n % 256}.${i}`],
        conditions: { ready: true },
        targetRef: { kind: 'Pod', uid: `pod-${n}-${i}` },
      })),
    }),
  ],
  [
    'poddisruptionbudgets.policy',
    (n) => ({
      metadata: meta(`app-${n}`, place(n), `pdb-${n}`),
      spec: { selector: selector(n), minAvailable: 2 },
      status: { observedGeneration: 1, disruptionsAllowed: 3 },
    }),
  ],
];

const nodeOf = (n: number): object => ({
  metadata: meta(`node-${n}`, null, `node-${n}`),
  spec: {},
  status: { conditions: [{ type: 'Ready', status: 'True' }], allocatable: { cpu: '32', memory: '128Gi', pods: '110' } },
});

const pagesOf = (
  count: number,
  make: (n: number) => object,
  tell: (bytes: number) => void,
): readonly (() => string)[] =>
  Array.from({ length: Math.ceil(count / PAGE) }, (_, page) => () => {
    const items = Array.from({ length: Math.min(PAGE, count - page * PAGE) }, (__, i) => make(page * PAGE + i));
    const text = JSON.stringify({ metadata: { resourceVersion: '1000' }, items });
    tell(text.length);
    return text;
  });

/** Every kind of a cluster with that many pods; `tell` hears how long the pods are as JSON. */
export const clusterOf = (pods: number, tell: (bytes: number) => void): readonly Generated[] => {
  const silent = (): void => undefined;
  const workloads = pods / PODS_PER_WORKLOAD;
  return [
    { kind: 'pods', pages: pagesOf(pods, podOf, tell) },
    ...workloadKinds.map(([kind, make]): Generated => ({ kind, pages: pagesOf(workloads, make, silent) })),
    { kind: 'nodes', pages: pagesOf(Math.ceil(pods / PODS_PER_NODE), nodeOf, silent) },
    { kind: 'namespaces', pages: pagesOf(50, (n) => ({ metadata: meta(`ns-${n}`, null, `ns-${n}`) }), silent) },
  ];
};
