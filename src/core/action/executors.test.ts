import assert from 'node:assert/strict';
import { test } from 'node:test';
import { understand } from '../command/understand.ts';
import { hasExecutor } from './executors.ts';

/** [command, does each write of it have an executor]. */
const CASES: readonly (readonly [string, boolean])[] = [
  ['kubectl delete pod web-1', true],
  ['kubectl delete pod web-1 --now', true],
  ['kubectl scale deployment web --replicas=3', true],
  ['kubectl scale rc web --replicas=3', true],
  ['kubectl rollout restart deployment/web', true],
  ['kubectl rollout undo sts/db --to-revision=2', true],
  ['kubectl set image ds/agent agent=a:1', true],
  // nobody carries out the precondition: run without it, it would not be what was approved
  ['kubectl scale deployment web --replicas=3 --current-replicas=2', false],
  ['kubectl scale deployment web --replicas=3 --resource-version=5', false],
  // nor is the cause of the change noted
  ['kubectl scale deployment web --replicas=3 --record', false],
  ['kubectl set image deployment/web web=a:1 --record', false],
  ['kubectl scale --replicas=3 widgets/x', false],
  ['kubectl delete deployment web', false],
  ['kubectl label pod web-1 a=b', false],
];

for (const [line, expected] of CASES)
  test(`${line}: ${expected ? 'can' : 'cannot'} be carried out`, () => {
    const { parts } = understand(
      { kind: 'line', line },
      { namespace: 'shop', files: new Map(), customResources: [], readDocuments: () => null },
    );
    const writes = parts.flatMap(({ effects }) => effects).filter(({ verb }) => verb !== 'get');
    assert.ok(writes.length > 0);
    assert.equal(writes.every(hasExecutor), expected);
  });
