// Shadow mode in a whole gate: what is observed, what is refused even so, what is put down, and who hears of it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DEFAULT_POLICY_DOCUMENT } from '../../src/core/blast-radius/default-policy.ts';
import { policyOf } from '../../src/core/blast-radius/policy.ts';
import { plusSeconds } from '../../src/core/model/instant.ts';
import type { ShadowRule } from '../../src/core/model/shadow-rule.ts';
import { metricsText } from '../../src/doors/http/metrics.ts';
import type { Gate } from '../../src/flow/gate.ts';
import { tellOfShadow } from '../../src/flow/notify/tell-of-shadow.ts';
import { type Observation, observe, recordObservation } from '../../src/flow/requests/observe.ts';
import { nowOf } from '../../src/flow/transition.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import { HEALER, setStage } from '../support/memory-gate.ts';

const never = new AbortController().signal;

/** A gate that observes by these rules, which end in an hour where they do not say when. */
const observing = (rules: readonly Omit<ShadowRule, 'until'>[], more: Partial<Gate> = {}) => {
  const stage = setStage();
  const until = plusSeconds(nowOf(stage.gate), 3600);
  const shadow = rules.map((rule) => ({ until, ...rule }));
  const gate: Gate = { ...stage.gate, policy: policyOf({ ...DEFAULT_POLICY_DOCUMENT, shadow }, null), ...more };
  const ask = (line: string): Promise<Observation> =>
    observe(
      gate,
      {
        command: { kind: 'line', line },
        files: new Map(),
        namespace: null,
        incident: 'INC-1',
        proposer: HEALER,
        method: 'PATCH',
        path: `/${line}`,
      },
      never,
    );
  return { ...stage, gate, ask, until };
};

describe('a request', () => {
  test('of an agent that is observed is judged, and not proposed', async () => {
    const { ask, store } = observing([{ agents: ['healer'] }]);
    const seen = await ask('scale production/web 5');
    assert.ok(seen.kind === 'observed');
    const { verdict } = seen;
    assert.deepEqual(
      [verdict.tier, verdict.leadsTo, verdict.approvals, verdict.whom, verdict.became, verdict.code],
      ['human', 'awaiting-approval', 1, ['ben', 'cho', 'dee'], 'passed', null],
    );
    assert.equal(
      verdict.reasons.reduce((sum, { points }) => sum + points, 0),
      verdict.score,
    );
    const { remediations } = await store.remediations.page(
      { state: null, incident: null },
      { limit: 9, before: null },
      never,
    );
    assert.deepEqual(remediations, []);
  });

  test('that runs by itself asks nobody', async () => {
    const seen = await observing([{}]).ask('scale dev/web 4');
    assert.ok(seen.kind === 'observed');
    assert.deepEqual([seen.verdict.tier, seen.verdict.leadsTo, seen.verdict.whom], ['auto', 'approved', []]);
  });

  test('of another agent, or elsewhere, is decided as ever', async () => {
    for (const rule of [{ agents: ['other'] }, { namespaces: ['dev'] }, { namespaces: ['prod'] }])
      assert.deepEqual(await observing([rule]).ask('scale production/web 5'), { kind: 'enforced' });
    assert.deepEqual(await observing([]).ask('scale production/web 5'), { kind: 'enforced' });
  });

  test('is decided again once the rule has ended', async () => {
    const { ask, clock } = observing([{}]);
    clock.pass(3599);
    assert.equal((await ask('scale production/web 5')).kind, 'observed');
    clock.pass(1);
    assert.equal((await ask('scale production/web 5')).kind, 'enforced');
  });

  test('that a core hard rule forbids is refused, whatever is set', async () => {
    for (const { ask } of [observing([{}]), observing([], { observesEverything: true })]) {
      const seen = await ask('rm -rf /');
      assert.ok(seen.kind === 'refused');
      assert.deepEqual(
        [seen.verdict.hardRule, seen.verdict.tier, seen.verdict.became],
        ['recursive-delete', 'blocked', 'refused'],
      );
    }
  });

  test('is observed everywhere where the gate runs so', async () => {
    assert.equal((await observing([], { observesEverything: true }).ask('scale production/web 5')).kind, 'observed');
  });
});

test('what was observed is put down with the answer of the API server', async () => {
  const { gate, ask, store, log } = observing([{}]);
  const seen = await ask('scale production/web 5');
  assert.ok(seen.kind === 'observed');
  await recordObservation(gate, { ...seen.verdict, code: 200 }, never);
  const { verdicts } = await store.shadow.page({ limit: 9, before: null }, never);
  assert.deepEqual(verdicts, [{ ...seen.verdict, code: 200 }]);
  assert.ok(log.lines.some(({ event }) => event === 'shadow_observed'));
});

test('a store that fails is in the log, and stops nobody', async () => {
  const { gate, ask, store, log } = observing([{}]);
  const seen = await ask('scale production/web 5');
  assert.ok(seen.kind === 'observed');
  store.shadow.append = () => Promise.reject(new Error('the disk is full'));
  await recordObservation(gate, seen.verdict, never);
  assert.ok(log.lines.some(({ event }) => event === 'shadow_not_recorded'));
});

test('the log hears of it at the start and each hour, the chat once a day, and both that it has ended', async () => {
  const { gate, ask, log, chat, clock } = observing([], { observesEverything: true });
  const warnings = () => log.lines.filter(({ event }) => event === 'shadow_mode').length;
  let last: number | null = null;
  const look = async (seconds: number): Promise<void> => {
    clock.pass(seconds);
    last = await tellOfShadow(gate, last, never);
  };
  await look(0);
  assert.deepEqual([warnings(), chat.said().length], [1, 1]);
  assert.match(chat.said()[0]?.text ?? '', /SHADOW MODE.*--shadow/);
  for (let minutes = 1; minutes <= 60; minutes += 1) await look(60);
  assert.deepEqual([warnings(), chat.said().length], [2, 1]);
  for (const line of ['scale production/web 5', 'scale dev/web 4', 'rm -rf /']) {
    const seen = await ask(line);
    assert.ok(seen.kind !== 'enforced');
    await recordObservation(gate, seen.verdict, never);
  }
  for (let hours = 2; hours <= 24; hours += 1) await look(3600);
  assert.deepEqual([warnings(), chat.said().length], [25, 2]);
  assert.match(
    chat.said()[1]?.text ?? '',
    /last 24 hours: 2 requests.*\n.*auto 1, one person 1, two people 0, blocked 1.*\n1 were refused/,
  );
});

test('a chat in trouble is asked again at the next look, and the log is not flooded', async () => {
  const { gate, log, clock, chat } = observing([{}]);
  chat.fail(new AdapterError('no-answer', 'no route to the chat'));
  let last = await tellOfShadow(gate, null, never);
  clock.pass(60);
  last = await tellOfShadow(gate, last, never);
  assert.equal(chat.said().length, 1);
  const told = log.lines.map(({ event }) => event).filter((event) => event.startsWith('shadow_'));
  assert.deepEqual(told, ['shadow_mode', 'shadow_not_told']);
});

test('a rule that has ended is told of once, and no more', async () => {
  const { gate, log, clock, chat } = observing([{ agents: ['healer'] }]);
  let last = await tellOfShadow(gate, null, never);
  clock.pass(3600);
  last = await tellOfShadow(gate, last, never);
  assert.equal(await tellOfShadow(gate, last, never), null);
  assert.equal(log.lines.filter(({ event }) => event === 'shadow_ended').length, 1);
  assert.equal(chat.said().length, 1);
  assert.match(chat.said()[0]?.text ?? '', /agents healer until /);
});

test('metrics tell that requests are observed, and what was said of them', async () => {
  const { gate, ask } = observing([], { observesEverything: true });
  for (const line of ['scale production/web 5', 'rm -rf /']) {
    const seen = await ask(line);
    assert.ok(seen.kind !== 'enforced');
    await recordObservation(gate, seen.verdict, never);
  }
  const text = await metricsText(gate, '1', never);
  for (const row of [
    'shadow 1',
    'shadow_requests_total{tier="human"} 1',
    'shadow_requests_total{tier="blocked"} 1',
    'shadow_refused_total 1',
  ])
    assert.ok(text.includes(`\nblastgate_${row}\n`), row);
  assert.ok((await metricsText(setStage().gate, '1', never)).includes('\nblastgate_shadow 0\n'));
});
