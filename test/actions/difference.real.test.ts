// Every action that is carried out by its difference, beside kubectl on a twin: equal objects after it, and as before after the way back.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { type ClusterUnderTest, Neighbourhood, permitFor, portsOf, signal } from '../support/cluster-under-test.ts';

const run = promisify(execFile);
const INTENT = { at: '2026-11-22T19:25:14.000Z' };

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

let plane: ControlPlane;
let shop: Neighbourhood;
let ports: Pick<ClusterUnderTest, 'reader' | 'writer'>;

before(async () => {
  plane = await sharedControlPlane();
  shop = new Neighbourhood((...one) => plane.request('admin', ...one), 'actions');
  await shop.open();
  ports = portsOf(await openCluster({ kubeconfig: plane.kubeconfigPath('admin'), serviceHost: null }));
});
after(() => plane?.stop());

const kubectl = (...argv: readonly string[]) =>
  run(plane.kubectlPath, ['--kubeconfig', plane.kubeconfigPath('admin'), '-n', shop.namespace, ...argv]);

/** What is left of an object, but for what names it, tells the time or is the server's own. */
const leftOf = (found: Any, name: string): Any => {
  const { status: _, metadata, ...rest } = found;
  const { uid, resourceVersion, creationTimestamp, managedFields, generation, selfLink, ...own } = metadata;
  const { 'deployment.kubernetes.io/revision': __, ...annotations } = own.annotations ?? {};
  const { clusterIP, clusterIPs, taints = [], ...spec } = rest.spec ?? {};
  // Controllers of the cluster taint nodes too, each in its own time.
  const given = taints.filter(({ key }: Any) => !key.startsWith('node.kubernetes.io/'));
  const object = { ...rest, spec: { ...spec, taints: given }, metadata: { ...own, annotations } };
  return JSON.parse(
    JSON.stringify(object)
      .replaceAll(name, 'NAME')
      .replaceAll(/ --(?:kubeconfig|namespace)=\S+/g, ''),
  );
};

/** A kind of object to act upon: how it is made, and where it stands. */
interface Stand {
  readonly path: (name: string) => string;
  readonly make: (name: string) => Promise<unknown>;
}

const namespaced = (prefix: string, plural: string) => (name: string) =>
  `${prefix}/namespaces/${shop.namespace}/${plural}${name === '' ? '' : `/${name}`}`;
const made =
  (path: (name: string) => string, object: (name: string) => object): Stand['make'] =>
  (name) =>
    shop.ask('POST', path(''), object(name));

const stand = (prefix: string, plural: string, object: (name: string) => object): Stand => {
  const path = namespaced(prefix, plural);
  return { path, make: made(path, object) };
};

const template = (name: string) => ({
  metadata: { labels: { app: name } },
  spec: {
    containers: [
      { name: 'web', image: 'web:1', env: [{ name: 'OLD', value: 'x' }] },
      { name: 'side', image: 'side:1' },
    ],
  },
});

const STANDS = {
  deployment: stand('/apis/apps/v1', 'deployments', (name) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: template(name) },
  })),
  paused: stand('/apis/apps/v1', 'deployments', (name) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: 1, paused: true, selector: { matchLabels: { app: name } }, template: template(name) },
  })),
  statefulset: stand('/apis/apps/v1', 'statefulsets', (name) => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: { replicas: 1, serviceName: name, selector: { matchLabels: { app: name } }, template: template(name) },
  })),
  service: stand('/api/v1', 'services', (name) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: { app: name } },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
  })),
  configmap: stand('/api/v1', 'configmaps', (name) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: { mode: 'slow', other: 'kept' },
  })),
  hpa: stand('/apis/autoscaling/v2', 'horizontalpodautoscalers', (name) => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name }, minReplicas: 1, maxReplicas: 3 },
  })),
  cronjob: stand('/apis/batch/v1', 'cronjobs', (name) => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name },
    spec: {
      schedule: '0 0 1 1 *',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: 'x:1' }] } } },
      },
    },
  })),
  pdb: stand('/apis/policy/v1', 'poddisruptionbudgets', (name) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name },
    spec: { minAvailable: 1, selector: { matchLabels: { app: name } } },
  })),
  node: {
    path: (name) => `/api/v1/nodes${name === '' ? '' : `/${name}`}`,
    make: (name) =>
      shop.ask('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { pool: 'a' } } }),
  },
} as const satisfies { readonly [name: string]: Stand };

/** [what it stands on, the command; NAME is the object]. */
const COMMANDS: readonly (readonly [keyof typeof STANDS, string])[] = [
  ['deployment', 'kubectl label deployment NAME tier=front'],
  ['deployment', 'kubectl label deployment NAME app-'],
  ['deployment', 'kubectl label deployment NAME app=other --overwrite'],
  ['service', 'kubectl label svc/NAME a=1 b=2'],
  ['configmap', 'kubectl annotate configmap NAME example.com/why=because'],
  ['node', 'kubectl label node NAME pool=b --overwrite'],
  ['node', 'kubectl annotate node NAME example.com/why=because'],
  ['node', 'kubectl cordon NAME'],
  ['node', 'kubectl taint node NAME dedicated=db:NoSchedule'],
  ['deployment', 'kubectl rollout pause deployment/NAME'],
  ['paused', 'kubectl rollout resume deployment/NAME'],
  ['deployment', 'kubectl set env deployment/NAME MODE=fast OLD-'],
  ['deployment', 'kubectl set env deployment/NAME -c side MODE=fast'],
  ['statefulset', 'kubectl set env statefulset/NAME MODE=fast'],
  ['deployment', 'kubectl set resources deployment/NAME --requests=cpu=10m --limits=cpu=1,memory=64Mi'],
  ['deployment', 'kubectl set serviceaccount deployment/NAME builder'],
  ['service', 'kubectl set selector service NAME app=other'],
  ['deployment', `kubectl patch deployment NAME -p '{"spec":{"minReadySeconds":3}}'`],
  [
    'deployment',
    `kubectl patch deployment NAME --type=merge -p '{"metadata":{"labels":{"a":"b"}},"spec":{"progressDeadlineSeconds":99}}'`,
  ],
  [
    'deployment',
    `kubectl patch deployment NAME --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"web:9"}]'`,
  ],
  [
    'deployment',
    `kubectl patch deployment NAME -p '{"spec":{"template":{"spec":{"containers":[{"name":"extra","image":"extra:1"}]}}}}'`,
  ],
  ['service', `kubectl patch service NAME -p '{"spec":{"ports":[{"name":"alt","port":81}]}}'`],
  ['configmap', `kubectl patch configmap NAME -p '{"data":{"mode":"fast"}}'`],
  ['configmap', `kubectl patch configmap NAME --type=merge -p '{"data":{"mode":null,"new":"1"}}'`],
  ['hpa', `kubectl patch hpa NAME -p '{"spec":{"maxReplicas":5}}'`],
  ['cronjob', `kubectl patch cronjob NAME -p '{"spec":{"suspend":true}}'`],
  ['pdb', `kubectl patch pdb NAME --type=merge -p '{"spec":{"minAvailable":2}}'`],
  ['deployment', 'kubectl set image deployment/NAME web=web:2 --record'],
  ['deployment', 'kubectl scale deployment NAME --replicas=2 --current-replicas=1'],
];

const settled = async (kind: keyof typeof STANDS, name: string): Promise<void> => {
  if (kind === 'deployment') await shop.atRest('deployments', name);
  if (kind === 'statefulset') await shop.atRest('statefulsets', name);
};

describe('beside kubectl', () => {
  for (const [i, [kind, command]] of COMMANDS.entries())
    test(command, async () => {
      const { path, make } = STANDS[kind];
      const [ours, theirs] = [`our-${i}`, `the-${i}`];
      await Promise.all([ours, theirs].map(make));
      for (const name of [ours, theirs]) await settled(kind, name);
      const first = leftOf(await shop.ask('GET', path(ours)), ours);
      const spec = await shop.seal(ports.reader, command.replace('NAME', ours), ports.writer);
      assert.equal(spec.rehearsed, 'passed', `${spec.rehearsedWhy}`);
      const written = await ports.writer.write(permitFor(spec, 'forward'), INTENT, signal());
      assert.equal(written.outcome, 'written', JSON.stringify(written));
      const argv = [...command.replace('NAME', theirs).matchAll(/'([^']*)'|(\S+)/g)].map(
        ([, quoted, plain]) => quoted ?? plain ?? '',
      );
      await kubectl(...argv.slice(1));
      const left = async (name: string): Promise<Any> => leftOf(await shop.ask('GET', path(name)), name);
      assert.deepEqual(await left(ours), await left(theirs));
      assert.equal(await ports.writer.wasWritten(permitFor(spec, 'forward'), INTENT, signal()), 'all');
      assert.notDeepEqual(await left(ours), first, 'it changed something');
      const back = await ports.writer.write(permitFor(spec, 'back'), INTENT, signal());
      assert.equal(back.outcome, 'written', JSON.stringify(back));
      assert.deepEqual(await left(ours), first);
      assert.equal(await ports.writer.wasWritten(permitFor(spec, 'back'), INTENT, signal()), 'all');
    });
});
