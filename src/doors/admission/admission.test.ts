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
import { clientOf, createFindCheck } from './caller.ts';
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
let ofUs: { readonly certPem: string; readonly keyPem: string };
const asked: ReviewedRequest[] = [];
before(async () => {
  const authority = await openAuthority(data);
  const server = await authority.leafFor(['127.0.0.1']);
  const client = await authority.clientLeaf('kube-apiserver');
  ofUs = await authority.clientLeaf('kube-apiserver', 'us');
  const admit = async (one: ReviewedRequest): Promise<Admitted> => {
    asked.push(one);
    return { ok: true, proposal: 'p-1' };
  };
  const eu = { name: 'eu', admit };
  const us = { name: 'us', admit: async (): Promise<Admitted> => ({ ok: true, proposal: 'p-of-us' }) };
  const find = createFindCheck([eu, us], eu);
  const context = { cert: server.certPem, key: server.keyPem, ca: authority.caPem };
  listening = await listenForAdmission(find, { host: '127.0.0.1', port: 0 }, context);
  tls = { ca: authority.caPem, cert: client.certPem, key: client.keyPem, agent: false };
});
after(async () => {
  await listening.close();
  rmSync(data, { recursive: true, force: true });
});

const ask = (
  method: string,
  path: string,
  body: string,
  client: RequestOptions = {},
): Promise<{ status: number; body: unknown }> =>
  new Promise((done, fail) => {
    const sent = request(`${listening.url}${path}`, { ...tls, ...client, method }, (answer) => {
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
    ['POST', '/admission/eu/', JSON.stringify(REVIEW), 404],
    ['POST', '/admission/%65u', JSON.stringify(REVIEW), 404],
    ['POST', '/admission/EU', JSON.stringify(REVIEW), 404],
    ['POST', '//admission/eu', JSON.stringify(REVIEW), 404],
    ['POST', '/admission', `"${'x'.repeat(9 * 1024 * 1024)}"`, 413],
  ] as const;
  for (const [method, path, text, wanted] of cases)
    assert.equal((await ask(method, path, text)).status, wanted, `${method} ${path} ${text.slice(0, 20)}`);
  assert.equal(asked.length, before);
});

test('an API server asks about its own cluster alone: path and certificate must name the same', async () => {
  const before = asked.length;
  const us = { cert: ofUs.certPem, key: ofUs.keyPem };
  const rows = [
    ['/admission', {}, 'p-1'],
    ['/admission/eu', {}, 'p-1'],
    ['/admission/us', us, 'p-of-us'],
    ['/admission/us', {}, /of another cluster/],
    ['/admission/eu', us, /of another cluster/],
    ['/admission', us, /of another cluster/],
    ['/admission/gone', us, /no cluster of that name/],
    ['/admission/constructor', us, /no cluster of that name/],
  ] as const;
  for (const [path, client, wanted] of rows) {
    const { status, body } = await ask('POST', path, JSON.stringify(REVIEW), client);
    // as: what the listener answers a review with.
    const { response } = body as {
      readonly response: { allowed: boolean; auditAnnotations?: { proposal: string }; status?: { message: string } };
    };
    assert.equal(status, 200, path);
    assert.equal(response.allowed, typeof wanted === 'string', path);
    if (typeof wanted === 'string') assert.equal(response.auditAnnotations?.proposal, wanted, path);
    else assert.match(response.status?.message ?? '', wanted);
  }
  assert.equal(asked.length, before + 2, 'eu was asked by its own API server alone');
});

test('without a cluster that goes without a name, a path or a certificate without one is for none', () => {
  const admit = async (): Promise<Admitted> => ({ ok: true, proposal: null });
  const find = createFindCheck([{ name: 'eu', admit }], null);
  const of = (cluster: string) => ({ kind: 'of', cluster }) as const;
  assert.equal(find({ cluster: 'eu', client: of('eu') }).ok, true);
  for (const caller of [
    { cluster: null, client: of('eu') },
    { cluster: null, client: { kind: 'any' } },
    { cluster: 'eu', client: { kind: 'any' } },
    { cluster: 'eu', client: { kind: 'unknown' } },
  ] as const)
    assert.equal(find(caller).ok, false, JSON.stringify(caller));
  const only = { name: null, admit };
  const single = createFindCheck([only], only);
  assert.equal(single({ cluster: null, client: { kind: 'any' } }).ok, true);
  assert.equal(single({ cluster: null, client: of('eu') }).ok, false, 'it was issued for one of several');
  assert.equal(single({ cluster: 'null', client: { kind: 'any' } }).ok, false);
});

test('a certificate that cannot be read, or says two things, is of nobody', () => {
  assert.deepEqual(clientOf({}), { kind: 'unknown' });
  // as: what @types/node leaves out.
  const subject = (text: object) => clientOf({ subject: text } as never).kind;
  assert.deepEqual(
    [subject({}), subject({ CN: 'x' }), subject({ CN: 'x', O: 'eu' }), subject({ CN: 'x', O: ['eu', 'us'] })],
    ['unknown', 'any', 'of', 'unknown'],
  );
});
