// Break-glass, played: who may, what stays in its way, who is told, and what is kept of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { People } from '../../src/core/approval/people.ts';
import { ExecutionPermit, mintForward } from '../../src/core/approval/permit.ts';
import type { VoteProof } from '../../src/core/approval/vote.ts';
import { instant } from '../../src/core/model/instant.ts';
import { marksOfRecord } from '../../src/core/remediation/marks.ts';
import type { Digest } from '../../src/core/sealed-spec/declarative-spec.ts';
import { breakGlass, type GlassBroken } from '../../src/flow/requests/break-glass.ts';
import { CAST, setStage } from '../support/memory-gate.ts';

const signal = new AbortController().signal;
/** ana owns the agent that proposes; ana and ben may break the glass. */
const MAY = new Set(['ana', 'ben']);
const PEOPLE: People = {
  ...CAST,
  people: CAST.people.map((one) => (MAY.has(one.id) ? { ...one, rights: [...one.rights, 'break-glass'] } : one)),
};

const play = async (command = 'scale production/web 5') => {
  const stage = setStage();
  stage.setPeople(PEOPLE);
  stage.setPolicy({ approvals: [{ needed: 3, reasonRequired: true }] });
  const made = await stage.proposeText(command);
  assert.ok(made.ok, JSON.stringify(made));
  const { id, spec } = made.remediation;
  const press = (
    person: string | null,
    more: { reason?: string; digest?: Digest; proof?: VoteProof } = {},
  ): Promise<GlassBroken> => {
    const word = {
      proposal: id,
      person,
      account: person ?? 'agent healer',
      reason: 'the shop is down',
      digest: spec.digest,
    };
    return breakGlass(stage.gate, { ...word, proof: { kind: 'token' }, ...more }, signal);
  };
  const state = async (): Promise<string> => (await stage.read(id)).state;
  const notes = async () => (await stage.store.trail.lines(0, 100, signal)).map(({ deed }) => deed);
  return { ...stage, id, press, state, notes };
};

const codeOf = (result: GlassBroken): string => (result.ok ? 'broken' : result.refusal.code);

test('one person with the right stands for all three, and everyone is told by a message of its own', async () => {
  const { press, pass, state, tell, chat, id, read, store } = await play();
  assert.equal(codeOf(await press('ben')), 'broken');
  await pass(15);
  assert.equal(await state(), 'succeeded');
  await tell();
  const own = chat.said().filter(({ text }) => text.includes('BREAK-GLASS'));
  assert.equal(own.length, 1);
  assert.match(own[0]?.text ?? '', /ben alone stands for all missing approvals[\s\S]*Reason: the shop is down/);
  const remediation = await read(id);
  assert.deepEqual(marksOfRecord(remediation), ['break-glass']);
  const { outcomes } = await store.history.outcomes({ limit: 1, before: null }, signal);
  assert.deepEqual(outcomes[0]?.breakGlass, { by: 'ben', reason: 'the shop is down' });
  const tallies = await store.history.tallies(signal);
  assert.deepEqual(
    tallies.filter(({ kind }) => kind === 'marks').map(({ label, count }) => [label, count]),
    [['break-glass', 1]],
  );
});

const REFUSED: readonly (readonly [what: string, person: string | null, more: object, code: string])[] = [
  ['the owner of the agent that proposed, whatever right they have', 'ana', {}, 'own-proposal'],
  ['who may approve and no more', 'cho', {}, 'no-right'],
  ['who is not known', 'zed', {}, 'unknown-person'],
  ['an agent', null, {}, 'unknown-person'],
  ['another digest than the one that stands', 'ben', { digest: `sha256:${'0'.repeat(64)}` }, 'wrong-digest'],
  ['no reason', 'ben', { reason: ' \n ' }, 'reason-required'],
];
for (const [what, person, more, code] of REFUSED) {
  test(`it is refused for ${what}, and the trail says so`, async () => {
    const { press, state, settle, notes } = await play();
    assert.equal(codeOf(await press(person, more)), code);
    await settle();
    assert.equal(await state(), 'awaiting-approval');
    const said = (await notes()).find((deed) => deed.kind === 'note' && deed.what === 'break-glass-refused');
    assert.ok(said?.kind === 'note' && said.about.endsWith(code), JSON.stringify(said));
  });
}

test('a second press does nothing: neither of the same person nor of another', async () => {
  const { press, read, id } = await play();
  await press('ben');
  const { revision } = await read(id);
  assert.equal(codeOf(await press('ben')), 'not-open');
  assert.equal(codeOf(await press('ana')), 'not-open');
  assert.equal((await read(id)).revision, revision);
});

test('what is blocked or refused stays so', async () => {
  for (const command of ['rm -rf /', 'what is this']) {
    const stage = setStage();
    stage.setPeople(PEOPLE);
    const made = await stage.proposeText(command);
    assert.ok(made.ok);
    const { id, spec, state } = made.remediation;
    assert.ok(state === 'blocked' || state === 'refused', state);
    const word = { proposal: id, person: 'ben', account: 'ben', reason: 'now', digest: spec.digest } as const;
    assert.equal(codeOf(await breakGlass(stage.gate, { ...word, proof: { kind: 'token' } }, signal)), 'not-open');
    // Even a record that was written by hand mints nothing.
    const { people, flags, policy } = stage.gate;
    const now = instant(stage.clock.now());
    const broken = { by: 'ben', digest: spec.digest, reason: 'now', at: now, proof: { kind: 'token' } } as const;
    const grounds = { ...made.remediation, breakGlass: broken, people: people(), flags, policy: policy.document };
    assert.ok(!mintForward({ ...grounds, now }).ok);
  }
});

test('a pause stays: it runs when the gate is resumed', async () => {
  const { press, pass, state, store, clock } = await play();
  const note = (what: string) => ({ kind: 'note', at: instant(clock.now()), what, who: 'ana', about: '' }) as const;
  await store.controls.setPaused('paused', note('paused'), signal);
  await press('ben');
  await pass(30);
  assert.equal(await state(), 'approved');
  await store.controls.setPaused('running', note('running'), signal);
  await pass(30);
  assert.equal(await state(), 'succeeded');
});

test('who loses the right before the write stands for nobody', async () => {
  const { press, settle, state, setPeople } = await play();
  await press('ben');
  setPeople(CAST);
  await settle();
  assert.equal(await state(), 'stale');
});

test('who broke it by an account of the issuer that is theirs no more stands for nobody', async () => {
  const withAccount = (oidc: string | null): People => ({
    ...PEOPLE,
    people: PEOPLE.people.map((one) => (one.id === 'ben' ? { ...one, accounts: { oidc } } : one)),
  });
  for (const [oidc, end] of [
    ['iss#ben', 'executing'],
    ['iss#other', 'stale'],
    [null, 'stale'],
  ] as const) {
    const { press, tick, state, setPeople } = await play();
    const proof = { kind: 'session', session: 'sha256:1', account: 'iss#ben', proven: null } as const;
    assert.equal(codeOf(await press('ben', { proof })), 'broken');
    setPeople(withAccount(oidc));
    await tick();
    assert.equal((await state()) === 'stale', end === 'stale', `${oidc}`);
  }
});

test('votes that came before count for nothing less, and a denial is not overruled', async () => {
  const { press, vote, state, id } = await play();
  await vote(id, 'dee', 'reject');
  assert.equal(codeOf(await press('ben')), 'not-open');
  assert.equal(await state(), 'rejected');
});

test('the permit names why it was given', async () => {
  const { press, read, id, gate, clock } = await play();
  await press('ben');
  const remediation = await read(id);
  const { flags, policy } = gate;
  const now = instant(clock.now());
  const minted = mintForward({ ...remediation, people: PEOPLE, flags, policy: policy.document, now });
  assert.ok(minted.ok && ExecutionPermit.isGenuine(minted.permit));
  assert.deepEqual(minted.permit.because, { kind: 'break-glass', by: 'ben', reason: 'the shop is down' });
});

test('the glass cannot be broken after the time is over', async () => {
  const { press, clock, pass, state } = await play();
  clock.pass(24 * 3600);
  assert.equal(codeOf(await press('ben')), 'expired');
  await pass(1);
  assert.equal(await state(), 'expired');
});

test('with the policy demanding its review issue it waits for it, as votes do', async () => {
  const { press, setPolicy, state } = await play();
  setPolicy({ review: 'required' });
  assert.equal(codeOf(await press('ben')), 'review-missing');
  assert.equal(await state(), 'awaiting-approval');
});

test('a secret in the reason is not kept', async () => {
  const { press, read, id } = await play();
  await press('ben', { reason: 'password=hunter2222 leaked' });
  assert.doesNotMatch(JSON.stringify(await read(id)), /hunter2222/);
});

test('a one-time link, which is no proof of a second person, breaks no glass where two or more must agree', async () => {
  const { press, state, settle } = await play();
  const byLink = { kind: 'session', session: 'sha256:ben', account: null, proven: null } as const;
  assert.equal(codeOf(await press('ben', { proof: byLink })), 'wrong-channel');
  await settle();
  assert.equal(await state(), 'awaiting-approval');
  assert.equal(codeOf(await press('ben', { proof: { ...byLink, account: 'ben@example.org' } })), 'broken');
});
