// Approvals in haste, played by each way: what is marked, and that they count all the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Channel } from '../../src/core/model/channel.ts';
import { instant } from '../../src/core/model/instant.ts';
import { recordVote } from '../../src/flow/requests/record-vote.ts';
import { createShownTimes } from '../../src/flow/requests/shown.ts';
import { CAST, setStage } from '../support/memory-gate.ts';

const signal = new AbortController().signal;

const play = async () => {
  const stage = setStage();
  Object.assign(stage.gate, { shown: createShownTimes() });
  const accounts = (id: string) => ({ telegram: id, slack: id, gitea: id, oidc: id });
  stage.setPeople({ ...CAST, people: CAST.people.map((one) => ({ ...one, accounts: accounts(one.id) })) });
  const made = await stage.proposeText('scale production/web 5');
  assert.ok(made.ok);
  const { id, spec } = made.remediation;
  const vote = async (channel: Channel, decision: 'approve' | 'reject' = 'approve') => {
    const proof = { kind: 'account', account: 'ben', message: `${channel} 1` } as const;
    const cast = { proposal: id, person: 'ben', account: 'ben', channel, decision, reason: null, proof } as const;
    const counted = await recordVote(stage.gate, { ...cast, digest: spec.digest }, signal);
    assert.ok(counted.ok, JSON.stringify(counted));
    return counted.vote;
  };
  const showTo = (to: string) => stage.gate.shown?.show(id, to, instant(stage.clock.now()));
  return { ...stage, id, cast: vote, showTo };
};

/** What happened, how many seconds before the yes, by which way, and whether it is marked. */
const ROWS: readonly (readonly [what: string, seconds: number, channel: Channel, marked: boolean])[] = [
  ['the card was posted', 4, 'telegram', true],
  ['the card was posted', 5, 'telegram', false],
  ['the card was posted', 1, 'slack', true],
  ['the issue was made', 2, 'gitea', true],
  ['the issue was made', 60, 'gitea', false],
  ['the person has read it', 0, 'http', true],
  ['the person has read it', 5, 'oidc', false],
  ['another person has read it', 1, 'http', false],
  ['nothing is known', 0, 'http', false],
];
for (const [what, seconds, channel, marked] of ROWS) {
  test(`${what} ${seconds} s before a yes by ${channel}: ${marked ? 'hasty' : 'not marked'}`, async () => {
    const { cast, tell, clock, showTo, gate, pass, store, id } = await play();
    if (what.startsWith('the card')) await tell();
    if (what.startsWith('the person')) showTo('ben');
    if (what.startsWith('another')) showTo('cho');
    if (what.startsWith('the issue')) {
      const review = { success: true, issueUrl: 'https://forge.example/1', issueNumber: 1, error: null } as const;
      const { applyEvents, save, toStoreChange } = await import('../../src/flow/transition.ts');
      const before = await store.remediations.read(id, signal);
      const step = applyEvents(before, [{ event: 'review-answered', review }], instant(clock.now()));
      assert.ok(step.ok);
      await save(gate, [toStoreChange(step, null, 'release-claim')], signal);
    }
    clock.pass(seconds);
    assert.equal((await cast(channel)).hasty === true, marked);
    // It counts in either case.
    await pass(15);
    const { outcomes } = await store.history.outcomes({ limit: 1, before: null }, signal);
    assert.deepEqual([outcomes[0]?.state, outcomes[0]?.hasty], ['succeeded', marked ? ['ben'] : undefined]);
    const tallies = await store.history.tallies(signal);
    assert.equal(tallies.find(({ kind, label }) => kind === 'marks' && label === 'hasty')?.count ?? 0, marked ? 1 : 0);
  });
}

test('a no is never hasty', async () => {
  const { cast, showTo } = await play();
  showTo('ben');
  assert.equal((await cast('http', 'reject')).hasty, undefined);
});

test('looking again does not make it hasty: the first time counts', async () => {
  const { cast, showTo, clock } = await play();
  showTo('ben');
  clock.pass(60);
  showTo('ben');
  assert.equal((await cast('http')).hasty, undefined);
});
