// What a cluster shows raises a score and never lowers it, over generated clusters; and the second calculator, which acts
// the outage out pod by pod, comes to the same sum.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { BlastRadius } from '../../src/core/blast-radius/blast-radius.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { sumText } from '../../src/core/blast-radius/golden-case.ts';
import { score } from '../../src/core/blast-radius/score.ts';
import { understand } from '../../src/core/command/understand.ts';
import { impactOf } from '../../src/core/impact/impact.ts';
import type { Facts, TargetFact } from '../../src/core/model/facts.ts';
import { NO_NEIGHBOURS, type PodFact, type WorkloadFact } from '../../src/core/model/neighbourhood.ts';
import { objectKey } from '../../src/core/model/object-ref.ts';
import { calculate } from '../calculator/calculator.ts';
import { readCommand } from '../calculator/read-command.ts';

const around = { namespace: 'shop', files: new Map<string, string>(), customResources: [], readDocuments: () => null };

const COMMANDS = [
  'kubectl delete pod a',
  'kubectl delete pod a b',
  'kubectl delete pod a b c',
  'kubectl delete pod --all',
  'kubectl scale deploy/web --replicas=0',
  'kubectl scale deploy/web --replicas=1',
  'kubectl scale deploy/web --replicas=2',
  'kubectl scale deploy/web --replicas=9',
  'kubectl scale sts/db --replicas=1',
  'kubectl rollout restart deploy/web',
  'kubectl rollout restart sts/db',
  'kubectl rollout undo deploy/web',
  'kubectl rollout restart ds/log',
  'kubectl delete deployment web',
  'kubectl delete deployment web --cascade=orphan',
  'kubectl delete sts db',
  'kubectl delete service cart',
  'kubectl drain n1',
  'kubectl drain n1 n2 --force',
  'kubectl cordon n1',
  'kubectl uncordon n1',
  'kubectl taint node n1 a=b:NoExecute',
  'kubectl autoscale deploy web --max=1',
  'kubectl set env deploy/web A=b',
  'kubectl label pod a app-',
  'kubectl label pod a tier=x',
  'kubectl annotate deploy web note=x',
] as const;

const WORKLOADS = ['deployments.apps shop/web', 'statefulsets.apps shop/db', 'daemonsets.apps shop/log'] as const;

/** Of the pods of a workload: the controller as pods name it, and as targets do. A Kafka is of no built-in kind. */
const CONTROLLERS: Readonly<Record<string, readonly [pod: string, target: string]>> = {
  [WORKLOADS[0]]: ['replicasets.apps shop/web-1', 'ReplicaSet/web-1'],
  [WORKLOADS[1]]: [WORKLOADS[1], 'StatefulSet/db'],
  [WORKLOADS[2]]: [WORKLOADS[2], 'DaemonSet/log'],
  'kafkas.example.com shop/k': ['kafkas.example.com shop/k', 'Kafka/k'],
};

const podOf = fc.record({
  workload: fc.option(fc.constantFrom(...WORKLOADS, 'kafkas.example.com shop/k'), { nil: null }),
  node: fc.constantFrom('n1', 'n2', 'n3'),
  ready: fc.boolean(),
  finished: fc.constantFrom(false, false, false, true),
  claims: fc.constantFrom<readonly string[]>([], [], ['data']),
  labels: fc.constantFrom<PodFact['labels']>({}, { app: 'web' }),
  requests: fc.record({ cpuMillis: fc.nat(3), memoryBytes: fc.nat(3) }),
});

const rollout = fc.record({
  type: fc.constantFrom('RollingUpdate' as const, 'RollingUpdate' as const, 'Recreate' as const, 'OnDelete' as const),
  maxUnavailable: fc.constantFrom<number | string | null>(null, 0, 1, 2, '25%', '50%', '100%'),
  maxSurge: fc.constantFrom<number | string | null>(null, 0, 1, '25%'),
});

const some = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd-0', 'd-1', 'e'), { maxLength: 6 });
const terms = fc.constantFrom(
  null,
  [{ key: 'app', operator: 'In' as const, values: ['web'] }],
  [
    { key: 'tier', operator: 'Exists' as const, values: [] },
    { key: 'app', operator: 'NotIn' as const, values: ['web'] },
  ],
);

/** A small cluster that agrees with itself: counts are those of its pods. */
const world = fc
  .record({
    pods: fc.array(podOf, { minLength: 6, maxLength: 6 }),
    rollouts: fc.array(rollout, { minLength: 3, maxLength: 3 }),
    paused: fc.constantFrom(false, false, false, true),
    operator: fc.constantFrom(null, null, 'Kafka/k'),
    service: fc.record({ pods: some, extra: fc.nat(1), selector: terms }),
    budget: fc.record({
      pods: some,
      allowed: fc.nat(2),
      follows: fc.constantFrom('replicas' as const, 'nothing' as const),
      selector: terms,
    }),
    free: fc.array(fc.record({ cpuMillis: fc.nat(6), memoryBytes: fc.nat(6), pods: fc.nat(3) }), {
      minLength: 3,
      maxLength: 3,
    }),
    schedulable: fc.boolean(),
    autoscaled: fc.boolean(),
    held: fc.constantFrom<readonly string[]>([], ['spec.replicas'], ['spec.template'], ['metadata.labels.app']),
    environment: fc.constantFrom(null, 'production', 'development', 'control-plane', 'blue'),
    recent: fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 5 }),
    revision: fc.option(fc.constant(1), { nil: null }),
    failures: fc.nat(3),
    missing: fc.boolean(),
  })
  .map((seed): Facts => {
    const names = ['a', 'b', 'c', 'd-0', 'd-1', 'e'];
    const pods = seed.pods.map((pod, at): PodFact => {
      const name = names[at] ?? '?';
      const ready = pod.ready && !pod.finished;
      // the pods of a StatefulSet have ordinals
      const workload = pod.workload === WORKLOADS[1] && !name.includes('-') ? WORKLOADS[0] : pod.workload;
      const controller = CONTROLLERS[workload ?? '']?.[0] ?? null;
      return { ...pod, workload, uid: name, namespace: 'shop', name, controller, ready, admittedBy: null };
    });
    const live = pods.filter(({ finished }) => !finished);
    const workloads = WORKLOADS.map((key, at): WorkloadFact => {
      const its = live.filter(({ workload }) => workload === key);
      const counts = { replicas: its.length, pods: its.length, ready: its.filter((pod) => pod.ready).length };
      return {
        key,
        uid: key,
        controller: null,
        ...counts,
        rollout: seed.rollouts[at] ?? null,
        paused: seed.paused,
        claimRetention: null,
        admittedAfter: null,
      };
    });
    const target = (resource: string, group: string, name: string, more: Partial<TargetFact> = {}): TargetFact => ({
      ...{ group, resource, kind: '', namespace: resource === 'nodes' ? null : 'shop', name, uid: name, preImage: {} },
      ...{ revision: seed.revision, revisions: [1], replicas: null, controller: null, protected: false },
      ...more,
    });
    const readyOf = (uids: readonly string[]): readonly string[] =>
      uids.filter((uid) => pods.some((pod) => pod.uid === uid && pod.ready));
    return {
      cluster: 'uid',
      rehearsal: null,
      targets: [
        ...pods.map(({ name, workload }) =>
          target('pods', '', name, { controller: CONTROLLERS[workload ?? '']?.[1] ?? null }),
        ),
        ...workloads.map(({ key, replicas }) => {
          const [kind = '', place = ''] = key.split(' ');
          const more = { replicas, controller: seed.operator };
          return target(kind.split('.')[0] ?? '', 'apps', place.slice('shop/'.length), more);
        }),
        target('services', '', 'cart'),
        target('nodes', '', 'n1'),
        target('nodes', '', 'n2'),
      ],
      neighbourhood: {
        ...NO_NEIGHBOURS,
        pods,
        workloads,
        services: [
          {
            ...{ namespace: 'shop', name: 'cart', uid: 'cart', selector: seed.service.selector },
            pods: readyOf(seed.service.pods),
            ready: readyOf(seed.service.pods).length + seed.service.extra,
          },
        ],
        budgets: [
          {
            ...{ namespace: 'shop', name: 'web', uid: 'web', selector: seed.budget.selector, pods: seed.budget.pods },
            ...{ disruptionsAllowed: seed.budget.allowed, follows: seed.budget.follows },
          },
        ],
        autoscalers: seed.autoscaled
          ? [{ namespace: 'shop', name: 'web', uid: 'h', target: WORKLOADS[0], min: 1, max: 9 }]
          : [],
        nodes: seed.free.map((free, at) => ({
          name: `n${at + 1}`,
          uid: `n${at + 1}`,
          schedulable: at < 2 || seed.schedulable,
          free,
        })),
        held: [{ object: WORKLOADS[0], manager: 'argocd-controller', fields: seed.held }],
        namespaces: [{ name: 'shop', environment: seed.environment }],
        ageSeconds: 0,
      },
      missing: seed.missing
        ? [{ resource: 'ingresses', object: 'ingresses shop/*', part: null, right: null, why: 'forbidden' }]
        : [],
      failures: Array.from({ length: seed.failures }, () => ({ action: 'x', objects: [], incident: 'INC-1', at: '' })),
      recent: seed.recent.map((points) => ({
        proposal: 'p',
        score: points,
        workloads: [WORKLOADS[0]],
        namespaces: ['shop'],
        nodes: ['n1'],
      })),
    };
  });

const judge = (line: string, facts: Facts | null): BlastRadius =>
  score(understand({ kind: 'line', line }, around), facts && aimed(line, facts), DEFAULT_POLICY);

/** A reader gives the targets of the command alone. */
const aimed = (line: string, facts: Facts): Facts => {
  const words = line.replace(/^kubectl /, '').split(/[ /]/);
  const every = words.includes('--all');
  const named = (target: TargetFact): boolean => words.includes(target.name) || (every && target.resource === 'pods');
  const kinds: Readonly<Record<string, string>> = {
    deploy: 'deployments',
    deployment: 'deployments',
    sts: 'statefulsets',
    ds: 'daemonsets',
    pod: 'pods',
    service: 'services',
  };
  const resource = words.map((word) => kinds[word]).find((kind) => kind !== undefined) ?? 'nodes';
  return { ...facts, targets: facts.targets.filter((target) => target.resource === resource && named(target)) };
};

const RANK = { auto: 0, human: 1, dual: 2, blocked: 3 } as const;
const OUTAGE = ['scale-to-zero', 'endpoints', 'replica-drop', 'last-replica', 'share'];
const command = fc.constantFrom(...COMMANDS);

suite('over generated clusters', () => {
  test('evidence raises a score or leaves it, explained to the point, one outage counted once', () => {
    fc.assert(
      fc.property(command, world, (line, facts) => {
        const [blind, live] = [judge(line, null), judge(line, facts)];
        assert.ok((live.score ?? 0) >= (blind.score ?? 0) && RANK[live.tier] >= RANK[blind.tier], line);
        assert.equal(
          live.reasons.reduce((sum, { points }) => sum + points, 0),
          live.score,
        );
        const codes = live.reasons.map(({ code }) => code);
        assert.equal(new Set(codes).size, codes.length);
        assert.ok(codes.filter((code) => OUTAGE.includes(code)).length <= 1);
      }),
      { numRuns: 1500 },
    );
  });
  test('another pod never lowers it', () => {
    fc.assert(
      fc.property(world, (facts) => {
        const points = ['kubectl delete pod a', 'kubectl delete pod a b', 'kubectl delete pod a b c'].map(
          (line) => judge(line, facts).score ?? 100,
        );
        assert.deepEqual(
          points,
          points.toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 1000 },
    );
  });
  test('the second calculator agrees', () => {
    fc.assert(
      fc.property(command, world, (line, facts) => {
        const meaning = readCommand(`${line} -n shop`);
        if (meaning === null) return;
        const live = judge(line, facts);
        const second = calculate({ ...meaning, live: { ...aimed(line, facts), around: facts.neighbourhood } });
        assert.equal(sumText(live.reasons), second.sum, line);
      }),
      { numRuns: 3000 },
    );
  });
  test('every edge of the impact picture ends at a node, and every target is in it', () => {
    fc.assert(
      fc.property(command, world, (line, facts) => {
        const { effects } = judge(line, facts);
        const { targets } = aimed(line, facts);
        const { nodes, edges } = impactOf(effects, targets, facts.neighbourhood);
        const ids = new Set(nodes.map(({ id }) => id));
        assert.equal(ids.size, nodes.length);
        assert.ok(edges.every(({ from, to }) => ids.has(from) && ids.has(to)));
        assert.ok(targets.every((target) => ids.has(objectKey(target))));
      }),
      { numRuns: 500 },
    );
  });
});
