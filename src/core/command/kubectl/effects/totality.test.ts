// Whatever a body holds, there is an answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { surroundings } from '../../../../../test/support/understood.ts';
import { effectsOfInvocation } from '../effects.ts';
import { parseKubectl } from '../parse.ts';

const WORDS = [
  'spec',
  'metadata',
  'template',
  'containers',
  'finalizers',
  'labels',
  'annotations',
  'replicas',
  'ownerReferences',
  'subjects',
  'rules',
  'taints',
  'command',
  'args',
  'env',
  'image',
  'securityContext',
  'capabilities',
  'add',
  '$patch',
  '$retainKeys',
  '$deleteFromPrimitiveList/finalizers',
  'items',
  'kind',
  'apiVersion',
  'name',
  'a/b~c',
  '__proto__',
  '',
];
const KINDS = [
  'pod',
  'deploy',
  'cronjob',
  'ns',
  'pvc',
  'node',
  'clusterrolebinding',
  'hpa',
  'svc',
  'secret',
  'widgets.example.com',
];
const leaf = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e300, '', 'replace', 'delete', 'Delete', 'cluster-admin'),
  fc.string(),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium' },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...WORDS), tie('tree'), { maxKeys: 4 }),
  ),
}));
const pointer = fc
  .array(fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom('0', '-')), { maxLength: 6 })
  .map((parts) => parts.map((part) => `/${part}`).join(''));
const operation = fc.record({
  op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'),
  path: pointer,
  from: pointer,
  value: tree,
});
const body = fc.oneof(tree, fc.array(operation, { maxLength: 4 }));

const answers = (argv: readonly string[], files: Readonly<Record<string, string>>): void => {
  const { effects, refusals } = effectsOfInvocation(parseKubectl(argv), surroundings(files));
  assert.ok(effects.length > 0 || refusals.length > 0 || argv.includes('-f'), argv.join(' '));
};

test('any patch of any type and kind', () => {
  fc.assert(
    fc.property(body, fc.constantFrom(...KINDS), fc.constantFrom('strategic', 'merge', 'json'), (value, kind, type) =>
      answers(['patch', kind, 'x', `--type=${type}`, '-p', JSON.stringify(value)], {}),
    ),
    { numRuns: 1000 },
  );
});

test('any manifest by any road', () => {
  const roads = ['create', 'apply', 'replace', 'delete', 'diff', 'get', 'replace --force', 'apply --prune --all'];
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 3 }), fc.constantFrom(...roads), (values, road) =>
      answers([...road.split(' '), '-f', 'x.json'], {
        'x.json': values.map((value) => JSON.stringify(value)).join('\n'),
      }),
    ),
    { numRuns: 500 },
  );
});

test('any path of --raw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('get', 'delete', 'create', 'replace'), (path, verb) => {
      effectsOfInvocation(parseKubectl([verb, `--raw=/api/${path}`, '-f', '-']), surroundings({}));
    }),
    { numRuns: 500 },
  );
});
