import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TIERS } from '../model/tier.ts';
import { approvalsOf, decide, type Flags, type Judged } from './decide.ts';

const on: Flags = { blastRadiusCheck: 'on', gitopsPr: 'on' };
const off: Flags = { blastRadiusCheck: 'off', gitopsPr: 'on' };
const judged = (change: Partial<Judged>): Judged => ({
  hardRule: 'passed',
  command: 'executable',
  score: 'measured',
  tier: 'auto',
  floor: 'lower',
  ...change,
});

/** judged · flags · leads to, tier, approvals, issue */
const rows: readonly (readonly [says: string, judged: Judged, flags: Flags, is: string])[] = [
  ['auto runs', judged({}), on, 'approved auto 0 none'],
  ['human asks one', judged({ tier: 'human' }), on, 'awaiting-approval human 1 none'],
  ['dual asks two and makes an issue', judged({ tier: 'dual' }), on, 'awaiting-approval dual 2 wanted'],
  ['a hard rule blocks', judged({ hardRule: 'fired', tier: 'blocked' }), on, 'blocked blocked 0 none'],
  ['a hard rule blocks with the check off', judged({ hardRule: 'fired' }), off, 'blocked blocked 0 none'],
  [
    'a hard rule beats what is not executable',
    judged({ hardRule: 'fired', command: 'not-executable' }),
    on,
    'blocked blocked 0 none',
  ],
  ['tier blocked without a rule is blocked too', judged({ tier: 'blocked' }), off, 'blocked blocked 0 none'],
  [
    'not executable is refused with its tier',
    judged({ command: 'not-executable', tier: 'dual' }),
    on,
    'refused dual 0 none',
  ],
  ['not executable is refused with the check off', judged({ command: 'not-executable' }), off, 'refused auto 0 none'],
  ['check off: auto needs one person', judged({}), off, 'awaiting-approval human 1 none'],
  [
    'check off: dual by points needs one person, no issue',
    judged({ tier: 'dual' }),
    off,
    'awaiting-approval human 1 none',
  ],
  [
    'check off: a dual floor needs two, no issue',
    judged({ tier: 'dual', floor: 'dual' }),
    off,
    'awaiting-approval dual 2 none',
  ],
  [
    'check off and failed: one person',
    judged({ score: 'failed', tier: 'human' }),
    off,
    'awaiting-approval human 1 none',
  ],
  ['failed calculation: one person', judged({ score: 'failed', tier: 'human' }), on, 'awaiting-approval human 1 none'],
  [
    'failed calculation that claims auto: one person',
    judged({ score: 'failed' }),
    on,
    'awaiting-approval human 1 none',
  ],
  [
    'failed calculation under a dual floor: two',
    judged({ score: 'failed', tier: 'dual', floor: 'dual' }),
    on,
    'awaiting-approval dual 2 wanted',
  ],
  [
    'a dual floor under a lower tier: two',
    judged({ tier: 'human', floor: 'dual' }),
    on,
    'awaiting-approval dual 2 wanted',
  ],
];
for (const [says, input, flags, is] of rows) {
  test(says, () => {
    const { leadsTo, tier, approvals, reviewIssue } = decide(input, flags);
    assert.equal(`${leadsTo} ${tier} ${approvals} ${reviewIssue}`, is);
  });
}

test('whatever was judged: only auto, measured, executable, with the check on runs without people', () => {
  for (const hardRule of ['fired', 'passed'] as const)
    for (const command of ['executable', 'not-executable'] as const)
      for (const score of ['measured', 'failed'] as const)
        for (const tier of TIERS)
          for (const floor of ['dual', 'lower'] as const)
            for (const flags of [on, off]) {
              const one: Judged = { hardRule, command, score, tier, floor };
              const decision = decide(one, flags);
              const free = JSON.stringify(one) === JSON.stringify(judged({})) && flags === on;
              assert.equal(decision.leadsTo === 'approved', free, JSON.stringify([one, flags]));
              if (decision.leadsTo === 'awaiting-approval') {
                assert.ok(decision.approvals >= 1);
                assert.ok(decision.approvals >= approvalsOf(decision.tier), 'the permit would never be minted');
              }
            }
});
