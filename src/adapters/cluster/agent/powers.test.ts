// Which rules of RBAC change something, also where the verb does not say so, and which of them no guard can hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdictOf } from '../../../core/model/agent-proof.ts';
import { grantsRight, powersOf } from './powers.ts';

const rule = (verbs: string, groups: string, resources: string, names = '') => ({
  verbs: verbs.split(' '),
  apiGroups: groups.split(' ').map((group) => (group === 'core' ? '' : group)),
  resources: resources.split(' '),
  resourceNames: names === '' ? [] : names.split(' '),
});

/** What the rule lets one change: "verb resource: disguise", with a "!" where no guard holds it. */
const said = (...given: Parameters<typeof rule>): readonly string[] =>
  powersOf(rule(...given)).map(
    ({ verb, resource, disguise, beyondGuard }) =>
      `${verb} ${resource}: ${disguise ?? 'a write'}${beyondGuard ? '!' : ''}`,
  );

const TABLE: readonly (readonly [rule: Parameters<typeof rule>, powers: readonly string[]])[] = [
  [['get list watch', 'core', 'pods configmaps pods/log nodes'], []],
  [['get list watch', 'apps', '*'], []],
  [['create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews'], []],
  [['create', 'authentication.k8s.io', 'selfsubjectreviews tokenreviews'], []],
  [['use', 'policy', 'podsecuritypolicies'], []],
  [['patch', 'apps', 'deployments/scale'], ['patch deployments/scale: a write']],
  [['deletecollection', 'core', 'configmaps'], ['deletecollection configmaps: a write']],
  [['create', 'core', 'pods'], ['create pods: runs-programs']],
  [['patch', 'core', 'pods'], ['patch pods: a write']],
  [['get', 'core', 'pods/exec'], ['get pods/exec: runs-programs']],
  [
    ['create', 'core', 'pods/attach pods/portforward'],
    ['create pods/attach: runs-programs', 'create pods/portforward: runs-programs'],
  ],
  [['get', 'core', 'services/proxy'], ['get services/proxy: runs-programs']],
  [['patch', 'core', 'pods/ephemeralcontainers'], ['patch pods/ephemeralcontainers: runs-programs']],
  [['get', 'core', 'nodes/proxy'], ['get nodes/proxy: reaches-kubelets']],
  [['get', 'core', '*/proxy'], ['get */proxy: runs-programs']],
  [['create', 'core', 'serviceaccounts/token'], ['create serviceaccounts/token: mints-tokens']],
  [['bind', 'rbac.authorization.k8s.io', 'clusterroles', 'view'], ['bind clusterroles: grants-more']],
  [['escalate', 'rbac.authorization.k8s.io', 'roles'], ['escalate roles: grants-more']],
  [
    ['update', 'certificates.k8s.io', 'certificatesigningrequests/approval'],
    ['update certificatesigningrequests/approval: signs-identities'],
  ],
  [['approve', 'certificates.k8s.io', 'signers'], ['approve signers: signs-identities']],
  [['impersonate', 'core', 'users'], ['impersonate users: becomes-another!']],
  [['impersonate:user-info', 'authentication.k8s.io', 'users'], []],
  [['impersonate-on:user-info:list', 'core', 'pods'], []],
  [['impersonate-on:user-info:patch', 'core', 'pods'], ['impersonate-on:user-info:patch pods: becomes-another!']],
  [['impersonate-on:user-info:get', 'core', 'secrets'], ['impersonate-on:user-info:get secrets: becomes-another!']],
  [['impersonate-on:user-info:get', 'core', 'pods/exec'], ['impersonate-on:user-info:get pods/exec: becomes-another!']],
  [['impersonate-on:user-info:*', 'core', 'pods'], ['impersonate-on:user-info:* pods: becomes-another!']],
  [['*', 'core', 'serviceaccounts'], ['* serviceaccounts: a write!']],
  [
    ['update', 'admissionregistration.k8s.io', 'validatingadmissionpolicybindings'],
    ['update validatingadmissionpolicybindings: unlocks-admission!'],
  ],
  [['delete', 'admissionregistration.k8s.io', '*'], ['delete *: unlocks-admission!']],
  [['get', 'admissionregistration.k8s.io', '*'], []],
  [['get', 'core', 'secrets'], ['get secrets: reads-credentials!']],
  [['update', 'core', 'secrets'], ['update secrets: a write']],
  [['list', 'core', '*'], ['list *: reads-credentials!']],
  [
    ['get', '*', '*'],
    ['get *: runs-programs', 'get *: reads-credentials!'],
  ],
  [['*', '*', '*'], ['* *: a write!']],
];

for (const [given, powers] of TABLE)
  test(`${given.join(' | ')}: ${powers.length === 0 ? 'reads' : powers.join('; ')}`, () => {
    assert.deepEqual(said(...given), powers);
  });

test('a right is found in a rule that words it more widely, and in no other', () => {
  const exec = { verb: 'get', group: '', resource: 'pods/exec' };
  for (const wide of [rule('*', 'core', 'pods/exec'), rule('get', '*', '*'), rule('get', 'core', '*/exec')])
    assert.ok(grantsRight(wide, exec), JSON.stringify(wide));
  for (const other of [
    rule('get', 'core', 'pods'),
    rule('create', 'core', 'pods/exec'),
    rule('get', 'apps', '*'),
    rule('get', 'core', '*/log'),
  ])
    assert.ok(!grantsRight(other, exec), JSON.stringify(other));
});

test('a gap is never a no, and a right that a guard refuses is none', () => {
  const power = {
    verb: 'create',
    resource: 'pods',
    namespace: null,
    names: [],
    disguise: null,
    role: null,
    binding: null,
  };
  const gap = { code: 'rules-incomplete', about: 'x' } as const;
  assert.equal(verdictOf([], []), 'proven');
  assert.equal(verdictOf([{ ...power, guarded: true }], []), 'proven');
  assert.equal(verdictOf([], [gap]), 'not-proven');
  assert.equal(verdictOf([{ ...power, guarded: true }], [gap]), 'not-proven');
  assert.equal(verdictOf([{ ...power, guarded: false }], [gap]), 'disproven');
});
