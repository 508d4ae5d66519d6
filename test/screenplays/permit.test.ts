import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExecutionPermit, type ForwardGrounds, mintBack, mintForward } from '../../src/core/approval/permit.ts';
import type { Vote } from '../../src/core/approval/vote.ts';
import type { DeclarativeSpec } from '../../src/core/sealed-spec/declarative-spec.ts';
import { seal } from '../../src/core/sealed-spec/seal.ts';
import { specOf } from '../support/a-remediation.ts';
import { CAST, HEALER } from '../support/memory-gate.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const dual = specOf('scale production/web 0', 'INC-1').spec;
const auto = specOf('scale dev/web 5', 'INC-1').spec;
const yes = (person: string, spec: DeclarativeSpec = dual): Vote => ({
  person,
  channel: 'http',
  decision: 'approve',
  digest: spec.digest,
  at: NOW,
  reason: null,
});
const grounds = (change: Partial<ForwardGrounds> = {}): ForwardGrounds => ({
  spec: dual,
  proposer: HEALER,
  votes: [yes('ben'), yes('cho')],
  expiresAt: '2026-01-01T04:00:00.000Z',
  people: CAST,
  flags: { blastRadiusCheck: 'on', gitopsPr: 'on' },
  decision: null,
  policy: {},
  now: NOW,
  ...change,
});
const [first] = CAST.people;
assert.ok(first);

const rows: readonly (readonly [says: string, grounds: ForwardGrounds, is: string])[] = [
  ['two different people open a dual spec', grounds(), 'forward'],
  ['auto needs nobody', grounds({ spec: auto, votes: [] }), 'forward'],
  [
    'auto needs one when the check was turned off since',
    grounds({ spec: auto, votes: [], flags: { blastRadiusCheck: 'off', gitopsPr: 'on' } }),
    'no-right',
  ],
  ['one is not enough', grounds({ votes: [yes('ben')] }), 'no-right'],
  ['nor is one twice', grounds({ votes: [yes('ben'), { ...yes('ben'), channel: 'telegram' }] }), 'no-right'],
  ['the owner does not count', grounds({ votes: [yes('ben'), yes('ana')] }), 'no-right'],
  ['votes on another digest do not count', grounds({ votes: [yes('ben', auto), yes('cho', auto)] }), 'no-right'],
  [
    'a denial among them',
    grounds({ votes: [yes('ben'), yes('cho'), { ...yes('dee'), decision: 'reject' }] }),
    'no-right',
  ],
  [
    'who has lost the right does not count',
    grounds({ people: { ...CAST, people: [{ ...first, id: 'ben', rights: ['read'] }] } }),
    'no-right',
  ],
  ['too late', grounds({ now: '2026-01-01T04:00:00.000Z' }), 'expired'],
  ['a record that was touched', grounds({ spec: { ...dual, tier: 'auto' }, votes: [] }), 'wrong-digest'],
  ['a spec that is sealed as blocked', grounds({ spec: seal({ ...dual, tier: 'blocked' }) }), 'hard-rule'],
  ['a spec with a hard rule', grounds({ spec: seal({ ...dual, hardRule: { code: 'x', subject: 'y' } }) }), 'hard-rule'],
  [
    'a spec with a refusal',
    grounds({ spec: seal({ ...dual, refusals: [{ code: 'shell-syntax', about: null }] }) }),
    'shell-syntax',
  ],
];
for (const [says, from, is] of rows) {
  test(`forward: ${says}`, () => {
    const minted = mintForward(from);
    assert.equal(minted.ok ? minted.permit.direction : minted.refusal.code, is);
  });
}

test('back: only after a forward write that reached the cluster, along a sealed plan', () => {
  const back = (spec: DeclarativeSpec, forwardReachedAt: string | null) => {
    const minted = mintBack({ spec, forwardReachedAt });
    return minted.ok ? minted.permit.direction : minted.refusal.code;
  };
  assert.equal(back(dual, NOW), 'back');
  assert.equal(back(dual, null), 'way-back-gone');
  assert.equal(
    back(
      seal({
        ...dual,
        rollbackPlan: {
          steps: [],
          command: null,
          none: 'none',
          fidelity: 'none',
          loses: [],
          rehearsed: 'not-possible',
        },
      }),
      NOW,
    ),
    'way-back-gone',
  );
  assert.equal(back({ ...dual, rollbackPlan: { ...dual.rollbackPlan, steps: dual.effects } }, NOW), 'wrong-digest');
});

test('a permit cannot be copied, built or changed', () => {
  const minted = mintForward(grounds());
  assert.ok(minted.ok);
  const { permit } = minted;
  assert.ok(ExecutionPermit.isGenuine(permit));
  const lookAlikes = [
    Object.fromEntries(Object.entries(permit)),
    JSON.parse(JSON.stringify(permit)),
    Object.create(ExecutionPermit.prototype),
  ];
  for (const one of lookAlikes) assert.equal(ExecutionPermit.isGenuine(one), false);
  assert.ok(Object.isFrozen(permit) && Object.isFrozen(permit.spec) && Object.isFrozen(permit.spec.effects[0]));
});
