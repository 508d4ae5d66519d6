// Attackers with an agent's token before the proxy, a real API server behind it, which would let the proxy do anything: whatever
// they send, the server's audit log has no write of theirs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { openPassage } from '../../src/adapters/cluster/passage.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { statusAnswer } from '../../src/doors/proxy/status.ts';
import { Random } from '../generators/random.ts';
import { type AuditEvent, auditLogEnd, readAuditLog } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { type OpenedProxy, openProxy } from '../support/proxy.ts';
import { seedOf } from '../support/sample.ts';
import { frameAttacks } from './frame-attacks.ts';
import { crossedAttacks, rawAttacks } from './proxy-attacks.ts';
import { type RawServer, sendFrames, sendRaw, statusesIn } from './raw-requests.ts';

const NAMESPACE = 'attacked';
const AT_ONCE = 40;
/** Of the plane's users the one that nobody else is here. */
const ACCOUNT = 'admin';

const OBJECTS: readonly (readonly [path: string, object: object])[] = [
  ['/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }],
  [
    `/api/v1/namespaces/${NAMESPACE}/configmaps`,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: 'b' } },
  ],
  [
    `/api/v1/namespaces/${NAMESPACE}/secrets`,
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hidden' }, stringData: { word: 'open-sesame' } },
  ],
  [
    `/api/v1/namespaces/${NAMESPACE}/pods`,
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'victim' },
      spec: { containers: [{ name: 'a', image: 'registry.example/a:1' }] },
    },
  ],
  [
    `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`,
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'a', image: 'registry.example/a:1' }] },
        },
      },
    },
  ],
];

const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

/** A request that the API server has carried out and that changes something, or hands something out. */
const isWrite = ({ verb, requestURI, responseStatus, objectRef }: AuditEvent): boolean =>
  !READS.has(verb) &&
  responseStatus.code < 400 &&
  !/[?&]dryRun=All(?:&|$)/.test(requestURI) &&
  !/^selfsubject(?:access|rules)?reviews$/.test(objectRef?.resource ?? '');

const isSecretRead = ({ requestURI, objectRef }: AuditEvent): boolean =>
  objectRef?.resource === 'secrets' || /secrets/i.test(requestURI);

describe('attacks on the proxy', () => {
  let plane: ControlPlane;
  let proxy: OpenedProxy;
  let server: RawServer;
  /** What the gate would have been asked. */
  let asked: string[];
  let from: number;

  before(async () => {
    plane = await startControlPlane();
    for (const [path, object] of OBJECTS) {
      const { status } = await plane.request('admin', 'POST', path, object);
      assert.equal(status, 201, path);
    }
    // The account that may do everything: nothing but the proxy itself stands between.
    const source = { kubeconfig: plane.kubeconfigPath('admin'), serviceHost: null };
    const passage = await openPassage(source, () => systemClock.elapsed());
    asked = [];
    proxy = await openProxy(() => assert.fail('the scripted API server is not asked'), {
      upstream: {
        read: (request, _as, signal) => passage.send(request, null, signal),
        dryRun: (request, signal) => passage.send(request, null, signal),
      },
      write: async ({ method, target }) => {
        asked.push(`${method} /${target.segments.join('/')}`);
        return statusAnswer({ status: 403, message: 'nobody has agreed' });
      },
    });
    server = { url: proxy.url, ca: proxy.ca };
    await settled();
    from = auditLogEnd(plane.auditLogPath);
  });
  after(async () => {
    await proxy?.close();
    await plane?.stop();
  });

  /** Until the deployment's own controllers have done what they do. */
  const settled = async (): Promise<void> => {
    for (let tries = 0; tries < 600; tries++) {
      const { body } = await plane.request('admin', 'GET', `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/web`);
      // as: a Deployment.
      if ((body as { status?: { readyReplicas?: number } }).status?.readyReplicas === 1) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    assert.fail('the deployment is not ready');
  };

  const target = () => ({ namespace: NAMESPACE, token: 'healer', clusterToken: plane.adminToken });

  /** What the account of the proxy has done at the API server since everything stood; the audit log of the admin is its own. */
  const done = async (): Promise<readonly AuditEvent[]> => {
    // a mark that is in the log says that all before it is
    const mark = `/api/v1/namespaces/${NAMESPACE}/configmaps/mark-${auditLogEnd(plane.auditLogPath)}`;
    await plane.request('ana', 'GET', mark);
    for (let tries = 0; tries < 600; tries++) {
      const events = readAuditLog(plane.auditLogPath, from);
      if (events.some(({ requestURI }) => requestURI === mark))
        return events.filter(({ user }) => user.username === ACCOUNT);
      await new Promise((next) => setTimeout(next, 50));
    }
    return assert.fail('the audit log does not go on');
  };

  const uris = (events: readonly AuditEvent[]): readonly string[] =>
    events.map(({ verb, requestURI, responseStatus }) => `${verb} ${requestURI} ${responseStatus.code}`);

  const inBatches = async <T, R>(all: readonly T[], run: (one: T) => Promise<R>): Promise<readonly R[]> => {
    const results: R[] = [];
    for (let at = 0; at < all.length; at += AT_ONCE)
      results.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(run))));
    return results;
  };

  test('by HTTP/1.1: nothing is written, no secret is read, and the token of the cluster opens nothing', async () => {
    const attacks = rawAttacks(target());
    assert.ok(attacks.length > 400, String(attacks.length));
    const answers = await inBatches(attacks, async ({ what, bytes }) => ({
      what,
      answer: await sendRaw(server, bytes),
    }));
    const events = await done();
    assert.deepEqual(uris(events.filter(isWrite)), []);
    assert.deepEqual(uris(events.filter(isSecretRead)), []);
    for (const { what, answer } of answers) {
      assert.ok(!answer.includes('open-sesame') && !answer.includes(btoa('open-sesame')), what);
      assert.ok(!/^HTTP\/1\.[01] (?:101|5\d\d)/m.test(answer), `${what}: ${answer.slice(0, 200)}`);
    }
    // reads, dry runs and reviews did pass: it was the proxy that told them apart
    for (const verb of ['get', 'list', 'create', 'delete', 'patch'])
      assert.ok(
        events.some((event) => event.verb === verb && event.responseStatus.code < 400),
        `no ${verb} has passed`,
      );
    assert.ok(asked.length > 50, `${asked.length} writes would have been proposed`);
  });

  test('by HTTP/2: neither', async () => {
    const attacks = frameAttacks(target());
    const heard = await inBatches(attacks, ({ frames }) => sendFrames(server, frames));
    // who floods is cut off, perhaps before the first frame comes back
    assert.ok(heard.filter((frames) => frames.length > 0).length > attacks.length / 2);
    const events = await done();
    assert.deepEqual(uris(events.filter(isWrite)), []);
    assert.deepEqual(uris(events.filter(isSecretRead)), []);
    const answer = await proxy.ask('healer', 'GET', `/api/v1/namespaces/${NAMESPACE}/configmaps/settings`);
    assert.equal(answer.status, 200, 'the proxy still serves');
  });

  test('crossed with each other at random: neither', async () => {
    const seed = seedOf(process.env);
    const attacks = crossedAttacks(rawAttacks(target()), seed === null ? 6_000 : 400, new Random(seed ?? 1));
    await inBatches(attacks, ({ bytes }) => sendRaw(server, bytes, 300));
    const events = await done();
    assert.deepEqual(uris(events.filter(isWrite)), []);
    assert.deepEqual(uris(events.filter(isSecretRead)), []);
  });

  test('what is attacked stands as it stood', async () => {
    for (const [path, object] of OBJECTS.slice(1)) {
      // as: each has a name.
      const { name } = (object as { readonly metadata: { readonly name: string } }).metadata;
      const { status, body } = await plane.request('admin', 'GET', `${path}/${name}`);
      assert.equal(status, 200, name);
      // as: every object has them.
      const { metadata } = body as {
        readonly metadata: { readonly labels?: unknown; readonly deletionTimestamp?: string };
      };
      assert.equal(metadata.deletionTimestamp, undefined, name);
    }
    const { body } = await plane.request('admin', 'GET', `/api/v1/namespaces/${NAMESPACE}/configmaps`);
    // as: a list of config maps.
    const maps = (
      body as { readonly items: readonly { readonly metadata: { readonly name: string }; readonly data: unknown }[] }
    ).items;
    assert.deepEqual(maps.map(({ metadata }) => metadata.name).toSorted(), ['kube-root-ca.crt', 'settings']);
    assert.deepEqual(maps.find(({ metadata }) => metadata.name === 'settings')?.data, { a: 'b' });
  });

  test('the same bytes without the gate do write: they are attacks', async () => {
    const direct = { url: plane.url, ca: readFileSync(plane.caPath, 'utf8') };
    const withToken = rawAttacks({ ...target(), token: plane.adminToken });
    await inBatches(withToken, async ({ bytes }) => statusesIn(await sendRaw(direct, bytes, 300)));
    const written = (await done()).filter(isWrite);
    assert.ok(written.length > 25, `${written.length}: ${uris(written).join('\n')}`);
  });
});
