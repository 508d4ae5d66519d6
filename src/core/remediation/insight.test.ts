import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type InsightRow, insightOf } from './insight.ts';

const row = (change: Partial<InsightRow>): InsightRow => ({
  tier: 'human',
  action: 'scale',
  target: 'shop/deployment/web',
  agent: 'healer',
  state: 'succeeded',
  seconds: null,
  hasty: false,
  ...change,
});

test('each is counted once, by how it ended', () => {
  const insight = insightOf([
    row({}),
    row({ state: 'rolled-back', tier: 'dual', hasty: true }),
    row({ state: 'handed-over', agent: 'fixer' }),
    row({ state: 'rejected' }),
    row({ state: 'stale' }),
    row({ state: 'awaiting-approval' }),
  ]);
  assert.deepEqual(insight.counts, { total: 6, succeeded: 1, rolledBack: 1, failed: 1, rejected: 1 });
  assert.equal(insight.hasty, 1);
  assert.equal(insight.falseAlarms, 2);
  assert.deepEqual(insight.by.tier, [
    { name: 'human', count: 5, succeeded: 1, rolledBack: 0 },
    { name: 'dual', count: 1, succeeded: 0, rolledBack: 1 },
  ]);
  assert.deepEqual(
    insight.by.agent.map(({ name, count }) => [name, count]),
    [
      ['healer', 5],
      ['fixer', 1],
    ],
  );
});

const TIMES: readonly (readonly [seconds: readonly (number | null)[], p50: number | null, p90: number | null])[] = [
  [[], null, null],
  [[null], null, null],
  [[7], 7, 7],
  [[10, null, 2], 2, 10],
  [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 5, 9],
];
for (const [seconds, p50, p90] of TIMES)
  test(`of ${JSON.stringify(seconds)} seconds half are within ${p50}, nine of ten within ${p90}`, () =>
    assert.deepEqual(insightOf(seconds.map((one) => row({ seconds: one }))).toApprove, { p50, p90 }));
