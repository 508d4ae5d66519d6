// Rules of approval: which apply, that they only ever ask for more, and that order never matters.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lackingOf, peopleLacking } from '../approval/quorum.ts';
import type { ApprovalRule } from '../blast-radius/policy.ts';
import { CHANNELS, STRENGTHS } from '../model/channel.ts';
import { ACTION_KINDS, type Effect, plainDeletion } from '../model/effect.ts';
import { type ApprovalRequirement, requirementFor, withApprovalRules } from './approval-rules.ts';
import type { Approvals, Decision } from './decide.ts';

const effect = (change: Partial<Effect> = {}): Effect => ({
  ...plainDeletion('delete-object', { group: 'apps', resource: 'deployments', namespace: 'shop', name: 'web' }),
  kind: 'scale',
  verb: 'patch',
  ...change,
});
const inPayments = effect({ namespace: 'payments' });
const PAYMENTS: ApprovalRule = { namespaces: ['payments*'], needed: 2, from: [{ team: 'payments', atLeast: 1 }] };
const SCALES: ApprovalRule = { actions: ['scale'], needed: 3, channels: ['http'], expiresMinutes: 30 };
const DUAL: ApprovalRule = { tiers: ['dual'], needed: 1, reasonRequired: true, expiresMinutes: 60 };

const human = { tier: 'human', approvals: 1 } as const;
const dual = { tier: 'dual', approvals: 2 } as const;

interface Row {
  readonly says: string;
  readonly of: Pick<Decision, 'tier' | 'approvals'> & { readonly score?: number };
  readonly effects: readonly Effect[];
  readonly rules: readonly ApprovalRule[];
  readonly is: Partial<ApprovalRequirement>;
}

const ROWS: readonly Row[] = [
  { says: 'no rules', of: human, effects: [effect()], rules: [], is: { needed: 1, rules: [] } },
  { says: 'none that fits', of: human, effects: [effect()], rules: [PAYMENTS], is: { needed: 1, from: [], rules: [] } },
  {
    says: 'by namespace',
    of: human,
    effects: [inPayments],
    rules: [PAYMENTS],
    is: { needed: 2, from: PAYMENTS.from ?? [] },
  },
  {
    says: 'by action',
    of: human,
    effects: [effect()],
    rules: [SCALES],
    is: { needed: 3, channels: ['http'], expiresMinutes: 30 },
  },
  { says: 'not another action', of: human, effects: [effect({ kind: 'label' })], rules: [SCALES], is: { needed: 1 } },
  {
    says: 'by tier, never below it',
    of: dual,
    effects: [effect()],
    rules: [DUAL],
    is: { needed: 2, reasonRequired: true },
  },
  { says: 'not another tier', of: human, effects: [effect()], rules: [DUAL], is: { needed: 1, reasonRequired: false } },
  {
    says: 'the first that fits',
    of: human,
    effects: [inPayments],
    rules: [PAYMENTS, SCALES],
    is: { needed: 2, channels: null, rules: [1] },
  },
  {
    says: 'of several effects the strictest of both',
    of: human,
    effects: [inPayments, effect()],
    rules: [PAYMENTS, SCALES],
    is: { needed: 3, channels: ['http'], from: PAYMENTS.from ?? [], rules: [1, 2] },
  },
  {
    says: 'all namespaces are in each rule',
    of: human,
    effects: [effect({ namespace: '*' })],
    rules: [PAYMENTS],
    is: { needed: 2 },
  },
  {
    says: 'a Namespace is in itself',
    of: human,
    effects: [effect({ resource: 'namespaces', group: '', namespace: null, name: 'payments-eu' })],
    rules: [PAYMENTS],
    is: { needed: 2 },
  },
  {
    says: 'what has no namespace is in none',
    of: human,
    effects: [effect({ resource: 'nodes', group: '', namespace: null, name: 'payments' })],
    rules: [PAYMENTS],
    is: { needed: 1 },
  },
  {
    says: 'below its score not',
    of: { ...human, score: 69 },
    effects: [effect()],
    rules: [{ minScore: 70, needed: 1, strongVotes: ['forge'] }],
    is: { needed: 1, strongVotes: [], rules: [] },
  },
  {
    says: 'from its score on a chat alone is not enough, for one person either',
    of: { ...human, score: 70 },
    effects: [effect()],
    rules: [{ minScore: 70, needed: 1, strongVotes: ['forge'] }],
    is: { needed: 1, strongVotes: ['forge'], rules: [1] },
  },
  {
    says: 'without a score each fits',
    of: human,
    effects: [effect()],
    rules: [{ minScore: 99, needed: 3 }],
    is: { needed: 3 },
  },
  {
    says: 'two rules that share no strong way let nothing count',
    of: human,
    effects: [inPayments, effect()],
    rules: [
      { namespaces: ['payments'], needed: 1, strongVotes: ['oidc'] },
      { needed: 1, strongVotes: ['forge'] },
    ],
    is: { channels: [] },
  },
  {
    says: 'reads do not count',
    of: human,
    effects: [{ ...inPayments, verb: 'get', kind: 'read' }],
    rules: [PAYMENTS],
    is: { needed: 1 },
  },
];
for (const { says, of, effects, rules, is } of ROWS) {
  test(says, () => {
    const got = requirementFor({ score: null, ...of }, effects, { approvals: rules });
    assert.deepEqual({ ...got, ...is }, got);
  });
}

const decision = (change: Partial<Decision> = {}): Decision => ({
  leadsTo: 'approved',
  tier: 'auto',
  approvals: 0,
  reviewIssue: 'none',
  row: 'auto',
  ...change,
});

test('an action of tier auto waits for the people that a rule asks for, and gets an issue where they comment', () => {
  const asked = withApprovalRules(decision(), [inPayments], { approvals: [PAYMENTS] }, 5);
  assert.deepEqual(
    [asked.leadsTo, asked.tier, asked.approvals, asked.reviewIssue, asked.requirement?.rules],
    ['awaiting-approval', 'auto', 2, 'wanted', [1]],
  );
  const off = withApprovalRules(decision({ row: 'check-off' }), [inPayments], { approvals: [PAYMENTS] }, 5);
  assert.equal(off.reviewIssue, 'none');
});

test('what is blocked or refused asks nobody, whatever the rules say', () => {
  for (const leadsTo of ['blocked', 'refused'] as const) {
    const was = decision({ leadsTo });
    assert.equal(withApprovalRules(was, [inPayments], { approvals: [PAYMENTS], strongVotes: ['forge'] }, 5), was);
  }
});

test('a strong vote is asked for where two people must agree, and only there', () => {
  const strong = (of: Pick<Decision, 'tier' | 'approvals'>): unknown =>
    requirementFor({ score: null, ...of }, [effect()], { strongVotes: ['oidc', 'forge'] }).strongVotes;
  assert.deepEqual(strong(human), []);
  assert.deepEqual(strong(dual), ['oidc', 'forge']);
});

const rule = fc.record(
  {
    tiers: fc.subarray(['auto', 'human', 'dual'] as const, { minLength: 1 }),
    namespaces: fc.subarray(['shop', 'pay*', '*'], { minLength: 1 }),
    actions: fc.subarray([...ACTION_KINDS], { minLength: 1 }),
    needed: fc.constantFrom<1 | 2 | 3>(1, 2, 3),
    from: fc.array(fc.record({ team: fc.constantFrom('a', 'b'), atLeast: fc.constantFrom(1, 2) }), { maxLength: 2 }),
    channels: fc.subarray([...CHANNELS], { minLength: 1 }),
    reasonRequired: fc.boolean(),
    minScore: fc.constantFrom(30, 70),
    strongVotes: fc.subarray([...STRENGTHS], { minLength: 1 }),
  },
  { requiredKeys: ['needed'] },
);
const anEffect = fc
  .record({ namespace: fc.constantFrom('shop', 'payments', '*', null), kind: fc.constantFrom(...ACTION_KINDS) })
  .map((change) => effect(change));
const aVote = fc.record({
  person: fc.constantFrom('p', 'q', 'r', 's'),
  decision: fc.constant('approve' as const),
  channel: fc.constantFrom(...CHANNELS),
  teams: fc.subarray(['a', 'b']),
  reason: fc.constantFrom(null, 'why'),
});
const tierAnd = fc.constantFrom(human, dual, { tier: 'auto', approvals: 0 } as const);

test('rules never ask for less than the tier, and one effect more never for less', () => {
  fc.assert(
    fc.property(
      tierAnd,
      fc.array(anEffect, { maxLength: 4 }),
      anEffect,
      fc.array(rule),
      fc.array(aVote),
      fc.option(fc.integer({ min: 0, max: 99 })),
      (of, some, more, approvals, votes, score) => {
        const alone = requirementFor({ score, ...of }, some, { approvals });
        const both = requirementFor({ score, ...of }, [...some, more], { approvals });
        assert.ok(alone.needed >= of.approvals);
        assert.ok(both.needed >= alone.needed);
        if (peopleLacking(lackingOf(votes, both)) === 0) assert.equal(peopleLacking(lackingOf(votes, alone)), 0);
      },
    ),
  );
});

test('the order of the votes never matters, and a person counts once', () => {
  fc.assert(
    fc.property(fc.array(anEffect), fc.array(rule), fc.array(aVote), (effects, approvals, votes) => {
      const asked = requirementFor({ score: 40, ...human }, effects, { approvals, strongVotes: ['forge'] });
      const lacking = lackingOf(votes, asked);
      assert.deepEqual(lackingOf(votes.toReversed(), asked), lacking);
      assert.deepEqual(lackingOf([...votes, ...votes], asked), lacking);
      const people = new Set(votes.map(({ person }) => person)).size;
      if (peopleLacking(lacking) === 0) assert.ok(people >= (asked.needed satisfies Approvals));
    }),
  );
});
