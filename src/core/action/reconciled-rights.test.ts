import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonObject } from '../model/json.ts';
import { reconciled } from './reconciled-rights.ts';

type Rule = JsonObject;
const rule = (resources: readonly string[], verbs: readonly string[], more: JsonObject = {}): Rule => ({
  apiGroups: [''],
  resources: [...resources],
  verbs: [...verbs],
  ...more,
});
const role = (rules: readonly Rule[], more: JsonObject = {}): JsonObject => ({
  kind: 'ClusterRole',
  metadata: { name: 'web' },
  rules: [...rules],
  ...more,
});
const rulesAfter = (live: readonly Rule[], wanted: readonly Rule[], removeExtra = false) =>
  reconciled(role(live), { is: 'reconcile', object: role(wanted), removeExtra })?.['rules'] ?? null;

const GET_PODS = rule(['pods'], ['get']);

/** [what it has, what is wanted, what it has then; null: nothing is sent]. */
const RULES: readonly (readonly [string, readonly Rule[], readonly Rule[], readonly Rule[] | null])[] = [
  ['the same', [GET_PODS], [GET_PODS], null],
  ['a verb more, by itself', [GET_PODS], [rule(['pods'], ['get', 'list'])], [GET_PODS, rule(['pods'], ['list'])]],
  ['less than there is', [rule(['pods'], ['get', 'list'])], [GET_PODS], null],
  ['what "*" covers', [rule(['*'], ['*'])], [GET_PODS], null],
  ['a subresource that "*/log" covers', [rule(['*/log'], ['get'])], [rule(['pods/log'], ['get'])], null],
  [
    'every name, where there is one',
    [rule(['pods'], ['get'], { resourceNames: ['a'] })],
    [GET_PODS],
    [rule(['pods'], ['get'], { resourceNames: ['a'] }), GET_PODS],
  ],
  ['one name, where there is every', [GET_PODS], [rule(['pods'], ['get'], { resourceNames: ['a'] })], null],
  [
    'a path',
    [{ nonResourceURLs: ['/metrics/*'], verbs: ['get'] }],
    [{ nonResourceURLs: ['/metrics/a', '/healthz'], verbs: ['get'] }],
    [
      { nonResourceURLs: ['/metrics/*'], verbs: ['get'] },
      { nonResourceURLs: ['/healthz'], verbs: ['get'] },
    ],
  ],
];

describe('auth reconcile of a role', () => {
  for (const [what, live, wanted, after] of RULES)
    test(`adds ${what}`, () => assert.deepEqual(rulesAfter(live, wanted), after));

  test('takes away what is not wanted only where that is said', () => {
    const live = [rule(['pods'], ['get', 'list'])];
    assert.equal(rulesAfter(live, [GET_PODS]), null);
    assert.deepEqual(rulesAfter(live, [GET_PODS], true), [GET_PODS]);
    assert.equal(rulesAfter([GET_PODS], [GET_PODS], true), null);
  });

  test('keeps the labels that the role has of its own, and adds others', () => {
    const live = role([], { metadata: { name: 'web', labels: { a: 'live' } } });
    const object = role([], { metadata: { name: 'web', labels: { a: 'wanted', b: 'c' } } });
    assert.deepEqual(reconciled(live, { is: 'reconcile', object, removeExtra: false })?.['metadata'], {
      name: 'web',
      labels: { a: 'live', b: 'c' },
    });
  });

  test('adds selectors of an aggregation, and ends one that is not wanted', () => {
    const [a, b] = [{ matchLabels: { a: 'true' } }, { matchLabels: { b: 'true' } }];
    const aggregated = (...selectors: readonly JsonObject[]) =>
      role([], { aggregationRule: { clusterRoleSelectors: [...selectors] } });
    const after = (live: JsonObject, object: JsonObject, removeExtra = false) =>
      reconciled(live, { is: 'reconcile', object, removeExtra });
    assert.deepEqual(after(aggregated(a), aggregated(b)), aggregated(a, b));
    assert.deepEqual(after(aggregated(a), aggregated(b), true), aggregated(b));
    assert.equal(after(aggregated(a, b), aggregated(a)), null);
    assert.deepEqual(after(aggregated(a), role([])), role([]));
  });

  test('leaves alone what opted out of it', () => {
    const metadata = { name: 'web', annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } };
    assert.equal(
      reconciled(role([], { metadata }), { is: 'reconcile', object: role([GET_PODS]), removeExtra: true }),
      null,
    );
  });
});

describe('auth reconcile of a binding', () => {
  const user = (name: string): JsonObject => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name });
  const binding = (names: readonly string[], to = 'view'): JsonObject => ({
    kind: 'RoleBinding',
    metadata: { name: 'web' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: to },
    subjects: names.map(user),
  });
  const after = (live: readonly string[], wanted: readonly string[], removeExtra = false) =>
    reconciled(binding(live), { is: 'reconcile', object: binding(wanted), removeExtra });

  test('adds subjects behind those that are there, each once', () => {
    assert.deepEqual(after(['ann'], ['bob', 'ann', 'bob']), binding(['ann', 'bob']));
    assert.equal(after(['ann', 'bob'], ['bob']), null);
  });

  test('takes the others away where that is said', () => {
    assert.deepEqual(after(['ann', 'bob'], ['bob'], true), binding(['bob']));
    assert.equal(after(['ann'], ['ann'], true), null);
  });

  test('asks for another role, which the API server does not take: it is made anew', () => {
    const live = binding(['ann']);
    const object = binding(['ann'], 'edit');
    assert.deepEqual(reconciled(live, { is: 'reconcile', object, removeExtra: false }), object);
  });
});
