// An agent who tries to get more written than people agreed to: another content under the same approval, the same request again,
// a request that is cut off. A real gate and API server; the audit log tells what was written.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readAuditLog } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { until } from '../support/cluster-under-test.ts';
import { type GateInPath, installProxyRoles, openGateInPath } from '../support/gate-in-path.ts';
import { type RawServer, sendRaw, statusesIn } from './raw-requests.ts';

const NAMESPACE = 'production';
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
/** Longer than a request is held. */
const PATIENT_MS = 30_000;

const deployment = (name: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: NAMESPACE },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'registry.example/main:1' }] },
    },
  },
});

describe('more than people agreed to', () => {
  let plane: ControlPlane;
  let path: GateInPath;

  before(async () => {
    plane = await startControlPlane();
    await installProxyRoles(plane);
    const make = async (url: string, object: object): Promise<void> => {
      const { status } = await plane.request('admin', 'POST', url, object);
      assert.equal(status, 201, url);
    };
    await make('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    for (const name of ['swapped', 'again', 'cut']) await make(DEPLOYMENTS, deployment(name));
    await until('they are ready', async () => {
      const { body } = await plane.request('admin', 'GET', DEPLOYMENTS);
      // as: a DeploymentList of apps/v1.
      const { items } = body as { readonly items: readonly { readonly status: { readonly readyReplicas?: number } }[] };
      return items.every(({ status }) => status.readyReplicas === 3);
    });
    path = await openGateInPath(plane, { BLASTGATE_PROXY_WAIT: '60' });
  });
  after(async () => {
    await path?.close();
    await plane?.stop();
  });

  /** The bytes of a scale, as kubectl sends one. */
  const scale = (name: string, replicas: number, agent = 'healer', session = 'one'): string => {
    const body = JSON.stringify({ spec: { replicas } });
    return [
      `PATCH /incidents/${name}${DEPLOYMENTS}/${name}/scale HTTP/1.1`,
      'Host: gate',
      `Authorization: Bearer ${agent}`,
      `Kubectl-Session: ${session}`,
      'Content-Type: application/merge-patch+json',
      `Content-Length: ${body.length}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n');
  };
  const server = (): RawServer => ({
    url: path.proxyUrl(),
    ca: readFileSync(join(path.folder, 'data', 'ca', 'current.pem'), 'utf8'),
  });
  const send = (bytes: string): Promise<string> => sendRaw(server(), bytes, PATIENT_MS);

  interface Proposal {
    readonly id: string;
    readonly digest: string;
    readonly state: string;
    readonly proposer: string;
    readonly tier: string;
  }
  const proposals = async (incident: string): Promise<readonly Proposal[]> =>
    (await path.ask('ana', 'GET', `/v1/proposals?incident=${incident}`)).body.proposals;
  /** Newest first. */
  const waiting = (incident: string, count: number): Promise<readonly Proposal[]> =>
    until(`${count} wait for ${incident}`, async () => {
      const found = (await proposals(incident)).filter(({ state }) => state === 'awaiting-approval');
      return found.length === count && found;
    });
  const vote = (person: string, id: string, digest: string) =>
    path.ask(person, 'POST', `/v1/proposals/${id}/votes`, { decision: 'approve', digest });
  const approve = async ({ id, digest, tier }: Proposal): Promise<void> => {
    for (const person of tier === 'dual' ? ['bob', 'cho'] : ['bob']) {
      const { status, body } = await vote(person, id, digest);
      assert.equal(status, 200, JSON.stringify(body));
    }
  };
  const replicasOf = async (name: string): Promise<unknown> => {
    const { body } = await plane.request('admin', 'GET', `${DEPLOYMENTS}/${name}`);
    // as: a Deployment.
    return (body as { readonly spec: { readonly replicas: number } }).spec.replicas;
  };
  /** What the gate has written to a deployment, but for dry runs. */
  const written = (name: string): readonly unknown[] =>
    readAuditLog(plane.auditLogPath)
      .filter(({ user, verb, objectRef }) => user.username === 'gate' && verb !== 'get' && objectRef?.name === name)
      .filter(({ requestURI, responseStatus }) => !requestURI.includes('dryRun') && responseStatus.code < 300)
      .map(({ requestObject }) => requestObject);

  test('another content, sent while the first waits, is another proposal, and no approval of the first is one of it', async () => {
    const first = send(scale('swapped', 4));
    const [wanted] = await waiting('swapped', 1);
    assert.ok(wanted !== undefined);
    const swapped = sendRaw(server(), scale('swapped', 0), 2_000);
    const other = await until(
      'the other is judged',
      async () => (await proposals('swapped')).find(({ id }) => id !== wanted.id) ?? null,
    );
    assert.notEqual(other.digest, wanted.digest);
    const { body } = await vote('bob', other.id, wanted.digest);
    assert.equal(body.code, 'wrong-digest', JSON.stringify(body));
    // A newer proposal of the same incident for the same object takes its place: nothing is written at all.
    const { body: replaced } = await path.ask('ana', 'GET', `/v1/proposals/${wanted.id}`);
    assert.equal(replaced.state, 'superseded');
    assert.deepEqual(statusesIn(await first), [403]);
    assert.deepEqual(statusesIn(await swapped), []);
    assert.deepEqual(written('swapped'), []);
    assert.equal(await replicasOf('swapped'), 3);
  });

  test('the same bytes again, by the same process, another, another agent: written once', async () => {
    const first = send(scale('again', 4));
    const [wanted] = await waiting('again', 1);
    assert.ok(wanted !== undefined);
    const beside = send(scale('again', 4));
    await approve(wanted);
    assert.deepEqual([...statusesIn(await first), ...statusesIn(await beside)], [200, 200]);
    assert.equal(await replicasOf('again'), 4);
    const { status } = await plane.request(
      'admin',
      'PATCH',
      `${DEPLOYMENTS}/again`,
      { spec: { replicas: 3 } },
      'application/merge-patch+json',
    );
    assert.equal(status, 200);
    const later = [scale('again', 4), scale('again', 4, 'healer', 'two'), scale('again', 4, 'other', 'one')].map(
      (bytes) => sendRaw(server(), bytes, 3_000),
    );
    await Promise.all(later);
    assert.equal(await replicasOf('again'), 3);
    assert.equal(written('again').length, 1, JSON.stringify(written('again')));
    assert.equal((await proposals('again')).filter(({ id }) => id === wanted.id).length, 1);
  });

  test('a request that is cut off is no request, and one whose client is gone is asked about once', async () => {
    const whole = scale('cut', 4);
    await sendRaw(server(), whole.slice(0, -3), 500);
    await sendRaw(server(), whole, 300);
    await sendRaw(server(), whole, 300);
    const open = await waiting('cut', 1);
    assert.equal((await proposals('cut')).length, 1);
    assert.deepEqual(written('cut'), []);
    for (const one of open) await approve(one);
    assert.deepEqual(statusesIn(await send(whole)), [200]);
    assert.equal(written('cut').length, 1);
  });
});
