// A line that says that old lines were archived: whatever stands in it, it is a checkpoint or none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from './audit-line.ts';
import { checkpointOf, latestCheckpoint } from './checkpoint.ts';
import { verifyTrail } from './replay.ts';

const WHOLE = { through: { seq: 3, hash: 'abc' }, latest: '', stayed: 'x', carried: 'y' };
const entry = (checkpoint: unknown): AuditEntry =>
  ({ kind: 'note', at: '', what: 'pruned', who: null, about: 'x', checkpoint }) as unknown as AuditEntry;

test('a whole one is one', () => assert.deepEqual(checkpointOf(entry(WHOLE)), WHOLE));

const DAMAGED: readonly unknown[] = [
  undefined,
  null,
  5,
  'x',
  [],
  {},
  { ...WHOLE, through: null },
  { ...WHOLE, through: [] },
  { ...WHOLE, through: { seq: '3', hash: 'abc' } },
  { ...WHOLE, through: { seq: 0, hash: 'abc' } },
  { ...WHOLE, through: { seq: 1.5, hash: 'abc' } },
  { ...WHOLE, through: { seq: 3 } },
  { ...WHOLE, stayed: null },
  { ...WHOLE, carried: 7 },
  { ...WHOLE, latest: undefined },
];
for (const checkpoint of DAMAGED)
  test(`${JSON.stringify(checkpoint)} is none, and verifying goes on`, () => {
    const deed = entry(checkpoint);
    assert.equal(checkpointOf(deed), null);
    const lines = [{ seq: 1, deed, prev: '', hash: 'h' }];
    assert.equal(latestCheckpoint(lines), null);
    const evidence = { lines, head: { seq: 1, hash: 'h' }, kept: [], known: [], hashOf: () => 'other' };
    assert.deepEqual(
      verifyTrail(evidence).map(({ what }) => what),
      ['changed'],
    );
  });
