import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plusSeconds } from '../../src/core/model/instant.ts';
import type { Event } from '../../src/core/remediation/event.ts';
import { next } from '../../src/core/remediation/next.ts';
import { outcomeOf } from '../../src/core/remediation/outcome.ts';
import { holdsOf, type Remediation } from '../../src/core/remediation/remediation.ts';
import { isFinal, TRANSITIONS } from '../../src/core/remediation/state.ts';
import { specOf } from '../support/a-remediation.ts';

const START = '2026-01-01T00:00:00.000Z';
const specs = ['scale dev/web 5', 'scale production/web 5', 'scale production/web 0'].map((text) =>
  specOf(text, 'INC-1'),
);
const digest = specs.map(({ spec }) => spec.digest);

const direction = fc.constantFrom('forward' as const, 'back' as const);
const look = fc.record({ at: fc.integer({ min: 0, max: 200 }), samples: fc.constant([]) });
const verdict = fc.record({
  is: fc.constantFrom('converged' as const, 'moving' as const, 'failing' as const, 'unknown' as const),
  code: fc.constant('settling' as const),
  subject: fc.constant(null),
});
const answer = fc.constantFrom(
  { outcome: 'written', objects: [] } as const,
  { outcome: 'stale', code: 'uid-changed', why: 'x' } as const,
  { outcome: 'refused', why: 'x', written: 0 } as const,
  { outcome: 'refused', why: 'x', written: 1 } as const,
  { outcome: 'unheard', why: 'x' } as const,
);
const refusal = { code: 'uid-changed', about: null } as const;
/** What moves a remediation on. */
const likely: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    event: fc.constant('voted' as const),
    vote: fc.record({
      person: fc.constantFrom('ana', 'ben', 'cho', 'dee', 'healer'),
      channel: fc.constant('http' as const),
      decision: fc.constant('approve' as const),
      digest: fc.constantFrom(...digest),
      at: fc.constant(START),
      reason: fc.constant(null),
    }),
  }),
  fc.record({ event: fc.constant('write-intended' as const), direction }),
  fc.record({ event: fc.constant('write-answered' as const), direction, answer }),
  fc.record({ event: fc.constant('answer-missed' as const), direction }),
  fc.record({
    event: fc.constant('progressed' as const),
    done: fc.nat(9),
    of: fc.constant(9),
    subject: fc.constant('pod/a -n shop'),
  }),
  fc.record({
    event: fc.constant('looked' as const),
    direction,
    found: fc.constantFrom('all' as const, 'some' as const, 'none' as const, 'unknown' as const),
    look: fc.option(look),
    verdict: fc.option(verdict),
  }),
  fc.record({ event: fc.constant('sampled' as const), direction, look, verdict }),
);
/** What ends it early, or only stands beside it. */
const rare: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    event: fc.constant('voted' as const),
    vote: fc.record({
      person: fc.constantFrom('ana', 'ben', 'healer'),
      channel: fc.constant('telegram' as const),
      decision: fc.constant('reject' as const),
      digest: fc.constantFrom(...digest),
      at: fc.constant(START),
      reason: fc.constant(null),
    }),
  }),
  fc.constant({ event: 'cancelled', by: 'ana' } as const),
  fc.constant({ event: 'superseded', by: 'p-2' } as const),
  fc.constant({ event: 'expired' } as const),
  fc.constant({ event: 'went-stale', refusal } as const),
  fc.constant({ event: 'way-back-lost', refusal } as const),
  fc.record({
    event: fc.constant('review-answered' as const),
    review: fc.record({
      success: fc.boolean(),
      issueUrl: fc.constant(null),
      issueNumber: fc.constant(null),
      error: fc.constant(null),
    }),
  }),
);
const anyEvent = fc.oneof({ arbitrary: likely, weight: 30 }, { arbitrary: rare, weight: 1 });

const begun = (which: number): Remediation => {
  let remediation: Remediation | null = null;
  for (const event of specs[which]?.events ?? []) {
    const step = next(remediation, event, START);
    assert.ok(step.ok);
    remediation = step.remediation;
  }
  assert.ok(remediation);
  return remediation;
};

const check = (before: Remediation, after: Remediation, event: Event): void => {
  const moved = before.state !== after.state;
  if (moved) assert.ok(TRANSITIONS[before.state].includes(after.state), `${before.state} → ${after.state}`);
  if (isFinal(before.state)) assert.ok(!moved && event.event === 'review-answered', 'an end is an end');
  assert.equal(after.revision, before.revision + 1);
  assert.equal(after.spec, before.spec, 'what was sealed never changes');
  assert.ok(after.votes.length >= before.votes.length, 'no vote is taken back');
  if (after.state === 'executing' && before.state === 'approved')
    assert.ok(new Set(after.votes.map(({ person }) => person)).size >= (after.decision?.approvals ?? 9));
  if (after.state === 'succeeded') assert.ok(after.forward?.reachedAt != null && after.back === null);
  if (after.back !== null) assert.ok(after.forward?.reachedAt != null, 'no way back before a way there');
  if (isFinal(after.state)) assert.deepEqual(holdsOf(after), []);
  if (moved && isFinal(after.state) && after.forward?.reachedAt != null) assert.ok(outcomeOf(after), after.state);
  for (const attempt of [after.forward, after.back])
    assert.ok(attempt === null || attempt.times - (attempt.missed ?? 0) <= 3, 'sent more than three times');
};

test('whatever happens, in whatever order: the table holds, ends are ends, nothing runs unapproved', () => {
  const events = fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 900 })), { minLength: 20, maxLength: 60 });
  const reached = new Set<string>();
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 2), events, (which, happening) => {
      let [remediation, now] = [begun(which), START];
      for (const [event, seconds] of happening) {
        now = plusSeconds(now, seconds);
        const step = next(remediation, event, now);
        if (!step.ok) continue;
        check(remediation, step.remediation, event);
        const waits = step.todo.due !== null;
        assert.equal(waits, !isFinal(step.remediation.state), `${step.remediation.state} waits for nobody`);
        remediation = step.remediation;
        reached.add(remediation.state);
      }
    }),
    { numRuns: 1500 },
  );
  assert.ok(reached.size >= 14, `only ${[...reached].join(', ')} were reached`);
});
