import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readDocuments } from '../../adapters/yaml/read-documents.ts';
import { understand } from '../command/understand.ts';
import type { TargetFact } from '../model/facts.ts';
import { objectOfKey } from '../model/object-ref.ts';
import { effectsOf } from '../model/understanding.ts';
import type { Digest } from '../sealed-spec/declarative-spec.ts';
import { failuresOf, type Outcome } from './outcome.ts';

// as: nobody looks into it here.
const DIGEST = 'sha256:a' as Digest;
const failed = (action: string, ...objects: readonly string[]): Outcome => ({
  ...{ key: 'declarative:INC-1', incident: 'INC-1', digest: DIGEST, proposal: 'p-1', action, objects },
  ...{ target: 'pod/*', namespace: 'shop', blast_radius_score: 8, tier: 'auto', rolled_back: false, verdict: null },
  ...{ state: 'failed', times: { proposed: '', approved: null, executed: '', ended: '2026-01-01T00:00:00.000Z' } },
});
const target = (key: string): TargetFact => ({
  ...objectOfKey(key),
  ...{ kind: '', uid: key, preImage: {}, revision: null, revisions: [], replicas: null, controller: null },
  protected: false,
});
const countOf = (command: string, seen: readonly string[], ...outcomes: readonly Outcome[]): number => {
  const understanding = understand(
    { kind: 'line', line: `kubectl ${command}` },
    { namespace: 'shop', files: new Map(), customResources: [], readDocuments },
  );
  return failuresOf(outcomes, effectsOf(understanding), seen.map(target)).length;
};

suite('earlier failures are those of the same objects', () => {
  const PODS = ['pods shop/web-1', 'pods shop/web-2'];
  const table: readonly (readonly [
    command: string,
    seen: readonly string[],
    earlier: readonly [action: string, ...objects: string[]],
    count: number,
  ])[] = [
    ['delete pod web-1', ['pods shop/web-1'], ['delete-pod', 'pods shop/web-1'], 1],
    ['delete pod web-2', ['pods shop/web-2'], ['delete-pod', 'pods shop/web-1'], 0],
    ['delete pod web-1', ['pods shop/web-1'], ['delete-pod', ...PODS], 1],
    ['delete pods -l app=web', PODS, ['delete-pod', 'pods shop/web-2'], 1],
    ['delete pods -l app=api', ['pods shop/api-1'], ['delete-pod', ...PODS], 0],
    ['delete pod web-1', [], ['delete-pod', 'pods shop/*'], 1],
    ['delete pod web-1', [], ['delete-pod', 'pods dev/*'], 0],
    ['delete pods --all', [], ['delete-pod', 'pods shop/web-1'], 1],
    ['scale deploy web --replicas=2', ['deployments.apps shop/web'], ['scale', 'deployments.apps shop/web'], 1],
    ['scale sts web --replicas=2', ['statefulsets.apps shop/web'], ['scale', 'deployments.apps shop/web'], 0],
    ['scale deploy web --replicas=2', [], ['scale', 'deployments.apps dev/web'], 0],
    ['rollout restart deploy web', ['deployments.apps shop/web'], ['scale', 'deployments.apps shop/web'], 0],
    ['get deploy web', [], ['read', 'deployments.apps shop/web'], 0],
  ];
  for (const [command, seen, [action, ...objects], count] of table)
    test(`${command} after a failed ${action} of ${objects.join(', ')}: ${count}`, () =>
      assert.equal(countOf(command, seen, failed(action, ...objects)), count));
  test('what succeeded is none', () => {
    const fine: Outcome = { ...failed('delete-pod', ...PODS), state: 'succeeded' };
    assert.equal(countOf('delete pod web-1', PODS, fine, failed('delete-pod', ...PODS)), 1);
  });
});
