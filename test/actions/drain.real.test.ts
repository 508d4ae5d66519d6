// What the gate would evict, and what it refuses, beside `kubectl drain --dry-run=server` on the same nodes of a real control plane.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { understand } from '../../src/core/command/understand.ts';
import { liveRefusals } from '../../src/core/evaluation/live-refusals.ts';
import { NO_MEMORY } from '../../src/core/model/facts.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { type ClusterUnderTest, Neighbourhood, portsOf, signal, until } from '../support/cluster-under-test.ts';
import { DrainStage } from '../support/drain-stage.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, written by tests only
type Any = any;

let plane: ControlPlane;
let shop: Neighbourhood;
let reader: ClusterUnderTest['reader'];

before(async () => {
  plane = await startControlPlane();
  shop = new Neighbourhood((...one) => plane.request('admin', ...one), 'choose');
  await shop.open();
  ({ reader } = portsOf(await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null })));
});
after(() => plane?.stop());

/** A pod that stands on the node of its stage, whoever owns it. */
const stands = async (stage: DrainStage, name: string, more: { metadata?: Any; spec?: Any; phase?: string } = {}) => {
  const pods = `/api/v1/namespaces/${shop.namespace}/pods`;
  const own = `${stage.pool}-${name}`;
  await shop.ask('POST', pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: own, labels: { app: name }, ...more.metadata },
    spec: { nodeName: stage.nodeName('a'), containers: [{ name: 'web', image: 'web:1' }], ...more.spec },
  });
  if (more.phase !== undefined) {
    const body = { status: { phase: more.phase } };
    await shop.ask('PATCH', `${pods}/${own}/status`, body, 'application/merge-patch+json');
  }
};
/** Of a kind that no garbage collector knows, so that it lets the pod be. */
const ownedBy = (kind: string, controller = true) => ({
  ownerReferences: [{ apiVersion: 'example.com/v1', kind, name: 'nobody', uid: '1-2-3', controller }],
});
/** The garbage collector takes it away, as far as the finalizer lets it. */
const LOST = {
  ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'nobody', uid: '1-2-3', controller: true }],
  finalizers: ['example.com/hold'],
};
const EMPTY_DIR = { volumes: [{ name: 'scratch', emptyDir: {} }] };
const MIRROR = { annotations: { 'kubernetes.io/config.mirror': 'x' } };
const workload =
  (kind: 'Deployment' | 'StatefulSet' | 'DaemonSet', replicas: number, spec: Any = {}) =>
  (stage: DrainStage) =>
    stage.workload(kind, `${stage.pool}-${kind.toLowerCase()}`, replicas, spec);
const pod =
  (name: string, more: Parameters<typeof stands>[2] = {}) =>
  (stage: DrainStage) =>
    stands(stage, name, more);
/** On its way out, held by a finalizer; the time is what the server took. */
const leaving = (name: string) => async (stage: DrainStage) => {
  await stands(stage, name, { metadata: { ...ownedBy('Thing'), finalizers: ['example.com/hold'] } });
  const path = `/api/v1/namespaces/${shop.namespace}/pods/${stage.pool}-${name}`;
  await shop.ask('DELETE', `${path}?gracePeriodSeconds=0`);
  await until('the deletion', async () => (await shop.ask('GET', path)).metadata.deletionTimestamp !== undefined);
  await new Promise((rest) => setTimeout(rest, 3500));
};

/** What stands on the node, and the flags of drain that are tried on it. */
const SETUPS: readonly (readonly [
  what: string,
  make: readonly ((stage: DrainStage) => Promise<unknown>)[],
  flags: readonly string[],
])[] = [
  ['nothing', [], ['']],
  ['a deployment', [workload('Deployment', 2)], ['', '--force', '--grace-period=5']],
  ['a stateful set', [workload('StatefulSet', 2)], ['']],
  ['a daemon set', [workload('DaemonSet', 1)], ['', '--ignore-daemonsets', '--force']],
  ['a deployment and a daemon set', [workload('Deployment', 1), workload('DaemonSet', 1)], ['', '--ignore-daemonsets']],
  ['a bare pod', [pod('bare')], ['', '--force']],
  ['a pod of a kind that is not known', [pod('own', { metadata: ownedBy('Thing') })], ['']],
  ['a pod of a daemon set that is gone', [pod('lost', { metadata: LOST })], ['', '--ignore-daemonsets', '--force']],
  ['a mirror pod', [pod('mirror', { metadata: MIRROR })], ['', '--force']],
  ['a mirror pod with data', [pod('mirror', { metadata: MIRROR, spec: EMPTY_DIR })], ['']],
  ['a deployment with emptyDir', [workload('Deployment', 1, EMPTY_DIR)], ['', '--delete-emptydir-data']],
  ['a daemon set with emptyDir', [workload('DaemonSet', 1, EMPTY_DIR)], ['--ignore-daemonsets']],
  [
    'a bare pod with emptyDir',
    [pod('data', { spec: EMPTY_DIR })],
    ['', '--force', '--delete-emptydir-data', '--force --delete-emptydir-data'],
  ],
  ['a bare pod that has succeeded', [pod('done', { phase: 'Succeeded' })], ['']],
  ['a bare pod that has failed, with data', [pod('done', { phase: 'Failed', spec: EMPTY_DIR })], ['']],
  ['a finished pod of a daemon set', [pod('done', { phase: 'Succeeded', metadata: LOST })], ['']],
  [
    'a pod on its way out',
    [leaving('going')],
    ['', '--skip-wait-for-delete-timeout=1', '--skip-wait-for-delete-timeout=600'],
  ],
  [
    'several reasons at once',
    [pod('bare'), pod('data', { metadata: ownedBy('Thing'), spec: EMPTY_DIR }), workload('DaemonSet', 1)],
    ['', '--force', '--ignore-daemonsets --force', '--ignore-daemonsets --force --delete-emptydir-data'],
  ],
  [
    'pods of two labels',
    [
      pod('one', { metadata: { ...ownedBy('Thing'), labels: { app: 'one' } } }),
      pod('two', { metadata: { ...ownedBy('Thing'), labels: { app: 'two' } } }),
    ],
    [
      '--pod-selector=app=one',
      '--pod-selector=app!=one',
      "--pod-selector='app in (one,two)'",
      '--pod-selector=app=three',
    ],
  ],
  [
    'a bare pod beside what the selector takes',
    [pod('bare'), pod('two', { metadata: { ...ownedBy('Thing'), labels: { app: 'two' } } })],
    ['--pod-selector=app=two', '--pod-selector=app=bare'],
  ],
  ['a cordoned node', [workload('Deployment', 1), (stage) => stage.setCordoned('a', true)], ['']],
  ['a pod of a DaemonSet that is not of Kubernetes', [pod('other', { metadata: ownedBy('DaemonSet') })], ['']],
  ['a pod with an owner that is no controller', [pod('owned', { metadata: ownedBy('Thing', false) })], ['', '--force']],
];

/** kubectl's reasons, by a part of each that no other has. */
const REASONS: readonly (readonly [code: string, said: RegExp])[] = [
  [
    '--ignore-daemonsets',
    /DaemonSet-managed Pods \(use --ignore-daemonsets to ignore\): ([^\n;]+?)(?=, cannot delete|\]|$|, continuing)/,
  ],
  [
    '--delete-emptydir-data',
    /Pods with local storage \(use --delete-emptydir-data to override\): ([^\n;]+?)(?=, cannot delete|\]|$|, continuing)/,
  ],
  [
    '--force',
    /Pods that declare no controller \(use --force to override\): ([^\n;]+?)(?=, cannot delete|\]|$|, continuing)/,
  ],
  ['--force', /daemonsets\.apps "nobody" not found: ([^\n;]+?)(?=, cannot delete|\]|$|, continuing)/],
];

interface Choice {
  readonly evicted: readonly string[];
  /** "--force shop/x" */
  readonly refused: readonly string[];
}

const byKubectl = async (line: string): Promise<Choice> => {
  const argv = [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", '')).slice(1);
  const said = await new Promise<string>((resolve) => {
    const flags = ['--kubeconfig', plane.kubeconfigPath('admin'), ...argv, '--dry-run=server', '--timeout=20s'];
    execFile(plane.kubectlPath, flags, (_, stdout, stderr) => resolve(`${stdout}\n${stderr}`));
  });
  const verbs = /^(?:evicting|deleting) pod (\S+) \(server dry run\)$/gm;
  const deleted = /^pod\/(\S+) (?:deleted|evicted) \(server dry run\)$/gm;
  const evicted = [...said.matchAll(verbs)].map(([, name = '']) => name);
  const only = [...said.matchAll(deleted)].map(([, name = '']) => `${shop.namespace}/${name}`);
  const errors = said
    .split('\n')
    .filter((one) => one.startsWith('error: unable to drain'))
    .join('\n');
  const refused = REASONS.flatMap(([code, reason]) =>
    (reason.exec(errors)?.[1] ?? '')
      .split(', ')
      .filter(Boolean)
      .map((name) => `${code} ${name}`),
  );
  const all = evicted.length > 0 ? evicted : only;
  return { evicted: refused.length > 0 ? [] : [...new Set(all)].toSorted(), refused: refused.toSorted() };
};

const FLAG = {
  'daemon-set': '--ignore-daemonsets',
  'daemon-set-gone': '--force',
  'empty-dir': '--delete-emptydir-data',
  'no-controller': '--force',
} as const;

const byGate = async (line: string): Promise<Choice> => {
  const understanding = understand(
    { kind: 'line', line },
    { namespace: shop.namespace, files: new Map(), customResources: [], readDocuments },
  );
  assert.deepEqual(understanding.refusals, [], line);
  const effects = understanding.parts.flatMap((part) => part.effects);
  const seen = await reader.readFacts(effects, signal());
  assert.deepEqual(seen.missing, [], line);
  const refused = (seen.undrainable ?? []).flatMap(({ why, pods }) => pods.map((one) => `${FLAG[why]} ${one}`));
  const codes = liveRefusals(understanding, { ...seen, ...NO_MEMORY }).map(({ code }) => code);
  assert.equal(codes.includes('drain-refused'), refused.length > 0, line);
  const pods = seen.targets
    .filter(({ resource }) => resource === 'pods')
    .map(({ namespace, name }) => `${namespace}/${name}`);
  return { evicted: refused.length > 0 ? [] : pods.toSorted(), refused: refused.toSorted() };
};

describe('what is drained is what kubectl drains', { concurrency: 4 }, () => {
  for (const [i, [what, make, flags]] of SETUPS.entries())
    test(what, { timeout: 180_000 }, async () => {
      const stage = new DrainStage(shop, `set${i}`);
      const node = await stage.node('a');
      for (const one of make) await one(stage);
      for (const flag of flags) {
        const line = `kubectl drain ${node} ${flag}`.trim();
        assert.deepEqual(await byGate(line), await byKubectl(line), line);
      }
    });
});
