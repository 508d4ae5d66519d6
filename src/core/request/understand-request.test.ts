// What a request does, by method, path, query and body: its one effect, and what refuses it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDocuments } from '../../adapters/yaml/read-documents.ts';
import type { ApiRequest, RequestBody } from '../model/api-request.ts';
import type { Effect } from '../model/effect.ts';
import type { Json } from '../model/json.ts';
import type { Understanding } from '../model/understanding.ts';
import { understandRequest } from './understand-request.ts';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

const bodyOf = (body: Json | RequestBody | undefined): RequestBody =>
  body === undefined
    ? { kind: 'none' }
    : typeof body === 'string'
      ? { kind: 'text', text: body }
      : // as: bodies of requests have no key `kind` with such a value
        /^(?:none|value|text|opaque)$/.test(String((body as { readonly kind?: unknown }).kind))
        ? (body as RequestBody)
        : { kind: 'value', value: body as Json };

const understood = (line: string, body?: Json | RequestBody, contentType: string | null = null): Understanding => {
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query = ''] = target.split('?');
  const request: ApiRequest = { method, path, query, contentType, body: bodyOf(body) };
  return understandRequest(request, { namespace: 'default', files: new Map(), customResources: [], readDocuments });
};

const inWords = ({ verb, group, resource, subresource, namespace, name, kind, dryRun, traits }: Effect): string =>
  [
    `${kind}:`,
    verb,
    `${resource}${group === '' ? '' : `.${group}`}${subresource === null ? '' : `/${subresource}`}`,
    `${namespace ?? '-'}/${name ?? '-'}`,
    ...(dryRun ? ['dry'] : []),
    traits.toSorted().join(','),
  ]
    .filter((one) => one !== '')
    .join(' ');

const effects = ({ parts }: Understanding): readonly string[] => parts.flatMap((part) => part.effects.map(inWords));

const WEB = '/apis/apps/v1/namespaces/shop/deployments/web';
const POD = '/api/v1/namespaces/shop/pods/web-0';
const METADATA = { name: 'web', namespace: 'shop' };

describe('a request that reads', () => {
  const READS: readonly (readonly [line: string, effect: string])[] = [
    ['GET /api/v1/pods', 'read: list pods */*'],
    ['GET /api/v1/namespaces/shop/pods?labelSelector=app%3Dweb', 'read: list pods shop/*'],
    ['GET /api/v1/namespaces/shop/pods?watch=true', 'read: watch pods shop/*'],
    ['GET /api/v1/watch/namespaces/shop/pods', 'read: watch pods shop/*'],
    [`HEAD ${POD}`, 'read: get pods shop/web-0'],
    [`GET ${POD}/log?follow=true`, 'read: get pods/log shop/web-0'],
    [`GET ${WEB}/scale`, 'read: get deployments.apps/scale shop/web'],
    ['GET /api/v1/nodes/n1', 'read: get nodes -/n1'],
    ['GET /apis/metrics.k8s.io/v1beta1/namespaces/shop/pods', 'read: list pods.metrics.k8s.io shop/*'],
    ['GET /version', 'read: get /version -/-'],
    // what is secret is, whichever way it is asked for
    ['GET /api/v1/namespaces/shop/secrets/db', 'sensitive-read: get secrets shop/db'],
    ['GET /api/v1/SECRETS', 'sensitive-read: list secrets */*'],
    ['GET /api/v1/watch/secrets', 'sensitive-read: watch secrets */*'],
  ];
  for (const [line, effect] of READS)
    test(line, () => {
      const read = understood(line);
      assert.deepEqual([effects(read), read.refusals], [[effect], []]);
    });
});

describe('a stream, whatever its method', () => {
  const STREAMS: readonly (readonly [target: string, effect: string])[] = [
    [`${POD}/exec?command=ls&container=app`, 'exec: connect pods/exec shop/web-0'],
    [`${POD}/attach?dryRun=All`, 'exec: connect pods/attach shop/web-0'],
    [`${POD}/portforward`, 'tunnel: connect pods/portforward shop/web-0'],
    [`${POD}/proxy/admin`, 'sensitive-read: connect pods/proxy shop/web-0'],
    ['/api/v1/nodes/n1/proxy/run/x', 'sensitive-read: connect nodes/proxy -/n1'],
    ['/api/v1/namespaces/shop/services/web/proxy', 'sensitive-read: connect services/proxy shop/web'],
    ['/api/v1/proxy/namespaces/shop/services/web', 'sensitive-read: connect services/proxy shop/web'],
  ];
  for (const [target, effect] of STREAMS)
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'])
      test(`${method} ${target}`, () => {
        const { parts, refusals } = understood(`${method} ${target}`);
        assert.deepEqual(parts[0]?.effects.map(inWords), [effect]);
        assert.equal(
          refusals.some(({ code }) => code === 'interactive'),
          !target.includes('command=ls'),
        );
      });

  test('the words of its program are read as a command in a container', () => {
    const { parts } = understood(`POST ${POD}/exec?command=rm&command=-rf&command=/data`);
    assert.deepEqual([parts[0]?.innerArgv, parts[0]?.destructions], [['rm', '-rf', '/data'], ['recursive-delete']]);
  });
});

describe('a request that writes', () => {
  const WRITES: readonly (readonly [line: string, body: Json | undefined, type: string | null, effect: string])[] = [
    [`PATCH ${WEB}`, { spec: { replicas: 0 } }, MERGE, 'scale: patch deployments.apps shop/web scale-to-zero'],
    [`PATCH ${WEB}/scale`, { spec: { replicas: 3 } }, MERGE, 'scale: patch deployments.apps/scale shop/web'],
    [`PUT ${WEB}/scale`, { spec: { replicas: 0 } }, null, 'scale: update deployments.apps/scale shop/web scale-to-zero'],
    [`PATCH ${WEB}`, [{ op: 'replace', path: '/spec/replicas', value: 0 }], JSON_PATCH, 'scale: patch deployments.apps shop/web scale-to-zero'],
    [`PATCH ${WEB}`, { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'x' } } } } }, STRATEGIC, 'rollout-restart: patch deployments.apps shop/web'],
    [`PATCH ${WEB}?fieldManager=x&force=true`, { kind: 'Deployment', metadata: METADATA }, APPLY, 'apply: patch deployments.apps shop/web'],
    [`PATCH ${WEB}`, 'kind: Deployment\nmetadata: {name: web}\nspec: {replicas: 0}\n', APPLY, 'apply: patch deployments.apps shop/web scale-to-zero'],
    [`PATCH ${WEB}/status`, { status: { replicas: 1 } }, MERGE, 'patch: patch deployments.apps/status shop/web'],
    [`PUT ${WEB}`, { kind: 'Deployment', metadata: METADATA }, 'application/json; charset=utf-8', 'apply: update deployments.apps shop/web'],
    ['POST /api/v1/namespaces/shop/configmaps', { metadata: { name: 'a' } }, null, 'create: create configmaps shop/a'],
    ['POST /api/v1/namespaces/shop/configmaps', { metadata: { name: 'a' } }, PROTOBUF, 'create: create configmaps shop/a'],
    ['POST /api/v1/namespaces/shop/configmaps', 'metadata:\n  name: a\n', 'application/yaml', 'create: create configmaps shop/a'],
    ['POST /api/v1/namespaces/shop/pods', { metadata: { generateName: 'a-' } }, null, 'create: create pods shop/-'],
    ['POST /api/v1/namespaces/shop/pods', { metadata: { name: 'a' }, spec: { containers: [{ image: 'a', command: ['x'] }] } }, null, 'create: create pods shop/a explicit-command,mutable-image,starts-image'],
    ['POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: {} }, null, 'read: create selfsubjectaccessreviews.authorization.k8s.io -/-'],
    [`POST ${POD}/eviction`, { deleteOptions: { gracePeriodSeconds: 0 } }, null, 'delete-pod: create pods/eviction shop/web-0 grace-zero'],
    [`POST ${POD}/binding`, { target: { name: 'n1' } }, null, 'patch: create pods/binding shop/web-0'],
    [`PATCH ${POD}/ephemeralcontainers`, { spec: { ephemeralContainers: [{ name: 'd', image: 'd' }] } }, STRATEGIC, 'exec: patch pods/ephemeralcontainers shop/web-0 mutable-image,starts-image'],
    [`PATCH ${POD}/resize`, { spec: { containers: [{ name: 'a', resources: { limits: { cpu: '1' } } }] } }, STRATEGIC, 'set-config: patch pods/resize shop/web-0'],
    ['POST /api/v1/namespaces/shop/serviceaccounts/a/token', { spec: {} }, null, 'grant: create serviceaccounts/token shop/a'],
    ['PUT /api/v1/namespaces/shop/finalize', { metadata: { name: 'shop' }, spec: { finalizers: [] } }, null, 'apply: update namespaces/finalize -/shop finalize'],
    ['PUT /apis/certificates.k8s.io/v1/certificatesigningrequests/a/approval', { status: { conditions: [{ type: 'Approved', status: 'True' }] } }, null, 'grant: update certificatesigningrequests.certificates.k8s.io/approval -/a approves-csr'],
    [`DELETE ${POD}`, undefined, null, 'delete-pod: delete pods shop/web-0'],
    [`DELETE ${POD}?gracePeriodSeconds=0`, undefined, null, 'delete-pod: delete pods shop/web-0 force,grace-zero'],
    [`DELETE ${WEB}`, { propagationPolicy: 'Orphan', gracePeriodSeconds: 1 }, null, 'delete-object: delete deployments.apps shop/web grace-one,orphan'],
    ['DELETE /api/v1/namespaces/shop', undefined, null, 'delete-object: delete namespaces -/shop'],
    ['DELETE /api/v1/namespaces/shop/pods', undefined, null, 'delete-pod: deletecollection pods shop/* all'],
    ['DELETE /api/v1/pods?labelSelector=app%3Dweb', undefined, null, 'delete-pod: deletecollection pods */* all-namespaces,selector'],
  ]; // biome-ignore format: one request a line
  for (const [line, body, type, effect] of WRITES)
    test(`${line} ${type ?? ''} ${JSON.stringify(body ?? null)}`, () => {
      const written = understood(line, body, type);
      assert.deepEqual([effects(written), written.refusals], [[effect], []]);
    });
});

describe('a dry run', () => {
  const TRIED: readonly (readonly [line: string, body: Json | undefined, type: string | null, isDry: boolean])[] = [
    [`PATCH ${WEB}?dryRun=All`, { spec: { replicas: 0 } }, MERGE, true],
    [`PATCH ${WEB}?dry%52un=All`, { spec: { replicas: 0 } }, MERGE, true],
    [`POST ${POD}/eviction`, { deleteOptions: { dryRun: ['All'] } }, null, true],
    [`POST ${POD}/eviction?dryRun=All`, {}, null, true],
    [`DELETE ${WEB}?dryRun=All`, undefined, null, true],
    [`DELETE ${WEB}`, { dryRun: ['All'] }, null, true],
    // the body of a deletion counts alone
    [`DELETE ${WEB}?dryRun=All`, {}, null, false],
    [`DELETE ${WEB}?dryRun=All`, { dryRun: [] }, null, false],
    // nothing but a deletion is told by its body
    [`PATCH ${WEB}`, { dryRun: ['All'], spec: { replicas: 0 } }, MERGE, false],
    // a token and a stream are never tried
    ['POST /api/v1/namespaces/shop/serviceaccounts/a/token?dryRun=All', { spec: {} }, null, false],
    [`POST ${POD}/exec?dryRun=All`, undefined, null, false],
  ];
  for (const [line, body, type, isDry] of TRIED)
    test(`${line} ${JSON.stringify(body ?? null)}`, () => {
      const [part] = understood(line, body, type).parts;
      assert.deepEqual([part?.effects[0]?.dryRun, part?.dryRun], [isDry, isDry]);
    });

  test('of a Secret shows what is in it', () => {
    const read = understood('PATCH /api/v1/namespaces/shop/secrets/db?dryRun=All', { metadata: {} }, MERGE);
    assert.deepEqual(effects(read), ['sensitive-read: patch secrets shop/db dry']);
  });
});

describe('what cannot be read for certain is refused, beside what is known of it', () => {
  const REFUSED: readonly (readonly [what: string, line: string, body: Json | RequestBody | undefined, type: string | null, effect: string | null])[] = [
    ['a method in small letters', `delete ${WEB}`, undefined, null, null],
    ['a method of HTTP that the API has not', `CONNECT ${WEB}`, undefined, null, null],
    ['a path with dots', 'DELETE /api/v1/namespaces/a/../b/pods/x', undefined, null, null],
    ['a parameter that stands twice', `DELETE ${WEB}?dryRun=All&dryRun=`, undefined, null, 'delete-object'],
    ['a parameter that stands twice, once encoded', `DELETE ${WEB}?dryRun=All&dry%52un=All`, undefined, null, 'delete-object'],
    ['another value of dryRun', `PATCH ${WEB}?dryRun=all`, { spec: { replicas: 0 } }, MERGE, 'scale'],
    ['a semicolon in the query', `DELETE ${WEB}?a=1;dryRun=All`, undefined, null, 'delete-object'],
    ['a key that stands twice', `PATCH ${WEB}`, '{"spec":{"replicas":3},"spec":{"replicas":0}}', MERGE, 'patch'],
    ['a key that stands twice, once escaped', `PATCH ${WEB}`, '{"spec":{"replicas":3},"\\u0073pec":{}}', MERGE, 'patch'],
    ['a key of YAML that stands twice', `PATCH ${WEB}`, 'spec: {}\nspec: {replicas: 0}\n', APPLY, 'patch'],
    ['two documents', `PATCH ${WEB}`, 'spec: {}\n---\nspec: {replicas: 0}\n', APPLY, 'patch'],
    ['no JSON', `PATCH ${WEB}`, '{"spec"', MERGE, 'patch'],
    ['an object where a JSON patch is a list', `PATCH ${WEB}`, { spec: {} }, JSON_PATCH, 'patch'],
    ['a patch of no type', `PATCH ${WEB}`, { spec: {} }, 'application/json', 'patch'],
    ['content of an unknown type', 'POST /api/v1/namespaces/shop/pods', { metadata: {} }, 'text/plain', 'create'],
    ['binary content', 'POST /api/v1/namespaces/shop/pods', { kind: 'opaque', bytes: 3, why: 'cbor', detail: '' }, PROTOBUF, 'create'],
    ['binary content as text', 'POST /api/v1/namespaces/shop/pods', 'k8s\u0000', PROTOBUF, 'create'],
    ['a patch in CBOR', `PATCH ${WEB}`, { kind: 'opaque', bytes: 3, why: 'cbor', detail: '' }, 'application/apply-patch+cbor', 'patch'],
    ['a POST to an object', `POST ${WEB}`, { metadata: {} }, null, 'create'],
    ['a PUT to a collection', 'PUT /api/v1/namespaces/shop/pods', { metadata: {} }, null, 'apply'],
    ['a POST without a namespace', 'POST /api/v1/pods', { metadata: { name: 'a' } }, null, 'create'],
    ['a body of another object', `PUT ${WEB}`, { metadata: { name: 'other' } }, null, 'apply'],
    ['a body of another namespace', `PUT ${WEB}`, { metadata: { namespace: 'kube-system' } }, null, 'apply'],
    ['a body of another kind', 'POST /api/v1/namespaces/shop/configmaps', { kind: 'Secret', metadata: { name: 'a' } }, null, 'create'],
    ['a write behind /watch/', 'DELETE /api/v1/watch/namespaces/shop/pods/a', undefined, null, 'delete-pod'],
    ['a deletion without a namespace', 'DELETE /api/v1/pods/a', undefined, null, 'delete-pod'],
    ['a patch without a namespace', 'PATCH /api/v1/pods/a', { metadata: {} }, MERGE, 'patch'],
    ['a deletion in a namespace of what lives in none', 'DELETE /api/v1/namespaces/shop/nodes/a', undefined, null, 'delete-object'],
    ['a kind in capitals', 'DELETE /api/v1/namespaces/shop/Pods/a', undefined, null, 'delete-pod'],
    ['namespaces in capitals', 'DELETE /api/v1/Namespaces/shop/pods/a', undefined, null, 'delete-pod'],
    ['a subresource in capitals', `PATCH ${WEB}/Scale`, { spec: { replicas: 1 } }, MERGE, 'scale'],
    ['more behind a subresource', `PATCH ${WEB}/scale/x`, { spec: { replicas: 1 } }, MERGE, 'scale'],
    ['a deletion of a subresource', `DELETE ${POD}/status`, undefined, null, null],
  ]; // biome-ignore format: one request a line
  for (const [what, line, body, type, kind] of REFUSED)
    test(what, () => {
      const { parts, refusals } = understood(line, body, type);
      assert.ok(
        refusals.some(({ code }) => code === 'unreadable-request'),
        JSON.stringify(refusals),
      );
      assert.ok(parts.some(({ undecided }) => undecided));
      assert.equal(parts[0]?.effects[0]?.kind ?? null, kind);
    });

  const UNKNOWN: readonly string[] = [
    `POST ${POD}/restart`,
    `PUT ${POD}/eviction`,
    'POST /apis/subresources.kubevirt.io/v1/namespaces/a/virtualmachines/b/stop',
    'POST /logs/x',
    'PUT /metrics',
  ];
  for (const line of UNKNOWN)
    test(`${line} may do anything`, () => {
      const { parts, refusals } = understood(line, {});
      assert.ok(parts[0]?.opaque?.floor === 'dual' && parts[0].undecided && refusals.length > 0);
    });
});

test('names that the API server would refuse are refused, and a kind without a group that nobody knows', () => {
  const codes = (line: string, body?: Json): readonly string[] =>
    understood(line, body).refusals.map(({ code }) => code);
  assert.deepEqual(codes('DELETE /api/v1/namespaces/shop/pods/Web'), ['invalid-name']);
  assert.deepEqual(codes('DELETE /api/v1/namespaces/Shop/pods/web'), ['invalid-name']);
  assert.deepEqual(codes('POST /api/v1/namespaces/shop/pods', { metadata: { name: 'a b' } }), ['invalid-name']);
  assert.deepEqual(codes('DELETE /api/v1/namespaces/shop/things/x'), ['hard-rule-undecided', 'unknown-kind']);
  assert.deepEqual(codes('DELETE /apis/example.com/v1/namespaces/shop/things/x'), []);
});

test('a kind that nobody knows lives where its path says', () => {
  const place = (line: string): string | null | undefined => understood(line).parts[0]?.effects[0]?.namespace;
  assert.equal(place('DELETE /apis/example.com/v1/things/x'), null);
  assert.equal(place('DELETE /apis/example.com/v1/namespaces/shop/things/x'), 'shop');
  assert.equal(place('DELETE /apis/example.com/v1/things'), '*');
});

test('the same restart is the same, whenever its time was taken', () => {
  const restart = (at: string) => {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': at };
    const { secretSpans: _, ...read } = understood(
      `PATCH ${WEB}`,
      { spec: { template: { metadata: { annotations } } } },
      STRATEGIC,
    );
    return read;
  };
  assert.deepEqual(restart('2026-01-01T00:00:00Z'), restart('2026-01-01T00:00:07Z'));
});

test('the patch of kubectl apply is the apply that it stands for, and never less than the patch', () => {
  const wanted = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: METADATA, spec: { replicas: 2 } };
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(wanted) };
  const patch = (spec: Json, more: Json = annotations) =>
    effects(understood(`PATCH ${WEB}`, { metadata: { annotations: more }, spec }, STRATEGIC));
  assert.deepEqual(patch({ replicas: 2 }), ['apply: patch deployments.apps shop/web']);
  assert.deepEqual(patch({ replicas: 0 }), ['apply: patch deployments.apps shop/web scale-to-zero']);
  // a new object, as apply makes it
  const made = { ...wanted, metadata: { ...METADATA, annotations } };
  assert.deepEqual(effects(understood('POST /apis/apps/v1/namespaces/shop/deployments', made)), [
    'apply: create deployments.apps shop/web',
  ]);
  // the annotation of another object, or one that cannot be read, says nothing
  const other = JSON.stringify({ ...wanted, metadata: { name: 'other' } });
  for (const text of [other, '{', ''])
    assert.deepEqual(patch({ replicas: 2 }, { 'kubectl.kubernetes.io/last-applied-configuration': text }), [
      'patch: patch deployments.apps shop/web effectful-annotation',
    ]);
});

test('it is shown as one line: method, path and query, without the secrets of a program', () => {
  const shown = (line: string): string => understood(line).command;
  assert.equal(shown(`PATCH ${WEB}?fieldManager=kubectl&dryRun=All`), `PATCH ${WEB}?dryRun=All&fieldManager=kubectl`);
  assert.equal(shown(`GET ${POD}/log?x=a%0Ab`), `GET ${POD}/log?x=a%0Ab`);
  const secret = understood(`POST ${POD}/exec?command=mysql&command=-pHunter2secret`);
  const spans = typeof secret.secretSpans === 'function' ? secret.secretSpans() : secret.secretSpans;
  assert.ok(spans.some(({ from, to }) => secret.command.slice(from, to).includes('Hunter2')));
});

test('what is too large is refused unread', () => {
  const code = (request: Partial<ApiRequest>): string | undefined =>
    understandRequest(
      { method: 'PATCH', path: WEB, query: '', contentType: MERGE, body: { kind: 'none' }, ...request },
      { namespace: 'default', files: new Map(), customResources: [], readDocuments },
    ).refusals[0]?.code;
  assert.equal(code({ path: `/${'a'.repeat(70_000)}` }), 'too-large');
  assert.equal(code({ query: 'a'.repeat(70_000) }), 'too-large');
  assert.equal(code({ body: { kind: 'text', text: ' '.repeat(1_100_000) } }), 'too-large');
  assert.equal(code({ body: { kind: 'opaque', bytes: 1_100_000, why: 'cbor', detail: '' } }), 'too-large');
});

describe('what is sent once it is approved', () => {
  const mutation = (line: string, body?: Json, contentType: string | null = null) =>
    understood(line, body, contentType).parts[0]?.effects[0]?.mutation ?? null;
  const change = (line: string, body?: Json, contentType: string | null = null) =>
    understood(line, body, contentType).parts[0]?.effects[0]?.change;
  const STAMP = { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'x' } } } } };

  test('a request as it came, but for what says only how it is answered', () => {
    const body = { spec: { paused: true } };
    assert.deepEqual(
      mutation(`PATCH ${WEB}?fieldManager=me&fieldValidation=Strict&pretty=true&timeout=1s`, body, MERGE),
      {
        is: 'request',
        method: 'PATCH',
        contentType: MERGE,
        query: { fieldManager: 'me', fieldValidation: 'Strict' },
        body,
      },
    );
    assert.deepEqual(
      mutation(`PATCH ${WEB}?fieldManager=me&force=true`, 'kind: Deployment\nmetadata: {name: web}\n', APPLY),
      {
        is: 'request',
        method: 'PATCH',
        contentType: APPLY,
        query: { fieldManager: 'me', force: 'true' },
        body: { kind: 'Deployment', metadata: { name: 'web' } },
      },
    );
    const made = mutation('POST /api/v1/namespaces/shop/configmaps', 'metadata: {name: a}\n', 'application/yaml');
    assert.deepEqual(made, {
      is: 'request',
      method: 'POST',
      contentType: 'application/json',
      query: {},
      body: { metadata: { name: 'a' } },
    });
  });

  test('nothing where it is a dry run, in doubt, of an unknown kind, or answered with another object', () => {
    const spec = { spec: { replicas: 1 } };
    for (const [line, body, type] of [
      [`PATCH ${WEB}?dryRun=All`, spec, MERGE],
      [`PATCH ${WEB}?a=1&a=2`, spec, MERGE],
      [`PUT ${WEB}`, { metadata: { name: 'other' } }, null],
      [`PATCH ${WEB}`, { spec: { paused: true, x: '\u0000' } }, MERGE],
      ['PATCH /apis/example.com/v1/namespaces/shop/things/x', spec, MERGE],
      [`POST ${POD}/binding`, { target: { name: 'n1' } }, null],
      ['POST /api/v1/namespaces/shop/serviceaccounts/a/token', { spec: {} }, null],
    ] as const)
      assert.equal(mutation(line, body, type), null, line);
  });

  test('a restart with the time of the write: its stamp decides nothing', () => {
    assert.deepEqual(
      [mutation(`PATCH ${WEB}`, STAMP, STRATEGIC), change(`PATCH ${WEB}`, STAMP, STRATEGIC)],
      [null, { to: 'restart' }],
    );
  });

  test('a deletion and an eviction with their options, unless one is none that an executor sends', () => {
    const absence = { to: 'absence', gracePeriodSeconds: 5, propagation: 'Foreground' };
    assert.deepEqual(change(`DELETE ${WEB}`, { gracePeriodSeconds: 5, propagationPolicy: 'Foreground' }), absence);
    assert.deepEqual(change(`DELETE ${WEB}?gracePeriodSeconds=5&propagationPolicy=Foreground`), absence);
    assert.deepEqual(change(`POST ${POD}/eviction`, { deleteOptions: { gracePeriodSeconds: 5 } }), {
      ...absence,
      propagation: null,
    });
    assert.deepEqual(change(`DELETE ${WEB}`, { preconditions: { uid: 'u' } }), { to: 'other' });
    assert.deepEqual(change(`POST ${POD}/eviction`, { deleteOptions: { preconditions: { uid: 'u' } } }), {
      to: 'other',
    });
  });

  test('a program with the words of the query, unless it wants a stream', () => {
    const run = { to: 'run', argv: ['ls', '-l'], container: 'app', of: null };
    assert.deepEqual(change(`POST ${POD}/exec?command=ls&command=-l&container=app&stdout=true`), run);
    assert.deepEqual(change(`POST ${POD}/exec?command=ls&stdin=true`), { to: 'other' });
  });

  test('where its secrets stand', () => {
    const secrets = (line: string, body: Json, type: string | null = null) => mutation(line, body, type)?.secrets ?? [];
    const SECRETS = '/api/v1/namespaces/shop/secrets';
    assert.deepEqual(secrets(SECRETS, { metadata: { name: 'a' } }), []);
    assert.deepEqual(secrets(`POST ${SECRETS}`, { metadata: { name: 'a' }, data: { p: 'aHVudGVyMg==' } }), [
      '/body/data/p',
    ]);
    assert.deepEqual(secrets(`PATCH ${SECRETS}/a`, { data: { p: 'aHVudGVyMg==' } }, MERGE), ['/body/data/p']);
    const env = [{ name: 'DB_PASSWORD', value: 'hunter2hunter2' }];
    const pod = { metadata: { name: 'a' }, spec: { containers: [{ name: 'a', image: 'a', env }] } };
    assert.deepEqual(secrets('POST /api/v1/namespaces/shop/pods', pod), ['/body/spec/containers/0/env/0/value']);
  });

  test('the version of the API where it is not the one that a cluster prefers', () => {
    const version = (line: string) =>
      understood(line, { spec: { maxReplicas: 3 } }, MERGE).parts[0]?.effects[0]?.version;
    const HPA = 'namespaces/shop/horizontalpodautoscalers/web';
    assert.equal(version(`PATCH /apis/autoscaling/v1/${HPA}`), 'v1');
    assert.equal(version(`PATCH /apis/autoscaling/v2/${HPA}`), undefined);
  });
});
