import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Effect, plainDeletion } from '../model/effect.ts';
import type { TargetFact } from '../model/facts.ts';
import type { ObjectChange } from '../model/object-change.ts';
import { describeLosses } from './rollback-losses.ts';

const pod = (name: string, controller: TargetFact['controller']): TargetFact => ({
  ...{ group: '', resource: 'pods', kind: 'Pod', namespace: 'shop', name, uid: name, preImage: {} },
  ...{ revision: null, revisions: [], replicas: null, controller, protected: false },
});
const deletion = (object: string): ObjectChange => ({ object, uid: 'u', op: 'delete', fields: [] });
const EVICTION: Effect = {
  ...plainDeletion('delete-pod', { group: '', resource: 'pods', namespace: '*', name: '*' }),
  verb: 'create',
  subresource: 'eviction',
  change: {
    to: 'eviction',
    force: false,
    ignoreDaemonSets: true,
    deletesEmptyDirData: false,
    gracePeriodSeconds: null,
    skipWaitSeconds: 0,
    timeoutSeconds: 600,
  },
};

test('what does not come back is said in the language of the reader, thing by thing', () => {
  const spec = {
    effects: [],
    facts: [],
    changes: [deletion('deployments.apps shop/web'), deletion('jobs.batch shop/mail')],
  };
  assert.deepEqual(describeLosses(spec, 'en'), [
    'deployments.apps shop/web: its uid, its age, its status, and what only its pods held',
    'jobs.batch shop/mail: its uid, its age, its status; it runs once more from the beginning',
  ]);
  for (const said of describeLosses(spec, 'zh-TW')) assert.match(said, /建立時間/);
});

test('pods that a drain evicts are one loss; those that nobody makes again are named', () => {
  const facts = [pod('a', 'replicasets.apps shop/web-1'), pod('b', null)];
  const changes = facts.map(({ name }) => deletion(`pods shop/${name}`));
  const [said, ...more] = describeLosses({ effects: [EVICTION], facts, changes }, 'en');
  assert.deepEqual(more, []);
  assert.match(said ?? '', /2 pods.*pod\/b -n shop/);
  assert.doesNotMatch(said ?? '', /pod\/a/);
});

test('a change that is taken back whole loses nothing', () => {
  const changes: readonly ObjectChange[] = [{ object: 'configmaps shop/a', uid: 'u', op: 'update', fields: [] }];
  assert.deepEqual(describeLosses({ effects: [], facts: [], changes }, 'en'), []);
  assert.deepEqual(describeLosses({ effects: [], facts: [] }, 'en'), []);
});
