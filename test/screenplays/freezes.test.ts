// Freezes, played: new writes wait, whoever approved them; the way back never does, and time goes on meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FreezeRule } from '../../src/core/blast-radius/policy.ts';
import { instant, plusSeconds } from '../../src/core/model/instant.ts';
import { proposalView, viewContextOf } from '../../src/doors/proposal-view.ts';
import { HEALER, setStage } from '../support/memory-gate.ts';

const play = (more: (at: (seconds: number) => string) => Partial<FreezeRule>) => {
  const stage = setStage();
  const at = (seconds: number): string => plusSeconds(instant(stage.clock.now()), seconds).slice(0, 16);
  const freeze: FreezeRule = { name: 'sale', from: at(-3600), to: at(3600), timezone: 'UTC', ...more(at) };
  stage.setPolicy({ freezes: [freeze] });
  const propose = async (text: string): Promise<string> => {
    const made = await stage.proposeText(text, 'INC-1', HEALER);
    assert.ok(made.ok, JSON.stringify(made));
    return made.remediation.id;
  };
  const state = async (id: string): Promise<string> => (await stage.read(id)).state;
  const view = async (id: string) => proposalView(await stage.read(id), [], viewContextOf(stage.gate));
  return { ...stage, propose, state, view };
};

test('an approved write waits until the freeze ends, and then runs by itself', async () => {
  const { propose, vote, pass, state, view, cluster } = play(() => ({}));
  const id = await propose('scale production/web 5');
  await vote(id, 'ben');
  assert.equal(await state(id), 'approved');
  await pass(1800);
  assert.equal(await state(id), 'approved');
  const shown = await view(id);
  assert.equal(shown.frozen?.name, 'sale');
  assert.match(shown.next, /Frozen until \S+ by the freeze "sale"/);
  assert.equal(cluster.writes.length, 0);
  await pass(2400);
  assert.equal(await state(id), 'succeeded');
  assert.equal((await view(id)).frozen, undefined);
});

test('what asks nobody waits too', async () => {
  const { propose, pass, state } = play(() => ({}));
  const id = await propose('scale dev/web 4');
  await pass(60);
  assert.equal(await state(id), 'approved');
});

test('a freeze that begins between the approval and the write holds it', async () => {
  const { propose, vote, pass, state, view, clock } = play((at) => ({ from: at(120) }));
  const id = await propose('scale production/web 5');
  assert.equal((await view(id)).frozen, undefined);
  await vote(id, 'ben');
  assert.equal(await state(id), 'approved');
  // The write had no turn before it began.
  clock.pass(180);
  await pass(60);
  assert.equal(await state(id), 'approved');
});

test('a freeze that is put into the policy after the approval holds, and one that is taken out lets it go on', async () => {
  const { propose, vote, pass, state, setPolicy, cluster, clock } = play(() => ({ namespaces: ['payments'] }));
  const id = await propose('scale production/web 5');
  await vote(id, 'ben');
  const from = plusSeconds(instant(clock.now()), -60).slice(0, 16);
  setPolicy({ freezes: [{ name: 'now', from, to: '2099-01-01T00:00', timezone: 'UTC' }] });
  await pass(180);
  assert.equal(await state(id), 'approved');
  assert.equal(cluster.writes.length, 0);
  setPolicy({ freezes: [] });
  await pass(180);
  assert.equal(await state(id), 'succeeded');
});

test('an approval expires while it is frozen, and nothing is written after', async () => {
  const { propose, vote, pass, state, cluster } = play((at) => ({ to: at(24 * 3600) }));
  const id = await propose('scale production/web 5');
  await vote(id, 'ben');
  await pass(5 * 3600);
  assert.equal(await state(id), 'expired');
  assert.equal(cluster.writes.length, 0);
});

test('people vote while it is frozen, and the card says that it is', async () => {
  const { propose, tell, chat, vote, state } = play(() => ({}));
  const id = await propose('scale production/web 5');
  await tell();
  assert.match(chat.said()[0]?.text ?? '', /Frozen until/);
  await vote(id, 'ben', 'reject');
  assert.equal(await state(id), 'rejected');
});

test('another namespace, and an action that the freeze allows, go on', async () => {
  for (const more of [{ namespaces: ['payments'] }, { allow: ['scale'] as const }]) {
    const { propose, pass, state } = play(() => more);
    const id = await propose('scale dev/web 4');
    await pass(30);
    assert.equal(await state(id), 'succeeded');
  }
});

test('the way back goes while the freeze is on', async () => {
  const { propose, pass, state, cluster } = play((at) => ({ from: at(60) }));
  const web = cluster.workloads.get('dev/web');
  assert.ok(web !== undefined);
  web.health = 'slow';
  const id = await propose('scale dev/web 4');
  await pass(30);
  assert.equal(await state(id), 'verifying');
  for (let minutes = 0; minutes < 30 && (await state(id)) === 'verifying'; minutes += 1) await pass(60);
  web.health = 'fine';
  await pass(60);
  assert.equal(await state(id), 'rolled-back');
});
