// Which pods are deleted beside a new template of their StatefulSet, and which never.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { understand } from '../command/understand.ts';
import type { TargetFact } from '../model/facts.ts';
import { NO_NEIGHBOURS, type PodFact } from '../model/neighbourhood.ts';
import { effectsOf } from '../model/understanding.ts';
import { withStuckPods } from './stuck-pods.ts';

const DB = 'statefulsets.apps shop/db';

const pod = (name: string, changes: Partial<PodFact> = {}): PodFact => ({
  uid: name,
  namespace: 'shop',
  name,
  labels: {},
  controller: DB,
  workload: DB,
  node: null,
  ready: true,
  finished: false,
  claims: [],
  requests: { cpuMillis: 0, memoryBytes: 0 },
  admittedBy: null,
  ...changes,
});
const down = { ready: false } as const;

const target = (resource: string, name: string): TargetFact => ({
  group: 'apps',
  resource,
  kind: '',
  namespace: 'shop',
  name,
  uid: name,
  preImage: {},
  revision: 1,
  revisions: [1],
  replicas: 3,
  controller: null,
  protected: false,
});

/** [what, command, pods, names of the pods that are deleted]. */
const CASES: readonly (readonly [string, string, readonly PodFact[], readonly string[]])[] = [
  ['all are ready', 'set image sts/db db=a:2', [pod('db-0'), pod('db-1')], []],
  ['one is not ready', 'set image sts/db db=a:2', [pod('db-0'), pod('db-1', down)], ['db-1']],
  ['one is not ready, restart', 'rollout restart sts/db', [pod('db-0', down)], ['db-0']],
  ['one is not ready, undo', 'rollout undo sts/db', [pod('db-0', down)], ['db-0']],
  ['one is not ready, and it is only scaled', 'scale sts/db --replicas=2', [pod('db-0', down)], []],
  ['one has finished', 'set image sts/db db=a:2', [pod('db-0', { ...down, finished: true })], []],
  [
    'the pod is of another',
    'set image sts/db db=a:2',
    [pod('x', { ...down, controller: 'statefulsets.apps shop/x' })],
    [],
  ],
  ['a Deployment', 'set image deploy/db db=a:2', [pod('db-0', down)], []],
  ['a dry run', 'set image sts/db db=a:2 --dry-run=server', [pod('db-0', down)], []],
];

describe('beside a new template', () => {
  for (const [what, words, pods, deleted] of CASES)
    test(`${what}: ${deleted.join(', ') || 'none'} deleted`, () => {
      const line = `kubectl ${words} -n shop`;
      const surroundings = { namespace: 'shop', files: new Map(), customResources: [], readDocuments: () => null };
      const understood = understand({ kind: 'line', line }, surroundings);
      const targets = [target('statefulsets', 'db'), target('deployments', 'db')];
      const facts = { targets, neighbourhood: { ...NO_NEIGHBOURS, pods } };
      const grown = withStuckPods(understood, facts);
      assert.equal(grown === understood, deleted.length === 0);
      const added = effectsOf(grown).slice(effectsOf(understood).length);
      assert.deepEqual(
        added.map(({ verb, resource, name }) => [verb, resource, name]),
        deleted.map((name) => ['delete', 'pods', name]),
      );
      assert.equal(withStuckPods(grown, facts), grown, 'twice');
    });
});
