// The published roles and what the gate says that it needs: the same, role by role. And what no role may ever hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { powersOf, ruleOf } from '../../src/adapters/cluster/agent/powers.ts';
import { KIND_NAMES } from '../../src/adapters/cluster/cache/kinds.ts';
import { NEEDED_RIGHTS } from '../../src/adapters/cluster/rights.ts';
import { ROLES_ON_DEMAND, resourceOf } from '../../src/ports/cluster-rights.ts';
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

test('no role becomes another, mints tokens, or touches what guards it: a thief of the account stays who it is', () => {
  const beyond = ROLES.flatMap(({ rules = [] }) => rules.map((rule) => ruleOf({ ...rule })))
    .flatMap(powersOf)
    .filter(
      ({ beyondGuard, disguise }) => beyondGuard || disguise === 'mints-tokens' || disguise === 'signs-identities',
    );
  // Bound by nobody, with what to think of first: whoever may change a Secret is answered with it.
  assert.deepEqual(
    beyond.map(({ verb, resource, disguise }) => `${verb} ${resource}: ${disguise}`),
    ['get secrets: reads-credentials'],
  );
  assert.ok(ROLES_ON_DEMAND.has('blastgate-secrets'));
});

test('each action writes this and nothing else', () => {
  assert.deepEqual(published.filter(({ verb }) => !READS.has(verb)).map(textOf), [
    'blastgate-delete-pod: delete pods',
    'blastgate-drain: create pods/eviction',
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
    'blastgate-configmaps: update configmaps',
    'blastgate-configmaps: patch configmaps',
    'blastgate-configmaps: delete configmaps',
    'blastgate-nodes: patch nodes',
    ...(
      [
        ['create', 'create'],
        ['delete', 'delete'],
        ['replace', 'update'],
      ] as const
    ).flatMap(([role, verb]) =>
      [
        'services',
        ...(verb === 'delete' ? [] : ['pods']),
        ...['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'],
        'horizontalpodautoscalers.autoscaling',
        'poddisruptionbudgets.policy',
        ...['jobs.batch', 'cronjobs.batch'],
        ...['ingresses.networking.k8s.io', 'networkpolicies.networking.k8s.io'],
      ].map((kind) => `blastgate-${role}: ${verb} ${kind}`),
    ),
    'blastgate-replace: update deployments.apps/scale',
    'blastgate-replace: update statefulsets.apps/scale',
    'blastgate-replace: update replicasets.apps/scale',
    'blastgate-replace: update replicationcontrollers/scale',
    ...['create', 'update', 'patch', 'delete'].map((verb) => `blastgate-secrets: ${verb} secrets`),
    ...['roles', 'rolebindings', 'clusterrolebindings'].flatMap((kind) =>
      ['create', 'update', 'patch', 'delete'].map(
        (verb) => `blastgate-reconcile: ${verb} ${kind}.rbac.authorization.k8s.io`,
      ),
    ),
    ...['create', 'update', 'patch'].map(
      (verb) => `blastgate-reconcile: ${verb} clusterroles.rbac.authorization.k8s.io`,
    ),
    'blastgate-exec: create pods/exec',
    'blastgate-debug: patch pods/ephemeralcontainers',
  ]);
});

test('no role holds what would let it out of its rights, or what nobody could bring back', () => {
  const verbs = new Set(['*', 'bind', 'escalate', 'impersonate', 'deletecollection', 'approve', 'sign']);
  assert.deepEqual(
    published.filter(({ verb, group, resource }) => verbs.has(verb) || group === '*' || resource.includes('*')),
    [],
  );
  const lasting =
    /^(?:namespaces|persistentvolumes|persistentvolumeclaims|nodes|clusterroles|customresourcedefinitions)$/;
  assert.deepEqual(
    published.filter(({ verb, resource }) => verb === 'delete' && lasting.test(resource)),
    [],
  );
  assert.deepEqual(
    published.filter(
      ({ role, verb, resource }) => resource === 'secrets' && !READS.has(verb) && role !== 'blastgate-secrets',
    ),
    [],
  );
});

test('each role is bound once, to the gate alone; what reads Secrets or grants rights, by nobody', () => {
  const bindings = RBAC.filter(({ kind }) => kind === 'ClusterRoleBinding');
  const onDemand: ReadonlySet<string> = ROLES_ON_DEMAND;
  const roles = ROLES.map(({ metadata }) => metadata.name).filter((name) => !onDemand.has(name));
  assert.deepEqual(
    bindings.map(({ roleRef }) => roleRef?.name),
    roles,
  );
  for (const { subjects } of bindings)
    assert.deepEqual(subjects, [{ kind: 'ServiceAccount', name: 'blastgate', namespace: 'blastgate' }]);
});
