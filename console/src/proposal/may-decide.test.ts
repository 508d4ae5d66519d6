import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person, Proposal } from '../api/types.ts';
import { type Hindrance, hindranceOf, mayBreakGlass, mayTakeBack } from './may-decide.ts';

const BEN: Person = { id: 'ben', name: 'Ben', rights: ['read', 'approve'] };
const vote = (person: string, digest: string) => ({ person, digest, decision: 'approve' });
const proposal = (fields: Readonly<Record<string, unknown>> = {}): Proposal =>
  // as: of a proposal only these fields are read here.
  ({
    state: 'awaiting-approval',
    digest: 'sha256:a',
    proposer: 'agent:healer',
    votes: [],
    ...fields,
  }) as unknown as Proposal;

const TABLE: readonly (readonly [string, Proposal, Person, Hindrance])[] = [
  ['an open proposal of somebody else', proposal(), BEN, null],
  ['a digest that is not the one on the screen', proposal({ digest: 'sha256:b' }), BEN, 'newer'],
  ['a proposal that a newer one has replaced', proposal({ state: 'superseded' }), BEN, 'newer'],
  ['a proposal that has ended', proposal({ state: 'expired' }), BEN, 'not-open'],
  ['a person who may only read', proposal(), { ...BEN, rights: ['read'] }, 'no-right'],
  ['one of their own', proposal({ proposer: 'ben' }), BEN, 'own'],
  ['one of their agent', proposal(), { ...BEN, agents: ['healer'] }, 'own'],
  ['a second vote', proposal({ votes: [vote('ben', 'sha256:a')] }), BEN, 'voted'],
  ['a vote of theirs on an older digest', proposal({ votes: [vote('ben', 'sha256:0')] }), BEN, null],
];
for (const [what, one, person, expected] of TABLE)
  test(`${what}: ${expected ?? 'may be decided'}`, () => {
    assert.equal(hindranceOf(one, person, 'sha256:a'), expected);
  });

test('a vote may be taken back until something runs', () => {
  const votes = [vote('ben', 'sha256:a')];
  const states = ['awaiting-approval', 'approved', 'executing', 'succeeded', 'rejected'];
  assert.deepEqual(
    states.filter((state) => mayTakeBack(proposal({ state, votes }), BEN)),
    ['awaiting-approval', 'approved'],
  );
  assert.equal(mayTakeBack(proposal(), BEN), false);
});

test('break-glass is offered to who has the right, for the digest on the screen', () => {
  const holder = { ...BEN, rights: ['break-glass'] };
  assert.equal(mayBreakGlass(proposal(), holder, 'sha256:a'), true);
  assert.equal(mayBreakGlass(proposal(), BEN, 'sha256:a'), false);
  assert.equal(mayBreakGlass(proposal(), { ...holder, agents: ['healer'] }, 'sha256:a'), false);
  assert.equal(mayBreakGlass(proposal(), holder, 'sha256:b'), false);
});
