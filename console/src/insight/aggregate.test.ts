import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../api/types.ts';
import { approvedAfter, insightOf, percentile } from './aggregate.ts';

const outcome = (fields: Partial<Outcome>): Outcome => ({
  key: 'declarative:X',
  incident: 'X',
  proposal: 'p-1',
  action: 'scale',
  target: 'deployment/web',
  namespace: 'shop',
  blast_radius_score: 15,
  tier: 'human',
  rolled_back: false,
  state: 'succeeded',
  times: {
    proposed: '2026-11-26T00:00:00Z',
    approved: '2026-11-26T00:01:00Z',
    executed: null,
    ended: '2026-11-26T00:02:00Z',
  },
  ...fields,
});

test('what ended neither well nor back counts as failed, and each counts once', () => {
  const { counts, by } = insightOf([
    outcome({}),
    outcome({ state: 'rolled-back', rolled_back: true }),
    outcome({ state: 'handed-over', tier: 'dual' }),
  ]);
  assert.deepEqual(counts, { total: 3, succeeded: 1, rolledBack: 1, failed: 1 });
  assert.deepEqual(by['tier'], [
    { name: 'human', count: 2, succeeded: 1, rolledBack: 1 },
    { name: 'dual', count: 1, succeeded: 0, rolledBack: 0 },
  ]);
});

test('percentiles are of the nearest rank, and of nothing nothing', () => {
  assert.equal(percentile([], 0.5), null);
  assert.equal(percentile([9], 0.9), 9);
  assert.deepEqual(
    [0.5, 0.9].map((part) => percentile([10, 1, 2, 3, 4, 5, 6, 7, 8, 9], part)),
    [5, 9],
  );
});

test('what runs by itself has no time to approve', () => {
  assert.equal(approvedAfter(outcome({})), 60);
  assert.equal(approvedAfter(outcome({ tier: 'auto' })), null);
});
