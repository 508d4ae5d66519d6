// The impact picture and its drawings: what is in it, what is grouped, and that no name escapes its quotes.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Effect } from '../model/effect.ts';
import type { TargetFact } from '../model/facts.ts';
import { type Neighbourhood, NO_NEIGHBOURS, type PodFact } from '../model/neighbourhood.ts';
import { impactDot, impactMermaid } from '../text/impact-drawings.ts';
import { impactTree } from '../text/impact-tree.ts';
import { type Impact, impactOf, NO_IMPACT } from './impact.ts';
import { reachOf } from './reach.ts';

const effect: Effect = {
  verb: 'delete',
  group: 'apps',
  resource: 'deployments',
  subresource: null,
  namespace: 'shop',
  name: 'web',
  selector: null,
  kind: 'delete-object',
  known: 'built-in',
  dryRun: false,
  traits: [],
  change: { to: 'absence', gracePeriodSeconds: null, propagation: 'Background' },
  labelKeys: [],
  annotationKeys: [],
  templateKeys: [],
  desired: null,
  subjects: [],
};

const target: TargetFact = {
  group: 'apps',
  resource: 'deployments',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  uid: 'u-web',
  preImage: {},
  revision: 1,
  revisions: [1],
  replicas: 3,
  controller: null,
  protected: false,
};

const WEB = 'deployments.apps shop/web';
const SET = 'replicasets.apps shop/web-1';

const pod = (name: string, more: Partial<PodFact> = {}): PodFact => ({
  uid: `u-${name}`,
  namespace: 'shop',
  name,
  labels: {},
  controller: SET,
  workload: WEB,
  node: 'n1',
  ready: true,
  finished: false,
  claims: [],
  requests: { cpuMillis: 0, memoryBytes: 0 },
  admittedBy: null,
  ...more,
});

const workload = (key: string, controller: string | null, pods: number) => ({
  key,
  uid: `u-${key}`,
  controller,
  replicas: pods,
  pods,
  ready: pods,
  rollout: null,
  paused: false,
  claimRetention: null,
  admittedAfter: null,
});

const neighbourhood = (names: readonly string[]): Neighbourhood => ({
  ...NO_NEIGHBOURS,
  pods: names.map((name) => pod(name)),
  workloads: [workload(WEB, null, names.length), workload(SET, WEB, names.length)],
  services: [
    {
      namespace: 'shop',
      name: 'cart',
      uid: 'u-cart',
      selector: [],
      ready: names.length,
      pods: names.map((name) => `u-${name}`),
    },
  ],
  budgets: [
    {
      namespace: 'shop',
      name: 'web',
      uid: 'u-pdb',
      selector: [],
      disruptionsAllowed: 1,
      follows: 'nothing',
      pods: names.map((name) => `u-${name}`),
    },
  ],
  autoscalers: [{ namespace: 'shop', name: 'web', uid: 'u-hpa', target: WEB, min: 1, max: 9 }],
  ingresses: [
    { key: 'ingresses.networking.k8s.io shop/front', namespace: 'shop', uid: 'u-ing', services: ['cart', 'elsewhere'] },
  ],
});

suite('the picture of a deletion', () => {
  const impact = impactOf([effect], [target], neighbourhood(['a', 'b', 'c']));
  test('holds the objects with what becomes of them', () => {
    assert.deepEqual(
      impact.nodes.map(({ id, role }) => `${role} ${id}`),
      [
        'target deployments.apps shop/web',
        'near horizontalpodautoscalers.autoscaling shop/web',
        'near ingresses.networking.k8s.io shop/front',
        'near nodes n1',
        'breaks poddisruptionbudgets.policy shop/web',
        'goes pods shop/* of replicasets.apps shop/web-1',
        'near replicasets.apps shop/web-1',
        'breaks services shop/cart',
      ],
    );
  });
  test('every edge ends at a node', () => {
    const ids = new Set(impact.nodes.map(({ id }) => id));
    assert.ok(impact.edges.length > 0);
    assert.ok(impact.edges.every(({ from, to }) => ids.has(from) && ids.has(to)));
  });
  test('is a tree from the workload down to the ingress, pods that are alike on one line', () => {
    assert.deepEqual(impactTree(impact, 'en'), [
      'deployments.apps shop/web (touched)',
      '├─ horizontalpodautoscalers.autoscaling shop/web',
      '└─ replicasets.apps shop/web-1',
      '   └─ 3 pods shop/* of replicasets.apps shop/web-1 (goes)',
      '      ├─ poddisruptionbudgets.policy shop/web (breaks)',
      '      └─ services shop/cart (breaks)',
      '         └─ ingresses.networking.k8s.io shop/front',
    ]);
  });
  test('reaches the workload, its namespace and the node of its pods', () => {
    assert.deepEqual(reachOf(impact, [effect]), { workloads: [WEB], namespaces: ['shop'], nodes: ['n1'] });
  });
  test('stays the same when a pod is replaced by another', () => {
    assert.deepEqual(impactOf([effect], [target], neighbourhood(['a', 'b', 'd'])), impact);
  });
  test('does not change with what is ready', () => {
    const seen = neighbourhood(['a', 'b', 'c']);
    const flapping = {
      ...seen,
      pods: seen.pods.map((one, at) => ({ ...one, ready: at > 0 })),
      services: seen.services.map((one) => ({ ...one, ready: 2, pods: one.pods.slice(1) })),
    };
    assert.deepEqual(impactOf([effect], [target], flapping), impactOf([effect], [target], seen));
  });
});

test('very many pods of one controller are one node, with every edge', () => {
  const names = Array.from({ length: 1000 }, (_, at) => `web-1-${at}`);
  const impact = impactOf([effect], [target], neighbourhood(names));
  const pods = impact.nodes.filter(({ id }) => id.startsWith('pods '));
  assert.deepEqual(pods, [{ id: `pods shop/* of ${SET}`, uid: null, role: 'goes', count: 1000 }]);
  assert.equal(impactTree(impact, 'en')[3], `   └─ 1000 pods shop/* of ${SET} (goes)`);
  assert.ok(JSON.stringify(impact).length < 4000);
});

test('reads and dry runs touch nothing', () => {
  assert.deepEqual(impactOf([{ ...effect, dryRun: true }], [target], neighbourhood(['a'])), NO_IMPACT);
  assert.deepEqual(impactOf([{ ...effect, verb: 'get' }], [target], neighbourhood(['a'])), NO_IMPACT);
});

suite('names that would draw something else', () => {
  const evil = 'x"]\n  n9["<b>&`--> %% \\" #';
  const impact: Impact = {
    nodes: [
      { id: `roles ${evil}`, uid: null, role: 'target', count: 1 },
      { id: `roles 2${evil}`, uid: null, role: 'near', count: 1 },
    ],
    edges: [{ from: `roles ${evil}`, to: `roles 2${evil}`, relation: 'owns' }],
  };
  test('stay inside their quotes in Mermaid', () => {
    const lines = (impactMermaid(impact, 'en') ?? '').split('\n');
    assert.equal(lines.length, 5);
    assert.match(lines[1] ?? '', /^ {2}n0\["[\p{L}\p{N} ./,_#;-]*"\]$/u);
    assert.equal(lines[3], '  n0 -->|owns| n1');
  });
  test('stay inside their quotes in dot', () => {
    const lines = impactDot(impact, 'en').split('\n');
    assert.equal(lines.length, 8);
    for (const line of lines.slice(3, 6)) assert.doesNotMatch(line.replace(/"(?:[^"\\]|\\.)*"/g, '""'), /roles|<b>/);
  });
  test('stay on their line in the tree', () => {
    assert.equal(impactTree(impact, 'en').length, 2);
  });
});

test('a picture of nothing is no drawing', () => {
  assert.equal(impactMermaid(NO_IMPACT, 'en'), null);
  assert.deepEqual(impactTree(NO_IMPACT, 'zh-TW'), []);
});

test('two parents: the branch is printed once', () => {
  const seen = neighbourhood(['a']);
  const drained: Effect = {
    ...effect,
    verb: 'patch',
    group: '',
    resource: 'nodes',
    namespace: null,
    name: 'n1',
    kind: 'drain',
    change: { to: 'other' },
  };
  const node: TargetFact = {
    ...target,
    group: '',
    resource: 'nodes',
    kind: 'Node',
    namespace: null,
    name: 'n1',
    replicas: null,
  };
  const tree = impactTree(impactOf([drained], [node], seen), 'en');
  assert.equal(tree.filter((line) => line.includes('ingresses')).length, 1);
  assert.ok(tree.some((line) => line.endsWith('pods shop/a (goes, see above)')));
});

/** The picture of a new number of replicas, or of another change, of a workload that has some; its line of pods. */
const podsLine = (
  change: Partial<Effect>,
  {
    names,
    of = WEB,
    controller = SET,
    more = [],
  }: { names: readonly string[]; of?: string; controller?: string; more?: readonly PodFact[] },
): string => {
  const [resource = '', name = ''] = [of.split('.')[0], of.split('/')[1]];
  const scale: Effect = { ...effect, resource, name, verb: 'patch', subresource: 'scale', kind: 'scale', ...change };
  const seen = neighbourhood([]);
  const all = [...names.map((one) => pod(one, { controller, workload: of })), ...more];
  const around: Neighbourhood = {
    ...seen,
    pods: all,
    workloads: [
      {
        ...workload(of, null, all.filter(({ finished }) => !finished).length),
        rollout: { type: 'RollingUpdate', maxUnavailable: 1, maxSurge: 0 },
      },
    ],
    services: [],
    budgets: [],
    ingresses: [],
  };
  const impact = impactOf([scale], [{ ...target, resource, name, replicas: names.length }], around);
  return impactTree(impact, 'en')
    .filter((line) => line.includes('pods '))
    .map((line) => line.replace(/^.*?((\d+ )?pods )/, '$1'))
    .join('; ');
};

const SIX = ['a', 'b', 'c', 'd', 'e', 'f'];
const to = (replicas: number): Partial<Effect> => ({ change: { to: 'replicas', replicas } });

suite('how many pods go', () => {
  const STS = 'statefulsets.apps shop/db';
  const ordinals = SIX.map((_, at) => `db-${at}`);
  for (const [what, line, expected] of [
    ['six to five', podsLine(to(5), { names: SIX }), `6 pods shop/* of ${SET} (1 of them goes)`],
    ['six to two', podsLine(to(2), { names: SIX }), `6 pods shop/* of ${SET} (4 of them go)`],
    ['six to none', podsLine(to(0), { names: SIX }), `6 pods shop/* of ${SET} (goes)`],
    ['one to none', podsLine(to(0), { names: ['a'] }), `pods shop/* of ${SET} (goes)`],
    ['six to eight', podsLine(to(8), { names: SIX }), `6 pods shop/* of ${SET}`],
    ['six to six', podsLine(to(6), { names: SIX }), `6 pods shop/* of ${SET}`],
    [
      'the last ordinals of a StatefulSet',
      podsLine(to(5), { names: ordinals, of: STS, controller: STS }),
      `6 pods shop/* of ${STS} (1 of them goes)`,
    ],
    [
      'all are replaced by a restart, one by one',
      podsLine({ kind: 'rollout-restart', change: { to: 'restart' } }, { names: SIX }),
      `6 pods shop/* of ${SET} (goes)`,
    ],
    [
      'finished pods are none of them',
      podsLine(to(5), { names: SIX, more: [pod('old', { finished: true, ready: false })] }),
      `7 pods shop/* of ${SET} (1 of them goes)`,
    ],
    [
      'while another ReplicaSet stands beside, as many of it as may go at most',
      podsLine(to(4), { names: SIX, more: [pod('g', { controller: 'replicasets.apps shop/web-2' })] }),
      `6 pods shop/* of ${SET} (3 of them go); pods shop/* of replicasets.apps shop/web-2 (goes)`,
    ],
  ] as const)
    test(what, () => assert.equal(line, expected));

  test('the picture of a new bound of an autoscaler names no pod as one that goes', () => {
    const bound: Effect = {
      ...effect,
      verb: 'patch',
      group: 'autoscaling',
      resource: 'horizontalpodautoscalers',
      kind: 'patch',
      change: { to: 'bounds', max: 4 },
    };
    const hpa = { ...target, group: 'autoscaling', resource: 'horizontalpodautoscalers', replicas: null };
    assert.deepEqual(
      impactOf([bound], [hpa], neighbourhood(SIX)).nodes.filter(({ role }) => role === 'goes'),
      [],
    );
  });

  test('drawings and both languages say it, and pods that are alike are counted together', () => {
    const impact: Impact = {
      nodes: ['a', 'b'].map((name) => ({ id: `pods shop/${name}`, uid: null, role: 'goes', count: 3, going: 1 })),
      edges: [],
    };
    assert.match(impactMermaid(impact, 'en') ?? '', /6 pods shop\/a, shop\/b #40;2 of them go#41;/);
    assert.match(impactDot(impact, 'zh-TW'), /6 個 Pod shop\/a, shop\/b \(其中 2 個中止\)/);
  });
});
