// deploy/guard-executor.yaml on a control plane of its own, whose API server asks a gate: what was approved is written and taken back,
// a stolen token of the gate's account writes nothing, and nobody else notices that the gate is dead.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { parse, parseAllDocuments } from 'yaml';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import type { Remediation } from '../../src/core/remediation/remediation.ts';
import { isFinal } from '../../src/core/remediation/state.ts';
import { type OpenedAdmission, openAdmission } from '../../src/doors/open-admission.ts';
import { propose } from '../../src/flow/requests/propose.ts';
import { recordVote } from '../../src/flow/requests/record-vote.ts';
import { createTrials, withTrials } from '../../src/flow/requests/trials.ts';
import { memoryLog } from '../fakes/log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import type { ApiAnswer } from '../servers/kubernetes-api.ts';
import type { Manifest } from '../servers/manifest.ts';
import { freePort } from '../servers/server-process.ts';
import { Neighbourhood, portsOf, until } from '../support/cluster-under-test.ts';
import { HEALER } from '../support/memory-gate.ts';
import { nextOfAll } from '../support/next-of-all.ts';
import { ranCli } from '../support/run-cli.ts';
import { type GateOn, gateOn, story } from '../verification/gate-on.ts';
import { install, uninstall } from './install.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

const never = new AbortController().signal;
const MERGE = 'application/merge-patch+json';
const SHOP = '/api/v1/namespaces/shop';
const APPS = '/apis/apps/v1/namespaces/shop';

const data = mkdtempSync(join(tmpdir(), 'blastgate-executor-'));
const log = memoryLog();
let port: number;
let plane: ControlPlane;
let shop: Neighbourhood;
let on: GateOn;
let open: () => Promise<void>;
let admission: OpenedAdmission | null = null;
const ending = new AbortController();
let guard: readonly Manifest[];

/** The command as the operator runs it beside the gate. */
const guardExecutor = async (...words: readonly string[]): Promise<string> => {
  const env = { BLASTGATE_DATA: data, BLASTGATE_ADMISSION_LISTEN: `127.0.0.1:${port}` };
  const { code, out, err } = await ranCli(['guard-executor', ...words], { env });
  assert.equal(code, 0, err);
  return out;
};

before(async () => {
  port = await freePort();
  const [configuration, kubeconfig] = parseAllDocuments(await guardExecutor('--client')).map(
    (one) => one.toJS() as Any,
  );
  const files = [join(data, 'admission.yaml'), join(data, 'client.kubeconfig')] as const;
  configuration.plugins[0].configuration.kubeConfigFile = files[1];
  writeFileSync(files[0], JSON.stringify(configuration), { mode: 0o600 });
  writeFileSync(files[1], JSON.stringify(kubeconfig), { mode: 0o600 });
  plane = await startControlPlane({ apiServerFlags: [`--admission-control-config-file=${files[0]}`] });
  shop = new Neighbourhood((...call) => plane.request('admin', ...call), 'shop');
  await shop.open();
  const { reader, writer } = portsOf(
    await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null }),
  );
  const trials = createTrials();
  on = gateOn({ reader, writer: withTrials(writer, trials) }, 'shop');
  open = async () => {
    const settings = { listen: { host: '127.0.0.1', port }, url: `https://127.0.0.1:${port}/admission` };
    const asking = { gate: { ...on.gate, log }, trials };
    admission = await openAdmission({ clusters: [asking], unnamed: asking }, data, settings);
    void admission.keep(ending.signal);
  };
  await open();
  // As docs/operate.md says of a gate that shall only create Secrets.
  const secrets = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop';
  const metadata = { name: 'makes-secrets' };
  const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['create'] }];
  await shop.ask('POST', `${secrets}/roles`, { kind: 'Role', metadata, rules });
  await shop.ask('POST', `${secrets}/rolebindings`, {
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'gate' }],
  });
  for (const name of ['web', 'api', 'one', 'two', 'three', 'four', 'five', 'six', 'seven'])
    await shop.deploy({ kind: 'Deployment', name, image: 'web:1', replicas: 2 });
  await shop.deploy({ kind: 'StatefulSet', name: 'db', image: 'db:1', replicas: 2 });
  for (const name of ['settings', 'others', 'old'])
    await shop.ask('POST', `${SHOP}/configmaps`, {
      kind: 'ConfigMap',
      metadata: { name },
      data: { a: '1', password: 's3cret-value' },
    });
  await shop.ask('POST', `${SHOP}/services`, {
    kind: 'Service',
    metadata: { name: 'front' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  });
  await shop.ask('POST', `${SHOP}/pods`, {
    kind: 'Pod',
    metadata: { name: 'alone' },
    spec: { containers: [{ name: 'web', image: 'web:1' }] },
  });
  guard = [parse(await guardExecutor('--account', 'gate')) as Manifest];
  await install(plane, guard);
  await until(
    'the webhook is called',
    async () => (await asThief('POST', `${SHOP}/configmaps`, configMap('try'))).status === 403,
  );
});
after(async () => {
  ending.abort();
  await admission?.close();
  await plane?.stop();
  rmSync(data, { recursive: true, force: true });
});

/** Whoever holds the token of the gate's account. */
const asThief = (method: string, path: string, body?: unknown, type?: string): Promise<ApiAnswer> =>
  plane.request('gate', method, path, body, type);
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: {} });

let made = 0;
/** Proposes and approves; nothing of it is carried out yet. */
const approved = async (line: string, files: ReadonlyMap<string, string> = new Map()): Promise<string> => {
  made += 1;
  const proposed = await propose(
    on.gate,
    {
      command: { kind: 'line', line },
      files,
      namespace: 'shop',
      incident: `INC-G${made}`,
      proposer: HEALER,
      diagnosis: null,
      mayStill: () => true,
    },
    never,
  );
  assert.ok(proposed.ok, `${line}: ${JSON.stringify(proposed)}`);
  const { id, spec } = proposed.remediation;
  assert.deepEqual(spec.refusals, [], line);
  for (const person of ['ben', 'cho']) {
    const vote = { proposal: id, person, account: person, channel: 'http', decision: 'approve' } as const;
    await recordVote(on.gate, { ...vote, digest: spec.digest, reason: null, proof: { kind: 'token' as const } }, never);
  }
  return id;
};

/** Carries it on until it is as wanted, or ended. */
const carriedOn = async (id: string, wanted: (now: Remediation) => boolean): Promise<Remediation> => {
  for (;;) {
    const now = await on.gate.store.remediations.read(id, never);
    assert.ok(now !== null);
    if (wanted(now) || isFinal(now.state)) return now;
    const found = await nextOfAll(on.gate, never);
    if (found.kind === 'nothing') await pause(50);
    else await found.take();
  }
};
const isAnswered = ({ forward }: Remediation): boolean => forward !== null && forward.answer !== 'none';

test('the published file is what the command prints', async () => {
  const { readManifest } = await import('../servers/manifest.ts');
  const [published, ...more] = readManifest(
    join(import.meta.dirname, '../../deploy/guard-executor.yaml'),
  ) as readonly Any[];
  assert.deepEqual(more, []);
  const [printed] = [parse(await guardExecutor()) as Any];
  const { caBundle, url } = printed.webhooks[0].clientConfig;
  assert.ok(Buffer.from(caBundle, 'base64').toString().startsWith('-----BEGIN CERTIFICATE-----'));
  assert.equal(url, `https://127.0.0.1:${port}/admission`);
  printed.webhooks[0].clientConfig = published.webhooks[0].clientConfig;
  assert.deepEqual(printed, published);
});

const DAY: readonly string[] = [
  'kubectl scale deployment web --replicas=3',
  'kubectl scale deployment one --replicas=1 --current-replicas=2',
  'kubectl rollout restart deployment two',
  'kubectl set image deployment three web=web:2',
  'kubectl set env deployment four A=b',
  'kubectl set resources deployment five --limits=cpu=200m',
  'kubectl label deployment six team=red',
  'kubectl annotate deployment seven note=hello',
  'kubectl rollout pause deployment api',
  `kubectl patch service front -p '{"spec":{"ports":[{"port":80,"targetPort":8080}]}}'`,
  'kubectl create configmap fresh --from-literal=a=b',
  'kubectl label configmap settings a=b',
  `kubectl patch configmap others --type=merge -p '{"data":{"password":"an0ther-secret"}}'`,
  'kubectl delete configmap old',
  'kubectl create deployment fresh --image=x:1',
  'kubectl run fresh --image=x:1',
  'kubectl expose deployment web --port=81 --name=back',
  'kubectl autoscale deployment web --min=1 --max=5',
  'kubectl create job once --image=x:1',
  'kubectl create cronjob nightly --image=x:1 --schedule="0 0 1 1 *"',
  'kubectl delete pod alone',
  'kubectl cordon node-2',
  'kubectl create pdb fresh --selector=app=nobody --min-available=1',
  'kubectl rollout restart statefulset db',
];

describe('what was approved is admitted', () => {
  for (const line of DAY)
    test(line, async () => {
      const before = log.lines.length;
      const ended = await carriedOn(await approved(line), isAnswered);
      const refused = log.lines.slice(before).filter(({ event }) => event === 'write_not_admitted');
      assert.deepEqual(refused, []);
      assert.equal(ended.forward?.answer, 'written', story(ended));
    });

  test('kubectl drain', async () => {
    await until('nothing is rolled out any more', async () => {
      const { items: deployments } = await shop.ask('GET', `${APPS}/deployments`);
      const { status: set } = await shop.ask('GET', `${APPS}/statefulsets/db`);
      const { items: pods } = await shop.ask('GET', `${SHOP}/pods`);
      const isReady = (pod: Any): boolean =>
        pod.status.phase === 'Succeeded' ||
        pod.status.conditions?.some((one: Any) => one.type === 'Ready' && one.status === 'True');
      return (
        set.currentRevision === set.updateRevision &&
        set.readyReplicas === set.replicas &&
        deployments.every(
          ({ spec, status }: Any) =>
            spec.paused === true || (status.updatedReplicas === spec.replicas && status.replicas === spec.replicas),
        ) &&
        pods.every((pod: Any) => pod.metadata.deletionTimestamp === undefined && isReady(pod))
      );
    });
    const drain = 'kubectl drain node-3 --ignore-daemonsets --force --delete-emptydir-data --timeout=60s';
    const ended = await carriedOn(await approved(drain), isAnswered);
    assert.equal(ended.forward?.answer, 'written', story(ended));
  });

  test('kubectl exec', async () => {
    const spec = { containers: [{ name: 'web', image: 'web:1' }] };
    await shop.ask('POST', `${SHOP}/pods`, { kind: 'Pod', metadata: { name: 'alone-too' }, spec });
    const ready = async () =>
      (await shop.ask('GET', `${SHOP}/pods/alone-too`)).status.containerStatuses?.[0]?.state?.running ?? null;
    await until('the pod runs', ready);
    const ended = await carriedOn(await approved('kubectl exec alone-too -- echo hello'), isAnswered);
    assert.equal(ended.forward?.answer, 'written', story(ended));
  });

  const FILES = new Map(
    Object.entries({
      'applied.yaml': { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied' }, data: { a: '1' } },
      'settings.yaml': { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: '7' } },
      'secret.yaml': {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'keys' },
        stringData: { password: 'hunter2-and-more' },
      },
    }).map(([name, object]) => [name, JSON.stringify(object)]),
  );
  for (const line of [
    'kubectl apply -f applied.yaml',
    'kubectl apply --server-side -f applied.yaml --force-conflicts',
    'kubectl replace -f settings.yaml',
    'kubectl create -f secret.yaml',
    'kubectl debug alone-too --image=busybox:1 --container=look -- ls',
    'kubectl taint node node-2 a=b:NoSchedule',
    'kubectl delete deployment seven',
  ])
    test(line, async () => {
      const ended = await carriedOn(await approved(line, FILES), isAnswered);
      assert.equal(ended.forward?.answer, 'written', story(ended));
    });

  /** Each breaks what it changes, and is taken back. */
  const BROKEN: readonly string[] = [
    'kubectl set image deployment three web=crash:1',
    'kubectl set image statefulset db web=missing:1',
    'kubectl create deployment broken --image=crash:1',
  ];
  for (const line of BROKEN)
    test(`${line}, and its rollback`, async () => {
      const ended = await carriedOn(await approved(line), () => false);
      assert.equal(ended.state, 'rolled-back', story(ended));
    });
});

describe('a stolen token', () => {
  const WRITES: readonly (readonly [method: string, path: string, body?: unknown, type?: string])[] = [
    ['POST', `${SHOP}/configmaps`, configMap('mine')],
    ['PATCH', `${SHOP}/configmaps/settings`, { data: { a: '2' } }, MERGE],
    ['DELETE', `${SHOP}/configmaps/settings`],
    [
      'PATCH',
      `${APPS}/deployments/web`,
      { spec: { template: { spec: { containers: [{ name: 'web', image: 'evil:1' }] } } } },
      'application/strategic-merge-patch+json',
    ],
    ['PATCH', `${APPS}/deployments/web/scale`, { spec: { replicas: 0 } }, MERGE],
    ['DELETE', `${APPS}/deployments/web`],
    [
      'POST',
      `${SHOP}/pods`,
      { kind: 'Pod', metadata: { name: 'mine' }, spec: { containers: [{ name: 'x', image: 'evil:1' }] } },
    ],
    ['DELETE', `${SHOP}/pods/alone-too`],
    [
      'POST',
      `${SHOP}/pods/alone-too/eviction`,
      { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'alone-too' } },
    ],
    ['GET', `${SHOP}/pods/alone-too/exec?command=sh&stdout=true`],
    ['POST', `${SHOP}/pods/alone-too/exec?command=sh&stdout=true`],
    ['PATCH', '/api/v1/nodes/node-1', { spec: { unschedulable: true } }, MERGE],
    ['POST', `${SHOP}/configmaps?dryRun=All`, configMap('mine')],
    ['PATCH', `${SHOP}/configmaps/settings?dryRun=All`, { data: { a: '2' } }, MERGE],
  ];
  for (const [method, path, body, type] of WRITES)
    test(`does not ${method} ${path}`, async () => {
      const { status, body: said } = await asThief(method, path, body, type);
      assert.equal(status, 403, JSON.stringify(said));
      assert.match((said as Any).message, /admission webhook "executor.guard.blastgate.io" denied the request: no /);
    });

  test('still reads what its roles read: that is what it is good for', async () => {
    for (const path of [`${SHOP}/pods`, `${APPS}/deployments`, '/api/v1/nodes', `${SHOP}/configmaps/settings`])
      assert.equal((await asThief('GET', path)).status, 200, path);
    assert.equal((await asThief('GET', `${SHOP}/secrets`)).status, 403);
  });

  test('while a write is under way it may do that and nothing else, and nothing any more a moment after it has ended', async () => {
    await shop.deploy({ kind: 'Deployment', name: 'held', image: 'web:1', replicas: 1 });
    const budget = {
      kind: 'PodDisruptionBudget',
      apiVersion: 'policy/v1',
      metadata: { name: 'held' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'held' } } },
    };
    await shop.ask('POST', '/apis/policy/v1/namespaces/shop/poddisruptionbudgets', budget);
    const { items } = await shop.ask('GET', `${SHOP}/pods?labelSelector=app%3Dheld`);
    const { metadata, spec } = items[0];
    const eviction = (name: string, uid: string) => ({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name },
      deleteOptions: { preconditions: { uid } },
    });
    const evict = (name: string, uid: string) => asThief('POST', `${SHOP}/pods/${name}/eviction`, eviction(name, uid));
    assert.equal((await evict(metadata.name, metadata.uid)).status, 403);
    const id = await approved(
      `kubectl drain ${spec.nodeName} --ignore-daemonsets --force --delete-emptydir-data --timeout=10s`,
    );
    const carried = carriedOn(id, isAnswered);
    // Its budget does not let the pod go: the write waits, and its permit lives.
    await until('the drain asks for the pod', async () => (await evict(metadata.name, metadata.uid)).status === 429);
    assert.equal((await evict(metadata.name, '00000000-0000-0000-0000-000000000000')).status, 403);
    assert.equal((await evict('alone-too', metadata.uid)).status, 403);
    assert.equal((await asThief('DELETE', `${SHOP}/pods/${metadata.name}`)).status, 403);
    assert.equal(
      (await asThief('PATCH', `/api/v1/nodes/${spec.nodeName}`, { metadata: { labels: { a: 'b' } } }, MERGE)).status,
      403,
    );
    assert.equal(
      (
        await asThief(
          'PATCH',
          `/api/v1/nodes/${spec.nodeName}`,
          { spec: { unschedulable: true, taints: [{ key: 'a', effect: 'NoExecute' }] } },
          MERGE,
        )
      ).status,
      403,
    );
    const ended = await carried;
    assert.equal(ended.forward?.answer, 'refused', story(ended));
    assert.equal((await evict(metadata.name, metadata.uid)).status, 403);
  });
});

describe('certificates', () => {
  test('whoever shows no certificate of the gate, or none at all, is not even heard', async () => {
    const { request } = await import('node:https');
    const heard = (options: object) =>
      new Promise<string>((done) => {
        const asked = request(
          { host: '127.0.0.1', port, path: '/admission', method: 'POST', rejectUnauthorized: false, ...options },
          () => done('heard'),
        );
        asked.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
        asked.end('{}');
      });
    assert.notEqual(await heard({}), 'heard');
    const { openAuthority } = await import('../../src/adapters/certificates/authority.ts');
    const [other, own] = [await openAuthority(join(data, 'other')), await openAuthority(data)];
    const [foreign, server] = [await other.clientLeaf('x'), await own.leafFor(['127.0.0.1'])];
    assert.notEqual(await heard({ cert: foreign.certPem, key: foreign.keyPem }), 'heard');
    assert.notEqual(await heard({ cert: server.certPem, key: server.keyPem }), 'heard');
    const client = await own.clientLeaf('x');
    assert.equal(await heard({ cert: client.certPem, key: client.keyPem }), 'heard');
  });

  test('the CA is changed while the gate runs: bundle first, then the switch, and every write passes', async () => {
    const merge = async (...words: readonly string[]) => {
      const [printed] = [parse(await guardExecutor('--account', 'gate', ...words)) as Any];
      const path = `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${printed.metadata.name}`;
      await shop.ask('PATCH', path, { webhooks: printed.webhooks }, MERGE);
    };
    const before = admission;
    await merge('--next-ca');
    assert.equal(
      (await carriedOn(await approved('kubectl label deployment six team=blue --overwrite'), isAnswered)).forward
        ?.answer,
      'written',
    );
    await merge('--switch-ca');
    // The listener looks at its authority every ten seconds.
    await pause(11_000);
    assert.equal(
      (await carriedOn(await approved('kubectl label deployment six team=green --overwrite'), isAnswered)).forward
        ?.answer,
      'written',
    );
    assert.equal(admission, before);
    assert.ok(log.lines.some(({ event }) => event === 'certificate_renewed'));
  });
});

test('a dead gate harms nobody but its own account, and works again when it is back', async () => {
  await admission?.close();
  const { status, body } = await asThief('PATCH', `${APPS}/deployments/web/scale`, { spec: { replicas: 1 } }, MERGE);
  assert.ok(status === 500 || status === 403, JSON.stringify(body));
  assert.match((body as Any).message, /executor.guard.blastgate.io/);
  assert.equal((await asThief('GET', `${APPS}/deployments/web`)).status, 200);
  const me = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb: 'get', resource: 'pods' } },
  };
  assert.equal((await asThief('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', me)).status, 201);
  await shop.ask('PATCH', `${APPS}/deployments/one/scale`, { spec: { replicas: 3 } }, MERGE);
  await until(
    'the controllers',
    async () => (await shop.ask('GET', `${APPS}/deployments/one`)).status.readyReplicas === 3,
  );
  await open();
  const ended = await carriedOn(await approved('kubectl scale deployment one --replicas=2'), isAnswered);
  assert.equal(ended.forward?.answer, 'written', story(ended));
  await uninstall(plane, guard);
  await until(
    'the webhook is gone',
    async () => (await asThief('POST', `${SHOP}/configmaps?dryRun=All`, configMap('try'))).status === 201,
  );
});
