// What doctor says of each kind of action, by the rights that the cluster denies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NEEDED_RIGHTS } from '../../../adapters/cluster/rights.ts';
import { ACTION_KINDS } from '../../../core/model/effect.ts';
import type { ClusterRights, NeededRight, PublishedRole } from '../../../ports/cluster-rights.ts';
import { actionFindings, askedOnce } from './doctor-actions.ts';
import { rightsFindings } from './doctor-rights.ts';

const signal = new AbortController().signal;

const clusterWithout = (lacks: (right: NeededRight) => boolean, places: readonly string[] = []) => {
  let asked = 0;
  const rights: ClusterRights = {
    needed: NEEDED_RIGHTS,
    missing: async () => {
      asked += 1;
      return NEEDED_RIGHTS.filter(lacks);
    },
    namespacesWith: async () => places,
  };
  return { rights, asked: () => asked };
};

const rowFor = async (kind: string, lacks: (right: NeededRight) => boolean, places: readonly string[] = []) => {
  const rows = await actionFindings(clusterWithout(lacks, places).rights, signal);
  return rows.find(({ message }) => message.startsWith(`${kind}: `));
};

const of = (role: PublishedRole) => (right: NeededRight) => right.role === role;

test('every kind of action has a line, in the order of the table, but for reading and nothing', async () => {
  const rows = await actionFindings(clusterWithout(() => false).rights, signal);
  assert.deepEqual(
    rows.map(({ message }) => message.split(':', 1)[0]),
    ACTION_KINDS.filter((kind) => kind !== 'none' && kind !== 'read'),
  );
  for (const { check, state, message } of rows) {
    assert.equal(check, 'action');
    assert.equal(state, message.includes(' on') ? 'ok' : 'off', message);
  }
});

test('an action is off where none of its roles is bound, and says which to bind', async () => {
  const row = await rowFor('rollout-restart', of('blastgate-rollout'));
  assert.deepEqual([row?.state, row?.message], ['off', 'rollout-restart: blastgate-rollout off']);
  assert.match(row?.remedy ?? '', /bind the ClusterRole blastgate-rollout/);
});

test('a role that is there in part, or in some namespaces, is told so', async () => {
  const part = await rowFor('scale', () => false);
  assert.equal(part?.message, 'scale: blastgate-scale on, blastgate-replace on');
  const some = await rowFor('cordon', of('blastgate-nodes'), ['shop', 'cart']);
  assert.deepEqual([some?.state, some?.message], ['ok', 'cordon: blastgate-nodes only in shop, cart']);
  const half = await rowFor(
    'delete-object',
    ({ role, resource }) => role === 'blastgate-delete' && resource === 'jobs',
  );
  assert.match(half?.message ?? '', /blastgate-delete in part/);
});

test('what nobody binds is no lack, and its line warns', async () => {
  const lacks = of('blastgate-reconcile');
  const row = await rowFor('grant', lacks);
  assert.equal(row?.state, 'off');
  assert.match(row?.remedy ?? '', /warning in deploy\/rbac.yaml/);
  const found = await rightsFindings(clusterWithout(lacks).rights, signal);
  assert.deepEqual(
    found.map(({ state }) => state),
    ['ok'],
  );
});

test('the cluster is asked once for all lines', async () => {
  const { rights, asked } = clusterWithout(() => false);
  const once = askedOnce(rights);
  await actionFindings(once, signal);
  await rightsFindings(once, signal);
  assert.equal(asked(), 1);
});
