// The patch of a client-side apply beside what Kubernetes' own code made of the same three states (apimachinery 0.36.3).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { LAST_APPLIED, withLastApplied } from '../model/last-applied.ts';
import { applyPatch, threeWayMerge, threeWayStrategic } from './apply-patch.ts';
import type { MergeSchema } from './merge-schema.ts';
import { openApiMergeSchema } from './openapi-schema.ts';
import { mergeDiff, strategicDiff, UnmergeableList } from './strategic-diff.ts';

/** Three states, and the patch; null where a field that is to change was changed by somebody else. */
interface Golden {
  readonly how: 'strategic' | 'merge';
  readonly kind: string;
  readonly overwrite: boolean;
  readonly last: JsonObject;
  readonly wanted: JsonObject;
  readonly live: JsonObject;
  readonly patch: JsonObject | null;
}

const GOLDEN = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/patches/three-way.golden.json', import.meta.url), 'utf8'),
) as readonly Golden[];

const merged = (key: string, items: Json, more = ''): JsonObject => ({
  type: 'array',
  items,
  'x-kubernetes-patch-strategy': `merge${more}`,
  ...(key === '' ? {} : { 'x-kubernetes-patch-merge-key': key }),
});
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const only = (name: string): JsonObject => ({ allOf: [ref(name)], default: {} });
const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const text = { type: 'string' };
const ROOT = 'x-kubernetes-group-version-kind';

/** As API servers publish it, cut to the fields that the cases use. */
const published = (group: string, kind: string, spec: JsonObject, takes = 'strategic-merge-patch+json'): JsonObject => {
  const names = { group, version: 'v1', kind };
  return {
    openapi: '3.0.0',
    paths: {
      [`/${kind}`]: { patch: { [ROOT]: names, requestBody: { content: { [`application/${takes}`]: {} } } } },
    },
    components: {
      schemas: {
        Meta: object({
          finalizers: merged('', text),
          ownerReferences: merged('uid', object({ uid: text })),
          labels: { type: 'object', additionalProperties: text },
        }),
        Container: object({
          env: merged('name', only('EnvVar')),
          ports: merged('containerPort', only('Port')),
          volumeMounts: merged('mountPath', object({ mountPath: text })),
          command: { type: 'array', items: text },
        }),
        EnvVar: object({ valueFrom: only('Source') }),
        Source: object({}),
        Port: object({}),
        PodSpec: object({
          containers: merged('name', only('Container')),
          initContainers: merged('name', only('Container')),
          volumes: merged('name', object({ name: text }), ',retainKeys'),
          imagePullSecrets: merged('name', object({ name: text })),
          hostAliases: merged('ip', object({ ip: text })),
          topologySpreadConstraints: merged('topologyKey', object({ topologyKey: text })),
          tolerations: { type: 'array', items: object({}) },
        }),
        Template: object({ metadata: only('Meta'), spec: only('PodSpec') }),
        Root: { ...object({ metadata: only('Meta'), spec: { ...object(spec) } }), [ROOT]: [names] },
      },
    },
  };
};

const schemaOf = (group: string, kind: string, spec: JsonObject): MergeSchema => {
  const schema = openApiMergeSchema(published(group, kind, spec), { group, version: 'v1', kind });
  assert.ok(schema !== null);
  return schema;
};

const podSpec = (): JsonObject => {
  const { components } = published('', 'Pod', {});
  const schemas = isObject(components) ? components['schemas'] : {};
  const spec = isObject(schemas) ? schemas['PodSpec'] : {};
  const properties = isObject(spec) ? spec['properties'] : {};
  return isObject(properties) ? properties : {};
};

const SCHEMAS: ReadonlyMap<string, MergeSchema> = new Map([
  ['Pod', schemaOf('', 'Pod', podSpec())],
  [
    'Deployment',
    schemaOf('apps', 'Deployment', {
      template: only('Template'),
      strategy: { ...object({}), 'x-kubernetes-patch-strategy': 'retainKeys' },
    }),
  ],
  ['Service', schemaOf('', 'Service', { ports: merged('port', object({ port: text })) })],
]);
const POD = SCHEMAS.get('Pod');
assert.ok(POD !== undefined);

suite('three states make the patch that Kubernetes makes of them', () => {
  assert.ok(GOLDEN.length >= 60);
  for (const [at, { how, kind, overwrite, last, wanted, live, patch }] of GOLDEN.entries())
    test(`${at}: ${how}, ${kind}${patch === null ? ', a conflict' : ''}`, () => {
      if (how === 'merge') {
        assert.deepEqual(threeWayMerge({ last, wanted, live }), patch);
        return;
      }
      const schema = SCHEMAS.get(kind);
      assert.ok(schema !== undefined);
      const made = threeWayStrategic({ last, wanted, live }, schema, overwrite);
      assert.deepEqual(made.ok ? made.object : made.why.code, patch ?? 'apply-conflict');
    });
});

test('what is the same needs no patch, by either way', () => {
  for (const { kind, live: given } of GOLDEN) {
    // of lists of plain values kubectl sets the order where they are not sorted
    const live: JsonObject = JSON.parse(JSON.stringify(given), (key, value: unknown) =>
      key === 'finalizers' ? [] : value,
    );
    const schema = SCHEMAS.get(kind);
    assert.ok(schema !== undefined);
    assert.deepEqual(strategicDiff(live, live, schema), {});
    assert.deepEqual(mergeDiff(live, live), {});
    assert.deepEqual(threeWayMerge({ last: live, wanted: live, live }), {});
  }
});

test('elements that cannot be told apart are refused', () => {
  const pod = (name: JsonObject): JsonObject => ({ spec: { containers: [name] } });
  assert.throws(() => strategicDiff(pod({ image: 'a' }), pod({ image: 'b' }), POD), UnmergeableList);
});

suite('the OpenAPI of a kind', () => {
  test('says nothing of a kind that the server does not merge strategically', () => {
    const custom = published('example.com', 'Widget', {}, 'merge-patch+json');
    assert.equal(openApiMergeSchema(custom, { group: 'example.com', version: 'v1', kind: 'Widget' }), null);
  });
  test('says nothing of a kind that is not in it', () => {
    for (const document of [{}, published('', 'Pod', {})])
      assert.equal(openApiMergeSchema(document, { group: '', version: 'v1', kind: 'Node' }), null);
  });
  test('leads through references, and takes what it does not know for an object or a whole list', () => {
    const container = POD('spec').below('containers');
    assert.equal(container.mergeKey, 'name');
    assert.equal(container.below('env').mergeKey, 'name');
    assert.equal(container.below('command').mergeKey, null);
    assert.equal(container.below('nosuch').mergeKey, null);
    assert.equal(POD('spec').below('volumes').retainKeys, true);
    assert.equal(POD('__proto__').mergeKey, null);
  });
});

suite('the annotation of the last apply', () => {
  const manifest: JsonObject = {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: 'a' },
    data: { '10': '<&>', '9': 'b' },
  };
  test('is written as kubectl writes it: keys in order, letters escaped, a line break at the end', () => {
    const { metadata } = withLastApplied(manifest);
    assert.deepEqual(metadata, {
      name: 'a',
      annotations: {
        [LAST_APPLIED]:
          '{"apiVersion":"v1","data":{"10":"\\u003c\\u0026\\u003e","9":"b"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"a"}}\n',
      },
    });
  });
  test('never holds an annotation of its own', () => {
    assert.deepEqual(withLastApplied(withLastApplied(manifest)), withLastApplied(manifest));
  });
  test('makes an apply of the same manifest say nothing', () => {
    for (const schema of [null, POD])
      assert.deepEqual(applyPatch({ object: manifest, live: withLastApplied(manifest), schema, overwrite: true }), {
        ok: true,
        object: {},
      });
  });
  test('tells what the manifest no longer says, and leaves alone what others have added', () => {
    const live = { ...withLastApplied(manifest), data: { '10': '<&>', '9': 'b', other: 'c' } };
    const now: JsonObject = { ...manifest, data: { '10': 'new' } };
    for (const schema of [null, POD]) {
      const patch = applyPatch({ object: now, live, schema, overwrite: true });
      assert.ok(patch.ok);
      assert.deepEqual(patch.object['data'], { '10': 'new', '9': null });
    }
  });
  test('is refused where it cannot be read', () => {
    for (const said of ['{', '[]', '"x"', `${'['.repeat(200)}${']'.repeat(200)}`]) {
      const live = { metadata: { annotations: { [LAST_APPLIED]: said } } };
      const patch = applyPatch({ object: manifest, live, schema: null, overwrite: true });
      assert.equal(patch.ok || patch.why.code, 'last-applied-unreadable', said);
    }
  });
});
