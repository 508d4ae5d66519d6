import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ShownEvent } from '../api/types.ts';
import { seriesOf } from './sample-series.ts';

const sampled = (direction: string, at: number, samples: readonly unknown[]): ShownEvent => ({
  seq: at,
  at: '2026-11-26T00:00:00Z',
  event: 'sampled',
  from: 'verifying',
  to: 'verifying',
  direction,
  look: { at, samples },
});
const workload = (target: string, ready: number, troubles: readonly string[] = []) => ({
  seen: 'workload',
  target,
  ready,
  desired: 2,
  troubles: troubles.map((reason) => ({ pod: 'p', container: 'c', reason, restarts: 1 })),
});

test('each workload and direction is a line of its own, with what was in trouble named once', () => {
  const lines = seriesOf([
    sampled('forward', 2, [workload('deployment/web -n shop', 1, ['CrashLoopBackOff'])]),
    sampled('forward', 4, [workload('deployment/web -n shop', 1, ['CrashLoopBackOff']), { seen: 'gone', target: 'x' }]),
    sampled('back', 2, [workload('deployment/web -n shop', 2)]),
  ]);
  assert.deepEqual(
    lines.map(({ direction, points, troubles }) => [direction, points.map(({ ready }) => ready), troubles]),
    [
      ['forward', [1, 1], ['CrashLoopBackOff']],
      ['back', [2], []],
    ],
  );
});

test('events without a look and objects that count nothing are no line', () => {
  const voted = { seq: 1, at: '', event: 'voted', from: null, to: 'approved' };
  assert.deepEqual(seriesOf([voted, sampled('forward', 1, [{ seen: 'written', target: 'configmap/a' }])]), []);
});
