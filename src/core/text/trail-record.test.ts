import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../remediation/event.ts';
import type { State } from '../remediation/state.ts';
import { type TrailRecord, trailRecords } from './trail-record.ts';

const AT = '2026-11-26T13:00:00.000Z';
const step = (event: Event, from: State, to: State): TrailRecord =>
  trailRecords()({
    seq: 1,
    prev: '',
    hash: 'h',
    deed: { kind: 'step', proposal: 'p-1', revision: 2, record: { at: AT, event, from, to } },
  });

const STEPS: readonly (readonly [
  event: Event,
  from: State,
  to: State,
  weight: TrailRecord['weight'],
  result: TrailRecord['result'],
])[] = [
  [{ event: 'expired' }, 'awaiting-approval', 'expired', 'routine', null],
  [{ event: 'cancelled', by: 'ana' }, 'awaiting-approval', 'cancelled', 'routine', null],
  [{ event: 'answer-missed', direction: 'forward' }, 'executing', 'uncertain', 'high', null],
  [
    { event: 'write-answered', direction: 'forward', answer: { outcome: 'refused', why: 'no', written: 0 } },
    'executing',
    'failed',
    'high',
    'failure',
  ],
  [
    { event: 'write-answered', direction: 'forward', answer: { outcome: 'written', objects: [] } },
    'executing',
    'verifying',
    'routine',
    'success',
  ],
  [
    { event: 'write-answered', direction: 'back', answer: { outcome: 'unheard', why: 'late' } },
    'rolling-back',
    'uncertain',
    'high',
    null,
  ],
  [{ event: 'breaker-tripped', failures: 3, withinMinutes: 10 }, 'failed', 'failed', 'critical', null],
  [
    { event: 'review-answered', review: { success: false, issueUrl: null, issueNumber: null, error: 'x' } },
    'failed',
    'failed',
    'routine',
    'failure',
  ],
];
for (const [event, from, to, weight, result] of STEPS)
  test(`${event.event} from ${from} to ${to} weighs ${weight}, result ${result ?? 'not said'}`, () => {
    const record = step(event, from, to);
    assert.deepEqual([record.weight, record.result, record.state], [weight, result, to]);
  });

test('a note has its person, and a time that is damaged is none', () => {
  const record = trailRecords()({
    seq: 2,
    prev: '',
    hash: 'h',
    deed: { kind: 'note', at: 'soon', what: 'paused', who: 'eve', about: 'all', cluster: 'blue' },
  });
  const { who, timeMs, cluster, weight, event } = record;
  assert.deepEqual([who, timeMs, cluster, weight, event], ['eve', null, 'blue', 'medium', 'paused']);
});
