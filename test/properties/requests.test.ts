// What holds for every request, however it is written: an answer, that adds up, and that no other spelling lowers.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import type { BlastRadius } from '../../src/core/blast-radius/blast-radius.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { score } from '../../src/core/blast-radius/score.ts';
import { type ApiRequest, apiRequestOf, requestJson } from '../../src/core/model/api-request.ts';
import type { Json } from '../../src/core/model/json.ts';
import { TIERS } from '../../src/core/model/tier.ts';
import { secretsOf } from '../../src/core/model/understanding.ts';
import { understandRequest } from '../../src/core/request/understand-request.ts';

const around = { namespace: 'default', files: new Map<string, string>(), customResources: [], readDocuments };

const judge = (request: ApiRequest): BlastRadius => {
  const understanding = understandRequest(request, around);
  secretsOf(understanding);
  return score(understanding, null, DEFAULT_POLICY);
};

const rank = ({ tier }: BlastRadius): number => TIERS.indexOf(tier);

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get', ''];
const SEGMENTS =
  'api apis v1 apps namespaces shop kube-system pods deployments secrets clusterroles rbac.authorization.k8s.io web exec scale status finalize eviction token proxy watch .. . %2f %2e%2e %00 things a%20b'.split(
    ' ',
  );
const NAMES = ['dryRun', 'dry%52un', 'gracePeriodSeconds', 'labelSelector', 'command', 'watch', 'force', 'x'];
const VALUES = ['All', 'all', '', '0', '1', 'true', 'app=web', 'rm', '-rf', '%zz', 'a;b'];
const TYPES = [
  null,
  'application/json',
  'application/yaml',
  'application/merge-patch+json',
  'application/json-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/vnd.kubernetes.protobuf',
  'text/plain',
];

const path = fc.oneof(
  fc.array(fc.constantFrom(...SEGMENTS), { maxLength: 9 }).map((parts) => `/${parts.join('/')}`),
  fc.string({ unit: 'binary' }),
);
const query = fc.oneof(
  fc
    .array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...VALUES)), { maxLength: 4 })
    .map((pairs) => pairs.map((pair) => pair.join('=')).join('&')),
  fc.string({ unit: 'binary' }),
  fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 4 }),
);
// as: fast-check makes JSON here, and calls it unknown.
const json = fc.jsonValue({ maxDepth: 6 }) as fc.Arbitrary<Json>;
const object = fc.record({
  kind: fc.constantFrom('Pod', 'Deployment', 'DeleteOptions'),
  metadata: fc.record({ name: fc.constantFrom('web', '', 'a b'), labels: fc.dictionary(fc.string(), fc.string()) }),
  spec: json,
});
const body: fc.Arbitrary<ApiRequest['body']> = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  json.map((value) => ({ kind: 'value' as const, value })),
  object.map((value) => ({ kind: 'value' as const, value })),
  json.map((value) => ({ kind: 'text' as const, text: JSON.stringify(value) })),
  fc.string({ unit: 'binary' }).map((text) => ({ kind: 'text' as const, text })),
  fc.nat(2_000_000).map((bytes) => ({ kind: 'opaque' as const, bytes, why: 'cbor' as const, detail: '' })),
);
const request: fc.Arbitrary<ApiRequest> = fc.record({
  method: fc.oneof(fc.constantFrom(...METHODS), fc.string()),
  path,
  query,
  contentType: fc.oneof(fc.constantFrom(...TYPES), fc.string()),
  body,
});

const addsUp = (answer: BlastRadius): void => {
  const sum = answer.reasons.reduce((all, { points }) => all + points, 0);
  assert.equal(answer.score, sum);
  assert.equal(answer.tier === 'blocked', answer.hardRule !== null);
  assert.equal(answer.executable, answer.refusals.length === 0);
};

suite('every request has an answer', () => {
  test('that adds up, whatever its method, path, query and body', () => {
    fc.assert(
      fc.property(request, (one) => addsUp(judge(one))),
      { numRuns: 4000 },
    );
  });

  test('and what is no request has one too: none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = apiRequestOf(value);
        if (read !== null) addsUp(judge(read));
      }),
    );
  });

  test('the same as JSON and back', () => {
    fc.assert(
      fc.property(request, (one) => {
        // what is opaque has no JSON, and a lone text that is empty is no body
        fc.pre(
          one.body.kind === 'value'
            ? one.body.value !== null && typeof one.body.value === 'object'
            : one.body.kind === 'none',
        );
        fc.pre(!one.path.includes('?'));
        const back = apiRequestOf(JSON.parse(JSON.stringify(requestJson(one))));
        assert.ok(back !== null);
        assert.equal(judge(back).score, judge(one).score);
      }),
      { numRuns: 500 },
    );
  });
});

const WEB = '/apis/apps/v1/namespaces/shop/deployments/web';
const asked = (method: string, target: string, value?: Json): ApiRequest => ({
  method,
  path: target,
  query: [],
  contentType: method === 'PATCH' ? 'application/merge-patch+json' : null,
  body: value === undefined ? { kind: 'none' } : { kind: 'value', value },
});

suite('no spelling lowers the answer', () => {
  const WRITES: readonly ApiRequest[] = [
    asked('DELETE', WEB),
    asked('DELETE', '/api/v1/namespaces/shop'),
    asked('PATCH', WEB, { spec: { replicas: 0 } }),
    asked('POST', '/api/v1/namespaces/shop/pods', { metadata: { name: 'a' }, spec: { hostPID: true } }),
    asked('GET', '/api/v1/namespaces/shop/secrets/db'),
    asked('GET', '/api/v1/namespaces/shop/pods/a/exec'),
  ];
  const encoded = (target: string, at: readonly number[]): string =>
    target
      .split('')
      .map((letter, index) =>
        at.includes(index) && letter !== '/' ? `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}` : letter,
      )
      .join('');

  test('of a path by percent-encoding', () => {
    fc.assert(
      fc.property(fc.constantFrom(...WRITES), fc.array(fc.nat(60), { maxLength: 6 }), (one, at) => {
        const answer = judge({ ...one, path: encoded(one.path, at) });
        assert.deepEqual([answer.score, answer.action], [judge(one).score, judge(one).action]);
      }),
    );
  });

  test('of a path by what another server might read otherwise', () => {
    const tricks = [
      (target: string) => target.replace('/namespaces', '//namespaces'),
      (target: string) => target.replace('/namespaces', '/./namespaces'),
      (target: string) => `${target}/../x`,
      (target: string) => `${target}%2fx`,
      (target: string) => `${target};x`,
    ];
    for (const one of WRITES)
      for (const trick of tricks) {
        const answer = judge({ ...one, path: trick(one.path) });
        assert.ok(rank(answer) >= TIERS.indexOf('dual') && !answer.executable, trick(one.path));
      }
  });

  test('of a query by whatever stands in it but one dry run', () => {
    fc.assert(
      fc.property(fc.constantFrom(...WRITES), query, (one, more) => {
        const tried = typeof more === 'string' ? more === 'dryRun=All' : false;
        fc.pre(!tried && JSON.stringify(more).match(/dry(?:R|%52)un=All/g)?.length !== 1);
        fc.pre(typeof more === 'string' || !more.some(([name]) => name === 'dryRun'));
        assert.ok(rank(judge({ ...one, query: more })) >= rank(judge(one)));
      }),
      { numRuns: 1000 },
    );
  });
});

suite('large bodies', () => {
  const BODIES: Readonly<Record<string, string>> = {
    'many keys': `{${Array.from({ length: 60_000 }, (_, at) => `"k${at}":1`).join(',')}}`,
    'many operations': `[${Array.from({ length: 12_000 }, (_, at) => `{"op":"add","path":"/data/k${at}","value":"x"}`).join(',')}]`,
    'deep nesting': `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    'one long text': `{"a":"${'x'.repeat(900_000)}"}`,
    'open brackets': '['.repeat(500_000),
  };
  for (const [what, text] of Object.entries(BODIES))
    test(`${what} have an answer`, () => {
      for (const contentType of TYPES)
        addsUp(judge({ method: 'PATCH', path: WEB, query: '', contentType, body: { kind: 'text', text } }));
    });
});
