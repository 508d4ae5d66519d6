import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Digest } from '../../core/sealed-spec/declarative-spec.ts';
import { completeOutcome, type StoredOutcome } from './older-outcome.ts';

// as: nobody looks into it here.
const DIGEST = 'sha256:a' as Digest;
const stored = (target: string, namespace: string | null): StoredOutcome => ({
  ...{ key: 'declarative:INC-1', incident: 'INC-1', digest: DIGEST, proposal: 'p-1', action: 'scale' },
  ...{ target, namespace, blast_radius_score: 8, tier: 'auto', rolled_back: false, state: 'failed', verdict: null },
  times: { proposed: '', approved: null, executed: '', ended: '' },
});

test('an outcome without objects names those that its words may mean', () => {
  const table: readonly (readonly [target: string, namespace: string | null, objects: readonly string[]])[] = [
    ['deployment/web', 'shop', ['deployments.apps shop/web']],
    ['pod/a, pod/b', 'shop', ['pods shop/a', 'pods shop/b']],
    ['pod/*', 'shop', ['pods shop/*']],
    ['pod/a', 'shop, dev', ['pods shop/a', 'pods dev/a']],
    ['node/n1, pod/*', '*', ['nodes n1', 'pods */*']],
    ['widgets.example.com/x', 'shop', ['widgets.example.com shop/x']],
  ];
  for (const [target, namespace, objects] of table)
    assert.deepEqual(completeOutcome(stored(target, namespace)).objects, objects, target);
});

test('objects that stand there are kept', () => {
  const objects = ['pods shop/web-1'];
  assert.deepEqual(completeOutcome({ ...stored('pod/*', 'shop'), objects }).objects, objects);
});
