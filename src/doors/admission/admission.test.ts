// /admission: what is read of a review, what is answered, and what is not even looked at.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openAuthority } from '../../adapters/certificates/authority.ts';
import type { ReviewedRequest } from '../../core/model/reviewed-request.ts';
import type { Admitted } from '../../flow/requests/admit.ts';
import { type ListeningAdmission, listenForAdmission } from './listen.ts';
import { readReview, reviewAnswer } from './read-review.ts';

const REVIEW = {
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'u-1',
    resource: { group: 'apps', version: 'v1', resource: 'deployments' },
    subResource: 'scale',
    name: 'web',
    namespace: 'shop',
    operation: 'UPDATE',
    userInfo: { username: 'gate' },
    object: { kind: 'Scale', metadata: { name: 'web' } },
    oldObject: { kind: 'Scale' },
    options: { kind: 'UpdateOptions' },
    dryRun: true,
  },
};
const READ: ReviewedRequest = {
  operation: 'UPDATE',
  group: 'apps',
  resource: 'deployments',
  subresource: 'scale',
  namespace: 'shop',
  name: 'web',
  object: { kind: 'Scale', metadata: { name: 'web' } },
  oldObject: { kind: 'Scale' },
  options: { kind: 'UpdateOptions' },
  dryRun: true,
};
const changed = (change: object) => ({ ...REVIEW, request: { ...REVIEW.request, ...change } });

test('a review is read as the API server writes it', () => {
  assert.deepEqual(readReview(REVIEW), { uid: 'u-1', user: 'gate', request: READ });
  const made = changed({ operation: 'CREATE', name: '', subResource: undefined, oldObject: null, dryRun: undefined });
  assert.deepEqual(readReview(made)?.request, {
    ...READ,
    operation: 'CREATE',
    subresource: null,
    oldObject: null,
    dryRun: false,
  });
  const namespace = changed({
    resource: { group: '', version: 'v1', resource: 'namespaces' },
    namespace: 'shop',
    name: 'shop',
  });
  assert.equal(readReview(namespace)?.request.namespace, null);
  const collection = changed({ operation: 'DELETE', name: '', object: null });
  assert.equal(readReview(collection)?.request.name, null);
});

test('what is no review, or not whole, is none', () => {
  const broken: readonly unknown[] = [
    null,
    [],
    'x',
    {},
    { ...REVIEW, apiVersion: 'admission.k8s.io/v1beta1' },
    { ...REVIEW, request: null },
    changed({ uid: '' }),
    changed({ resource: null }),
    changed({ operation: 'PATCH' }),
    changed({ userInfo: {} }),
  ];
  for (const one of broken) assert.equal(readReview(one), null, JSON.stringify(one));
});

test('the answer names the review, and why it is refused', () => {
  const said = (admitted: Admitted) => reviewAnswer('u-1', admitted)['response'];
  assert.deepEqual(said({ ok: true, proposal: null }), { uid: 'u-1', allowed: true });
  assert.deepEqual(said({ ok: true, proposal: 'p-1' }), {
    uid: 'u-1',
    allowed: true,
    auditAnnotations: { proposal: 'p-1' },
  });
  const status = { code: 403, reason: 'Forbidden', message: 'no' };
  assert.deepEqual(said({ ok: false, why: 'no' }), { uid: 'u-1', allowed: false, status });
});

const data = mkdtempSync(join(tmpdir(), 'blastgate-admission-'));
let listening: ListeningAdmission;
let tls: RequestOptions;
const asked: ReviewedRequest[] = [];
before(async () => {
  const authority = await openAuthority(data);
  const server = await authority.leafFor(['127.0.0.1']);
  const client = await authority.clientLeaf('kube-apiserver');
  const admit = async (one: ReviewedRequest): Promise<Admitted> => {
    asked.push(one);
    return { ok: true, proposal: 'p-1' };
  };
  const context = { cert: server.certPem, key: server.keyPem, ca: authority.caPem };
  listening = await listenForAdmission(admit, { host: '127.0.0.1', port: 0 }, context);
  tls = { ca: authority.caPem, cert: client.certPem, key: client.keyPem, agent: false };
});
after(async () => {
  await listening.close();
  rmSync(data, { recursive: true, force: true });
});

const ask = (method: string, path: string, body: string): Promise<{ status: number; body: unknown }> =>
  new Promise((done, fail) => {
    const sent = request(`${listening.url}${path}`, { ...tls, method }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => done({ status: answer.statusCode ?? 0, body: JSON.parse(text) }));
    });
    sent.on('error', fail);
    sent.end(body);
  });

test('a review is put to the gate, and its answer passed on', async () => {
  const { status, body } = await ask('POST', '/admission?timeout=5s', JSON.stringify(REVIEW));
  assert.deepEqual([status, body], [200, reviewAnswer('u-1', { ok: true, proposal: 'p-1' })]);
  assert.deepEqual(asked, [READ]);
});

test('anything else is not put to the gate', async () => {
  const before = asked.length;
  const cases = [
    ['POST', '/admission', 'not json', 400],
    ['POST', '/admission', '{}', 400],
    ['GET', '/admission', '', 405],
    ['POST', '/other', JSON.stringify(REVIEW), 404],
    ['POST', '/admission/', JSON.stringify(REVIEW), 404],
    ['POST', '/admission', `"${'x'.repeat(9 * 1024 * 1024)}"`, 413],
  ] as const;
  for (const [method, path, text, wanted] of cases)
    assert.equal((await ask(method, path, text)).status, wanted, `${method} ${path} ${text.slice(0, 20)}`);
  assert.equal(asked.length, before);
});
