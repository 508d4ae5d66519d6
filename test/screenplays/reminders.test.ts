// Reminders, played: who is told that a proposal still waits, once each, not in quiet hours, and not when it is over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reminders } from '../../src/core/blast-radius/policy.ts';
import { instant } from '../../src/core/model/instant.ts';
import { memoryStore } from '../fakes/store.ts';
import { CAST, setStage } from '../support/memory-gate.ts';

const RULES: Reminders = {
  rules: [
    { afterMinutes: 5, tell: 'sre' },
    { afterMinutes: 15, tell: 'all' },
  ],
};

const play = async (reminders: Reminders = RULES) => {
  const store = memoryStore();
  const stage = setStage(store);
  const setUp = (one: typeof stage): void => {
    one.setPeople({ ...CAST, teams: [{ id: 'sre', people: ['ben', 'cho'] }] });
    one.setPolicy({ reminders });
  };
  setUp(stage);
  const made = await stage.proposeText('scale production/web 0');
  assert.ok(made.ok);
  const { id } = made.remediation;
  await stage.tell();
  /** The same store, clock and cluster under a new process. */
  const restart = () => {
    const next = setStage(store, { clock: stage.clock, cluster: stage.cluster });
    setUp(next);
    return next;
  };
  return { ...stage, id, restart };
};

const reminders = ({ chat }: Pick<ReturnType<typeof setStage>, 'chat'>): readonly string[] =>
  chat.said().flatMap(({ text }) => (text.includes('⏰') ? [text] : []));

test('the team is told first, then everybody; each once, and only who has not said so yet', async () => {
  const stage = await play();
  const { pass, tell, vote, id } = stage;
  await pass(240);
  await tell();
  assert.deepEqual(reminders(stage), []);
  await vote(id, 'ben');
  await pass(120);
  await tell();
  const [first] = reminders(stage);
  assert.match(first ?? '', /after 5 minutes; the team sre is asked\ncho\n/);
  await pass(1800);
  await tell();
  assert.equal(reminders(stage).length, 2);
  assert.match(reminders(stage)[1] ?? '', /everybody who may approve is asked\ncho, dee\n/);
});

test('a restart tells nothing again', async () => {
  const stage = await play();
  await stage.pass(400);
  await stage.tell();
  assert.equal(reminders(stage).length, 1);
  const next = stage.restart();
  await next.pass(400);
  await next.tell();
  assert.deepEqual(reminders(next), []);
});

test('one that was stored before a crash is told by the next process, once', async () => {
  const stage = await play();
  await stage.pass(400);
  const next = stage.restart();
  await next.tell();
  await next.tell();
  assert.equal(reminders(next).length, 1);
});

test('what was decided before it was told is not told', async () => {
  const stage = await play();
  await stage.pass(400);
  await stage.vote(stage.id, 'ben', 'reject');
  await stage.tell();
  assert.deepEqual(reminders(stage), []);
});

test('after a time in which nobody looked only the furthest is told', async () => {
  const stage = await play();
  stage.clock.pass(3600);
  await stage.settle();
  await stage.tell();
  assert.equal(reminders(stage).length, 1);
  assert.match(reminders(stage)[0] ?? '', /everybody/);
});

test('in quiet hours nobody is told; when they end, who is still asked is', async () => {
  const probe = setStage();
  const quietUntil = Date.parse(instant(probe.clock.now())) + 20 * 60_000;
  const end = new Date(quietUntil);
  const cron = `${end.getUTCMinutes()} ${end.getUTCHours()} * * *`;
  // Of 23 h 59 min, begun so that it ends 20 minutes from now, but for the minute in between.
  const stage = await play({ ...RULES, quiet: { cron, minutes: 1439, timezone: 'UTC' } });
  await stage.pass(18 * 60);
  await stage.tell();
  assert.deepEqual(reminders(stage), []);
  stage.setPolicy({ reminders: { ...RULES, quiet: { cron: '0 0 1 1 *', minutes: 1, timezone: 'UTC' } } });
  await stage.pass(120);
  await stage.tell();
  assert.equal(reminders(stage).length, 1);
});
