import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainRequirement } from '../decision/approval-rules.ts';
import type { Digest } from '../sealed-spec/declarative-spec.ts';
import type { People, Person, Proposer } from './people.ts';
import { type Ballot, checkVote, tally, validVotes } from './quorum.ts';
import type { Vote } from './vote.ts';

const DIGEST = `sha256:${'a'.repeat(64)}` as Digest;
const OTHER = `sha256:${'b'.repeat(64)}` as Digest;
const NOW = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T04:00:00.000Z';

const person = (id: string, rights: Person['rights'] = ['approve']): Person => ({
  id,
  name: id,
  rights,
  accounts: { telegram: `1${id}`, gitea: null },
  tokens: [],
});
const people: People = {
  people: [person('ana', ['approve', 'admin']), person('ben'), person('cho'), person('eve', ['read'])],
  agents: [{ id: 'healer', owner: 'ana', rights: ['propose'], tokens: [] }],
};
const agent: Proposer = { kind: 'agent', id: 'healer', owner: 'ana' };
const vote = (who: string, change: Partial<Vote> = {}): Vote => ({
  person: who,
  channel: 'telegram',
  decision: 'approve',
  digest: DIGEST,
  at: NOW,
  reason: null,
  ...change,
});
const ballot = (change: Partial<Ballot> = {}): Ballot => ({
  digest: DIGEST,
  proposer: agent,
  votes: [],
  expiresAt: LATER,
  requirement: plainRequirement(2),
  ...change,
});

const rows: readonly (readonly [says: string, ballot: Ballot, vote: Vote, now: string, is: string])[] = [
  ['an approver counts', ballot(), vote('ben'), NOW, 'ok'],
  ['an unknown person does not', ballot(), vote('mallory'), NOW, 'unknown-person'],
  ['an agent is no person', ballot(), vote('healer'), NOW, 'unknown-person'],
  ['a reader may not', ballot(), vote('eve'), NOW, 'no-right'],
  ['the owner of the agent may not', ballot(), vote('ana'), NOW, 'own-proposal'],
  ['nor may the owner deny', ballot(), vote('ana', { decision: 'reject' }), NOW, 'own-proposal'],
  ['the proposer may not', ballot({ proposer: { kind: 'person', id: 'ben' } }), vote('ben'), NOW, 'own-proposal'],
  ['another person may', ballot({ proposer: { kind: 'person', id: 'ben' } }), vote('ana'), NOW, 'ok'],
  ['at the instant of expiry it is too late', ballot(), vote('ben'), LATER, 'expired'],
  ['another digest is not this one', ballot(), vote('ben', { digest: OTHER }), NOW, 'wrong-digest'],
  ['once, over all channels', ballot({ votes: [vote('ben')] }), vote('ben', { channel: 'http' }), NOW, 'already-voted'],
  [
    'from no to yes is no way',
    ballot({ votes: [vote('ben', { decision: 'reject' })] }),
    vote('ben'),
    NOW,
    'already-voted',
  ],
  ['from yes to no is', ballot({ votes: [vote('ben')] }), vote('ben', { decision: 'reject' }), NOW, 'ok'],
];
for (const [says, on, cast, now, is] of rows) {
  test(says, () => {
    const check = checkVote(on, cast, people, now);
    assert.equal(check.ok ? 'ok' : check.refusal.code, is);
  });
}

test('two voices of one person are one', () => {
  assert.equal(tally([vote('ben'), vote('ben', { channel: 'http' })], plainRequirement(2)), 'open');
  assert.equal(tally([vote('ben'), vote('cho')], plainRequirement(2)), 'approved');
});

test('a denial beats any number of approvals, in any order', () => {
  const votes = fc.array(fc.record({ who: fc.string(), decision: fc.constantFrom('approve', 'reject') }));
  fc.assert(
    fc.property(votes, fc.constantFrom(0, 1, 2), (cast, needed) => {
      const all = cast.map(({ who, decision }) => vote(who, { decision: decision as Vote['decision'] }));
      const denied = cast.some(({ decision }) => decision === 'reject');
      const result = tally(all, plainRequirement(needed as 0 | 1 | 2));
      if (denied) assert.equal(result, 'rejected');
      else assert.equal(result, new Set(cast.map(({ who }) => who)).size >= needed ? 'approved' : 'open');
    }),
  );
});

test('votes stand only while their people may vote', () => {
  const votes = [vote('ben'), vote('cho'), vote('eve'), vote('ana'), vote('gone'), vote('cho', { digest: OTHER })];
  assert.deepEqual(
    validVotes(ballot({ votes }), people).map((one) => one.person),
    ['ben', 'cho'],
  );
});
