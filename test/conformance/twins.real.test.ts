// The same objects given to the sandbox and to a real control plane: what is stored, and what the controllers make of it,
// must be alike field by field, apart from names by chance, times, addresses and who manages which field.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { configMap, deployment, isRolledOut, ok, pod, type Scene, sceneOf, template } from './behaviour.ts';
import { clientOf, type Json, type Server } from './client.ts';

const probe = { httpGet: { path: '/healthz', port: 80 } };
const rich = {
  ...template('rich'),
  spec: {
    containers: [
      {
        name: 'main',
        image: 'registry.example/app',
        command: ['run'],
        readinessProbe: probe,
        livenessProbe: { tcpSocket: { port: 80 } },
        resources: { limits: { cpu: '1', memory: '64Mi' } },
        env: [{ name: 'SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        volumeMounts: [{ name: 'config', mountPath: '/etc/app' }],
      },
    ],
    initContainers: [{ name: 'init', image: 'registry.example/init:1' }],
    volumes: [
      { name: 'config', configMap: { name: 'settings' } },
      { name: 'key', secret: { secretName: 'key' } },
      { name: 'empty', emptyDir: {} },
    ],
  },
};

interface Twin {
  readonly apiVersion: string;
  readonly resource: string;
  readonly object: Json;
  /** When given, the object is also compared once this holds. */
  readonly settled?: (object: Json) => boolean;
}

function isReady(pod: Json): boolean {
  return pod.status.conditions?.some((one: Json) => one.type === 'Ready' && one.status === 'True') === true;
}

const TWINS: readonly Twin[] = [
  { apiVersion: 'v1', resource: 'configmaps', object: configMap('settings') },
  {
    apiVersion: 'v1',
    resource: 'secrets',
    object: { kind: 'Secret', metadata: { name: 'key' }, stringData: { k: 'v' } },
  },
  { apiVersion: 'v1', resource: 'serviceaccounts', object: { kind: 'ServiceAccount', metadata: { name: 'robot' } } },
  { apiVersion: 'v1', resource: 'pods', object: pod('lone'), settled: isReady },
  {
    apiVersion: 'apps/v1',
    resource: 'deployments',
    object: deployment('web'),
    settled: (one) => isRolledOut(one) && one.status.conditions?.length === 2,
  },
  { apiVersion: 'apps/v1', resource: 'deployments', object: deployment('rich', { spec: { template: rich } }) },
  {
    apiVersion: 'apps/v1',
    resource: 'deployments',
    object: deployment('again', { replicas: 0, spec: { strategy: { type: 'Recreate' }, paused: false } }),
  },
  {
    apiVersion: 'apps/v1',
    resource: 'statefulsets',
    object: {
      kind: 'StatefulSet',
      metadata: { name: 'db' },
      spec: { replicas: 1, serviceName: 'db', selector: { matchLabels: { app: 'db' } }, template: template('db') },
    },
    settled: (one) => one.status.readyReplicas === 1 && one.status.availableReplicas === 1,
  },
  {
    apiVersion: 'apps/v1',
    resource: 'daemonsets',
    object: {
      kind: 'DaemonSet',
      metadata: { name: 'agent' },
      spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent') },
    },
    settled: (one) => one.status.numberAvailable === 3 && one.status.numberUnavailable === undefined,
  },
  {
    apiVersion: 'batch/v1',
    resource: 'jobs',
    object: {
      kind: 'Job',
      metadata: { name: 'import' },
      spec: { template: { spec: { ...template('import').spec, restartPolicy: 'Never' } } },
    },
    settled: (one) => one.status.conditions?.some((each: Json) => each.type === 'Complete') === true,
  },
  {
    apiVersion: 'v1',
    resource: 'services',
    object: { kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } },
  },
  {
    apiVersion: 'v1',
    resource: 'services',
    object: {
      kind: 'Service',
      metadata: { name: 'outside' },
      spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
  },
  {
    apiVersion: 'v1',
    resource: 'services',
    object: {
      kind: 'Service',
      metadata: { name: 'headless' },
      spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 5432 }] },
    },
  },
  {
    apiVersion: 'policy/v1',
    resource: 'poddisruptionbudgets',
    object: {
      kind: 'PodDisruptionBudget',
      metadata: { name: 'keep' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    },
    settled: (one) => one.status.currentHealthy === 2,
  },
  {
    apiVersion: 'autoscaling/v2',
    resource: 'horizontalpodautoscalers',
    object: {
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        maxReplicas: 4,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
        ],
      },
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    resource: 'ingresses',
    object: {
      kind: 'Ingress',
      metadata: { name: 'web' },
      spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
    },
  },
  {
    apiVersion: 'v1',
    resource: 'persistentvolumeclaims',
    object: {
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'disk' },
      spec: {
        storageClassName: 'standard',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
      },
    },
  },
];

/** What chance, time and place decide, by the name of the field. */
const INCIDENTAL =
  /^(uid|topology\.kubernetes\.io\/zone|resourceVersion|managedFields|clusterIPs?|nodePort|nodeName|podIPs?|hostIPs?|ip|containerID|imageID|image|batch\.kubernetes\.io\/controller-uid|controller-uid|currentRevision|updateRevision|.*(T|t)ime(stamp)?|startedAt|finishedAt)$/;

function comparable(value: Json): Json {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value === 'string') return value.replace(/-[bcdf-hj-np-tv-z2456789]{5,10}(-[a-z0-9]{5})?\b/g, '-…');
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !INCIDENTAL.test(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, comparable(inner)]));
}

let plane: ControlPlane;
let stopSandbox: () => Promise<void>;
let real: Scene;
let sandbox: Scene;

async function open(server: Server): Promise<Scene> {
  const client = clientOf(server);
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'twins' } };
  ok(await client.call('POST', '/api/v1/namespaces', { body }), 201);
  const scene = sceneOf(client, 'twins');
  await scene.until(scene.path('v1', 'serviceaccounts', '/default'), (one) => one.kind === 'ServiceAccount');
  return scene;
}

before(async () => {
  plane = await sharedControlPlane();
  const cluster = await startSandboxCluster({ speed: 40 });
  stopSandbox = cluster.stop;
  real = await open({ url: plane.url, token: plane.adminToken, ca: readFileSync(plane.caPath, 'utf8') });
  sandbox = await open({ url: cluster.url });
});

after(async () => {
  await stopSandbox();
  await plane.stop();
});

for (const { apiVersion, resource, object, settled } of TWINS) {
  test(`${resource} ${object.metadata.name}`, async () => {
    const made = await Promise.all([sandbox, real].map((one) => one.create(apiVersion, resource, object)));
    assert.deepEqual(comparable(made[0]), comparable(made[1]), 'as created');
    if (settled === undefined) return;
    const rested = await Promise.all(
      [sandbox, real].map((one) => one.until(one.path(apiVersion, resource, `/${object.metadata.name}`), settled)),
    );
    assert.deepEqual(comparable(rested[0]), comparable(rested[1]), 'at rest');
  });
}
