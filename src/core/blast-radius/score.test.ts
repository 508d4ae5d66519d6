// The arithmetic over hand-made effects: points, reasons, tiers, hard rules. How text becomes effects is tested elsewhere.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Effect, Trait } from '../model/effect.ts';
import { type Facts, missingObject, NO_MEMORY, type TargetFact } from '../model/facts.ts';
import { NO_NEIGHBOURS } from '../model/neighbourhood.ts';
import { type Refusal, undecided } from '../model/refusal.ts';
import { EMPTY_PART, NO_SECRETS, type Part, type Understanding } from '../model/understanding.ts';
import type { BlastRadius } from './blast-radius.ts';
import { DEFAULT_POLICY, DEFAULT_POLICY_DOCUMENT } from './default-policy.ts';
import { type Policy, type PolicyDocument, policyOf } from './policy.ts';
import { score } from './score.ts';

const effect = (changes: Partial<Effect>): Effect => ({
  verb: 'patch',
  group: '',
  resource: 'pods',
  subresource: null,
  namespace: 'shop',
  name: 'x',
  selector: null,
  kind: 'patch',
  known: 'built-in',
  dryRun: false,
  traits: [],
  change: { to: 'other' },
  labelKeys: [],
  annotationKeys: [],
  templateKeys: [],
  desired: null,
  subjects: [],
  ...changes,
});
const part = (effects: readonly Effect[], changes: Partial<Part> = {}): Part => ({
  ...EMPTY_PART,
  effects,
  ...changes,
});
const understood = (parts: readonly Part[], changes: Partial<Understanding> = {}): Understanding => ({
  command: 'kubectl …',
  secretSpans: NO_SECRETS,
  parts,
  refusals: [],
  ...changes,
});
const facts = (changes: Partial<Facts> = {}): Facts => ({
  cluster: 'c',
  targets: [],
  neighbourhood: NO_NEIGHBOURS,
  missing: [],
  ...NO_MEMORY,
  ...changes,
});
const target = (changes: Partial<TargetFact>): TargetFact => ({
  group: '',
  resource: 'pods',
  kind: 'Pod',
  namespace: 'shop',
  name: 'x',
  uid: 'u',
  preImage: null,
  revision: null,
  revisions: [],
  replicas: null,
  controller: null,
  protected: false,
  ...changes,
});

const deletePod = effect({ verb: 'delete', kind: 'delete-pod' });
const deployment = { group: 'apps', resource: 'deployments', name: 'web' };
const deleteDeployment = effect({ ...deployment, verb: 'delete', kind: 'delete-object' });
const scale = effect({ ...deployment, subresource: 'scale', kind: 'scale' });
const read = effect({ verb: 'get', kind: 'read' });

/** "base 40 + weight 5 + multiplier 23": the sum as a reviewer would say it. */
const sumOf = ({ reasons }: BlastRadius): string => reasons.map(({ code, points }) => `${code} ${points}`).join(' + ');
const of = (...effects: readonly Effect[]): BlastRadius => score(understood([part(effects)]), null, DEFAULT_POLICY);

suite('points', () => {
  const rows: readonly (readonly [what: string, effects: readonly Effect[], sum: string])[] = [
    ['a read', [read], 'base 0'],
    ['delete pod', [deletePod], 'base 8'],
    ['in production: 12.0', [{ ...deletePod, namespace: 'production' }], 'base 8 + multiplier 4'],
    ['in staging: 6.4', [{ ...deletePod, namespace: 'staging' }], 'base 8 + multiplier -2'],
    ['in development: 4.8', [{ ...deletePod, namespace: 'dev' }], 'base 8 + multiplier -3'],
    [
      'weight is multiplied: 67.5',
      [{ ...deleteDeployment, namespace: 'production' }],
      'base 40 + weight 5 + multiplier 23',
    ],
    ['scale to zero', [{ ...scale, traits: ['scale-to-zero'] }], 'base 10 + scale-to-zero 40'],
    ['a paused rollout', [{ ...scale, kind: 'rollout-pause', traits: ['pause'] }], 'base 6 + scale-to-zero 10'],
    ['forced', [{ ...deletePod, traits: ['force', 'grace-zero'] }], 'base 8 + force 20 + grace-zero 15'],
    ['--now', [{ ...deletePod, traits: ['grace-one'] }], 'base 8 + grace-zero 5'],
    [
      'each code once, at its highest',
      [
        { ...deletePod, traits: ['grace-one'] },
        { ...deletePod, traits: ['grace-zero'] },
        { ...deletePod, traits: ['grace-one'] },
      ],
      'base 8 + grace-zero 15',
    ],
    [
      'an unknown kind weighs as unnamed, whatever its name',
      [effect({ resource: 'gateways', group: 'gateway.networking.k8s.io', known: 'unknown' })],
      'base 26 + weight 15 + floor 10',
    ],
    [
      'a known gateway',
      [effect({ resource: 'gateways', group: 'gateway.networking.k8s.io', known: 'built-in' })],
      'base 26 + weight 10',
    ],
    ['three pods', ['a', 'b', 'c'].map((name) => ({ ...deletePod, name })), 'base 8 + many 6'],
    ['eight pods', 'abcdefgh'.split('').map((name) => ({ ...deletePod, name })), 'base 8 + many 15'],
    ['the same object twice is one target', [deletePod, { ...deletePod, kind: 'create', verb: 'create' }], 'base 15'],
    [
      'each effect has its own multiplier',
      [
        { ...deletePod, namespace: 'kube-system' },
        { ...deleteDeployment, namespace: 'dev' },
      ],
      'base 40 + weight 5 + multiplier -18 + many 3',
    ],
    [
      'everywhere',
      [{ ...deletePod, namespace: '*', name: '*', selector: 'a=b', traits: ['selector', 'all-namespaces'] }],
      'base 8 + multiplier 8 + all-namespaces 30 + selector 10 + floor 0',
    ],
    [
      'finished pods only',
      [{ ...deletePod, name: '*', selector: 'fields:status.phase=Failed', traits: ['selector', 'finished-only'] }],
      'base 8',
    ],
    [
      'finished jobs weigh nothing',
      [
        effect({
          verb: 'deletecollection',
          group: 'batch',
          resource: 'jobs',
          name: '*',
          kind: 'delete-object',
          traits: ['selector', 'finished-only'],
        }),
      ],
      'base 40 + selector 10',
    ],
    [
      'a named namespace',
      [effect({ resource: 'namespaces', namespace: null, name: 'prod', kind: 'annotate' })],
      'base 4 + multiplier 2 + floor 5',
    ],
    [
      'chosen namespaces',
      [effect({ resource: 'namespaces', namespace: null, name: '*', kind: 'annotate', traits: ['selector'] })],
      'base 4 + multiplier 4 + selector 10',
    ],
    [
      'a created namespace',
      [effect({ verb: 'create', resource: 'namespaces', namespace: null, name: 'prod', kind: 'create' })],
      'base 15 + weight 20',
    ],
    [
      'leases of kube-system',
      [effect({ group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-system' })],
      'base 26 + weight 25 + multiplier 51 + cap -3',
    ],
    ['other leases', [effect({ group: 'coordination.k8s.io', resource: 'leases' })], 'base 26 + weight 15'],
    [
      'unseen content weighs as unnamed',
      [effect({ ...deployment, traits: ['unseen-content'] })],
      'base 26 + weight 15 + unseen-content 20',
    ],
    ['an unknown kind', [effect({ resource: 'widgets', known: 'unknown', kind: 'annotate' })], 'base 4 + floor 7'],
    [
      'an annotation that others act on',
      [effect({ ...deployment, kind: 'annotate', annotationKeys: ['a/b'] })],
      'base 4 + effectful-annotation 15',
    ],
    [
      'an inert annotation removed',
      [effect({ ...deployment, kind: 'annotate', annotationKeys: ['kubernetes.io/change-cause-', 'plain'] })],
      'base 4',
    ],
    [
      'a drain counts as its node',
      [
        effect({ resource: 'nodes', namespace: null, name: 'n1', kind: 'drain', traits: ['emptydir'] }),
        effect({ verb: 'create', subresource: 'eviction', namespace: '*', name: '*', kind: 'drain' }),
      ],
      'base 45 + emptydir 5',
    ],
    [
      'grants are capped',
      [effect({ group: 'rbac.authorization.k8s.io', resource: 'roles', namespace: 'kube-system', kind: 'grant' })],
      'base 65 + multiplier 65 + cap -31',
    ],
    ['a dry run has no modifiers', [{ ...deletePod, dryRun: true, traits: ['force'] }], 'base 0'],
    ['a raw write is no dry run', [{ ...deletePod, dryRun: true, traits: ['raw'] }], 'base 8'],
    ['secrets shown by a dry run', [effect({ resource: 'secrets', kind: 'sensitive-read', dryRun: true })], 'base 55'],
  ];
  for (const [what, effects, sum] of rows) {
    test(`${what}: ${sum}`, () => {
      const answer = of(...effects);
      assert.equal(sumOf(answer), sum.replace(' + floor 0', ''));
      assert.equal(
        answer.score,
        answer.reasons.reduce((all, { points }) => all + points, 0),
      );
    });
  }
});

suite('floors', () => {
  const dual: readonly (readonly [cause: string, effects: readonly Effect[]])[] = [
    ['exec', [effect({ kind: 'exec', namespace: 'dev', verb: 'connect' })]],
    ['sensitive-read', [effect({ kind: 'sensitive-read', namespace: 'dev', verb: 'get', resource: 'secrets' })]],
    ...(['explicit-command', 'service-account', 'from-secret', 'exposes', 'no-execute', 'tracked'] as const).map(
      (trait: Trait): readonly [string, readonly Effect[]] => [trait, [effect({ ...deployment, traits: [trait] })]],
    ),
    ['namespace-label', [effect({ resource: 'namespaces', namespace: null, kind: 'label', labelKeys: ['team', 'x'] })]],
    ['unknown-kind', [effect({ resource: 'widgets', known: 'unknown' })]],
    [
      'custom-resource',
      [effect({ resource: 'widgets', known: 'custom', kind: 'delete-object', verb: 'delete', namespace: 'dev' })],
    ],
    [
      'crd',
      [
        effect({
          resource: 'customresourcedefinitions',
          group: 'apiextensions.k8s.io',
          namespace: null,
          kind: 'annotate',
        }),
      ],
    ],
    [
      'system-lease',
      [effect({ resource: 'leases', group: 'coordination.k8s.io', namespace: 'kube-node-lease', kind: 'annotate' })],
    ],
    [
      'control-plane-pods',
      [
        { ...deletePod, namespace: 'kube-system' },
        { ...deletePod, namespace: 'argocd' },
      ],
    ],
    [
      'control-plane-pods',
      [{ ...deletePod, namespace: 'kube-system', name: '*', traits: ['selector'], selector: 'a=b' }],
    ],
  ];
  for (const [cause, effects] of dual) {
    test(`dual: ${cause}`, () => {
      const answer = of(...effects);
      assert.equal(answer.tier, 'dual');
      assert.ok((answer.score ?? 0) >= 51);
      const floor = answer.reasons.find(({ code }) => code === 'floor');
      if (floor !== undefined) assert.equal(floor.subject, cause);
    });
  }

  const human: readonly (readonly [cause: string, Understanding])[] = [
    [
      'starts-image',
      understood([part([effect({ ...deployment, kind: 'scale', namespace: 'dev', traits: ['starts-image'] })])]),
    ],
    ['control-plane', understood([part([effect({ ...deployment, kind: 'annotate', namespace: 'kube-system' })])])],
    ['marked-kind', understood([part([effect({ resource: 'nodes', namespace: null, kind: 'label' })])])],
    ['unknown-kind', understood([part([effect({ resource: 'widgets', known: 'unknown', kind: 'label' })])])],
    ['steers-away', understood([part([read], { overridesTarget: true })])],
    ['not-executable', understood([part([deletePod])], { refusals: [{ code: 'wrapper', about: null }] })],
    ['opaque', understood([part([], { opaque: { why: 'awk', floor: 'human' } })])],
    ['opaque', understood([])],
    [
      'marked-kind',
      understood([
        part([effect({ resource: 'namespaces', namespace: null, kind: 'label', labelKeys: ['team', 'owner-'] })]),
      ]),
    ],
  ];
  for (const [cause, understanding] of human) {
    test(`human: ${cause}`, () => {
      const answer = score(understanding, null, DEFAULT_POLICY);
      assert.equal(answer.score, 11);
      assert.equal(answer.tier, 'human');
      assert.equal(answer.reasons.at(-1)?.code, 'floor');
      assert.equal(answer.reasons.at(-1)?.subject, cause);
    });
  }

  test('reads have no floor of the control plane, and a read that is not executable stays auto', () => {
    const answer = score(
      understood([part([{ ...read, namespace: 'kube-system' }])], {
        refusals: [{ code: 'shell-syntax', about: null }],
      }),
      null,
      DEFAULT_POLICY,
    );
    assert.deepEqual([answer.score, answer.tier, answer.executable], [0, 'auto', false]);
  });

  test('undecided is dual and refused', () => {
    const answer = score(understood([part([], { undecided: true })]), null, DEFAULT_POLICY);
    assert.deepEqual([answer.score, answer.tier, answer.executable], [51, 'dual', false]);
    assert.deepEqual(answer.refusals, [undecided('nested')]);
  });
});

suite('hard rules', () => {
  const cluster = { namespace: null, kind: 'delete-object', verb: 'delete' } as const;
  const rows: readonly (readonly [code: string, Effect])[] = [
    ['delete-namespace', effect({ ...cluster, resource: 'namespaces' })],
    ['delete-namespace', effect({ ...cluster, resource: 'projects', group: 'project.openshift.io', known: 'unknown' })],
    [
      'delete-namespace',
      effect({ ...cluster, resource: 'subnamespaceanchors', group: 'hnc.x-k8s.io', namespace: 'a', known: 'custom' }),
    ],
    [
      'delete-persistentvolume',
      effect({ ...cluster, resource: 'persistentvolumes', verb: 'deletecollection', name: '*' }),
    ],
    ['delete-persistentvolumeclaim', effect({ ...cluster, resource: 'persistentvolumeclaims', namespace: 'dev' })],
    [
      'delete-clusterrole',
      effect({ ...cluster, resource: 'clusterroles', group: 'rbac.authorization.k8s.io', kind: 'grant' }),
    ],
    [
      'finalize-namespace',
      effect({ resource: 'namespaces', namespace: null, subresource: 'finalize', verb: 'update' }),
    ],
    ['remove-finalizers', effect({ resource: 'persistentvolumeclaims', traits: ['finalizers'] })],
    ['add-owner-reference', effect({ resource: 'persistentvolumes', namespace: null, traits: ['owner-reference'] })],
    ['prune-protected', effect({ resource: 'widgets', kind: 'apply', traits: ['prune', 'prune-volumes'] })],
    ['delete-crd', effect({ ...cluster, resource: 'customresourcedefinitions', group: 'apiextensions.k8s.io' })],
    ['delete-apiservice', effect({ ...cluster, resource: 'apiservices', group: 'apiregistration.k8s.io' })],
    [
      'write-admission',
      effect({ resource: 'validatingwebhookconfigurations', group: 'admissionregistration.k8s.io', kind: 'label' }),
    ],
    ['reclaim-delete', effect({ resource: 'persistentvolumes', namespace: null, traits: ['reclaim-delete'] })],
    ['claim-retention-delete', effect({ resource: 'statefulsets', group: 'apps', traits: ['claim-retention-delete'] })],
    [
      'empty-cluster-role',
      effect({
        resource: 'clusterroles',
        group: 'rbac.authorization.k8s.io',
        kind: 'grant',
        traits: ['rules-emptied'],
      }),
    ],
    [
      'nodes-proxy',
      effect({ verb: 'get', resource: 'nodes', subresource: 'proxy', kind: 'sensitive-read', namespace: null }),
    ],
    ['disable-eviction', effect({ resource: 'nodes', kind: 'drain', namespace: null, traits: ['disable-eviction'] })],
    [
      'no-execute-all-nodes',
      effect({ resource: 'nodes', kind: 'taint', namespace: null, name: '*', traits: ['no-execute', 'all'] }),
    ],
    ['host-namespaces', effect({ kind: 'exec', verb: 'create', traits: ['host-namespaces'] })],
    [
      'approve-csr',
      effect({
        resource: 'certificatesigningrequests',
        group: 'certificates.k8s.io',
        subresource: 'approval',
        kind: 'grant',
        namespace: null,
        traits: ['approves-csr'],
      }),
    ],
    [
      'grant-self',
      effect({
        resource: 'rolebindings',
        group: 'rbac.authorization.k8s.io',
        kind: 'grant',
        subjects: ['ServiceAccount:blastgate/blastgate'],
      }),
    ],
    [
      'grant-admin',
      effect({ resource: 'rolebindings', group: 'rbac.authorization.k8s.io', kind: 'grant', traits: ['grants-admin'] }),
    ],
    ['write-gate', { ...deletePod, namespace: 'blastgate' }],
    [
      'write-gate',
      effect({
        resource: 'clusterrolebindings',
        group: 'rbac.authorization.k8s.io',
        kind: 'grant',
        namespace: null,
        name: 'blastgate-writer',
      }),
    ],
    [
      'delete-workloads-everywhere',
      { ...deletePod, verb: 'deletecollection', namespace: '*', name: '*', traits: ['all', 'all-namespaces'] },
    ],
  ];
  for (const [code, hit] of rows) {
    test(`${code}: ${hit.verb} ${hit.resource}`, () => {
      const answer = of(hit);
      assert.equal(answer.hardRule?.code, code);
      assert.deepEqual([answer.score, answer.tier, answer.executable], [100, 'blocked', false]);
      assert.deepEqual(
        answer.reasons.map(({ code: c, points }) => [c, points]),
        [['hard-rule', 100]],
      );
      assert.ok(answer.refusals.some((refusal) => refusal.code === 'hard-rule'));
      assert.equal(of({ ...hit, dryRun: true }).hardRule, null, 'an effective dry run fires none');
    });
  }

  test('what a nested command destructions', () => {
    for (const destructions of [['recursive-delete'], ['sql-drop']] as const) {
      const nested = part([effect({ kind: 'exec', verb: 'connect', subresource: 'exec' })], { destructions });
      const answer = score(understood([part([read]), nested]), null, DEFAULT_POLICY);
      assert.deepEqual([answer.score, answer.action, answer.hardRule?.code], [100, 'exec', destructions[0]]);
    }
  });

  test('what a rehearsed command would destroy', () => {
    const rehearsed = part([effect({ kind: 'create', verb: 'create', dryRun: true })], {
      destructions: ['recursive-delete'],
      dryRun: true,
    });
    assert.equal(score(understood([rehearsed]), null, DEFAULT_POLICY).hardRule, null);
  });

  test('NoExecute by a selector that only negates is on all nodes; by a plain one it is not', () => {
    const taint = effect({ resource: 'nodes', kind: 'taint', namespace: null, name: '*', selector: 'x!=y' });
    assert.equal(of({ ...taint, traits: ['no-execute', 'selector', 'all'] }).hardRule?.code, 'no-execute-all-nodes');
    assert.equal(of({ ...taint, selector: 'x=y', traits: ['no-execute', 'selector'] }).hardRule, null);
  });

  test('policy lowers an extended rule to dual, and a lowered one hides none that blocks', () => {
    const lower = (...rules: readonly (keyof PolicyDocument['hardRules'])[]): PolicyDocument => ({
      ...DEFAULT_POLICY_DOCUMENT,
      hardRules: { ...DEFAULT_POLICY_DOCUMENT.hardRules, ...Object.fromEntries(rules.map((rule) => [rule, 'dual'])) },
    });
    const hit = effect({
      kind: 'annotate',
      namespace: 'blastgate',
      resource: 'statefulsets',
      group: 'apps',
      traits: ['claim-retention-delete'],
    });
    const with1 = score(understood([part([hit])]), null, policyOf(lower('claim-retention-delete'), null));
    assert.equal(with1.hardRule?.code, 'write-gate');
    const with2 = score(understood([part([hit])]), null, policyOf(lower('claim-retention-delete', 'write-gate'), null));
    assert.deepEqual([with2.score, with2.tier, with2.hardRule], [51, 'dual', null]);
  });

  const brokenIn = (section: string): Policy => ({
    ...DEFAULT_POLICY,
    document: new Proxy(DEFAULT_POLICY_DOCUMENT, {
      get: (object, key, receiver) => {
        if (key === section) throw new Error('garbled');
        return Reflect.get(object, key, receiver);
      },
    }),
  });
  test('where the sum fails there is no score, and one person decides; two above a dual floor, or where none can be asked', () => {
    const failing = (hit: Effect, section: string): readonly unknown[] => {
      const answer = score(understood([part([hit])]), null, brokenIn(section));
      assert.deepEqual(
        answer.reasons.map(({ code }) => code),
        answer.score === null ? ['calculation-failed'] : ['hard-rule'],
      );
      return [answer.score, answer.tier, answer.executable];
    };
    assert.deepEqual(failing(deletePod, 'modifiers'), [null, 'human', true]);
    assert.deepEqual(failing(effect({ kind: 'exec' }), 'modifiers'), [null, 'dual', true]);
    assert.deepEqual(failing(deletePod, 'base'), [null, 'dual', true]);
    assert.deepEqual(failing(effect({ verb: 'delete', resource: 'namespaces', namespace: null }), 'base'), [
      100,
      'blocked',
      false,
    ]);
  });

  test('a rule that throws blocks', () => {
    const broken = new Proxy(deletePod, {
      get: (object, key, receiver) => {
        if (key === 'subresource' || key === 'verb') throw new Error('garbled');
        return Reflect.get(object, key, receiver);
      },
    });
    const answer = of(broken);
    assert.deepEqual([answer.score, answer.tier, answer.hardRule?.code], [100, 'blocked', 'rule-failed']);
  });
});

suite('a cluster that was asked', () => {
  const judged = (changes: Partial<Facts>, hit: Effect = deletePod): BlastRadius =>
    score(understood([part([hit])]), facts(changes), DEFAULT_POLICY);
  const POD_X = { group: '', resource: 'pods', namespace: 'shop', name: 'x' };
  const failure = { action: 'delete-pod', objects: ['pods shop/x'], incident: 'INC-1', at: '2026-01-01T00:00:00Z' };

  test('evidence is live', () => assert.equal(judged({}).evidence, 'live'));
  test('failures of the last days count ten each, at most twenty', () => {
    assert.equal(sumOf(judged({ failures: [failure] })), 'base 8 + history 10');
    assert.equal(sumOf(judged({ failures: [failure, failure, failure] })), 'base 8 + history 20');
  });
  test('a fact that did not come back needs a person', () => {
    const answer = judged({
      missing: [
        missingObject({ group: 'policy', resource: 'poddisruptionbudgets', namespace: 'shop', name: '*' }, 'forbidden'),
      ],
    });
    assert.equal(sumOf(answer), 'base 8 + no-evidence 3');
    assert.equal(answer.executable, true);
  });
  test('the object itself unanswered leaves a hard rule open', () => {
    const answer = judged({ cluster: null, missing: [missingObject(POD_X, 'unreachable')] });
    assert.deepEqual([answer.score, answer.executable], [11, false]);
    assert.deepEqual(answer.refusals, [undecided('answer', 'pods shop/x')]);
  });
  test('and says whether a right is lacking or an answer', () => {
    const answer = judged({ cluster: null, missing: [missingObject(POD_X, 'forbidden')] });
    assert.deepEqual(answer.refusals, [undecided('right', 'pods shop/x')]);
  });
  test('an object that does not exist is an answer', () => {
    const answer = judged({ missing: [missingObject(POD_X, 'not-found')] });
    assert.deepEqual([sumOf(answer), answer.executable], ['base 8', true]);
  });
  test('reads need no evidence', () =>
    assert.equal(judged({ missing: [missingObject(POD_X, 'forbidden')] }, read).score, 0));
  test('a protected object is blocked', () =>
    assert.equal(judged({ targets: [target({ protected: true })] }).hardRule?.code, 'protected-object'));
  test('a forced deletion of a pod that a StatefulSet owns is dual', () => {
    const answer = judged(
      { targets: [target({ controller: 'StatefulSet/db' })] },
      { ...deletePod, traits: ['force', 'grace-zero'] },
    );
    assert.equal(sumOf(answer), 'base 8 + force 20 + grace-zero 15 + floor 8');
  });
  test('more than twice the replicas', () => {
    const up = (replicas: number): Effect => ({ ...scale, change: { to: 'replicas', replicas } });
    const targets = [target({ group: 'apps', resource: 'deployments', name: 'web', replicas: 3 })];
    assert.equal(sumOf(judged({ targets }, up(6))), 'base 10');
    assert.equal(sumOf(judged({ targets }, up(7))), 'base 10 + scale-up 15');
  });
});

suite('the line', () => {
  test('scores as its worst part, and lists every effect', () => {
    const answer = score(understood([part([read]), part([deletePod]), part([deleteDeployment])]), null, DEFAULT_POLICY);
    assert.deepEqual([answer.score, answer.action, answer.effects.length], [45, 'delete-object', 3]);
  });
  test('scores as its worst part in any order, also within one tier', () => {
    const parts = [
      part([scale]),
      part([{ ...scale, traits: ['scale-to-zero'] }]),
      part([{ ...scale, traits: ['scale-up'] }]),
    ];
    assert.equal(score(understood(parts), null, DEFAULT_POLICY).score, 50);
    assert.equal(score(understood(parts.toReversed()), null, DEFAULT_POLICY).score, 50);
  });
  test('is a dry run when every write is one', () => {
    const rehearsed = part([{ ...deletePod, dryRun: true }], { dryRun: true });
    assert.equal(score(understood([rehearsed]), null, DEFAULT_POLICY).dryRun, true);
    assert.equal(score(understood([rehearsed, part([read])]), null, DEFAULT_POLICY).dryRun, true);
    assert.equal(score(understood([rehearsed, part([deletePod])]), null, DEFAULT_POLICY).dryRun, false);
    assert.equal(score(understood([part([read])]), null, DEFAULT_POLICY).dryRun, false);
  });
  test('nothing to do is none', () => assert.equal(score(understood([part([])]), null, DEFAULT_POLICY).action, 'none'));
  test('at equal points the later row names the action', () => {
    const answer = of(
      effect({ kind: 'untaint', resource: 'nodes', namespace: null, name: 'n' }),
      effect({ ...deployment, kind: 'rollout-undo' }),
    );
    assert.equal(answer.action, 'rollout-undo');
  });
});

suite('policy', () => {
  test('a cluster may set the lowest class of its namespaces, and lowers none', () => {
    const policy = policyOf({ ...DEFAULT_POLICY_DOCUMENT, clusters: { 'eu-prod': 'production' } }, 'eu-prod');
    const at = (namespace: string): number | null =>
      score(understood([part([{ ...deletePod, namespace }])]), null, policy).score;
    assert.deepEqual(['dev', 'default', 'production', 'kube-system'].map(at), [12, 12, 12, 16]);
  });
  test('execReadonly drops exactly its argv to one person', () => {
    const policy = policyOf({ ...DEFAULT_POLICY_DOCUMENT, execReadonly: [['cat', '/etc/hostname']] }, null);
    const exec = effect({ verb: 'connect', subresource: 'exec', kind: 'exec' });
    const argv = ['cat', '/etc/hostname'];
    const at = (innerArgv: readonly string[] | null, more: readonly Part[] = [], refusals: readonly Refusal[] = []) =>
      score(understood([part([exec], { innerArgv }), ...more], { refusals }), null, policy).tier;
    assert.equal(at(argv), 'human');
    assert.equal(at([...argv, '/etc/shadow']), 'dual');
    assert.equal(at(['cat /etc/hostname']), 'dual');
    assert.equal(at(['sh', '-c', 'a -- cat /etc/hostname']), 'dual');
    assert.equal(at(null), 'dual');
    assert.equal(at(argv, [part([exec], { innerArgv: ['sh'] })]), 'dual', 'a second exec');
    assert.equal(at(argv, [], [{ code: 'shell-syntax', about: '>' }]), 'dual', 'a shell has a part in it');
  });
  test('lower limits move tiers and floors', () => {
    const policy = policyOf({ ...DEFAULT_POLICY_DOCUMENT, tiers: { auto: 5, human: 30, dual: 99 } }, null);
    assert.equal(score(understood([part([deletePod])]), null, policy).tier, 'human');
    const widget = score(
      understood([part([effect({ resource: 'widgets', known: 'unknown', kind: 'scale' })])]),
      null,
      policy,
    );
    assert.deepEqual([widget.score, widget.tier], [31, 'dual']);
  });
});
