// What is kept of each object, from objects as an API server writes them: quantities, requests, readiness, selectors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../core/model/json.ts';
import { createInternPool } from './intern.ts';
import { type KindName, trimOf } from './kinds.ts';
import { quantity } from './quantity.ts';
import { requestsOf } from './trim-pod.ts';

const QUANTITIES: readonly (readonly [unknown, number, number])[] = [
  ['100m', 0.001, 100],
  ['0.1', 0.001, 100],
  ['2', 0.001, 2000],
  [2, 0.001, 2000],
  ['1500u', 0.001, 2],
  ['100n', 0.001, 1],
  ['1Gi', 1, 1024 ** 3],
  ['1.5Ki', 1, 1536],
  ['128M', 1, 128_000_000],
  ['128974848', 1, 128_974_848],
  ['129e6', 1, 129_000_000],
  ['12E', 1, 12e18],
  ['1E3', 1, 1000],
  ['.5Gi', 1, 512 * 1024 ** 2],
  ['', 1, 0],
  ['lots', 1, 0],
  [null, 1, 0],
];
for (const [text, unit, expected] of QUANTITIES) {
  test(`quantity ${JSON.stringify(text)} in units of ${unit} is ${expected}`, () =>
    assert.equal(quantity(text, unit), expected));
}

const container = (cpu: string, memory: string, more: object = {}): object => ({
  resources: { requests: { cpu, memory } },
  ...more,
});
const REQUESTS: readonly (readonly [what: string, spec: object, cpu: number, mebibytes: number])[] = [
  ['containers together', { containers: [container('100m', '1Mi'), container('1', '2Mi')] }, 1100, 3],
  ['nothing asked for', { containers: [{}] }, 0, 0],
  [
    'a larger init container',
    { containers: [container('1', '1Mi')], initContainers: [container('2', '1Mi')] },
    2000,
    1,
  ],
  [
    'a sidecar beside the containers',
    { containers: [container('1', '1Mi')], initContainers: [container('1', '4Mi', { restartPolicy: 'Always' })] },
    2000,
    5,
  ],
  [
    'an init container after a sidecar',
    {
      containers: [container('1', '1Mi')],
      initContainers: [container('1', '1Mi', { restartPolicy: 'Always' }), container('3', '1Mi')],
    },
    4000,
    2,
  ],
  ['the overhead', { containers: [container('1', '1Mi')], overhead: { cpu: '250m', memory: '1Mi' } }, 1250, 2],
  ['the pod itself', { containers: [container('1', '1Mi')], resources: { requests: { cpu: '3' } } }, 3000, 1],
];
for (const [what, spec, cpuMillis, mebibytes] of REQUESTS) {
  test(`a pod asks for ${what}`, () =>
    assert.deepEqual(requestsOf(spec as JsonObject), { cpuMillis, memoryBytes: mebibytes * 1024 ** 2 }));
}

const META = { name: 'x', namespace: 'shop', uid: 'u', resourceVersion: '7', generation: 2 };
const KEPT: readonly (readonly [what: string, kind: KindName, object: object, expected: object])[] = [
  [
    'a pod that is ready',
    'pods',
    { spec: { nodeName: 'n1' }, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } },
    { ready: true, finished: false, node: 'n1', placement: null },
  ],
  [
    'a pod that is ready and leaving',
    'pods',
    {
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
      spec: {},
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    },
    { ready: false },
  ],
  ['a pod that has failed', 'pods', { spec: {}, status: { phase: 'Failed' } }, { finished: true }],
  [
    'the claims of a pod, its own included',
    'pods',
    {
      spec: {
        volumes: [
          { name: 'a', persistentVolumeClaim: { claimName: 'data' } },
          { name: 'tmp', ephemeral: {} },
          { name: 'c', emptyDir: {} },
        ],
      },
    },
    { claims: ['data', 'x-tmp'] },
  ],
  [
    'a pod with the tolerations that everyone has',
    'pods',
    { spec: { tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }] } },
    { placement: null },
  ],
  ['a service without a selector', 'services', { spec: {} }, { selector: null }],
  [
    'a service',
    'services',
    { spec: { selector: { app: 'web' } } },
    { selector: [{ key: 'app', operator: 'In', values: ['web'] }] },
  ],
  [
    'a budget that selects everything',
    'poddisruptionbudgets.policy',
    { spec: { selector: {}, minAvailable: 1 }, status: { observedGeneration: 2, disruptionsAllowed: 3 } },
    { selector: [], disruptionsAllowed: 3, follows: 'nothing' },
  ],
  [
    'a budget whose status is of an older generation',
    'poddisruptionbudgets.policy',
    { spec: { maxUnavailable: 1 }, status: { observedGeneration: 1, disruptionsAllowed: 3 } },
    { selector: null, disruptionsAllowed: 0, follows: 'replicas' },
  ],
  [
    'a slice: ready, untold, not ready, not a pod',
    'endpointslices.discovery.k8s.io',
    {
      metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [
        { addresses: ['10.0.0.1'], conditions: { ready: true }, targetRef: { kind: 'Pod', uid: 'p1' } },
        { addresses: ['10.0.0.2'], conditions: {}, targetRef: { kind: 'Pod', uid: 'p2' } },
        { addresses: ['10.0.0.3'], conditions: { ready: false }, targetRef: { kind: 'Pod', uid: 'p3' } },
        { addresses: ['192.0.2.1'] },
      ],
    },
    {
      service: 'web',
      ready: [
        { address: '10.0.0.1', pod: 'p1' },
        { address: '10.0.0.2', pod: 'p2' },
        { address: '192.0.2.1', pod: null },
      ],
    },
  ],
  [
    'a deployment',
    'deployments.apps',
    {
      spec: {
        replicas: 3,
        paused: true,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: 0 } },
      },
    },
    { replicas: 3, paused: true, rollout: { type: 'RollingUpdate', maxUnavailable: '25%', maxSurge: 0 } },
  ],
  [
    'a daemon set by the nodes that should run it',
    'daemonsets.apps',
    { spec: { updateStrategy: { type: 'OnDelete' } }, status: { desiredNumberScheduled: 5 } },
    { replicas: 5, rollout: { type: 'OnDelete', maxUnavailable: null, maxSurge: null } },
  ],
  [
    'an autoscaler without a minimum',
    'horizontalpodautoscalers.autoscaling',
    { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 9 } },
    { target: { group: 'apps', kind: 'Deployment', name: 'web' }, min: 1, max: 9 },
  ],
  [
    'a cordoned node',
    'nodes',
    {
      spec: { unschedulable: true, taints: [{ key: 'a', effect: 'NoSchedule' }] },
      status: {
        conditions: [{ type: 'Ready', status: 'True' }],
        allocatable: { cpu: '4', memory: '1Gi', pods: '110' },
      },
    },
    {
      schedulable: false,
      taints: [{ key: 'a', value: '', effect: 'NoSchedule' }],
      allocatable: { cpuMillis: 4000, memoryBytes: 1024 ** 3, pods: 110 },
    },
  ],
  [
    'an ingress',
    'ingresses.networking.k8s.io',
    {
      spec: {
        defaultBackend: { service: { name: 'web' } },
        rules: [
          { http: { paths: [{ backend: { service: { name: 'api' } } }, { backend: { service: { name: 'web' } } }] } },
        ],
      },
    },
    { services: ['api', 'web'] },
  ],
  ['a claim that is not bound', 'persistentvolumeclaims', { spec: { volumeName: '' } }, { volume: null }],
  [
    'a namespace',
    'namespaces',
    { metadata: { labels: { 'blastgate.io/environment': 'production' } } },
    { environment: 'production' },
  ],
];
for (const [what, kind, object, expected] of KEPT) {
  test(`of ${what} is kept what questions need`, () => {
    const given = object as { readonly metadata?: object };
    const whole = { ...given, metadata: { ...META, ...given.metadata } } as unknown as JsonObject;
    const slim = trimOf(kind, whole, createInternPool());
    assert.deepEqual({ ...slim, ...expected }, slim);
    assert.deepEqual([slim.uid, slim.version, slim.namespace, slim.name], ['u', '7', 'shop', 'x']);
  });
}

test('pods of one workload share what is the same', () => {
  const pool = createInternPool();
  const pod = (name: string): JsonObject => ({
    metadata: { name, namespace: 'shop', uid: name, resourceVersion: '1', labels: { app: 'web' } },
    spec: { containers: [{ resources: { requests: { cpu: '1' } } }] },
  });
  const [a, b] = [trimOf('pods', pod('a'), pool), trimOf('pods', pod('b'), pool)];
  assert.equal(a.labels, b.labels);
  assert.equal(a.requests, b.requests);
});
