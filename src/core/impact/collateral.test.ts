// What goes by itself: claims by the retention policy of a StatefulSet, and dependents with their last owner, link by link.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readDocuments } from '../../adapters/yaml/read-documents.ts';
import { seeEffect } from '../blast-radius/judged-effect.ts';
import { understand } from '../command/understand.ts';
import type { TargetFact } from '../model/facts.ts';
import { type DependentFact, NO_NEIGHBOURS, type PodFact, type WorkloadFact } from '../model/neighbourhood.ts';
import { objectKey } from '../model/object-ref.ts';
import { collateralOf } from './collateral.ts';
import { lossesOf } from './outage.ts';

const partsOf = (key: string) => {
  const [kind = '', place = ''] = key.split(' ');
  const [resource = '', ...group] = kind.split('.');
  const [namespace = null, name = ''] = place.includes('/') ? place.split('/') : [null, place];
  return { group: group.join('.'), resource, namespace, name };
};
const target = (key: string, replicas: number | null = null): TargetFact => ({
  ...{ ...partsOf(key), kind: '', uid: key, preImage: {}, revision: null, revisions: [], replicas },
  ...{ controller: null, protected: false },
});
const owned = (key: string, ...owners: readonly string[]): DependentFact => ({
  ...{ ...partsOf(key), key, uid: key, owners, protected: false },
});
const pod = (name: string, workload: string, claims: readonly string[] = []): PodFact => ({
  ...{ uid: name, namespace: 'shop', name, labels: {}, controller: workload, workload, node: null, ready: true },
  ...{ finished: false, claims, requests: { cpuMillis: 0, memoryBytes: 0 }, admittedBy: null },
});
const DB = 'statefulsets.apps shop/db';
const set = (whenScaled: 'Delete' | 'Retain', whenDeleted: 'Delete' | 'Retain'): WorkloadFact => ({
  ...{ key: DB, uid: DB, controller: null, replicas: 2, pods: 2, ready: 2, rollout: null, paused: false },
  ...{ claimRetention: { whenScaled, whenDeleted }, admittedAfter: null },
});
const PODS = [pod('db-0', DB, ['data-db-0', 'shared']), pod('db-1', DB, ['data-db-1', 'shared'])];

interface World {
  readonly targets?: readonly TargetFact[];
  readonly dependents?: readonly DependentFact[];
  readonly workloads?: readonly WorkloadFact[];
  readonly pods?: readonly PodFact[];
}

/** Keys of what goes along with the command. */
const along = (line: string, { targets = [], ...seen }: World): readonly string[] => {
  const { parts } = understand(
    { kind: 'line', line: `kubectl ${line}` },
    { namespace: 'shop', customResources: [], readDocuments, files: new Map() },
  );
  const doers = parts.flatMap(({ effects }) => effects).map(seeEffect);
  const neighbourhood = { ...NO_NEIGHBOURS, ...seen };
  return collateralOf(doers, targets, neighbourhood, lossesOf(doers, targets, neighbourhood)).map(objectKey);
};

suite('dependents', () => {
  const [a, b, claim] = ['configmaps shop/a', 'configmaps shop/b', 'persistentvolumeclaims shop/data'];
  const both = [target(a), target(b)];
  const table: readonly (readonly [line: string, dependents: readonly DependentFact[], goes: readonly string[]])[] = [
    ['delete cm a', [owned(claim, a)], [claim]],
    ['delete cm a', [owned(claim, a, b)], []],
    ['delete cm a b', [owned(claim, a, b)], [claim]],
    ['delete cm --all', [owned(claim, a, b)], [claim]],
    [
      'delete cm a',
      [owned(claim, 'configmaps shop/mid'), owned('configmaps shop/mid', a)],
      ['configmaps shop/mid', claim],
    ],
    ['delete cm a --cascade=orphan', [owned(claim, a)], []],
    ['delete cm a --cascade=orphan', [owned(claim, 'configmaps shop/mid'), owned('configmaps shop/mid', a)], []],
    ['delete cm a --dry-run=server', [owned(claim, a)], []],
    ['label cm a x=y', [owned(claim, a)], []],
  ];
  for (const [line, dependents, goes] of table)
    test(`${line}: ${goes.length}`, () => assert.deepEqual(along(line, { targets: both, dependents }), goes));

  test('an orphaned owner is none: what else goes takes the dependent along', () => {
    const dependents = [owned(claim, a, 'pods shop/p')];
    const targets = [target(a), target('pods shop/p')];
    assert.deepEqual(along('delete cm a --cascade=orphan', { targets, dependents }), []);
    assert.deepEqual(along('delete pod p', { targets: [target('pods shop/p')], dependents }), []);
  });

  test('whatever ends a pod', () => {
    const web = 'deployments.apps shop/web';
    const workloads = [{ ...set('Retain', 'Retain'), key: web, claimRetention: null, rollout: ROLLING }];
    const world = { workloads, pods: [pod('p', web)], dependents: [owned(claim, 'pods shop/p')] };
    const targets = [target(web, 2)];
    for (const line of ['rollout restart deploy/web', 'scale deploy/web --replicas=1', 'delete deploy web'])
      assert.deepEqual(along(line, { ...world, targets }), [claim], line);
    assert.deepEqual(along('scale deploy/web --replicas=3', { ...world, targets }), []);
  });
});

const ROLLING = { type: 'RollingUpdate', maxUnavailable: 1, maxSurge: 0 } as const;

suite('claims of a StatefulSet', () => {
  const [first, second] = ['persistentvolumeclaims shop/data-db-0', 'persistentvolumeclaims shop/data-db-1'];
  const table: readonly (readonly [line: string, set: WorkloadFact, goes: readonly string[]])[] = [
    ['scale sts/db --replicas=1', set('Delete', 'Retain'), [second]],
    ['scale sts/db --replicas=0', set('Delete', 'Retain'), [second, first]],
    ['scale sts/db --replicas=3', set('Delete', 'Delete'), []],
    ['scale sts/db --replicas=1', set('Retain', 'Delete'), []],
    ['delete sts db', set('Retain', 'Delete'), [first, second]],
    ['delete sts db', set('Delete', 'Retain'), []],
    ['delete sts db --cascade=orphan', set('Delete', 'Delete'), []],
    ['rollout restart sts/db', set('Delete', 'Delete'), []],
    ['autoscale sts db --max=1', set('Delete', 'Retain'), ['persistentvolumeclaims shop/*']],
  ];
  for (const [line, one, goes] of table) {
    const { whenScaled, whenDeleted } = one.claimRetention ?? { whenScaled: '', whenDeleted: '' };
    test(`${line} (${whenScaled}, ${whenDeleted})`, () =>
      assert.deepEqual(along(line, { targets: [target(DB, 2)], workloads: [one], pods: PODS }), goes));
  }

  test('a set that goes with its own owner', () => {
    const dependents = [owned(DB, 'services shop/top')];
    const world = {
      targets: [target('services shop/top')],
      workloads: [set('Retain', 'Delete')],
      pods: [],
      dependents,
    };
    assert.deepEqual(along('delete svc top', world), ['persistentvolumeclaims shop/*', DB]);
  });
});
