// Shadow mode as docs/shadow.md sets it up, on a real control plane with the guard watching: an unchanged kubectl works as if there
// were no gate, core hard rules hold even so, and every write stands in the record with what the gate would have said.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ShadowVerdict } from '../../src/core/decision/shadow-verdict.ts';
import { GUARD, install } from '../guard/install.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { callApi } from '../servers/kubernetes-api.ts';
import { readManifest } from '../servers/manifest.ts';
import { Neighbourhood, until } from '../support/cluster-under-test.ts';
import { type GateInPath, installProxyRoles, openGateInPath } from '../support/gate-in-path.ts';
import { ranCli } from '../support/run-cli.ts';

const DEPLOY = join(import.meta.dirname, '../../deploy');
const COLLECTIONS: Readonly<Record<string, string>> = {
  ServiceAccount: '/api/v1/namespaces/blastgate/serviceaccounts',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
};

let plane: ControlPlane;
let shop: Neighbourhood;
let path: GateInPath;
let shadowToken: string;
const folder = mkdtempSync(join(tmpdir(), 'blastgate-shadow-'));
const asAdmin = (method: string, url: string, body?: unknown, type?: string) =>
  plane.request('admin', method, url, body, type);

const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: '1' } });

/** A kubeconfig of the account of deploy/shadow.yaml. */
const shadowKubeconfig = (): string => {
  const file = join(folder, 'shadow.kubeconfig');
  const cluster = { server: plane.url, 'certificate-authority': plane.caPath };
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token: shadowToken } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'c',
    }),
  );
  return file;
};

const policyFile = (): string => {
  const file = join(folder, 'policy.yaml');
  const shipped = readFileSync(join(DEPLOY, '../policy/default.yaml'), 'utf8');
  const until = new Date(Date.now() + 3_600_000).toISOString();
  writeFileSync(
    file,
    shipped.replace('\nshadow: []', `\nshadow: [{ agents: [healer], namespaces: ['shop*'], until: ${until} }]`),
  );
  return file;
};

before(async () => {
  plane = await startControlPlane();
  shop = new Neighbourhood(asAdmin, 'shop');
  await Promise.all([
    shop.open(),
    new Neighbourhood(asAdmin, 'blastgate').open(),
    new Neighbourhood(asAdmin, 'prod').open(),
  ]);
  await installProxyRoles(plane);
  for (const object of readManifest(join(DEPLOY, 'shadow.yaml')))
    await shop.ask('POST', COLLECTIONS[object.kind] ?? assert.fail(object.kind), object);
  await install(
    plane,
    GUARD.map((object) =>
      object.kind === 'ValidatingAdmissionPolicyBinding'
        ? { ...object, spec: { ...object.spec, validationActions: ['Audit'] } }
        : object,
    ),
  );
  await shop.deploy({ kind: 'Deployment', name: 'web', image: 'registry.example/web:1', replicas: 2 });
  const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const account = '/api/v1/namespaces/blastgate/serviceaccounts/blastgate-shadow/token';
  shadowToken = (await shop.ask('POST', account, asked)).status.token;
  path = await openGateInPath(plane, {
    BLASTGATE_SHADOW_KUBECONFIG: shadowKubeconfig(),
    BLASTGATE_POLICY: policyFile(),
    BLASTGATE_PROXY_WAIT: '2',
  });
  await until('the gate knows its cluster', async () => (await fetch(`${path.url()}/readyz`)).status === 200);
});
after(async () => {
  await path?.close();
  await plane?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const kubectl = (line: string, input?: string) => path.kubectl(line.split(' '), input === undefined ? {} : { input });

const verdicts = async (count: number): Promise<readonly ShadowVerdict[]> => {
  let found: readonly ShadowVerdict[] = [];
  await until(`${count} verdicts`, async () => {
    found = (await path.ask('ana', 'GET', '/v1/shadow')).body.verdicts;
    return found.length >= count;
  });
  return found;
};

test('kubectl works as if there were no gate, and what would have been said stands in the record', async () => {
  const scaled = await kubectl('scale deployment web --replicas=3 -n shop');
  assert.deepEqual([scaled.code, scaled.out], [0, 'deployment.apps/web scaled\n'], scaled.err);
  assert.equal((await shop.read('deployments', 'web')).spec.replicas, 3);
  const created = await kubectl('create -f - -n shop', JSON.stringify(configMap('made')));
  assert.deepEqual([created.code, created.out], [0, 'configmap/made created\n'], created.err);
  const [second, first] = await verdicts(2);
  assert.deepEqual(
    [first?.action, first?.proposer, first?.became, first?.code, first?.method],
    ['scale', 'healer', 'passed', 200, 'PATCH'],
  );
  assert.deepEqual([second?.action, second?.became, second?.code], ['create', 'passed', 201]);
  assert.ok((first?.approvals ?? 0) === 0 || (first?.whom.length ?? 0) > 0);
  const { body } = await path.ask('ana', 'GET', '/v1/proposals');
  assert.deepEqual(body.proposals, [], 'nothing was proposed');
});

test('the API server saw the agent, and the guard said what it would have refused', async () => {
  const lines = () =>
    readFileSync(plane.auditLogPath, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"impersonatedUser":{"username":"blastgate:agent:healer"'));
  await until('the audit log', async () => lines().some((line) => line.includes('/configmaps')));
  const made = lines().filter((line) => line.includes('"verb":"create"') && line.includes('/configmaps'));
  assert.equal(made.length, 1);
  assert.match(made[0] ?? '', /"username":"system:serviceaccount:blastgate:blastgate-shadow"/);
  assert.match(made[0] ?? '', /validation\.policy\.admission\.k8s\.io\/validation_failure/);
});

test('a core hard rule is refused even so, and the volume claim stays', async () => {
  const claims = '/api/v1/namespaces/shop/persistentvolumeclaims';
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  await shop.ask('POST', claims, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec });
  const ended = await kubectl('delete pvc data -n shop --wait=false');
  assert.equal(ended.code, 1, ended.out);
  assert.match(ended.err, /\(hard-rule\)/);
  assert.equal((await shop.ask('GET', `${claims}/data`)).metadata.deletionTimestamp, undefined);
  const [last] = await verdicts(3);
  assert.deepEqual(
    [last?.became, last?.hardRule, last?.tier, last?.code],
    ['refused', 'delete-persistentvolumeclaim', 'blocked', null],
  );
});

test('elsewhere the gate decides as ever', async () => {
  const ended = await kubectl('create configmap other --from-literal=a=b -n prod');
  assert.equal(ended.code, 1, ended.out);
  assert.match(ended.err, /blastgate: /);
  assert.equal((await asAdmin('GET', '/api/v1/namespaces/prod/configmaps/other')).status, 404);
});

test('what the agent may not do, it may not in shadow mode', async () => {
  const ended = await kubectl('create role reader --verb=get --resource=pods -n shop');
  assert.equal(ended.code, 1);
  assert.match(ended.err, /Forbidden|forbidden/);
  const [last] = await verdicts(4);
  assert.deepEqual([last?.became, last?.code], ['passed', 403]);
});

test('the account of shadow mode does nothing itself, and acts as nobody but the agents', async () => {
  const call = (as: Readonly<Record<string, string>>) => fetchAs(`${plane.url}/api/v1/namespaces/shop/configmaps`, as);
  for (const as of [{}, { 'impersonate-user': 'admin' }, { 'impersonate-user': 'blastgate:agent:other' }])
    assert.equal(await call(as), 403, JSON.stringify(as));
});

/** One POST of the shadow account, with these headers. */
const fetchAs = async (url: string, headers: Readonly<Record<string, string>>): Promise<number> => {
  const { pathname } = new URL(url);
  const { status } = await callApi(
    { url: plane.url, caPath: plane.caPath, token: shadowToken, headers },
    'POST',
    pathname,
    configMap('never'),
  );
  return status;
};

test('everybody who looks is told that it is so, and sees what was observed', async () => {
  const run = async (...words: readonly string[]): Promise<string> => {
    const { code, out, err } = await ranCli(words, { env: { BLASTGATE_URL: path.url(), BLASTGATE_TOKEN: 'ana' } });
    assert.deepEqual([code, err], [0, '']);
    return out;
  };
  assert.match(await run('list'), /^SHADOW MODE: .*agents healer in namespaces shop\* until /);
  assert.match(await run('outcomes', '--shadow'), /\nhealer +scale +/);
  // as: the answer of the command.
  const report = JSON.parse(await run('replay', '--shadow', '-o', 'json')) as {
    readonly evidence: string;
    readonly actors: readonly { readonly actor: string }[];
  };
  assert.deepEqual([report.evidence, report.actors.map(({ actor }) => actor)], ['live', ['healer']]);
  const metrics = await (await fetch(`${path.url()}/metrics`)).text();
  assert.match(metrics, /\nblastgate_shadow 1\n/);
  assert.ok(path.log.lines.some(({ event, level }) => event === 'shadow_mode' && level === 'warn'));
});
