// The sealed spec: what is in it, what changes its digest, and which rollback it plans.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import type { Change, Effect } from '../model/effect.ts';
import { type Facts, NO_MEMORY, type TargetFact } from '../model/facts.ts';
import { NO_NEIGHBOURS } from '../model/neighbourhood.ts';
import { NO_SECRETS } from '../model/understanding.ts';
import type { DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';
import { digestOf, shortDigest, unseal } from '../sealed-spec/seal.ts';
import { describeBlastReason, describeConstraints, describeNoRollback, describeTargetState } from '../text/describe.ts';
import { DEFAULT_SPEC_SETTINGS, type Evaluation, evaluate } from './evaluate.ts';

const effect = (change: Change, more: Partial<Effect> = {}): Effect => ({
  verb: 'patch',
  group: 'apps',
  resource: 'deployments',
  subresource: null,
  namespace: 'shop',
  name: 'web',
  selector: null,
  kind: 'scale',
  known: 'built-in',
  dryRun: false,
  traits: [],
  change,
  labelKeys: [],
  annotationKeys: [],
  templateKeys: [],
  desired: null,
  subjects: [],
  ...more,
});
const scale = effect({ to: 'replicas', replicas: 5 }, { subresource: 'scale' });
const restart = effect({ to: 'restart' }, { kind: 'rollout-restart' });
const image = effect({ to: 'images', images: [{ container: 'web', image: 'web:2' }] }, { kind: 'set-image' });
const undo = effect({ to: 'revision', revision: null }, { kind: 'rollout-undo' });
const deletePod = effect(
  { to: 'absence', gracePeriodSeconds: null, propagation: 'Background' },
  { verb: 'delete', group: '', resource: 'pods', name: 'web-1', kind: 'delete-pod' },
);
const exec = effect(
  { to: 'other' },
  { verb: 'connect', group: '', resource: 'pods', subresource: 'exec', name: 'web-1', kind: 'exec' },
);
const patch = effect({ to: 'other' }, { kind: 'patch' });
const read = effect({ to: 'other' }, { verb: 'get', kind: 'read' });

const web: TargetFact = {
  group: 'apps',
  resource: 'deployments',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  uid: 'u-web',
  preImage: { replicas: 3 },
  revision: 4,
  revisions: [2, 3, 4],
  replicas: 3,
  controller: null,
  protected: false,
};
const pod: TargetFact = {
  ...web,
  group: '',
  resource: 'pods',
  kind: 'Pod',
  name: 'web-1',
  uid: 'u-pod',
  preImage: {},
  revision: null,
  revisions: [],
  replicas: null,
  controller: 'ReplicaSet/web-5d8f',
};
const facts = (...targets: readonly TargetFact[]): Facts => ({
  cluster: 'kube-1',
  targets,
  neighbourhood: NO_NEIGHBOURS,
  missing: [],
  ...NO_MEMORY,
});

const radius = (effects: readonly Effect[], more: Partial<BlastRadius> = {}): BlastRadius => ({
  score: 15,
  tier: 'human',
  action: effects[0]?.kind ?? 'opaque',
  executable: true,
  refusals: [],
  hardRule: null,
  dryRun: false,
  evidence: 'live',
  effects,
  reasons: [{ code: 'base', points: 15, subject: 'scale' }],
  ...more,
});
const evaluation = ({ blastRadius = radius([scale]), ...more }: Partial<Evaluation> = {}): Evaluation => ({
  understanding: { command: 'kubectl scale deployment web -n shop --replicas=5', secretSpans: NO_SECRETS },
  files: new Map(),
  blastRadius,
  decision: { tier: blastRadius.tier, approvals: 0, reviewIssue: blastRadius.tier === 'dual' ? 'wanted' : 'none' },
  facts: facts(web),
  incident: 'INC-1',
  clusterName: 'eu',
  settings: DEFAULT_SPEC_SETTINGS,
  ...more,
});
const specOf = (effects: readonly Effect[], seen: Facts | null, more: Partial<BlastRadius> = {}): DeclarativeSpec =>
  evaluate(
    evaluation({ blastRadius: radius(effects, { evidence: seen === null ? 'none' : 'live', ...more }), facts: seen }),
  );

describe('a sealed spec', () => {
  test('the same input has the same digest, and each part of it counts', () => {
    const digest = evaluate(evaluation()).digest;
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    assert.equal(evaluate(evaluation()).digest, digest);
    const others: readonly Partial<Evaluation>[] = [
      { understanding: { command: 'kubectl scale deployment web -n shop --replicas=6', secretSpans: NO_SECRETS } },
      { incident: 'INC-2' },
      { clusterName: null },
      { files: new Map([['a.yaml', '']]) },
      { facts: facts({ ...web, uid: 'u-other' }) },
      { facts: facts({ ...web, preImage: { replicas: 4 } }) },
      { facts: { ...facts(web), cluster: 'kube-2' } },
      { blastRadius: radius([scale], { score: 16 }) },
      { blastRadius: radius([scale], { tier: 'dual' }) },
      { blastRadius: radius([{ ...scale, change: { to: 'replicas', replicas: 6 } }]) },
      { settings: { validForSeconds: 60, convergeWithinSeconds: 120 } },
      { settings: { ...DEFAULT_SPEC_SETTINGS, convergeWithinSeconds: 60 } },
    ];
    const digests = new Set([digest, ...others.map((other) => evaluate(evaluation(other)).digest)]);
    assert.equal(digests.size, others.length + 1);
  });

  test('nobody can change it, nor what it was made from change it later', () => {
    const targets = [structuredClone(web)];
    const spec = evaluate(evaluation({ facts: { ...facts(), targets } }));
    assert.throws(() => Object.assign(spec, { tier: 'auto' }), TypeError);
    assert.throws(() => Object.assign(spec.effects[0] ?? {}, { name: 'other' }), TypeError);
    assert.throws(() => Object.assign(spec.rollbackPlan.steps, { length: 0 }), TypeError);
    targets.pop();
    assert.equal(spec.facts.length, 1);
    assert.equal(digestOf(spec), spec.digest);
  });

  test('comes back from the store as it was', () => {
    const spec = evaluate(evaluation());
    const back = unseal(JSON.parse(JSON.stringify(spec)));
    assert.ok(back.ok);
    assert.deepEqual(back.spec, spec);
    assert.ok(Object.isFrozen(back.spec.effects));
  });

  test('does not come back when a leaf of it was changed', () => {
    const text = JSON.stringify(evaluate(evaluation()));
    for (const [from, to] of [
      ['"tier":"human"', '"tier":"auto"'],
      ['"replicas":5', '"replicas":50'],
      ['u-web', 'u-owned'],
    ] as const) {
      assert.deepEqual(unseal(JSON.parse(text.replace(from, to))), { ok: false, why: 'digest-differs' });
    }
    for (const value of [null, 1, 'x', [], {}, { schemaVersion: 'blastgate/v2', digest: 'x' }]) {
      assert.deepEqual(unseal(value), { ok: false, why: 'not-a-spec' });
    }
  });

  test('the digest of a known spec is pinned', () => {
    assert.equal(shortDigest(evaluate(evaluation()).digest), 'c956e3834a1b');
  });

  test('the digest is what another sha256 says of the JSON with its keys in order', () => {
    const { digest, ...content } = evaluate(evaluation());
    const sorted = JSON.stringify(content, (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
    assert.equal(digest, `sha256:${createHash('sha256').update(sorted).digest('hex')}`);
  });

  test('the order of keys does not matter', () => {
    const spec = evaluate(evaluation());
    const entries = Object.entries(spec);
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        assert.equal(unseal(Object.fromEntries(shuffled)).ok, true);
      }),
      { numRuns: 20 },
    );
  });

  test('a secret in the command is masked, and another secret is another digest', () => {
    const of = (secret: string): DeclarativeSpec => {
      const command = `kubectl create secret generic db --from-literal=password=${secret}`;
      const from = command.length - secret.length;
      return evaluate(evaluation({ understanding: { command, secretSpans: [{ from, to: command.length }] } }));
    };
    const [one, two] = [of('hunter2'), of('hunter3')];
    assert.ok(!JSON.stringify(one).includes('hunter2'));
    assert.match(one.command, /password=\*\*\*$/);
    assert.match(one.contentHash ?? '', /^scrypt:[0-9a-f]{64}$/);
    assert.notEqual(one.digest, two.digest);
  });
});

describe('the rollback plan', () => {
  const cases: readonly (readonly [what: string, effects: readonly Effect[], seen: Facts | null, plan: RegExp])[] = [
    ['scale', [scale], facts(web), /^kubectl scale deployment\/web -n shop --replicas=3$/],
    ['restart', [restart], facts(web), /^kubectl rollout undo deployment\/web -n shop --to-revision=4$/],
    ['set image', [image], facts(web), /--to-revision=4$/],
    ['undo', [undo], facts(web), /--to-revision=4$/],
    ['restart of the first revision', [restart], facts({ ...web, revision: 1, revisions: [1] }), /--to-revision=1$/],
    [
      'restart without history',
      [restart],
      facts({ ...web, revision: null, revisions: [] }),
      /^None: the live revision/,
    ],
    [
      'restart where the live revision was thrown away',
      [restart],
      facts({ ...web, revisions: [2, 3] }),
      /^None: the live revision/,
    ],
    [
      'restart where nothing old is kept',
      [restart],
      facts({ ...web, preImage: { historyLimit: 0 } }),
      /^None: no old revisions are kept of deployment\/web -n shop/,
    ],
    [
      'restart of a StatefulSet',
      [{ ...restart, resource: 'statefulsets', name: 'db' }],
      facts({ ...web, resource: 'statefulsets', kind: 'StatefulSet', name: 'db' }),
      /^kubectl rollout undo statefulset\/db -n shop --to-revision=4\nkubectl delete pod POD -n shop {2}# each of statefulset\/db that is not ready/,
    ],
    [
      'restart and the deletion of an owned pod',
      [restart, deletePod],
      facts(pod, web),
      /^kubectl rollout undo deployment\/web -n shop --to-revision=4$/,
    ],
    [
      'restart and the deletion of a bare pod',
      [restart, deletePod],
      facts({ ...pod, controller: null }, web),
      /^None: no controller/,
    ],
    ['delete pod', [deletePod], facts(pod), /^None is needed: its controller, ReplicaSet\/web-5d8f, starts another/],
    ['delete bare pod', [deletePod], facts({ ...pod, controller: null }), /^None: no controller .* A person is told/],
    ['patch', [patch], facts(web), /^None: .* no inverse/],
    ['a read', [read], facts(web), /^It changes nothing/],
    ['nothing', [], facts(), /^It changes nothing/],
    ['scale without a cluster', [scale], null, /^No cluster was asked/],
    ['scale of what is not there', [scale], facts(), /not seen in the cluster: deployment\/web -n shop/],
    [
      'two at once',
      [{ ...scale, name: '*', selector: 'app=web' }],
      facts({ ...web, name: 'api', replicas: 1 }, web),
      /^kubectl scale deployment\/api -n shop --replicas=1\nkubectl scale deployment\/web -n shop --replicas=3$/,
    ],
    [
      'two at once, one without a rollback',
      [{ ...restart, name: '*' }],
      facts({ ...web, name: 'api', revisions: [] }, web),
      /^None: the live revision is not in the history of deployment\/api/,
    ],
  ];
  for (const [what, effects, seen, plan] of cases) {
    test(`${what}: ${plan.source}`, () => {
      const { rollbackPlan } = specOf(effects, seen);
      assert.match(rollbackPlan.command ?? rollbackPlan.none ?? '', plan);
      assert.equal(rollbackPlan.command === null, rollbackPlan.steps.length === 0);
      assert.equal(rollbackPlan.none === null, rollbackPlan.steps.length > 0);
    });
  }

  test('an undo without a revision is sealed to the one before the live one', () => {
    assert.deepEqual(
      specOf([undo], facts(web)).effects.map(({ change }) => change),
      [{ to: 'revision', revision: 3 }],
    );
    const each = specOf([{ ...undo, name: '*' }], facts({ ...web, name: 'api', revision: 9, revisions: [7, 9] }, web));
    assert.deepEqual(
      each.effects.map(({ name, change }) => [name, change.to === 'revision' && change.revision]),
      [
        ['api', 7],
        ['web', 3],
      ],
    );
    const after = specOf([undo], facts({ ...web, revision: 3, revisions: [3, 5] }));
    assert.deepEqual(after.effects[0]?.change, { to: 'revision', revision: 5 });
  });
});

describe('dry run and constraints', () => {
  test('human and dual ask for a dry run where every write supports one', () => {
    for (const [tier, effects, required] of [
      ['auto', [scale], false],
      ['human', [scale], true],
      ['dual', [scale, deletePod], true],
      ['dual', [exec], false],
      ['dual', [read], false],
    ] as const) {
      assert.equal(specOf(effects, facts(web, pod), { tier }).dryRunRequired, required, `${tier} ${effects[0]?.kind}`);
    }
    assert.match(specOf([exec], facts(pod), { tier: 'dual' }).blastReason.at(-1) ?? '', /^no dry run/);
  });

  test('each condition stands where it is checked, none where nothing runs', () => {
    const codes = (spec: DeclarativeSpec): readonly string[] => spec.constraints.map(({ code }) => code);
    const always = ['target-unchanged', 'single-writer', 'converges-in-window'];
    assert.deepEqual(codes(specOf([deletePod], facts(pod), { tier: 'auto' })), always);
    assert.deepEqual(codes(specOf([scale], facts(web))), [
      'dry-run-passed',
      'target-unchanged',
      'approvals-complete',
      'single-writer',
      'converges-in-window',
      'way-back-exists',
    ]);
    assert.deepEqual(codes(specOf([scale], facts(web), { tier: 'blocked' })), []);
    assert.deepEqual(codes(specOf([scale], facts(web), { executable: false })), []);
  });

  test('the decision that is applied is what the spec shows', () => {
    assert.equal(specOf([scale], facts(web), { tier: 'dual' }).requiresReviewIssue, true);
    const off = evaluate(evaluation({ decision: { tier: 'dual', approvals: 2, reviewIssue: 'none' } }));
    assert.deepEqual([off.tier, off.requiresReviewIssue], ['dual', false]);
  });
});

describe('the sentences', () => {
  test('the target state names every object, and counts what nobody would read', () => {
    assert.equal(specOf([scale], facts(web)).targetState, 'deployment/web -n shop has 5 replicas (3 now)');
    assert.equal(specOf([image], null).targetState, 'deployment/web -n shop runs web=web:2');
    assert.equal(
      specOf([deletePod], facts(pod)).targetState,
      'pod/web-1 -n shop is gone and ReplicaSet/web-5d8f has brought up another in its place',
    );
    const many = Array.from({ length: 14 }, (_, i) => ({ ...pod, name: `web-${i}` }));
    assert.match(specOf([{ ...deletePod, name: '*' }], facts(...many)).targetState, /; and 4 more$/);
    assert.equal(specOf([], facts(), { action: 'opaque' }).targetState, 'not known: the command could not be resolved');
  });

  test('the English lines are those of the spec, and another language has as many', () => {
    const spec = specOf([scale], facts(web));
    assert.equal(describeTargetState(spec, 'en'), spec.targetState);
    assert.deepEqual(describeBlastReason(spec, 'en'), spec.blastReason);
    assert.deepEqual(
      describeConstraints(spec, 'en'),
      spec.constraints.map(({ text }) => text),
    );
    assert.equal(describeNoRollback(spec, 'en'), null);
    assert.equal(describeConstraints(spec, 'zh-TW').length, spec.constraints.length);
    assert.equal(describeTargetState(spec, 'zh-TW'), 'deployment/web -n shop 有 5 個副本（目前 3）');
    assert.deepEqual(spec.blastReason, ['+15 base of the action scale']);
  });

  test('a namespace and a target are named, several joined', () => {
    const spec = specOf([scale, { ...scale, namespace: 'prod', name: 'api' }], null);
    assert.deepEqual([spec.namespace, spec.target], ['shop, prod', 'deployment/web, deployment/api']);
  });
});
