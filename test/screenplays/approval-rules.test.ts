// Rules of approval, played: teams, channels, reasons, strong votes, and people and rules that change between votes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { People } from '../../src/core/approval/people.ts';
import type { ApprovalRule } from '../../src/core/blast-radius/policy.ts';
import type { Channel, Strength } from '../../src/core/model/channel.ts';
import { recordVote, type VoteResult } from '../../src/flow/requests/record-vote.ts';
import { CAST, setStage } from '../support/memory-gate.ts';

const PAYMENTS = { id: 'payments', people: ['cho', 'dee'] };
const SRE = { id: 'sre', people: ['ben', 'cho'] };
const people = CAST.people.map((one) => ({ ...one, accounts: { telegram: one.id, gitea: one.id } }));
const TEAMS: People = { ...CAST, people, teams: [PAYMENTS, SRE] };
const BOTH_TEAMS: ApprovalRule = {
  namespaces: ['production'],
  needed: 2,
  from: [
    { team: 'payments', atLeast: 1 },
    { team: 'sre', atLeast: 1 },
  ],
};
const signal = new AbortController().signal;

interface Yes {
  readonly channel?: Channel;
  readonly reason?: string;
}

const play = async (approvals: readonly ApprovalRule[], strongVotes: readonly Strength[] = []) => {
  const stage = setStage();
  stage.setPeople(TEAMS);
  const byPolicy = (rules: readonly ApprovalRule[]): void => stage.setPolicy({ approvals: rules, strongVotes });
  byPolicy(approvals);
  const made = await stage.proposeText('scale production/web 5');
  assert.ok(made.ok, JSON.stringify(made));
  const { id } = made.remediation;
  const yes = async (person: string, { channel = 'http', reason }: Yes = {}): Promise<VoteResult> => {
    const { digest } = (await stage.read(id)).spec;
    const proof =
      channel === 'http'
        ? ({ kind: 'token' } as const)
        : ({ kind: 'account', account: person, message: `${channel} ${person} ${Math.random()}` } as const);
    const cast = { proposal: id, person, account: person, channel, digest, reason: reason ?? null, proof } as const;
    return recordVote(stage.gate, { ...cast, decision: 'approve' }, signal);
  };
  const state = async (): Promise<string> => (await stage.read(id)).state;
  return { ...stage, id, yes, state, byPolicy };
};

const codeOf = (result: VoteResult): string => (result.ok ? 'counted' : result.refusal.code);

test('both teams must agree: two of one are not enough, one person of both and another are', async () => {
  const { yes, state } = await play([BOTH_TEAMS]);
  await yes('dee');
  assert.equal(await state(), 'awaiting-approval');
  await yes('cho');
  assert.equal(await state(), 'approved');
});

test('two people without the team that is asked for wait for one of it', async () => {
  const { yes, state, gate, id } = await play([{ ...BOTH_TEAMS, from: [{ team: 'payments', atLeast: 2 }] }]);
  await yes('ben');
  await yes('cho');
  assert.equal(await state(), 'awaiting-approval');
  await yes('dee');
  assert.equal(await state(), 'approved');
  assert.equal((await gate.store.remediations.read(id, signal))?.votes.length, 3);
});

test('by another way than those that count an approval is refused, and a denial counts all the same', async () => {
  const { yes, state, vote, id } = await play([{ ...BOTH_TEAMS, channels: ['gitea'] }]);
  assert.equal(codeOf(await yes('cho')), 'wrong-channel');
  assert.equal(codeOf(await yes('cho', { channel: 'gitea' })), 'counted');
  await vote(id, 'dee', 'reject');
  assert.equal(await state(), 'rejected');
});

test('where a reason is asked for, a yes without one does not count', async () => {
  const { yes } = await play([{ needed: 1, reasonRequired: true }]);
  assert.equal(codeOf(await yes('cho')), 'reason-required');
  assert.equal(codeOf(await yes('cho', { reason: 'the queue is full' })), 'counted');
});

test('a strong vote: two by chat wait, and one of the two may say it again where it is proven', async () => {
  const { yes, state } = await play([BOTH_TEAMS], ['forge']);
  await yes('cho', { channel: 'telegram' });
  await yes('dee', { channel: 'telegram' });
  assert.equal(await state(), 'awaiting-approval');
  assert.equal(codeOf(await yes('cho', { channel: 'telegram' })), 'already-voted');
  assert.equal(codeOf(await yes('cho', { channel: 'gitea' })), 'counted');
  assert.equal(await state(), 'approved');
});

test('who has left the team between the vote and the write does not stand for it any more', async () => {
  const { yes, state, settle, setPeople } = await play([BOTH_TEAMS]);
  await yes('dee');
  await yes('ben');
  setPeople({ ...TEAMS, teams: [{ ...PAYMENTS, people: ['cho'] }, SRE] });
  await settle();
  assert.equal(await state(), 'stale');
});

test('a rule that became stricter between the votes and the write holds', async () => {
  const { yes, state, settle, byPolicy } = await play([BOTH_TEAMS]);
  await yes('dee');
  await yes('ben');
  byPolicy([{ ...BOTH_TEAMS, needed: 3 }]);
  await settle();
  assert.equal(await state(), 'stale');
});

test('a rule that became stricter while people are asked: a yes does not count any more, a no does, and it is proposed anew', async () => {
  const { yes, state, pass, byPolicy, read, id, proposeText } = await play([BOTH_TEAMS]);
  await yes('dee');
  byPolicy([{ ...BOTH_TEAMS, needed: 3 }]);
  assert.equal(codeOf(await yes('ben')), 'approval-raised');
  assert.equal(await state(), 'awaiting-approval');
  await pass(61);
  assert.equal(await state(), 'stale');
  assert.deepEqual((await read(id)).refusal, { code: 'approval-raised', about: 'approvals, rule 1' });
  const anew = await proposeText('scale production/web 5');
  assert.ok(anew.ok && anew.remediation.decision?.requirement?.needed === 3);
});

test('a no to what a stricter rule has overtaken ends it', async () => {
  const { vote, state, byPolicy, id } = await play([BOTH_TEAMS]);
  byPolicy([{ ...BOTH_TEAMS, reasonRequired: true }]);
  await vote(id, 'dee', 'reject');
  assert.equal(await state(), 'rejected');
});

test('votes by a way, or without the reason, that became asked for before the write do not count for it', async () => {
  for (const stricter of [
    { channels: ['gitea'] as const },
    { reasonRequired: true },
    { strongVotes: ['oidc'] as const },
  ]) {
    const { yes, state, settle, byPolicy, cluster } = await play([BOTH_TEAMS]);
    await yes('dee');
    await yes('ben');
    byPolicy([{ ...BOTH_TEAMS, ...stricter }]);
    await settle();
    assert.equal(await state(), 'stale', JSON.stringify(stricter));
    assert.equal(cluster.writes.length, 0);
  }
});

test('a rule that asks for more only elsewhere, or for less, leaves what waits as it is', async () => {
  const { yes, state, pass, byPolicy } = await play([BOTH_TEAMS]);
  await yes('dee');
  byPolicy([
    { ...BOTH_TEAMS, from: [] },
    { namespaces: ['payments'], needed: 3 },
  ]);
  await pass(180);
  assert.equal(codeOf(await yes('ben')), 'counted');
  assert.equal(await state(), 'approved');
});

test('a rule that was taken out in between still holds for what was decided by it', async () => {
  const { yes, state, byPolicy } = await play([{ ...BOTH_TEAMS, needed: 3 }]);
  byPolicy([]);
  await yes('dee');
  await yes('ben');
  assert.equal(await state(), 'awaiting-approval');
});

for (const [arrives, ends, replicas] of [
  ['lost-after', 'succeeded', 5],
  ['lost-before', 'failed', 3],
] as const)
  test(`a write without an answer (${arrives}) is looked for although a voter or a rule has changed since, and is not sent again`, async () => {
    for (const change of ['voter', 'rule'] as const) {
      const { yes, state, pass, byPolicy, setPeople, cluster, tick } = await play([BOTH_TEAMS]);
      await yes('dee');
      await yes('ben');
      cluster.troubles.write.push(arrives);
      await tick();
      assert.equal(await state(), 'uncertain');
      if (change === 'rule') byPolicy([{ ...BOTH_TEAMS, needed: 3 }]);
      else setPeople({ ...TEAMS, people: TEAMS.people.filter(({ id }) => id !== 'ben') });
      await pass(60);
      assert.equal(await state(), ends, change);
      assert.equal(cluster.workloads.get('production/web')?.replicas, replicas);
      assert.equal(cluster.writes.length, ends === 'succeeded' ? 1 : 0);
    }
  });

test('it expires when the rule says', async () => {
  const { state, pass } = await play([{ ...BOTH_TEAMS, expiresMinutes: 5 }]);
  await pass(299);
  assert.equal(await state(), 'awaiting-approval');
  await pass(61);
  assert.equal(await state(), 'expired');
});

test('the card says what is lacking, and only that', async () => {
  const { yes, tell, chat, id, gate } = await play([BOTH_TEAMS]);
  await tell();
  assert.match(
    chat.said()[0]?.text ?? '',
    /waits for 2 approvals \(among them 1 of the team payments; among them 1 of the team sre\)/,
  );
  await yes('dee');
  const remediation = await gate.store.remediations.read(id, signal);
  assert.deepEqual(
    remediation?.votes.map(({ teams }) => teams),
    [['payments']],
  );
});
