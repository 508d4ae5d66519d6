// What a change is: the fields that differ, whether an object has them, and the patch that takes them back.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { jsonPatch } from '../../sandbox/cluster/patch/json.ts';
import { type Json, type JsonObject, sameJson } from '../model/json.ts';
import type { FieldChange } from '../model/object-change.ts';
import { changedIn, differenceOf, type Hiding, holdsIn, restoring } from './difference.ts';

const hash: Hiding['hash'] = (value) => `hmac-sha256:${JSON.stringify(value)}`;
const OPEN: Hiding = { hides: () => false, hash };

const differ = (before: JsonObject | null, after: JsonObject, again: JsonObject = after, hiding = OPEN) =>
  differenceOf({ asked: null, before, after, again, status: false }, hiding);

/** As a server applies it. */
const patched = (object: JsonObject, operations: Json): Json => {
  const result = jsonPatch(object as never, operations as never);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value as unknown as Json;
};

const pod = (...containers: readonly Json[]): JsonObject => ({ spec: { template: { spec: { containers } } } });
const web = (image: string, env: readonly Json[] = []): Json => ({ name: 'web', image, env });
const side = { name: 'side', image: 'side:1' };

/** [what, before, after, the difference]. */
const CASES: readonly (readonly [string, JsonObject, JsonObject, readonly FieldChange[]])[] = [
  ['nothing', { spec: { a: 1 } }, { spec: { a: 1 } }, []],
  ['the order of keys is none', { spec: { a: 1, b: { c: 2, d: 3 } } }, { spec: { b: { d: 3, c: 2 }, a: 1 } }, []],
  ['a value', { spec: { a: 1 } }, { spec: { a: 2 } }, [{ path: '/spec/a', before: 1, after: 2 }]],
  ['a value that comes', { spec: {} }, { spec: { paused: true } }, [{ path: '/spec/paused', after: true }]],
  [
    'a value that goes',
    { spec: { unschedulable: true } },
    { spec: {} },
    [{ path: '/spec/unschedulable', before: true }],
  ],
  [
    'a key with a slash and a tilde',
    { metadata: { labels: { 'a/b~c': '1' } } },
    { metadata: { labels: { 'a/b~c': '2' } } },
    [{ path: '/metadata/labels/a~1b~0c', before: '1', after: '2' }],
  ],
  [
    'an image, by the name of its container',
    pod(side, web('web:1')),
    pod(side, web('web:2')),
    [{ path: '/spec/template/spec/containers/1/image', keys: ['name=web'], before: 'web:1', after: 'web:2' }],
  ],
  [
    'a variable that comes, one that goes',
    pod(web('web:1', [{ name: 'A', value: '1' }])),
    pod(web('web:1', [{ name: 'B', value: '2' }])),
    [
      {
        path: '/spec/template/spec/containers/0/env/0',
        keys: ['name=web', 'name=A'],
        before: { name: 'A', value: '1' },
      },
      {
        path: '/spec/template/spec/containers/0/env/0',
        keys: ['name=web', 'name=B'],
        after: { name: 'B', value: '2' },
      },
    ],
  ],
  [
    'another order of the same is another list',
    pod(web('web:1'), side),
    pod(side, web('web:1')),
    [{ path: '/spec/template/spec/containers', before: [web('web:1'), side], after: [side, web('web:1')] }],
  ],
  [
    'two of one name are no map',
    { spec: { ports: [{ port: 80 }, { port: 80 }] } },
    { spec: { ports: [{ port: 80 }] } },
    [{ path: '/spec/ports', before: [{ port: 80 }, { port: 80 }], after: [{ port: 80 }] }],
  ],
  [
    'a list without keys is one value',
    { spec: { finalizers: [] } },
    { spec: { finalizers: ['a'] } },
    [{ path: '/spec/finalizers', before: [], after: ['a'] }],
  ],
  [
    'bookkeeping and status are left out',
    { metadata: { resourceVersion: '1', generation: 1, managedFields: [] }, status: { replicas: 1 } },
    { metadata: { resourceVersion: '2', generation: 2, managedFields: [{}] }, status: { replicas: 2 } },
    [],
  ],
];

describe('the difference', () => {
  for (const [what, before, after, expected] of CASES)
    test(what, () => {
      const fields = differ(before, after);
      assert.deepEqual(fields, expected);
      assert.ok(holdsIn(before, fields, 'before', hash) && holdsIn(after, fields, 'after', hash));
      assert.equal(holdsIn(before, fields, 'after', hash), fields.length === 0);
    });

  test('of the status, where the request addresses it', () => {
    const [before, after] = [{ status: { replicas: 1 } }, { status: { replicas: 2 } }];
    const fields = differenceOf({ asked: null, before, after, again: after, status: true }, OPEN);
    assert.deepEqual(fields, [{ path: '/status/replicas', before: 1, after: 2 }]);
  });

  test('of what two dry runs answer differently has no value, inside of a value too', () => {
    const service = (nodePort: number, at: string): JsonObject => ({
      metadata: { annotations: { at } },
      spec: { ports: [{ port: 80, nodePort }] },
    });
    const before: JsonObject = { metadata: {}, spec: { ports: [] } };
    const fields = differ(before, service(30001, 'one'), service(30002, 'two'));
    assert.deepEqual(fields, [
      { path: '/metadata/annotations', after: {} },
      { path: '/metadata/annotations/at', generated: true },
      { path: '/spec/ports/0', keys: ['port=80'], after: { port: 80 } },
      { path: '/spec/ports/0/nodePort', keys: ['port=80'], generated: true },
    ]);
    assert.ok(holdsIn(service(31555, 'three'), fields, 'after', hash));
    assert.deepEqual(changedIn({ metadata: {}, spec: { ports: [{ port: 81 }] } }, fields, 'after', hash), [
      '/metadata/annotations',
      '/spec/ports/0',
    ]);
  });

  test('of two answers that name an element differently is the same each time, whatever the names were', () => {
    const pod = (random: string): JsonObject => ({
      spec: { volumes: [{ name: `kube-api-access-${random}`, projected: { defaultMode: 420 } }] },
    });
    const fields = differ(null, pod('x7pcw'), pod('b2kfq'));
    assert.deepEqual(fields, differ(null, pod('m9v4z'), pod('q8d6t')));
    assert.ok(fields.every(({ generated, keys }) => generated === true && keys === undefined));
  });

  test('of a new object is the object, what every object is given apart', () => {
    const made = (uid: string): JsonObject => ({
      kind: 'Job',
      metadata: { name: 'x', uid, creationTimestamp: 'now' },
    });
    assert.deepEqual(differ(null, made('1'), made('2')), [
      { path: '/kind', after: 'Job' },
      { path: '/metadata/creationTimestamp', generated: true },
      { path: '/metadata/name', after: 'x' },
      { path: '/metadata/uid', generated: true },
    ]);
  });

  test('a value that may not be shown stands as its hash, which tells whether it is there', () => {
    const hides: Hiding['hides'] = (path) => path === '/data/password';
    const [before, after] = [{ data: { password: 'a' } }, { data: { password: 'b' } }];
    const fields = differ(before, after, after, { hides, hash });
    assert.deepEqual(fields, [{ path: '/data/password', hidden: { before: hash('a'), after: hash('b') } }]);
    assert.ok(holdsIn(before, fields, 'before', hash) && holdsIn(after, fields, 'after', hash));
    assert.ok(!holdsIn({ data: { password: 'c' } }, fields, 'after', hash));
    assert.equal(restoring(after, fields), null, 'it is not known here');
    assert.deepEqual(restoring(after, fields, new Map([[hash('a'), 'a']])), [
      { op: 'replace', path: '/data/password', value: 'a' },
    ]);
    const fresh = differ({ data: {} }, before, before, { hides, hash });
    assert.deepEqual(restoring(before, fresh), [{ op: 'remove', path: '/data/password' }], 'it was not there');
  });
});

const name = fc.constantFrom('a', 'b', 'c', 'd/e');
const scalar = fc.constantFrom<Json>(null, true, 0, 1, '', 'x');
const element = fc.record({
  name,
  image: scalar,
  env: fc.uniqueArray(fc.record({ name, value: scalar }), { selector: (one) => one.name }),
});
const object = fc.record(
  {
    metadata: fc.record(
      { labels: fc.dictionary(name, scalar), annotations: fc.dictionary(name, scalar) },
      { requiredKeys: [] },
    ),
    spec: fc.record(
      {
        replicas: scalar,
        containers: fc.uniqueArray(element, { selector: (one) => one.name, maxLength: 4 }),
        taints: fc.array(fc.record({ key: name })),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

describe('for whatever object', () => {
  test('the patch back gives exactly what was, and nothing where nothing changed', () => {
    fc.assert(
      fc.property(object, object, (one, other) => {
        const [before, after] = [one, other] as unknown as readonly [JsonObject, JsonObject];
        const fields = differ(before, after);
        assert.ok(holdsIn(before, fields, 'before', hash));
        assert.ok(holdsIn(after, fields, 'after', hash));
        const back = restoring(after, fields);
        assert.ok(back !== null);
        assert.ok(sameJson(patched(after, back as unknown as Json), before), JSON.stringify({ fields, back }));
        assert.deepEqual(restoring(before, fields), []);
      }),
      { numRuns: 2000 },
    );
  });

  test('what another does elsewhere in the meantime stays', () => {
    fc.assert(
      fc.property(object, object, (one, other) => {
        const [before, after] = [one, other] as unknown as readonly [JsonObject, JsonObject];
        const fields = differ(before, after);
        const mixed = { ...after, other: 'untouched' };
        const back = restoring(mixed, fields) ?? [];
        const restored = patched(mixed, back as unknown as Json);
        assert.ok(sameJson(restored, { ...before, other: 'untouched' }));
      }),
      { numRuns: 500 },
    );
  });
});
