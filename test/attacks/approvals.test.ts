// Approval under attack: second accounts, accounts that move, look-alikes, races, the last moment, other people's proposals.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkBreakGlass } from '../../src/core/approval/break-glass.ts';
import { type People, type Person, personByAccount } from '../../src/core/approval/people.ts';
import { tally, validVotes } from '../../src/core/approval/quorum.ts';
import type { Vote } from '../../src/core/approval/vote.ts';
import { plainRequirement } from '../../src/core/decision/approval-rules.ts';
import type { Channel } from '../../src/core/model/channel.ts';
import type { Digest } from '../../src/core/sealed-spec/declarative-spec.ts';
import { hashOfToken } from '../../src/doors/cli/commands/token.ts';
import { httpApp } from '../../src/doors/http/app.ts';
import { recordVote, type VoteResult } from '../../src/flow/requests/record-vote.ts';
import { CAST, setStage } from '../support/memory-gate.ts';

const signal = new AbortController().signal;

const withAccounts = (accounts: { readonly [id: string]: Person['accounts'] }): People => ({
  ...CAST,
  people: CAST.people.map((one) => ({ ...one, accounts: accounts[one.id] ?? {} })),
});
const PEOPLE = withAccounts({
  ana: { telegram: '1', github: 'ana' },
  ben: { telegram: '2', github: 'ben' },
  cho: { telegram: '3', github: 'cho' },
});

const play = async (command = 'scale production/web 0') => {
  const stage = setStage();
  let people = PEOPLE;
  stage.setPeople(people);
  const made = await stage.proposeText(command);
  assert.ok(made.ok);
  const { id, spec, expiresAt } = made.remediation;
  let messages = 0;
  /** As a listener does: the account is looked up among the people of now. */
  const say = (channel: 'telegram' | 'github', account: string, decision: 'approve' | 'reject' = 'approve') => {
    messages += 1;
    const person = personByAccount(people, channel, account)?.id ?? null;
    const proof = { kind: 'account', account, message: `${messages}` } as const;
    const cast = { proposal: id, person, account: `${channel} ${account}`, channel, decision, reason: null, proof };
    return recordVote(stage.gate, { ...cast, digest: spec.digest }, signal);
  };
  const state = async (): Promise<string> => (await stage.read(id)).state;
  const setPeople = (now: People): void => {
    people = now;
    stage.setPeople(now);
  };
  return { ...stage, id, say, state, setPeople, expiresAt };
};
const codeOf = (result: VoteResult): string => (result.ok ? 'counted' : result.refusal.code);

test('the second account of a person is no second person, and that of the owner is nobody', async () => {
  const { say, state } = await play();
  assert.equal(codeOf(await say('telegram', '2')), 'counted');
  assert.equal(codeOf(await say('github', 'ben')), 'already-voted');
  for (const [channel, account] of [
    ['telegram', '1'],
    ['github', 'ana'],
    ['github', 'ANA'],
  ] as const)
    assert.equal(codeOf(await say(channel, account)), 'own-proposal');
  assert.equal(await state(), 'awaiting-approval');
});

test('an account that moved to another person between two votes is one voice: the first vote falls', async () => {
  const { say, state, settle, setPeople, read, id, gate } = await play();
  await say('telegram', '2');
  setPeople(withAccounts({ ana: { telegram: '1' }, ben: {}, cho: { telegram: '2' } }));
  assert.equal(codeOf(await say('telegram', '2')), 'counted');
  assert.equal(await state(), 'awaiting-approval', 'two persons have said so, and one account has');
  const { votes, withdrawn } = await read(id);
  assert.deepEqual([votes.map(({ person }) => person), withdrawn?.map(({ person }) => person)], [['cho'], ['ben']]);
  await settle();
  // The first message, read again, is not the word of whoever has the account now; ben may speak by one that is his.
  const again = { kind: 'account', account: '2', message: '1' } as const;
  const cast = {
    proposal: id,
    person: 'cho',
    account: 'telegram 2',
    channel: 'telegram',
    decision: 'approve',
  } as const;
  const { digest } = (await read(id)).spec;
  assert.equal(
    codeOf(await recordVote(gate, { ...cast, digest, reason: null, proof: again }, signal)),
    'already-voted',
  );
  setPeople(withAccounts({ ana: { telegram: '1' }, ben: { telegram: '9' }, cho: { telegram: '2' } }));
  assert.equal(codeOf(await say('telegram', '9')), 'counted');
  assert.equal(await state(), 'approved');
});

test('who loses the right, or the account, before the vote that would decide does not count for it; a third may', async () => {
  const without = (rights: Person['rights']): People => ({
    ...PEOPLE,
    people: PEOPLE.people.map((one) => (one.id === 'ben' ? { ...one, rights } : one)),
  });
  for (const gone of [
    without(['read']),
    { ...PEOPLE, people: PEOPLE.people.filter(({ id }) => id !== 'ben') },
    withAccounts({ ana: { telegram: '1' }, ben: {}, cho: { telegram: '3' } }),
  ]) {
    const { say, state, setPeople, vote, id } = await play();
    await say('telegram', '2');
    setPeople(gone);
    await say('telegram', '3');
    assert.equal(await state(), 'awaiting-approval');
    await vote(id, 'dee');
    assert.equal(await state(), 'approved');
  }
});

test('a no of somebody who has lost the account since has ended it: nothing is taken back', async () => {
  const { say, state, setPeople } = await play();
  await say('telegram', '2', 'reject');
  setPeople(withAccounts({ ana: { telegram: '1' }, cho: { telegram: '3' } }));
  assert.equal(codeOf(await say('telegram', '3')), 'not-open');
  assert.equal(await state(), 'rejected');
});

test('so it is for an account that moved, or was taken away, after the votes; one that stays counts', async () => {
  for (const [moved, end] of [
    [{ ben: {}, cho: { telegram: '2' } }, 'stale'],
    [{ ben: {}, cho: { telegram: '3' } }, 'stale'],
    [{ ben: { telegram: '7' }, cho: { telegram: '3' } }, 'stale'],
    [{ ben: { telegram: '2' }, cho: { telegram: '3', github: 'other' } }, 'executing'],
  ] as const) {
    const { say, state, tick, setPeople } = await play();
    await say('telegram', '2');
    await say('telegram', '3');
    setPeople(withAccounts(moved));
    await tick();
    const now = await state();
    assert.ok(end === 'stale' ? now === 'stale' : now !== 'stale', now);
  }
});

describe('a look-alike is another account', () => {
  const ALIKE = ['bеn', 'ben\u200b', 'ＢＥＮ', 'bén', 'ben ', ' ben', 'ben\u0000', 'be\u0131n', 'ben\u0301', ''];
  for (const account of ALIKE)
    test(JSON.stringify(account), async () => {
      const { say, state } = await play();
      assert.equal(codeOf(await say('github', account)), 'unknown-person');
      assert.equal(codeOf(await say('telegram', account)), 'unknown-person');
      assert.equal(await state(), 'awaiting-approval');
    });
  test('case is folded where the forge does so, in ASCII alone', () => {
    assert.equal(personByAccount(PEOPLE, 'github', 'BEN')?.id, 'ben');
    const people = withAccounts({ ben: { slack: 'UBEN' }, cho: { github: 'kim' } });
    assert.equal(personByAccount(people, 'slack', 'uben'), null);
    // The sign of the kelvin is folded to "k" by Unicode.
    assert.equal(personByAccount(people, 'github', '\u212Aim'), null);
  });
});

test('a yes after a no counts for nothing', async () => {
  const { say, state, settle } = await play();
  await say('telegram', '2', 'reject');
  assert.equal(codeOf(await say('telegram', '3')), 'not-open');
  await settle();
  assert.equal(await state(), 'rejected');
});

test('of votes that come at once each person counts once, and a no among them ends it or comes too late', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { say, id, read } = await play();
    const results = await Promise.all([
      say('telegram', '2'),
      say('github', 'ben'),
      say('telegram', '3', round % 2 === 0 ? 'approve' : 'reject'),
      say('telegram', '2'),
    ]);
    const { votes, state } = await read(id);
    assert.equal(new Set(votes.map(({ person }) => person)).size, votes.length);
    assert.equal(results.filter(({ ok }) => ok).length, votes.length);
    assert.equal(state, round % 2 === 0 ? 'approved' : 'rejected');
  }
});

test('at the moment of expiry it is too late, and a millisecond before it is not', async () => {
  for (const [early, code] of [
    [0, 'expired'],
    [0.001, 'counted'],
  ] as const) {
    const { say, clock, expiresAt } = await play();
    clock.pass((Date.parse(expiresAt) - clock.now()) / 1000 - early);
    assert.equal(codeOf(await say('telegram', '2')), code);
  }
});

test('an approval that was complete in time is not begun at its end', async () => {
  const { say, state, clock, expiresAt, settle, cluster } = await play();
  await say('telegram', '2');
  await say('telegram', '3');
  clock.pass((Date.parse(expiresAt) - clock.now()) / 1000);
  await settle();
  assert.equal(await state(), 'expired');
  assert.equal(cluster.writes.length, 0);
});

test("one's own token does nothing to what others proposed, beyond one's rights", async () => {
  const stage = setStage();
  const agent = (id: string, rights: readonly ('read' | 'propose')[]) =>
    ({ id, owner: 'ana', rights, tokens: [hashOfToken(id)] }) as const;
  const people: People = {
    people: CAST.people.map((one) => ({ ...one, tokens: [hashOfToken(one.id)] })),
    agents: [agent('healer', ['read', 'propose']), agent('mender', ['propose']), agent('looker', ['read'])],
  };
  const app = httpApp(
    { ...stage.gate, people: () => people },
    {
      version: '1',
      ready: async () => ({ ok: true }),
      metrics: async () => '',
      streams: { perToken: 5, inAll: 5 },
      ending: stage.never,
    },
  );
  const ask = async (who: string, method: string, path: string, body?: object): Promise<string> => {
    const headers = { authorization: `Bearer ${who}` };
    const answer = await app.request(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { code, state } = (await answer.json()) as { readonly code?: string; readonly state?: string };
    return `${answer.status} ${answer.ok ? state : code}`;
  };
  const command = 'scale production/web 5';
  assert.match(await ask('healer', 'POST', '/v1/proposals', { command, incident: 'INC-1' }), /^201/);
  const { digest } = (await stage.read('p-1')).spec;
  const vote = { decision: 'approve', digest };
  const ROWS = [
    ['mender', 'GET', '/v1/proposals/p-1', undefined, '403 no-right'],
    ['mender', 'DELETE', '/v1/proposals/p-1', undefined, '403 no-right'],
    ['looker', 'DELETE', '/v1/proposals/p-1', undefined, '403 no-right'],
    ['looker', 'POST', '/v1/proposals/p-1/votes', vote, '403 no-right'],
    ['healer', 'POST', '/v1/proposals/p-1/votes', vote, '403 no-right'],
    ['healer', 'POST', '/v1/proposals/p-1/break-glass', { digest, reason: 'x' }, '403 no-right'],
    ['eve', 'POST', '/v1/proposals/p-1/votes', vote, '403 no-right'],
    ['eve', 'DELETE', '/v1/proposals/p-1', undefined, '403 no-right'],
    ['ben', 'DELETE', '/v1/proposals/p-1', undefined, '403 no-right'],
    ['ana', 'POST', '/v1/proposals/p-1/votes', vote, '403 own-proposal'],
    ['ben', 'POST', '/v1/proposals/p-2/votes', vote, '404 no-such-proposal'],
    ['ben', 'POST', '/v1/proposals/..%2Fp-1/votes', vote, '404 no-such-proposal'],
    ['looker', 'GET', '/v1/proposals/p-1', undefined, '200 awaiting-approval'],
  ] as const;
  for (const [who, method, path, body, expected] of ROWS)
    assert.equal(await ask(who, method, path, body), expected, `${who} ${method} ${path}`);
});

// as: what `seal` makes looks so.
const DIGEST = `sha256:${'a'.repeat(64)}` as unknown as Digest;
const AT = '2026-01-01T00:00:00.000Z';
const BALLOT = { digest: DIGEST, proposer: { kind: 'agent', id: 'healer', owner: 'ana' } as const, expiresAt: AT };

test('whatever accounts people have, no more persons count than have accounts that spoke', () => {
  const id = fc.constantFrom('ben', 'cho', 'dee');
  const account = fc.constantFrom('2', '3', '4');
  const spoken = fc.record({ person: id, account, channel: fc.constantFrom<Channel>('telegram', 'slack') });
  const owners = fc.record({ ben: fc.option(account), cho: fc.option(account), dee: fc.option(account) });
  fc.assert(
    fc.property(fc.array(spoken, { maxLength: 6 }), owners, (said, mapped) => {
      const given = Object.values(mapped).filter((one) => one !== null);
      fc.pre(new Set(given).size === given.length);
      const people = withAccounts({
        ben: { telegram: mapped.ben },
        cho: { telegram: mapped.cho },
        dee: { telegram: mapped.dee },
      });
      const votes = said.map(
        ({ person, channel, account: from }, i): Vote => ({
          person,
          channel,
          decision: 'approve',
          digest: DIGEST,
          at: AT,
          reason: null,
          proof: { kind: 'account', account: from, message: `${i}` },
        }),
      );
      const valid = validVotes({ ...BALLOT, votes }, people);
      for (const { person, channel, proof } of valid) {
        if (channel !== 'telegram' || proof?.kind !== 'account') continue;
        const owner = personByAccount(people, 'telegram', proof.account);
        assert.equal(owner?.id, person);
      }
      // Their order does not matter.
      const need = plainRequirement(2);
      assert.equal(tally(validVotes({ ...BALLOT, votes: votes.toReversed() }, people), need), tally(valid, need));
    }),
  );
});

test('no right but break-glass breaks the glass, and with it only by others than who proposed', () => {
  const rights = fc.subarray(['read', 'propose', 'approve', 'admin', 'break-glass'] as const);
  fc.assert(
    fc.property(fc.constantFrom('ana', 'ben', 'healer', 'zed'), rights, fc.constantFrom('x', ''), (by, may, reason) => {
      const people: People = { ...CAST, people: CAST.people.map((one) => ({ ...one, rights: may })) };
      const given = { by, digest: DIGEST, reason, at: AT, proof: { kind: 'token' } as const };
      const { ok } = checkBreakGlass({ ...BALLOT, expiresAt: '2026-01-02T00:00:00.000Z' }, given, people, AT);
      assert.equal(ok, by === 'ben' && may.includes('break-glass') && reason !== '');
    }),
  );
});
