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
    'blastgate-change: patch services',
    'blastgate-change: patch pods',
    'blastgate-change: patch horizontalpodautoscalers.autoscaling',
    'blastgate-change: patch poddisruptionbudgets.policy',
    'blastgate-change: patch jobs.batch',
    'blastgate-change: patch cronjobs.batch',
    'blastgate-change: patch ingresses.networking.k8s.io',
    'blastgate-change: patch networkpolicies.networking.k8s.io',
    'blastgate-configmaps: create configmaps',
    'blastgate-configmaps: patch configmaps',
    'blastgate-configmaps: delete configmaps',
    'blastgate-nodes: patch nodes',
    ...['create', 'delete'].flatMap((verb) =>
      [
        'services',
        ...(verb === 'create' ? ['pods'] : []),
        ...['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'],
        'horizontalpodautoscalers.autoscaling',
        'poddisruptionbudgets.policy',
        ...['jobs.batch', 'cronjobs.batch'],
        ...['ingresses.networking.k8s.io', 'networkpolicies.networking.k8s.io'],
      ].map((kind) => `blastgate-${verb}: ${verb} ${kind}`),
    ),
    'blastgate-exec: create pods/exec',
    'blastgate-debug: patch pods/ephemeralcontainers',
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
