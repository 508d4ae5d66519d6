// The published roles and what the gate says that it needs: the same, role by role. And what no role may ever hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KIND_NAMES } from '../../src/adapters/cluster/cache/kinds.ts';
import { NEEDED_RIGHTS } from '../../src/adapters/cluster/rights.ts';
import { resourceOf } from '../../src/ports/cluster-rights.ts';
import { grantOf, grantsOf, nameOf, RBAC, ROLES, textOf } from './published.ts';

const published = ROLES.flatMap(grantsOf);
const READS = new Set(['get', 'list', 'watch']);

test('what is published is what is needed, role by role', () => {
  assert.deepEqual(published.map(textOf).toSorted(), NEEDED_RIGHTS.map(grantOf).map(textOf).toSorted());
});

test('the name of a right is the same in both', () => {
  assert.deepEqual(published.map(nameOf).toSorted(), NEEDED_RIGHTS.map(resourceOf).toSorted());
});

test('every kind that the cache follows may be listed and watched', () => {
  const held = new Set(published.map(textOf));
  for (const kind of KIND_NAMES)
    for (const verb of ['list', 'watch']) assert.ok(held.has(`blastgate-reader: ${verb} ${kind}`), `${verb} ${kind}`);
});

test('the reader only reads, and nothing secret', () => {
  const reader = published.filter(({ role }) => role === 'blastgate-reader');
  assert.deepEqual(
    reader.filter(({ verb, resource }) => !READS.has(verb) || /secret|configmap|token|\*/.test(resource)),
    [],
  );
});

test('each action writes this and nothing else', () => {
  assert.deepEqual(published.filter(({ verb }) => !READS.has(verb)).map(textOf), [
    'blastgate-delete-pod: delete pods',
    'blastgate-scale: patch deployments.apps/scale',
    'blastgate-scale: patch statefulsets.apps/scale',
    'blastgate-scale: patch replicasets.apps/scale',
    'blastgate-scale: patch replicationcontrollers/scale',
    'blastgate-rollout: patch deployments.apps',
    'blastgate-rollout: patch statefulsets.apps',
    'blastgate-rollout: patch daemonsets.apps',
  ]);
});

test('each role is bound once, to the gate alone', () => {
  const bindings = RBAC.filter(({ kind }) => kind === 'ClusterRoleBinding');
  const roles = ROLES.map(({ metadata }) => metadata.name);
  assert.deepEqual(
    bindings.map(({ roleRef }) => roleRef?.name),
    roles,
  );
  for (const { subjects } of bindings)
    assert.deepEqual(subjects, [{ kind: 'ServiceAccount', name: 'blastgate', namespace: 'blastgate' }]);
});
