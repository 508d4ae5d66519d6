// Which pods kubectl drain takes, by what stands in its filters; the real kubectl is beside it in test/actions/drain.real.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DrainOptions } from '../model/drain.ts';
import { drainChoice, drainObstacleText, isLeftAside, type PodOnNode } from './drained-pods.ts';

const POD: PodOnNode = {
  hasController: true,
  daemonSet: 'none',
  isMirror: false,
  isFinished: false,
  hasEmptyDir: false,
  overdueSeconds: null,
};
const PLAIN: DrainOptions = {
  force: false,
  ignoreDaemonSets: false,
  deletesEmptyDirData: false,
  gracePeriodSeconds: null,
  skipWaitSeconds: 0,
  timeoutSeconds: 600,
};
const bare = { hasController: false } as const;
const daemon = { daemonSet: 'there' } as const;
const lost = { daemonSet: 'gone' } as const;
const mirror = { isMirror: true };
const done = { isFinished: true };
const data = { hasEmptyDir: true };

test('the filters of kubectl, one by one and against each other', () => {
  const table: readonly (readonly [Partial<PodOnNode>, Partial<DrainOptions>, string])[] = [
    [{}, {}, 'goes'],
    [bare, {}, 'no-controller'],
    [bare, { force: true }, 'goes'],
    [{ ...bare, ...done }, {}, 'goes'],
    [daemon, {}, 'daemon-set'],
    [daemon, { force: true }, 'daemon-set'],
    [daemon, { ignoreDaemonSets: true }, 'stays'],
    [{ ...daemon, ...data }, { ignoreDaemonSets: true }, 'stays'],
    [{ ...daemon, ...done }, {}, 'goes'],
    [lost, {}, 'daemon-set-gone'],
    [lost, { ignoreDaemonSets: true }, 'daemon-set-gone'],
    [lost, { force: true }, 'goes'],
    [{ ...lost, ...data }, { force: true }, 'empty-dir'],
    [mirror, {}, 'stays'],
    [{ ...mirror, ...done }, {}, 'stays'],
    [{ ...mirror, ...data }, {}, 'stays'],
    [{ ...bare, isMirror: true }, {}, 'stays'],
    [data, {}, 'empty-dir'],
    [data, { deletesEmptyDirData: true }, 'goes'],
    [{ ...data, ...done }, {}, 'goes'],
    [{ ...data, ...bare }, { deletesEmptyDirData: true }, 'no-controller'],
    [{ ...data, ...bare }, { force: true }, 'empty-dir'],
    [{ ...data, ...bare }, { force: true, deletesEmptyDirData: true }, 'goes'],
    [{ overdueSeconds: 100 }, {}, 'goes'],
    [{ overdueSeconds: 100 }, { skipWaitSeconds: 60 }, 'stays'],
    [{ ...bare, overdueSeconds: 100 }, { skipWaitSeconds: 60 }, 'stays'],
    [{ ...daemon, overdueSeconds: 100 }, { skipWaitSeconds: 60 }, 'stays'],
    [{ overdueSeconds: -20 }, { skipWaitSeconds: 1 }, 'goes'],
  ];
  for (const [pod, options, expected] of table) {
    const choice = drainChoice({ ...POD, ...pod }, { ...PLAIN, ...options });
    assert.equal(typeof choice === 'object' ? choice.obstacle : choice, expected, JSON.stringify([pod, options]));
  }
});

test('whole seconds are counted, and 0 leaves nobody aside', () => {
  assert.deepEqual(
    [
      [60.9, 60],
      [61, 60],
      [1e9, 0],
      [null, 60],
    ].map(([overdue, skip]) => isLeftAside(overdue ?? null, skip ?? 0)),
    [false, true, false, false],
  );
});

test('an obstacle names the flag and the pods, and counts those that nobody would read', () => {
  assert.equal(
    drainObstacleText('empty-dir', ['shop/a', 'shop/b']),
    'cannot delete Pods with local storage (use --delete-emptydir-data to override): shop/a, shop/b',
  );
  const many = Array.from({ length: 13 }, (_, i) => `shop/p${i}`);
  assert.match(
    drainObstacleText('no-controller', many),
    /\(use --force to override\): shop\/p0, .*shop\/p9, and 3 more$/,
  );
});
