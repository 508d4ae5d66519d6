// Votes through the console, played: by links and by an issuer, taken back, and after a fresh login.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requirementOf } from '../../src/core/decision/approval-rules.ts';
import type { Channel } from '../../src/core/model/channel.ts';
import { plusSeconds } from '../../src/core/model/instant.ts';
import { recordVote, type VoteResult } from '../../src/flow/requests/record-vote.ts';
import { withdrawVote } from '../../src/flow/requests/withdraw-vote.ts';
import { nowOf } from '../../src/flow/transition.ts';
import { setStage } from '../support/memory-gate.ts';

interface Yes {
  readonly channel?: Channel;
  /** Seconds since the person was asked who they are; null: the issuer does not say. */
  readonly age?: number | null;
}

const play = async (needed: 1 | 2 | 3, policy: { readonly loginWithinMinutes?: number } = {}, demo = false) => {
  const stage = setStage();
  if (demo) Object.assign(stage.gate, { linkVotes: 'each' });
  stage.setPolicy({ approvals: [{ namespaces: ['production'], needed }], ...policy });
  const made = await stage.proposeText('scale production/web 5');
  assert.ok(made.ok, JSON.stringify(made));
  const { id } = made.remediation;
  const yes = async (person: string, { channel = 'oidc', age = 0 }: Yes = {}): Promise<VoteResult> => {
    const { digest } = (await stage.read(id)).spec;
    const proven = age === null ? null : plusSeconds(nowOf(stage.gate), -age);
    const proof =
      channel === 'http'
        ? ({ kind: 'token' } as const)
        : ({ kind: 'session', session: `sha256:${person}`, account: null, proven } as const);
    const cast = { proposal: id, person, account: person, channel, digest, reason: null, proof } as const;
    return recordVote(stage.gate, { ...cast, decision: 'approve' }, stage.never);
  };
  const state = async (): Promise<string> => (await stage.read(id)).state;
  const withdraw = async (person: string): Promise<string> => {
    const result = await withdrawVote(stage.gate, { proposal: id, person }, stage.never);
    return result.ok ? 'withdrawn' : result.refusal.code;
  };
  return { ...stage, id, yes, state, withdraw };
};

const codeOf = (result: VoteResult): string => (result.ok ? 'counted' : result.refusal.code);

describe('one-time links', () => {
  test('two who came by links are one; who came by another way makes two', async () => {
    const { yes, state } = await play(2);
    assert.equal(codeOf(await yes('ben', { channel: 'link' })), 'counted');
    assert.equal(codeOf(await yes('cho', { channel: 'link' })), 'counted');
    assert.equal(await state(), 'awaiting-approval');
    assert.equal(codeOf(await yes('dee', { channel: 'http' })), 'counted');
    assert.equal(await state(), 'approved');
  });

  test('or one of the two says it again in another way', async () => {
    const { yes, state } = await play(2);
    await yes('ben', { channel: 'link' });
    await yes('cho', { channel: 'link' });
    assert.equal(codeOf(await yes('cho', { channel: 'link' })), 'already-voted');
    assert.equal(codeOf(await yes('cho', { channel: 'http' })), 'counted');
    assert.equal(await state(), 'approved');
  });

  test('three who came by links are one of three', async () => {
    const { yes, state } = await play(3);
    for (const person of ['ben', 'cho', 'dee']) await yes(person, { channel: 'link' });
    assert.equal(await state(), 'awaiting-approval');
    await yes('ben', { channel: 'oidc' });
    assert.equal(await state(), 'awaiting-approval');
    await yes('cho', { channel: 'oidc' });
    assert.equal(await state(), 'approved');
  });

  test('where one is enough a link is enough', async () => {
    const { yes, state } = await play(1);
    await yes('ben', { channel: 'link' });
    assert.equal(await state(), 'approved');
  });

  test('in the demo two are two, and what they approved runs', async () => {
    const { yes, state, settle, pass, read, id } = await play(2, {}, true);
    assert.equal(requirementOf((await read(id)).decision).links, 'each');
    await yes('ben', { channel: 'link' });
    await yes('cho', { channel: 'link' });
    assert.equal(await state(), 'approved');
    await settle();
    await pass(120);
    assert.equal(await state(), 'succeeded');
  });
});

describe("one's own vote", () => {
  test('is taken back while it is open, and may be given again', async () => {
    const { yes, withdraw, state, read, id } = await play(2);
    await yes('ben');
    assert.equal(await withdraw('ben'), 'withdrawn');
    assert.deepEqual((await read(id)).votes, []);
    assert.equal(await withdraw('ben'), 'no-own-vote');
    assert.equal(await withdraw('cho'), 'no-own-vote');
    await yes('cho');
    assert.equal(await state(), 'awaiting-approval');
    await yes('ben');
    assert.equal(await state(), 'approved');
  });

  test('is taken back after the approval too, while nothing has run: it waits again, and runs with another', async () => {
    const { yes, withdraw, state, settle, pass } = await play(2);
    await yes('ben');
    await yes('cho');
    assert.equal(await state(), 'approved');
    assert.equal(await withdraw('ben'), 'withdrawn');
    assert.equal(await state(), 'awaiting-approval');
    await settle();
    assert.equal(await state(), 'awaiting-approval');
    await yes('dee');
    await settle();
    await pass(120);
    assert.equal(await state(), 'succeeded');
  });

  test('what was taken back is kept, and so many times at most', async () => {
    const { yes, withdraw, read, id } = await play(2);
    for (let times = 0; times < 50; times += 1) {
      assert.equal(codeOf(await yes('ben')), 'counted');
      assert.equal(await withdraw('ben'), 'withdrawn');
    }
    assert.equal((await read(id)).withdrawn?.length, 50);
    await yes('ben');
    assert.equal(await withdraw('ben'), 'rate-limited');
  });

  test('stays once something has run, or it has ended', async () => {
    const { yes, withdraw, settle, pass, state } = await play(1);
    await yes('ben');
    await settle();
    assert.equal(await withdraw('ben'), 'not-open');
    await pass(120);
    assert.equal(await state(), 'succeeded');
    assert.equal(await withdraw('ben'), 'not-open');
  });

  test('of many who take it back and many who write at once, what is stored is one of the two', async () => {
    const { yes, withdraw, tick, read, id } = await play(1);
    await yes('ben');
    const [taken] = await Promise.all([withdraw('ben'), tick(), tick(), tick()]);
    const { state, forward, votes } = await read(id);
    if (taken === 'withdrawn') assert.deepEqual([state, forward, votes], ['awaiting-approval', null, []]);
    else assert.notEqual(forward, null);
  });
});

describe('a policy that asks for a fresh login', () => {
  const FRESH = { loginWithinMinutes: 15 };
  const AGES: readonly (readonly [age: number | null, code: string])[] = [
    [0, 'counted'],
    [900, 'counted'],
    [901, 'login-again'],
    [null, 'login-again'],
  ];
  for (const [age, code] of AGES)
    test(`${age ?? 'unknown'} seconds ago: ${code}`, async () => {
      const { yes } = await play(2, FRESH);
      assert.equal(codeOf(await yes('ben', { age })), code);
    });

  test('a denial, an action for one person and a token need none', async () => {
    const one = await play(1, FRESH);
    assert.equal(codeOf(await one.yes('ben', { age: 9999 })), 'counted');
    const two = await play(2, FRESH);
    assert.equal(codeOf(await two.yes('ben', { channel: 'http' })), 'counted');
    await two.vote(two.id, 'cho', 'reject');
    assert.equal(await two.state(), 'rejected');
  });
});

test('a message whose vote was taken back does not count when the chat delivers it again', async () => {
  const { gate, id, read, never, withdraw, state } = await play(1);
  const { digest } = (await read(id)).spec;
  const proof = { kind: 'account', account: '4711', message: '9' } as const;
  const said = { proposal: id, person: 'ben', account: 'telegram 4711', channel: 'telegram', digest, proof } as const;
  const hear = () => recordVote(gate, { ...said, decision: 'approve', reason: null }, never);
  assert.equal(codeOf(await hear()), 'counted');
  assert.equal(await withdraw('ben'), 'withdrawn');
  assert.equal(codeOf(await hear()), 'already-voted');
  assert.equal(await state(), 'awaiting-approval');
});
