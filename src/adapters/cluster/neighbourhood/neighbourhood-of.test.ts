// Who the neighbours of an effect are, in a small cluster written by hand; and that it does not matter by which events the
// cluster came to be known.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { understand } from '../../../core/command/understand.ts';
import type { TargetFact } from '../../../core/model/facts.ts';
import type { JsonObject } from '../../../core/model/json.ts';
import { readDocuments } from '../../yaml/read-documents.ts';
import { isKindName, type KindName, partsOf } from '../cache/kinds.ts';
import { KnownCluster } from '../cache/known-cluster.ts';
import { neighbourhoodOf } from './neighbourhood-of.ts';
import { kindsFor, neighbourhoodQueryOf, placesFor } from './neighbourhood-query.ts';

interface Given {
  readonly kind: KindName;
  readonly object: JsonObject;
}

let versions = 0;
const given = (
  kind: KindName,
  name: string,
  more: { readonly [part: string]: unknown },
  namespace: string | null = 'shop',
): Given => {
  versions += 1;
  const metadata = {
    name,
    uid: `${kind.split('.')[0]}-${name}`,
    resourceVersion: `${versions}`,
    ...(namespace === null ? {} : { namespace }),
    ...(more['metadata'] ?? {}),
  };
  return { kind, object: { ...more, metadata } as unknown as JsonObject };
};

const ownedBy = (apiVersion: string, kind: string, name: string, uid: string): object => ({
  ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
});
const ofSet = (name: string): object => ownedBy('apps/v1', 'ReplicaSet', name, `replicasets-${name}`);

interface PodOf {
  readonly app?: string;
  readonly owner?: object;
  readonly node?: string;
  readonly ready?: 'True' | 'False';
  readonly spec?: object;
}
const pod = (name: string, { app = 'web', owner = {}, node = 'n1', ready = 'True', spec = {} }: PodOf): Given =>
  given('pods', name, {
    metadata: { labels: { app }, ...owner },
    spec: { nodeName: node, containers: [{ resources: { requests: { cpu: '1', memory: '1Gi' } } }], ...spec },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] },
  });

const node = (name: string, spec: object = {}, labels: object = {}): Given =>
  given(
    'nodes',
    name,
    {
      metadata: { labels },
      spec,
      status: { conditions: [{ type: 'Ready', status: 'True' }], allocatable: { cpu: '4', memory: '8Gi', pods: '10' } },
    },
    null,
  );

const slice = (service: string, pods: readonly string[]): Given =>
  given('endpointslices.discovery.k8s.io', `${service}-1`, {
    metadata: { labels: { 'kubernetes.io/service-name': service } },
    endpoints: pods.map((name, i) => ({ addresses: [`10.0.0.${i}`], targetRef: { kind: 'Pod', uid: `pods-${name}` } })),
  });

const selector = { matchLabels: { app: 'web' } };
const SHOP: readonly Given[] = [
  given('namespaces', 'shop', { metadata: { labels: { 'blastgate.io/environment': 'production' } } }, null),
  given('deployments.apps', 'web', { spec: { replicas: 2, strategy: { type: 'RollingUpdate' } } }),
  given('replicasets.apps', 'web-1', {
    metadata: ownedBy('apps/v1', 'Deployment', 'web', 'deployments-web'),
    spec: { replicas: 2 },
  }),
  given('replicasets.apps', 'web-0', {
    metadata: ownedBy('apps/v1', 'Deployment', 'web', 'deployments-web'),
    spec: { replicas: 0 },
  }),
  pod('web-1-a', { owner: ofSet('web-1'), spec: { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] } }),
  pod('web-1-b', { owner: ofSet('web-1'), node: 'n2', ready: 'False' }),
  pod('api', { app: 'api', owner: ofSet('gone') }),
  pod('bare', { app: 'bare' }),
  pod('static', { app: 'static', owner: ownedBy('v1', 'Node', 'n1', 'nodes-n1') }),
  pod('log', { app: 'log', owner: ownedBy('apps/v1', 'DaemonSet', 'log', 'daemonsets-log') }),
  given('daemonsets.apps', 'log', { spec: {}, status: { desiredNumberScheduled: 1 } }),
  given('services', 'web', { spec: { selector: { app: 'web' } } }),
  given('services', 'api', { spec: { selector: { app: 'api' } } }),
  given('services', 'by-hand', { spec: {} }),
  slice('web', ['web-1-a']),
  slice('by-hand', ['web-1-a', 'elsewhere']),
  given('ingresses.networking.k8s.io', 'www', { spec: { defaultBackend: { service: { name: 'web' } } } }),
  given('poddisruptionbudgets.policy', 'web', {
    metadata: { generation: 1 },
    spec: { selector, minAvailable: 1 },
    status: { observedGeneration: 1, disruptionsAllowed: 0 },
  }),
  given('poddisruptionbudgets.policy', 'other', { spec: { selector: { matchLabels: { app: 'other' } } } }),
  given('networkpolicies.networking.k8s.io', 'web', { spec: { podSelector: selector } }),
  given('horizontalpodautoscalers.autoscaling', 'web', {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 5,
    },
  }),
  given('persistentvolumeclaims', 'data', { spec: { volumeName: 'pv-1' } }),
  given(
    'persistentvolumes',
    'pv-1',
    {
      spec: {
        nodeAffinity: {
          required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }] },
        },
      },
    },
    null,
  ),
  node('n1', {}, { zone: 'a' }),
  node('n2', {}, { zone: 'b' }),
  node('n3', {}, { zone: 'a' }),
  node('n4', { taints: [{ key: 'gpu', effect: 'NoSchedule' }] }),
  node('n5', { unschedulable: true }),
];

const known = (objects: readonly Given[]): KnownCluster => {
  const cluster = new KnownCluster();
  for (const { kind, object } of objects) cluster.put(kind, object);
  return cluster;
};

const target = (kind: string, name: string, more: Partial<TargetFact> = {}): TargetFact => {
  assert.ok(isKindName(kind));
  return {
    ...partsOf(kind),
    kind: 'Any',
    namespace: kind === 'nodes' ? null : 'shop',
    name,
    uid: `${kind.split('.')[0]}-${name}`,
    preImage: {},
    revision: null,
    revisions: [],
    replicas: null,
    controller: null,
    protected: false,
    ...more,
  };
};

const ask = (line: string, ...targets: readonly TargetFact[]) => {
  const surroundings = { namespace: 'shop', files: new Map(), customResources: [], readDocuments };
  const { parts } = understand({ kind: 'line', line }, surroundings);
  return neighbourhoodQueryOf(
    parts.flatMap(({ effects }) => effects),
    targets,
  );
};

const neighbourhood = (line: string, ...targets: readonly TargetFact[]) =>
  neighbourhoodOf(known(SHOP), ask(line, ...targets));
const names = (objects: readonly { readonly name: string }[]): string => objects.map(({ name }) => name).join(' ');

/** Ready endpoints of a Service with these slices, each a list of address and pod. */
const readyOf = (...slices: readonly (readonly (readonly [address: string, pod: string | null])[])[]): number => {
  const objects = slices.map((endpoints, at) =>
    given('endpointslices.discovery.k8s.io', `web-${at}`, {
      metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: endpoints.map(([address, name]) => ({
        addresses: [address],
        ...(name === null ? {} : { targetRef: { kind: 'Pod', uid: `pods-${name}` } }),
      })),
    }),
  );
  const service = given('services', 'web', { spec: { selector: { app: 'web' } } });
  const found = neighbourhoodOf(known([service, ...objects]), ask('kubectl delete svc web', target('services', 'web')));
  return found.services[0]?.ready ?? 0;
};

describe('ready endpoints', () => {
  test('two addresses of one pod are one', () => {
    assert.equal(readyOf([['10.0.0.1', 'a']], [['fd00::1', 'a']]), 1);
  });
  test('pods of one address are several', () => {
    assert.equal(
      readyOf(
        [
          ['192.0.2.1', 'a'],
          ['192.0.2.1', 'b'],
        ],
        [['192.0.2.1', 'c']],
      ),
      3,
    );
  });
  test('one port more is no endpoint more', () => {
    assert.equal(readyOf([['10.0.0.1', 'a']], [['10.0.0.1', 'a']]), 1);
  });
  test('what names no pod counts by its address', () => {
    assert.equal(
      readyOf(
        [
          ['198.51.100.1', null],
          ['198.51.100.2', null],
        ],
        [['198.51.100.1', null]],
      ),
      2,
    );
  });
});

describe('the neighbours', () => {
  test('of a deployment: its pods, replica sets, services, budgets, autoscaler, ingress, claims, namespace', () => {
    const found = neighbourhood('kubectl scale deploy/web --replicas=0', target('deployments.apps', 'web'));
    assert.equal(names(found.pods), 'web-1-a web-1-b');
    assert.deepEqual(
      found.workloads.map(({ key, controller, replicas, pods, ready }) => [key, controller, replicas, pods, ready]),
      [
        ['deployments.apps shop/web', null, 2, 2, 1],
        ['replicasets.apps shop/web-1', 'deployments.apps shop/web', 2, 2, 1],
      ],
    );
    assert.deepEqual(
      found.services.map(({ name, ready, pods }) => [name, ready, pods]),
      [
        ['by-hand', 2, ['pods-web-1-a']],
        ['web', 1, ['pods-web-1-a']],
      ],
    );
    assert.deepEqual(
      found.budgets.map(({ name, disruptionsAllowed, pods }) => [name, disruptionsAllowed, pods]),
      [['web', 0, ['pods-web-1-a', 'pods-web-1-b']]],
    );
    assert.deepEqual(
      found.autoscalers.map((one) => [one.target, one.min, one.max]),
      [['deployments.apps shop/web', 2, 5]],
    );
    assert.deepEqual(
      found.ingresses.map(({ key }) => key),
      ['ingresses.networking.k8s.io shop/www'],
    );
    assert.deepEqual(
      found.claims.map(({ name, volume }) => [name, volume]),
      [['data', 'pv-1']],
    );
    assert.deepEqual(found.namespaces, [{ name: 'shop', environment: 'production' }]);
    assert.deepEqual([found.nodes, found.policies], [[], []]);
  });

  const CONTROLLERS: readonly (readonly [string, string | null, string | null])[] = [
    ['web-1-a', 'replicasets.apps shop/web-1', 'deployments.apps shop/web'],
    ['api', null, null],
    ['bare', null, null],
    ['static', 'nodes n1', 'nodes n1'],
    ['log', 'daemonsets.apps shop/log', 'daemonsets.apps shop/log'],
  ];
  for (const [name, controller, workload] of CONTROLLERS) {
    test(`of pod ${name}: it is brought back by ${controller ?? 'nobody'}`, () => {
      const [found] = neighbourhood(`kubectl delete pod ${name}`, target('pods', name)).pods;
      assert.deepEqual([found?.controller, found?.workload], [controller, workload]);
    });
  }

  test('of a pod whose owner is of a kind of its own: that owner is believed', () => {
    const cluster = known([pod('db-0', { owner: ownedBy('db.example.com/v1', 'Cluster', 'db', 'x') })]);
    const [found] = neighbourhoodOf(cluster, ask('kubectl delete pod db-0', target('pods', 'db-0'))).pods;
    assert.deepEqual(
      [found?.controller, found?.workload],
      ['cluster.db.example.com shop/db', 'cluster.db.example.com shop/db'],
    );
  });

  test('of a pod whose labels change: every policy, service and budget of its namespace', () => {
    const found = neighbourhood('kubectl label pod bare app=web --overwrite', target('pods', 'bare'));
    assert.deepEqual(
      [names(found.policies), names(found.services), names(found.budgets)],
      ['web', 'api by-hand web', 'other web'],
    );
  });

  test('of a node that is drained: its pods, what is free elsewhere, and who would take them', () => {
    const found = neighbourhood('kubectl drain n1 --ignore-daemonsets', target('nodes', 'n1'));
    assert.equal(names(found.pods), 'api bare log static web-1-a');
    assert.deepEqual(
      found.nodes.map(({ name, free }) => [name, free.cpuMillis, free.memoryBytes / 1024 ** 3, free.pods]),
      [
        ['n1', -1000, 3, 5],
        ['n2', 3000, 7, 9],
        ['n3', 4000, 8, 10],
        ['n4', 4000, 8, 10],
      ],
    );
    assert.deepEqual(
      found.pods.map(({ name, admittedBy }) => [name, admittedBy]),
      [
        ['api', ['n2', 'n3']],
        ['bare', ['n2', 'n3']],
        ['log', ['n2', 'n3']],
        ['static', ['n2', 'n3']],
        ['web-1-a', ['n3']],
      ],
    );
  });

  test('of an autoscaler: the workload that it scales', () => {
    const found = neighbourhood('kubectl delete hpa web', target('horizontalpodautoscalers.autoscaling', 'web'));
    assert.deepEqual([names(found.autoscalers), names(found.pods)], ['web', 'web-1-a web-1-b']);
  });

  test('of nothing that is known: nothing', () => {
    const found = neighbourhood('kubectl scale deploy/other --replicas=0', target('deployments.apps', 'other'));
    assert.deepEqual([found.pods, found.workloads, found.services], [[], [], []]);
  });
});

describe('what is asked for', () => {
  test('only what an answer is made of', () => {
    const kinds = (line: string, ...targets: readonly TargetFact[]) => kindsFor(ask(line, ...targets)).needed.join(' ');
    assert.equal(kinds('kubectl annotate cm x a=b'), 'namespaces');
    assert.match(kinds('kubectl delete pod a', target('pods', 'a', { controller: 'StatefulSet/db' })), /statefulsets/);
    assert.doesNotMatch(
      kinds('kubectl delete pod a', target('pods', 'a', { controller: 'StatefulSet/db' })),
      /deploy|nodes/,
    );
    assert.match(kinds('kubectl drain n1', target('nodes', 'n1')), /pods .*nodes persistentvolumes/);
    assert.match(kinds('kubectl label pod a app=b', target('pods', 'a')), /networkpolicies/);
  });

  test('only where it is, unless pods of a node may be anywhere', () => {
    assert.deepEqual(placesFor(ask('kubectl delete pod a -n shop', target('pods', 'a'))), ['shop']);
    assert.equal(placesFor(ask('kubectl drain n1', target('nodes', 'n1'))), null);
    assert.equal(placesFor(ask('kubectl delete pod --all -A', target('pods', 'a'))), null);
  });
});

test('by whichever events a cluster came to be known, the answer is the same', () => {
  const questions = [
    ask('kubectl scale deploy/web --replicas=0', target('deployments.apps', 'web')),
    ask('kubectl drain n1', target('nodes', 'n1')),
    ask('kubectl label pod bare app=web', target('pods', 'bare')),
  ];
  const moved = (one: Given): Given =>
    one.kind === 'pods'
      ? {
          ...one,
          object: {
            ...one.object,
            spec: { nodeName: 'n9' },
            metadata: { ...(one.object['metadata'] as JsonObject), resourceVersion: '0', ownerReferences: [] },
          },
        }
      : one;
  const event = fc.tuple(fc.constantFrom(...SHOP), fc.constantFrom('put', 'drop', 'move', 'relist'));
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const cluster = new KnownCluster();
      for (const [one, what] of events) {
        if (what === 'put') cluster.put(one.kind, one.object);
        else if (what === 'move') cluster.put(one.kind, moved(one).object);
        else if (what === 'drop') cluster.drop(one.kind, one.object);
        else {
          const list = cluster.takeIn(one.kind);
          list.add([one.object]);
          list.finish();
        }
      }
      for (const kind of new Set(SHOP.map((one) => one.kind))) {
        const list = cluster.takeIn(kind);
        list.add(SHOP.filter((one) => one.kind === kind).map(({ object }) => object));
        list.finish();
      }
      for (const question of questions) {
        assert.deepEqual(neighbourhoodOf(cluster, question), neighbourhoodOf(known(SHOP), question));
      }
    }),
    { numRuns: 100 },
  );
});
