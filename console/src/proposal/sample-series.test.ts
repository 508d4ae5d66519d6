import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ShownEvent } from '../api/types.ts';
import { seriesOf } from './sample-series.ts';

const sampled = (direction: string, at: number, samples: readonly unknown[], is = 'moving'): ShownEvent => ({
  seq: at,
  at: '2026-11-26T00:00:00Z',
  event: 'sampled',
  from: 'verifying',
  to: 'verifying',
  direction,
  verdict: { is, code: 'rolling-out', subject: null },
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

const troubled = (...looks: readonly (readonly [troubles: readonly string[], is?: string])[]) => {
  const [line] = seriesOf(
    looks.map(([troubles, is], at) => sampled('forward', at, [workload('deployment/web -n shop', 1, troubles)], is)),
  );
  return { now: line?.troubles, passed: line?.passed };
};

test('what holds it back is that of the latest look; what has passed was only seen on the way', () => {
  const creating = 'ContainerCreating';
  assert.deepEqual(troubled([[creating]]), { now: [creating], passed: [] });
  assert.deepEqual(troubled([[creating, creating]], [[]]), { now: [], passed: [creating] });
  assert.deepEqual(troubled([[creating]], [['ImagePullBackOff'], 'failing']), {
    now: ['ImagePullBackOff'],
    passed: [creating],
  });
});

test('nothing is a fault of what has converged, even where the last look still saw it', () => {
  assert.deepEqual(troubled([['ContainerCreating']], [['ContainerCreating'], 'converged']), {
    now: [],
    passed: ['ContainerCreating'],
  });
});
