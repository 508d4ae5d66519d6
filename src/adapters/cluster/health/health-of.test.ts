// What the status of each kind says of its health: tables of what Kubernetes writes there.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json, JsonObject } from '../../../core/model/json.ts';
import type { Sample } from '../../../core/remediation/sample.ts';
import type { ClusterClient } from '../client.ts';
import { healthReaderOf } from './health-of.ts';
import { sampleUsers } from './users.ts';

/** Answers every list with these objects, whatever is asked. */
const listing = (...items: readonly Json[]): ClusterClient =>
  ({ send: async () => ({ items }) }) as Pick<ClusterClient, 'send'> as ClusterClient;

const REFS = {
  job: { group: 'batch', resource: 'jobs' },
  pod: { group: '', resource: 'pods' },
  node: { group: '', resource: 'nodes' },
  service: { group: '', resource: 'services' },
  hpa: { group: 'autoscaling', resource: 'horizontalpodautoscalers' },
  claim: { group: '', resource: 'persistentvolumeclaims' },
  quota: { group: '', resource: 'resourcequotas' },
  pdb: { group: 'policy', resource: 'poddisruptionbudgets' },
  widget: { group: 'example.com', resource: 'widgets' },
  limits: { group: '', resource: 'limitranges' },
  ingress: { group: 'networking.k8s.io', resource: 'ingresses' },
  cronjob: { group: 'batch', resource: 'cronjobs' },
} as const;

/** "lasting not-ready (NodeStatusUnknown: Kubelet stopped posting node status.)" */
const saysOf = ({ seen, ...sample }: Pick<Sample, 'seen'> & { readonly health?: unknown }): string => {
  assert.equal(seen, 'object');
  const { is, code, says } = sample.health as { is: string; code: string; says: string | null };
  return `${is} ${code}${says === null ? '' : ` (${says})`}`;
};

const read = async (
  kind: keyof typeof REFS,
  object: JsonObject,
  beside: readonly Json[] = [],
  isNew = false,
): Promise<string> => {
  const ref = { ...REFS[kind], namespace: 'shop', name: 'x' };
  const signal = AbortSignal.timeout(5000);
  return saysOf(await healthReaderOf(ref)({ client: listing(...beside), ref, object, isNew, signal }));
};

type Told = readonly [type: string, status: string, reason?: string, message?: string];

const conditions = (...all: readonly Told[]) =>
  all.map(([type, status, reason, message]) => ({
    type,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  }));
const withConditions = (...all: readonly Told[]): JsonObject => ({
  metadata: { name: 'x', namespace: 'shop', generation: 2 },
  status: { conditions: conditions(...all) },
});
const waiting = (reason: string, restartCount = 0) => ({
  name: 'web',
  restartCount,
  state: { waiting: { reason } },
});
const pod = (status: JsonObject, more: JsonObject = {}): JsonObject => ({
  metadata: {
    name: 'x-1',
    namespace: 'shop',
    ownerReferences: [{ uid: 'u1', controller: true }],
  },
  spec: { containers: [{ name: 'web' }], ...more },
  status,
});
const RUNNING = pod({ phase: 'Running', conditions: conditions(['Ready', 'True']) });
const STARTING = pod({ phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] });
const CRASHING = pod({ phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff', 1)] });

type Row = readonly [what: string, object: JsonObject, says: string, beside?: readonly Json[], isNew?: boolean];

const job = (status: JsonObject, spec: JsonObject = {}): JsonObject => ({
  metadata: { name: 'x', namespace: 'shop', uid: 'u1' },
  spec: { selector: { matchLabels: { job: 'x' } }, ...spec },
  status,
});
const claim = (status: JsonObject): JsonObject => ({
  spec: { resources: { requests: { storage: '2Gi' } } },
  status: { phase: 'Bound', capacity: { storage: '1Gi' }, ...status },
});
const slice = (...endpoints: readonly Json[]): JsonObject => ({ endpoints });
const SERVICE: JsonObject = { metadata: { name: 'x', namespace: 'shop' }, spec: { selector: { app: 'x' } } };

const TABLE: { readonly [kind in keyof typeof REFS]: readonly Row[] } = {
  job: [
    ['complete', job({ succeeded: 1, conditions: conditions(['Complete', 'True']) }), 'healthy healthy'],
    [
      'failed',
      job({ failed: 7, conditions: conditions(['Failed', 'True', 'BackoffLimitExceeded', 'Job has reached it']) }),
      'certain run-failed (BackoffLimitExceeded: Job has reached it)',
    ],
    ['suspended', job({}, { suspend: true }), 'healthy suspended'],
    [
      'running well',
      job({ active: 1, ready: 1 }),
      'running running (1 active, 1 ready, 0 succeeded, 0 failed (backoffLimit 6))',
      [RUNNING],
    ],
    [
      'not started',
      job({ active: 1, ready: 0 }),
      'moving not-ready (1 active, 0 ready, 0 succeeded, 0 failed (backoffLimit 6))',
      [STARTING],
    ],
    [
      'trying again',
      job({ active: 1, ready: 0, failed: 2 }, { backoffLimit: 3 }),
      'moving trouble (1 active, 0 ready, 0 succeeded, 2 failed (backoffLimit 3); pod/x-1 web CrashLoopBackOff)',
      [CRASHING],
    ],
    ['without a status', job({}), 'moving not-ready (0 active, 0 ready, 0 succeeded, 0 failed (backoffLimit 6))'],
  ],
  pod: [
    ['running and ready', RUNNING, 'healthy healthy'],
    ['done', pod({ phase: 'Succeeded' }), 'healthy healthy'],
    [
      'failed',
      pod({
        phase: 'Failed',
        containerStatuses: [{ name: 'web', state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }],
      }),
      'certain run-failed (web exited with 137 (OOMKilled))',
    ],
    ['evicted', pod({ phase: 'Failed', reason: 'Evicted' }), 'certain run-failed (Evicted)'],
    ['crashing', CRASHING, 'lasting trouble (pod/x-1 web CrashLoopBackOff)'],
    [
      'crashing again and again',
      pod({ phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff', 3)] }),
      'certain trouble (pod/x-1 web CrashLoopBackOff)',
    ],
    [
      'not schedulable',
      pod({ phase: 'Pending', conditions: conditions(['PodScheduled', 'False', 'Unschedulable', '0/3 nodes']) }),
      'moving not-ready (Unschedulable: 0/3 nodes)',
    ],
    [
      'running and not ready',
      pod({ phase: 'Running', conditions: conditions(['Ready', 'False']) }),
      'moving not-ready (Running)',
    ],
    ['without a status', pod({}), 'moving not-ready'],
  ],
  node: [
    ['ready', withConditions(['Ready', 'True']), 'healthy healthy'],
    [
      'not ready',
      withConditions(['Ready', 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.']),
      'lasting not-ready (NodeStatusUnknown: Kubelet stopped posting node status.)',
    ],
    ['without a status', {}, 'lasting not-ready'],
  ],
  service: [
    [
      'with ready endpoints',
      SERVICE,
      'healthy healthy',
      [slice({ addresses: ['10.0.0.1'], conditions: { ready: true } })],
    ],
    ['whose endpoints say nothing', SERVICE, 'healthy healthy', [slice({ addresses: ['10.0.0.1'] })]],
    [
      'with none ready',
      SERVICE,
      'lasting no-endpoints',
      [slice({ addresses: ['10.0.0.1'], conditions: { ready: false } })],
    ],
    ['without any', SERVICE, 'lasting no-endpoints'],
    ['just made, without any', SERVICE, 'healthy no-endpoints', [], true],
    ['without a selector', { metadata: {}, spec: {} }, 'healthy nothing-to-wait-for'],
    [
      'of a name outside',
      { metadata: {}, spec: { type: 'ExternalName', selector: { a: 'b' } } },
      'healthy nothing-to-wait-for',
    ],
  ],
  hpa: [
    ['not looked at yet', { status: {} }, 'moving not-observed'],
    ['at work', withConditions(['AbleToScale', 'True'], ['ScalingActive', 'True']), 'healthy healthy'],
    [
      'without metrics',
      withConditions(['AbleToScale', 'True'], ['ScalingActive', 'False', 'FailedGetResourceMetric', 'no metrics']),
      'moving cannot-scale (FailedGetResourceMetric: no metrics)',
    ],
    [
      'without its target',
      withConditions(['AbleToScale', 'False', 'FailedGetScale', 'not found']),
      'moving cannot-scale (FailedGetScale: not found)',
    ],
    [
      'whose target rests at 0',
      withConditions(['AbleToScale', 'True'], ['ScalingActive', 'False', 'ScalingDisabled', 'at 0']),
      'healthy healthy',
    ],
    [
      'that wants more than there is',
      {
        status: {
          currentReplicas: 2,
          desiredReplicas: 5,
          conditions: conditions(['AbleToScale', 'True'], ['ScalingActive', 'True']),
        },
      },
      'moving not-ready (2 replicas, 5 wanted)',
    ],
  ],
  claim: [
    ['grown', claim({ capacity: { storage: '2Gi' } }), 'healthy healthy'],
    ['larger than asked', claim({ capacity: { storage: '3000Mi' } }), 'healthy healthy'],
    ['growing', claim({ conditions: conditions(['Resizing', 'True']) }), 'moving resizing (1Gi of 2Gi)'],
    [
      'whose file system waits for a pod',
      claim({ conditions: conditions(['FileSystemResizePending', 'True', '', 'Waiting for user to start a pod']) }),
      'healthy resize-pending (Waiting for user to start a pod)',
    ],
    [
      'that cannot grow',
      claim({ allocatedResourceStatuses: { storage: 'ControllerResizeInfeasible' } }),
      'certain resize-failed (ControllerResizeInfeasible)',
    ],
    [
      'whose growth fails',
      claim({ conditions: conditions(['NodeResizeError', 'True', '', 'disk is busy']) }),
      'lasting resize-failed (disk is busy)',
    ],
    ['not bound', { status: { phase: 'Pending' } }, 'moving not-ready (Pending)'],
    ['that has lost its volume', { status: { phase: 'Lost' } }, 'certain not-ready (Lost: its volume is gone)'],
    ['without a status', {}, 'moving not-ready'],
  ],
  quota: [
    ['taken up', { spec: { hard: { pods: '3' } }, status: { hard: { pods: '3' } } }, 'healthy nothing-to-wait-for'],
    ['not yet', { spec: { hard: { pods: '3' } }, status: { hard: { pods: '2' } } }, 'moving not-observed'],
    ['of no status', { spec: { hard: { pods: '3' } } }, 'moving not-observed'],
  ],
  pdb: [
    ['taken up', { metadata: { generation: 2 }, status: { observedGeneration: 2 } }, 'healthy nothing-to-wait-for'],
    ['not yet', { metadata: { generation: 2 }, status: { observedGeneration: 1 } }, 'moving not-observed'],
  ],
  widget: [
    ['ready', withConditions(['Ready', 'True']), 'healthy healthy'],
    ['available', withConditions(['Available', 'True']), 'healthy healthy'],
    [
      'ready rather than available',
      withConditions(['Available', 'True'], ['Ready', 'False', 'Wait']),
      'moving not-ready (Wait)',
    ],
    [
      'not ready',
      withConditions(['Ready', 'False', 'Reconciling', 'two of three']),
      'moving not-ready (Reconciling: two of three)',
    ],
    ['of which nobody knows', withConditions(['Ready', 'Unknown']), 'moving not-ready (Ready is Unknown)'],
    ['stalled', withConditions(['Stalled', 'True', 'Bad', 'no such image']), 'lasting not-ready (Bad: no such image)'],
    ['without a status', { metadata: { generation: 2 } }, 'healthy nothing-to-wait-for'],
    ['with conditions of its own', withConditions(['Sunny', 'False']), 'healthy nothing-to-wait-for'],
    [
      'whose status is of before',
      { metadata: { generation: 2 }, status: { observedGeneration: 1, conditions: conditions(['Ready', 'True']) } },
      'moving not-observed',
    ],
    [
      'whose condition is of before',
      {
        metadata: { generation: 2 },
        status: { observedGeneration: 2, conditions: [{ type: 'Ready', status: 'True', observedGeneration: 1 }] },
      },
      'moving not-observed',
    ],
    [
      'that keeps its generation as text',
      { metadata: { generation: 2 }, status: { observedGeneration: '1', conditions: conditions(['Ready', 'True']) } },
      'moving not-observed',
    ],
    ['whose status is no object', { metadata: { generation: 2 }, status: 'fine' }, 'healthy nothing-to-wait-for'],
  ],
  limits: [['as it is', { spec: { limits: [] } }, 'healthy nothing-to-wait-for']],
  ingress: [['as it is', { spec: {}, status: { loadBalancer: {} } }, 'healthy nothing-to-wait-for']],
  cronjob: [['as it is', { spec: { suspend: true }, status: {} }, 'healthy nothing-to-wait-for']],
};

for (const kind of Object.keys(TABLE) as (keyof typeof REFS)[])
  describe(`a ${kind}`, () => {
    for (const [what, object, says, beside, isNew] of TABLE[kind])
      test(what, async () => assert.equal(await read(kind, object, beside, isNew), says));
  });

describe('an object that does nothing by itself is as the pods that use it', () => {
  const using = (spec: JsonObject, status: JsonObject = RUNNING['status'] as JsonObject): JsonObject =>
    pod(status, spec);
  const by = async (resource: string, ...pods: readonly Json[]): Promise<string> => {
    const ref = { group: '', resource, namespace: 'shop', name: 'app' };
    const sample = await sampleUsers(listing(...pods), ref, {}, AbortSignal.timeout(5000));
    assert.match(sample.target, / -n shop$/);
    return sample.seen === 'object' ? saysOf(sample) : sample.seen;
  };
  const container = (more: JsonObject): JsonObject => ({ containers: [{ name: 'web', ...more }] });
  const rows: readonly (readonly [what: string, configMap: JsonObject, secret: JsonObject])[] = [
    ['a volume', { volumes: [{ configMap: { name: 'app' } }] }, { volumes: [{ secret: { secretName: 'app' } }] }],
    [
      'a projected volume',
      { volumes: [{ projected: { sources: [{ configMap: { name: 'app' } }] } }] },
      { volumes: [{ projected: { sources: [{ secret: { name: 'app' } }] } }] },
    ],
    [
      'envFrom',
      container({ envFrom: [{ configMapRef: { name: 'app' } }] }),
      container({ envFrom: [{ secretRef: { name: 'app' } }] }),
    ],
    [
      'one variable',
      container({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'app', key: 'a' } } }] }),
      container({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'app', key: 'a' } } }] }),
    ],
    [
      'an init container',
      { initContainers: [{ envFrom: [{ configMapRef: { name: 'app' } }] }] },
      { initContainers: [{ envFrom: [{ secretRef: { name: 'app' } }] }] },
    ],
  ];
  for (const [what, configMap, secret] of rows)
    test(`by ${what}`, async () => {
      for (const [resource, own, other] of [
        ['configmaps', configMap, secret],
        ['secrets', secret, configMap],
      ] as const) {
        assert.equal(await by(resource, using(own)), 'healthy healthy', resource);
        assert.equal(await by(resource, using(other)), 'written', `${resource}: it uses another`);
        const ill = using(own, CRASHING['status'] as JsonObject);
        assert.equal(await by(resource, using(own), ill), 'lasting trouble (pod/x-1 web CrashLoopBackOff)', resource);
        assert.equal(
          await by(resource, using(own), using(own, { phase: 'Running' })),
          'moving not-ready (1 of 2 pods ready)',
        );
        assert.equal(await by(resource, using(own, { phase: 'Succeeded' })), 'written', 'what is done uses nothing');
      }
    });

  test('a pull secret', async () => {
    assert.equal(await by('secrets', using({ imagePullSecrets: [{ name: 'app' }] })), 'healthy healthy');
  });

  test('pods that a network policy selects', async () => {
    const ref = { group: 'networking.k8s.io', resource: 'networkpolicies', namespace: 'shop', name: 'wall' };
    const labelled = { ...RUNNING, metadata: { name: 'x-1', labels: { app: 'web' } } };
    const seenWith = async (podSelector: JsonObject): Promise<string> =>
      (await sampleUsers(listing(labelled), ref, { spec: { podSelector } }, AbortSignal.timeout(5000))).seen;
    assert.equal(await seenWith({ matchLabels: { app: 'web' } }), 'object');
    assert.equal(await seenWith({}), 'object');
    assert.equal(await seenWith({ matchLabels: { app: 'db' } }), 'written');
    assert.equal(await seenWith({ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }), 'written');
  });
});
