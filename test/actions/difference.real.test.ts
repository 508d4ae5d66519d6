// Every action that is carried out by its difference, beside kubectl on a twin: equal objects after it, and as before after the way back.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { WIDGETS } from '../parity/server.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import {
  type ClusterUnderTest,
  Neighbourhood,
  permitFor,
  portsOf,
  signal,
  until,
} from '../support/cluster-under-test.ts';
import { WIDGET_CRD } from '../support/widgets.ts';

const run = promisify(execFile);
const INTENT = { at: '2026-11-22T19:25:14.000Z' };

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

let plane: ControlPlane;
let shop: Neighbourhood;
let folder: string;
let ports: Pick<ClusterUnderTest, 'reader' | 'writer'>;

before(async () => {
  plane = await startControlPlane();
  shop = new Neighbourhood((...one) => plane.request('admin', ...one), 'actions');
  await shop.open();
  await shop.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', WIDGET_CRD);
  await until('widgets are served', async () => (await shop.call('GET', STANDS.widget.path(''))).status === 200);
  const keys = { apiVersion: 'v1', metadata: { name: 'keys' }, data: { 'db.password': 'eA==', other: 'eQ==' } };
  await shop.ask('POST', STANDS.secret.path(''), { ...keys, kind: 'Secret' });
  await shop.ask('POST', STANDS.configmap.path(''), { ...keys, kind: 'ConfigMap' });
  folder = mkdtempSync(join(tmpdir(), 'blastgate-actions-'));
  ports = portsOf(await openCluster({ kubeconfig: plane.kubeconfigPath('admin'), serviceHost: null }));
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await plane?.stop();
});

const kubectl = (...argv: readonly string[]) =>
  run(plane.kubectlPath, ['--kubeconfig', plane.kubeconfigPath('admin'), '-n', shop.namespace, ...argv]);

/** Words of a simple line behind `kubectl`, as a shell would give them. */
const argvOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", '')).slice(1);

/** Keys that controllers and the scheduler set, each time anew or each in its own time. */
const THEIRS =
  /^(?:deployment\.kubernetes\.io\/revision|node\.alpha\.kubernetes\.io\/ttl|(?:batch\.kubernetes\.io\/)?controller-uid|topology\.kubernetes\.io\/(?:zone|region)|nodeName|clusterIPs?|uid|status|resourceVersion|creationTimestamp|managedFields|generation)$/;

const withoutTheirs = (value: Any): Any => {
  if (Array.isArray(value))
    return value
      .filter((one) => !String(one?.key ?? '').startsWith('node.kubernetes.io/'))
      .map((one) => withoutTheirs(one));
  if (typeof value !== 'object' || value === null) return value;
  const own = Object.entries(value).filter(([key]) => !THEIRS.test(key));
  // An empty list or map says as much as none.
  return Object.fromEntries(
    own
      .map(([key, inner]) => [key, withoutTheirs(inner)] as const)
      .filter(([, inner]) => typeof inner !== 'object' || inner === null || Object.keys(inner).length > 0),
  );
};

/** What is left of an object, but for what names it, tells the time or is the server's own. */
const leftOf = (object: Any, name: string): Any =>
  JSON.parse(
    JSON.stringify(withoutTheirs(object))
      .replaceAll(name, 'NAME')
      .replaceAll(/ --(?:kubeconfig|namespace)=\S+/g, '')
      .replaceAll(/kube-api-access-\w+/g, 'kube-api-access'),
  );

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

const OBJECTS = {
  configmap: (name: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: { mode: 'slow', other: 'kept' },
  }),
  secret: (name: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    type: 'Opaque',
    data: { user: 'YXBw', password: 'aHVudGVyMQ==' },
  }),
  service: (name: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: { app: name } },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
  }),
  widget: (name: string) => ({
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name },
    spec: { replicas: 1, size: 2, list: [1, 2] },
  }),
  deployment: (name: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: template(name) },
  }),
} as const;

const STANDS = {
  deployment: stand('/apis/apps/v1', 'deployments', OBJECTS.deployment),
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
  service: stand('/api/v1', 'services', OBJECTS.service),
  widget: stand('/apis/example.com/v1', 'widgets', OBJECTS.widget),
  secret: stand('/api/v1', 'secrets', OBJECTS.secret),
  configmap: stand('/api/v1', 'configmaps', OBJECTS.configmap),
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
  job: stand('/apis/batch/v1', 'jobs', (name) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels: { own: 'yes' } },
    spec: {
      suspend: true,
      template: {
        metadata: { labels: { own: 'yes' } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: 'x:1' }] },
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
  ['deployment', 'kubectl set env deployment/NAME --from=configmap/keys --keys=db.password --prefix=X_ MODE=fast'],
  ['deployment', 'kubectl set env deployment/NAME --from=secret/keys --keys=other -c side'],
  ['deployment', `kubectl patch deployment NAME --record -p '{"spec":{"minReadySeconds":3}}'`],
  ['configmap', `kubectl patch configmap NAME --record --type=merge -p '{"data":{"mode":"fast"}}'`],
  [
    'configmap',
    `kubectl patch configmap NAME --record --type=json -p '[{"op":"replace","path":"/data/mode","value":"fast"}]'`,
  ],
  // a kind that only the cluster knows
  ['widget', 'kubectl label widget NAME a=b'],
  ['widget', 'kubectl annotate widgets.example.com NAME example.com/why=because'],
  ['widget', `kubectl patch widget NAME --type=merge -p '{"spec":{"size":3,"list":[3]}}'`],
  ['widget', `kubectl patch widget NAME --type=json -p '[{"op":"remove","path":"/spec/size"}]'`],
  ['widget', 'kubectl scale widget NAME --replicas=3'],
  ['widget', 'kubectl scale widget NAME --replicas=3 --current-replicas=1'],
  // two writes of one object
  ['deployment', 'kubectl scale deployment NAME --replicas=2 --record'],
  ['widget', 'kubectl scale widget NAME --replicas=3 --record'],
  // what holds a secret, and Secrets themselves
  ['deployment', 'kubectl set env deployment/NAME DB_PASSWORD=hunter2 URL=postgres://app:hunter2@db/shop'],
  ['configmap', `kubectl patch configmap NAME -p '{"data":{"api-token":"hunter2"}}'`],
  ['deployment', 'kubectl annotate deployment NAME example.com/token=hunter2 --record'],
  ['secret', 'kubectl label secret NAME a=b'],
  ['secret', 'kubectl annotate secret NAME example.com/why=because'],
  ['secret', `kubectl patch secret NAME -p '{"stringData":{"password":"hunter2"}}'`],
  ['secret', `kubectl patch secret NAME --type=merge -p '{"data":{"password":"aHVudGVyMg==","user":null}}'`],
  [
    'secret',
    `kubectl patch secret NAME --type=json -p '[{"op":"replace","path":"/data/password","value":"aHVudGVyMg=="},{"op":"remove","path":"/data/user"}]'`,
  ],
];

/** What no patch can bring about: selectors are fixed. */
const otherSelector = (name: string) => {
  const { spec, ...rest } = OBJECTS.deployment(name);
  const labels = { app: name, tier: 'front' };
  return {
    ...rest,
    spec: { ...spec, selector: { matchLabels: labels }, template: { ...spec.template, metadata: { labels } } },
  };
};

/** Commands that make something, or that bring a manifest: [what stands before, the command, the manifest, the path of what is compared]. */
const MADE: readonly (readonly [
  keyof typeof STANDS | null,
  string,
  ((name: string) => object) | null,
  readonly [string, string],
])[] = [
  [null, 'kubectl create deployment NAME --image=web:1 --replicas=1', null, ['/apis/apps/v1', 'deployments']],
  [null, 'kubectl create configmap NAME --from-literal=mode=fast', null, ['/api/v1', 'configmaps']],
  [null, 'kubectl create job NAME --image=x:1 -- true', null, ['/apis/batch/v1', 'jobs']],
  [null, "kubectl create cronjob NAME --image=x:1 --schedule='0 0 1 1 *'", null, ['/apis/batch/v1', 'cronjobs']],
  [null, 'kubectl create service clusterip NAME --tcp=80:8080', null, ['/api/v1', 'services']],
  [
    null,
    'kubectl create secret generic NAME --from-literal=password=hunter2 --from-literal=user=app --type=example.com/login',
    null,
    ['/api/v1', 'secrets'],
  ],
  [
    null,
    'kubectl create secret docker-registry NAME --docker-username=app --docker-password=hunter2 --docker-email=a@b.example',
    null,
    ['/api/v1', 'secrets'],
  ],
  [null, 'kubectl create secret generic NAME', null, ['/api/v1', 'secrets']],
  [
    null,
    'kubectl create secret generic NAME --from-literal=password=hunter2 --save-config -n actions',
    null,
    ['/api/v1', 'secrets'],
  ],
  [null, 'kubectl create -f FILE', (name) => OBJECTS.widget(name), ['/apis/example.com/v1', 'widgets']],
  [null, 'kubectl apply -f FILE', (name) => OBJECTS.widget(name), ['/apis/example.com/v1', 'widgets']],
  [
    'widget',
    'kubectl apply -f FILE',
    (name) => ({ ...OBJECTS.widget(name), spec: { size: 3, list: [] } }),
    ['/apis/example.com/v1', 'widgets'],
  ],
  [
    'widget',
    'kubectl apply --server-side --force-conflicts -f FILE',
    (name) => ({ ...OBJECTS.widget(name), spec: { size: 3 } }),
    ['/apis/example.com/v1', 'widgets'],
  ],
  [
    'widget',
    'kubectl replace -f FILE',
    (name) => ({ ...OBJECTS.widget(name), spec: { size: 3 } }),
    ['/apis/example.com/v1', 'widgets'],
  ],
  [null, 'kubectl create configmap NAME --from-literal=db-password=hunter2', null, ['/api/v1', 'configmaps']],
  [null, 'kubectl run NAME --image=x:1 --env=API_TOKEN=hunter2 -- mysql -phunter2', null, ['/api/v1', 'pods']],
  [null, 'kubectl create -f FILE', (name) => OBJECTS.secret(name), ['/api/v1', 'secrets']],
  [null, 'kubectl apply -f FILE', (name) => OBJECTS.secret(name), ['/api/v1', 'secrets']],
  [
    'secret',
    'kubectl apply -f FILE',
    (name) => ({ ...OBJECTS.secret(name), data: { password: 'aHVudGVyMg==' } }),
    ['/api/v1', 'secrets'],
  ],
  [
    'secret',
    'kubectl apply --server-side --force-conflicts -f FILE',
    (name) => ({ ...OBJECTS.secret(name), data: { password: 'aHVudGVyMg==' } }),
    ['/api/v1', 'secrets'],
  ],
  [
    'secret',
    'kubectl replace -f FILE',
    (name) => ({ ...OBJECTS.secret(name), data: { password: 'aHVudGVyMg==' } }),
    ['/api/v1', 'secrets'],
  ],
  // deleted, waited for, made anew
  ['deployment', 'kubectl replace --force -f FILE', otherSelector, ['/apis/apps/v1', 'deployments']],
  [
    'configmap',
    'kubectl replace --force -f FILE',
    (name) => ({ ...OBJECTS.configmap(name), data: { mode: 'fast' } }),
    ['/api/v1', 'configmaps'],
  ],
  [
    'service',
    'kubectl replace --force -f FILE',
    (name) => ({ ...OBJECTS.service(name), spec: { selector: { app: name }, ports: [{ name: 'alt', port: 81 }] } }),
    ['/api/v1', 'services'],
  ],
  [null, 'kubectl replace --force -f FILE', (name) => OBJECTS.configmap(name), ['/api/v1', 'configmaps']],
  ['deployment', 'kubectl apply --force -f FILE', otherSelector, ['/apis/apps/v1', 'deployments']],
  [
    'configmap',
    'kubectl apply --force -f FILE',
    (name) => ({ ...OBJECTS.configmap(name), data: { mode: 'fast' } }),
    ['/api/v1', 'configmaps'],
  ],
  [null, 'kubectl apply --force -f FILE', (name) => OBJECTS.configmap(name), ['/api/v1', 'configmaps']],
  [null, 'kubectl create serviceaccount NAME', null, ['/api/v1', 'serviceaccounts']],
  [null, 'kubectl create quota NAME --hard=pods=100', null, ['/api/v1', 'resourcequotas']],
  [
    null,
    'kubectl create poddisruptionbudget NAME --selector=app=x --min-available=1',
    null,
    ['/apis/policy/v1', 'poddisruptionbudgets'],
  ],
  [null, "kubectl create ingress NAME --rule='example.com/=web:80'", null, ['/apis/networking.k8s.io/v1', 'ingresses']],
  [null, 'kubectl run NAME --image=x:1', null, ['/api/v1', 'pods']],
  ['deployment', 'kubectl expose deployment NAME --port=80', null, ['/api/v1', 'services']],
  [
    'deployment',
    'kubectl autoscale deployment NAME --min=1 --max=3',
    null,
    ['/apis/autoscaling/v2', 'horizontalpodautoscalers'],
  ],
  ['cronjob', 'kubectl create job NAME --from=cronjob/NAME', null, ['/apis/batch/v1', 'jobs']],
  [null, 'kubectl create -f FILE', (name) => OBJECTS.configmap(name), ['/api/v1', 'configmaps']],
  [null, 'kubectl apply -f FILE', (name) => OBJECTS.deployment(name), ['/apis/apps/v1', 'deployments']],
  [null, 'kubectl apply --server-side -f FILE', (name) => OBJECTS.configmap(name), ['/api/v1', 'configmaps']],
  [
    'configmap',
    'kubectl apply -f FILE',
    (name) => ({ ...OBJECTS.configmap(name), data: { mode: 'fast' } }),
    ['/api/v1', 'configmaps'],
  ],
  [
    'configmap',
    'kubectl apply --server-side --force-conflicts -f FILE',
    (name) => ({ ...OBJECTS.configmap(name), data: { mode: 'fast' } }),
    ['/api/v1', 'configmaps'],
  ],
  [
    'configmap',
    'kubectl replace -f FILE',
    (name) => ({ ...OBJECTS.configmap(name), data: { mode: 'fast' } }),
    ['/api/v1', 'configmaps'],
  ],
  [
    'service',
    'kubectl apply -f FILE',
    (name) => ({
      ...OBJECTS.service(name),
      spec: {
        selector: { app: name },
        ports: [
          { name: 'http', port: 80 },
          { name: 'alt', port: 81 },
        ],
      },
    }),
    ['/api/v1', 'services'],
  ],
];

const settled = async (kind: keyof typeof STANDS, name: string): Promise<void> => {
  if (kind === 'deployment') await shop.atRest('deployments', name);
  if (kind === 'statefulset') await shop.atRest('statefulsets', name);
};

const sealed = async (command: string, files: ReadonlyMap<string, string> = new Map()) =>
  shop.seal(ports.reader, command, ports.writer, files, [WIDGETS]);

/** hunter1 and hunter2, as they are and as Secrets hold them. */
const assertSecretsHidden = (spec: object): void => assert.doesNotMatch(JSON.stringify(spec), /hunter|aHVudGVy/);

describe('beside kubectl', () => {
  for (const [i, [kind, command]] of COMMANDS.entries())
    test(command, async () => {
      const { path, make } = STANDS[kind];
      const [ours, theirs] = [`our-${i}`, `the-${i}`];
      await Promise.all([ours, theirs].map(make));
      for (const name of [ours, theirs]) await settled(kind, name);
      const first = leftOf(await shop.ask('GET', path(ours)), ours);
      const spec = await sealed(command.replace('NAME', ours));
      assert.equal(spec.rehearsed, 'passed', `${spec.rehearsedWhy}`);
      assertSecretsHidden(spec);
      const intent = { ...INTENT, revealed: shop.revealed };
      const written = await ports.writer.write(permitFor(spec, 'forward'), intent, signal());
      assert.equal(written.outcome, 'written', JSON.stringify(written));
      const argv = [...command.replace('NAME', theirs).matchAll(/'([^']*)'|(\S+)/g)].map(
        ([, quoted, plain]) => quoted ?? plain ?? '',
      );
      await kubectl(...argv.slice(1));
      const left = async (name: string): Promise<Any> => leftOf(await shop.ask('GET', path(name)), name);
      assert.deepEqual(await left(ours), await left(theirs));
      assert.equal(await ports.writer.wasWritten(permitFor(spec, 'forward'), INTENT, signal()), 'all');
      assert.notDeepEqual(await left(ours), first, 'it changed something');
      const back = await ports.writer.write(permitFor(spec, 'back'), { ...INTENT, revealed: shop.revealed }, signal());
      assert.equal(back.outcome, 'written', JSON.stringify(back));
      assert.deepEqual(await left(ours), first);
      assert.equal(
        await ports.writer.wasWritten(permitFor(spec, 'back'), { ...INTENT, revealed: shop.revealed }, signal()),
        'all',
      );
    });
});

describe('what is made, or comes as a manifest, beside kubectl', () => {
  for (const [i, [kind, command, manifest, [prefix, plural]]] of MADE.entries())
    test(`${command}${manifest === null ? '' : ` (${kind === null ? 'nothing there' : kind})`}`, async () => {
      const [ours, theirs] = [`mine-${i}`, `thei-${i}`];
      const path = namespaced(prefix, plural);
      const stands = kind === null ? null : STANDS[kind];
      if (stands !== null) await Promise.all([ours, theirs].map(stands.make));
      if (kind !== null) for (const name of [ours, theirs]) await settled(kind, name);
      const read = async (name: string): Promise<Any> => {
        const { status, body } = await shop.call('GET', path(name));
        return status === 404 || (body as Any).metadata.deletionTimestamp !== undefined ? null : leftOf(body, name);
      };
      const first = await read(ours);
      const file = join(folder, `${ours}.json`);
      const words = (name: string): string => command.replaceAll('NAME', name).replace('FILE', file);
      const text = (name: string): string => JSON.stringify(manifest?.(name) ?? {});
      const spec = await sealed(words(ours), new Map([[file, text(ours)]]));
      assert.equal(spec.rehearsed, 'passed', `${spec.rehearsedWhy}`);
      assertSecretsHidden(spec);
      const intent = { ...INTENT, revealed: shop.revealed };
      const written = await ports.writer.write(permitFor(spec, 'forward'), intent, signal());
      assert.equal(written.outcome, 'written', JSON.stringify(written));
      assert.equal(await ports.writer.wasWritten(permitFor(spec, 'forward'), INTENT, signal()), 'all');
      writeFileSync(file, text(theirs));
      await kubectl(...argvOf(words(theirs)));
      assert.deepEqual(await read(ours), await read(theirs));
      const back = await ports.writer.write(permitFor(spec, 'back'), { ...INTENT, revealed: shop.revealed }, signal());
      assert.equal(back.outcome, 'written', JSON.stringify(back));
      assert.deepEqual(await read(ours), first);
      assert.equal(
        await ports.writer.wasWritten(permitFor(spec, 'back'), { ...INTENT, revealed: shop.revealed }, signal()),
        'all',
      );
    });
});

/** Deletions: [what stands, the command]. */
const DELETED: readonly (readonly [keyof typeof STANDS, string])[] = [
  ['deployment', 'kubectl delete deployment NAME'],
  ['statefulset', 'kubectl delete statefulset NAME'],
  ['service', 'kubectl delete service NAME'],
  ['configmap', 'kubectl delete configmap NAME --wait=false'],
  ['secret', 'kubectl delete secret NAME'],
  ['widget', 'kubectl delete widget NAME'],
  ['hpa', 'kubectl delete hpa NAME'],
  ['cronjob', 'kubectl delete cronjob/NAME'],
  ['pdb', 'kubectl delete pdb NAME'],
  ['job', 'kubectl delete job NAME'],
  ['deployment', 'kubectl delete deployment NAME --cascade=orphan'],
];

describe('what is deleted, beside kubectl', () => {
  for (const [i, [kind, command]] of DELETED.entries())
    test(`${command} is gone, and is made again by the way back`, async () => {
      const { path, make } = STANDS[kind];
      const [ours, theirs] = [`gone-${i}`, `away-${i}`];
      await Promise.all([ours, theirs].map(make));
      for (const name of [ours, theirs]) await settled(kind, name);
      const isThere = async (name: string): Promise<boolean> => (await shop.call('GET', path(name))).status === 200;
      const first = leftOf(await shop.ask('GET', path(ours)), ours);
      const spec = await sealed(command.replace('NAME', ours));
      assert.deepEqual(
        [spec.rehearsed, spec.rollbackPlan.rehearsed, spec.rollbackPlan.fidelity],
        ['passed', 'passed', 'partial'],
      );
      assertSecretsHidden(spec);
      const permit = permitFor(spec, 'forward');
      assert.equal((await ports.writer.dryRun(permit, INTENT, signal())).outcome, 'written');
      assert.ok(await isThere(ours), 'a dry run deletes nothing');
      assert.equal((await ports.writer.write(permit, INTENT, signal())).outcome, 'written');
      await kubectl(...argvOf(command.replace('NAME', theirs)));
      for (const name of [ours, theirs]) await until(`${name} is gone`, async () => !(await isThere(name)));
      assert.equal(await ports.writer.wasWritten(permit, INTENT, signal()), 'all');
      const intent = { ...INTENT, revealed: shop.revealed };
      const back = await ports.writer.write(permitFor(spec, 'back'), intent, signal());
      assert.equal(back.outcome, 'written', JSON.stringify(back));
      assert.deepEqual(leftOf(await shop.ask('GET', path(ours)), ours), first);
      assert.equal(await ports.writer.wasWritten(permitFor(spec, 'back'), intent, signal()), 'all');
    });

  test('one that was changed after it was sealed is not deleted', async () => {
    const { path, make } = STANDS.configmap;
    await make('moved');
    const spec = await shop.seal(ports.reader, 'kubectl delete configmap moved', ports.writer);
    await shop.ask('PATCH', path('moved'), { data: { mode: 'other' } }, 'application/merge-patch+json');
    const result = await ports.writer.write(permitFor(spec, 'forward'), INTENT, signal());
    assert.deepEqual([result.outcome, 'code' in result && result.code], ['stale', 'pre-image-changed']);
  });

  test('one that has another of its name by now is not made again', async () => {
    const { path, make } = STANDS.configmap;
    await make('twin');
    const spec = await shop.seal(ports.reader, 'kubectl delete configmap twin', ports.writer);
    assert.equal((await ports.writer.write(permitFor(spec, 'forward'), INTENT, signal())).outcome, 'written');
    await until('it is gone', async () => (await shop.call('GET', path('twin'))).status === 404);
    await make('twin');
    const intent = { ...INTENT, revealed: shop.revealed };
    const back = await ports.writer.write(permitFor(spec, 'back'), intent, signal());
    assert.deepEqual([back.outcome, 'code' in back && back.code], ['stale', 'pre-image-changed']);
  });
});

describe('what apply prunes, beside kubectl', () => {
  const configMap = (name: string, label: string) => ({
    ...OBJECTS.configmap(name),
    metadata: { name, labels: { app: label } },
  });
  const PRUNE = (label: string) =>
    `kubectl apply -f FILE --prune -l app=${label} --prune-allowlist=core/v1/ConfigMap --prune-allowlist=core/v1/Secret`;
  const namesOf = async (label: string): Promise<readonly string[]> => {
    const found = await shop.ask('GET', `${STANDS.configmap.path('')}?labelSelector=app=${label}`);
    return found.items.map(({ metadata }: Any) => metadata.name.replace(label, 'X')).toSorted();
  };
  /** One that was applied and goes, one that was applied and stays, one that nobody applied. */
  const stand = async (label: string): Promise<string> => {
    const file = join(folder, `${label}.json`);
    const [old, kept] = [configMap(`${label}-old`, label), configMap(`${label}-kept`, label)];
    writeFileSync(file, JSON.stringify({ kind: 'List', apiVersion: 'v1', items: [old, kept] }));
    await kubectl('apply', '-f', file);
    await shop.ask('POST', STANDS.configmap.path(''), configMap(`${label}-made`, label));
    const changed = { ...kept, data: { mode: 'fast' } };
    writeFileSync(
      file,
      JSON.stringify({ kind: 'List', apiVersion: 'v1', items: [changed, configMap(`${label}-new`, label)] }),
    );
    return file;
  };

  test('it applies, prunes what was applied before, and comes back', async () => {
    const [ours, theirs] = [await stand('pour'), await stand('pthe')];
    const first = await namesOf('pour');
    const text = readFileSync(ours, 'utf8');
    const spec = await sealed(PRUNE('pour').replace('FILE', ours), new Map([[ours, text]]));
    assert.equal(spec.rehearsed, 'passed', `${spec.rehearsedWhy}`);
    const intent = { ...INTENT, revealed: shop.revealed };
    const written = await ports.writer.write(permitFor(spec, 'forward'), intent, signal());
    assert.equal(written.outcome, 'written', JSON.stringify(written));
    await kubectl(...argvOf(PRUNE('pthe').replace('FILE', theirs)));
    assert.deepEqual(await namesOf('pour'), ['X-kept', 'X-made', 'X-new']);
    assert.deepEqual(await namesOf('pour'), await namesOf('pthe'));
    const back = await ports.writer.write(permitFor(spec, 'back'), intent, signal());
    assert.equal(back.outcome, 'written', JSON.stringify(back));
    assert.deepEqual(await namesOf('pour'), first);
    assert.equal((await shop.ask('GET', STANDS.configmap.path('pour-kept'))).data.mode, 'slow');
  });

  test('what was applied to be pruned after people agreed makes it stale', async () => {
    const file = await stand('late');
    const spec = await sealed(PRUNE('late').replace('FILE', file), new Map([[file, readFileSync(file, 'utf8')]]));
    writeFileSync(file, JSON.stringify(configMap('late-more', 'late')));
    await kubectl('apply', '-f', file);
    const result = await ports.writer.write(permitFor(spec, 'forward'), INTENT, signal());
    assert.deepEqual([result.outcome, 'code' in result && result.code], ['stale', 'targets-changed']);
  });
});
