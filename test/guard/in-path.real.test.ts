// All of it at once on a control plane of its own: an agent's unchanged kubectl works through the proxy, writes nothing past it, and
// is proven to; the gate's account writes what was approved and nothing else, and each of its writes names its proposal.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import type { Manifest } from '../servers/manifest.ts';
import { freePort } from '../servers/server-process.ts';
import { Neighbourhood, until } from '../support/cluster-under-test.ts';
import { type GateInPath, installProxyRoles, openGateInPath } from '../support/gate-in-path.ts';
import { ranCli } from '../support/run-cli.ts';
import { install } from './install.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

const data = mkdtempSync(join(tmpdir(), 'blastgate-in-path-'));
let plane: ControlPlane;
let path: GateInPath;
let admissionEnv: Record<string, string>;

const cli = (env: Record<string, string>, ...argv: readonly string[]) => ranCli(argv, { env });

const dev = new Neighbourhood((...call) => plane.request('admin', ...call), 'dev');
const production = new Neighbourhood((...call) => plane.request('admin', ...call), 'production');

before(async () => {
  admissionEnv = { BLASTGATE_DATA: data, BLASTGATE_ADMISSION_LISTEN: `127.0.0.1:${await freePort()}` };
  const { out } = await cli(admissionEnv, 'guard-executor', '--client');
  const [configuration, kubeconfig] = parseAllDocuments(out).map((one) => one.toJS() as Any);
  const files = [join(data, 'admission.yaml'), join(data, 'client.kubeconfig')] as const;
  configuration.plugins[0].configuration.kubeConfigFile = files[1];
  writeFileSync(files[0], JSON.stringify(configuration), { mode: 0o600 });
  writeFileSync(files[1], JSON.stringify(kubeconfig), { mode: 0o600 });
  plane = await startControlPlane({ apiServerFlags: [`--admission-control-config-file=${files[0]}`] });
  await installProxyRoles(plane);
  for (const one of [dev, production]) {
    await one.open();
    await one.deploy({ kind: 'Deployment', name: 'web', image: 'web:1', replicas: 2 });
  }
  // The agent has rights of its own in the cluster: the guard alone holds them.
  const rules = [
    { apiGroups: [''], resources: ['configmaps', 'pods', 'namespaces'], verbs: ['get', 'list', 'create', 'delete'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'patch', 'create'] },
  ];
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const name = 'agents-work';
  await dev.ask('POST', `${rbac}/clusterroles`, { kind: 'ClusterRole', metadata: { name }, rules });
  await dev.ask('POST', `${rbac}/clusterrolebindings`, {
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'blastgate:agents' }],
  });
  path = await openGateInPath(plane, { BLASTGATE_PROXY_WAIT: '60', ...admissionEnv });
  const printed = await cli(admissionEnv, 'guard-executor', '--account', 'gate');
  await install(plane);
  await install(plane, [parse(printed.out) as Manifest]);
  await until('both guards hold', async () => {
    const body = { kind: 'ConfigMap', metadata: { name: 'try' } };
    const both = [
      await plane.request('healer', 'POST', '/api/v1/namespaces/dev/configmaps', body),
      await plane.request('gate', 'POST', '/api/v1/namespaces/dev/configmaps', body),
    ];
    return both.every(({ status }) => status === 403);
  });
});
after(async () => {
  await path?.close();
  await plane?.stop();
  rmSync(data, { recursive: true, force: true });
});

const kubectl = (line: string) => path.kubectl(line.split(' '));

test('what needs nobody is done at once', async () => {
  const { code, out, err } = await kubectl('scale deployment web -n dev --replicas=3');
  assert.equal(code, 0, `${out}\n${err}`);
  assert.equal((await dev.ask('GET', dev.path('deployments', 'web'))).spec.replicas, 3);
});

test('a dry run through the proxy passes, although the account that tries it is guarded', async () => {
  const { code, out, err } = await kubectl('label deployment web -n dev team=red --dry-run=server');
  assert.equal(code, 0, `${out}\n${err}`);
  assert.equal((await dev.ask('GET', dev.path('deployments', 'web'))).metadata.labels?.team, undefined);
});

test('what needs people is done once they have agreed', async () => {
  const ran = kubectl('set image deployment web web=web:2 -n production');
  const waiting = await until('it waits', async () => {
    const { body } = await path.ask('ana', 'GET', '/v1/proposals?state=awaiting-approval');
    return body.proposals[0] ?? null;
  });
  for (const person of ['bob', 'cho'].slice(0, waiting.needed.approvals))
    await path.ask(person, 'POST', `/v1/proposals/${waiting.id}/votes`, {
      decision: 'approve',
      digest: waiting.digest,
    });
  const { code, out, err } = await ran;
  assert.equal(code, 0, `${out}\n${err}`);
});

test('past the proxy the agent writes nothing, and is proven to', async () => {
  const direct = await plane.request('healer', 'POST', '/api/v1/namespaces/dev/configmaps', {
    kind: 'ConfigMap',
    metadata: { name: 'mine' },
  });
  assert.equal(direct.status, 403);
  assert.match((direct.body as Any).message, /Blastgate/);
  const env = { KUBECONFIG: plane.kubeconfigPath('admin') };
  const { code, out } = await cli(env, 'doctor', '--agent', plane.kubeconfigPath('healer'));
  assert.equal(code, 0, out);
  assert.match(out, /^proven/);
});

test('every write of the gate names the proposal that it belongs to', async () => {
  const lines = await until('the audit log', async () => {
    const all = readFileSync(plane.auditLogPath, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Any);
    const written = all.filter(
      ({ user, verb, requestURI, responseStatus, objectRef }) =>
        user.username === 'gate' &&
        ['create', 'update', 'patch', 'delete'].includes(verb) &&
        !requestURI.includes('dryRun') &&
        !objectRef.resource.startsWith('self') &&
        responseStatus.code < 300,
    );
    return written.length >= 2 ? written : null;
  });
  for (const { annotations, requestURI } of lines) {
    const id = annotations?.['executor.guard.blastgate.io/proposal'];
    assert.ok(id !== undefined, requestURI);
    assert.equal((await path.ask('ana', 'GET', `/v1/proposals/${id}`)).status, 200);
  }
});
