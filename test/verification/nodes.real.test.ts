// How nodes are judged: on a control plane of their own, since every pod of a cluster sees them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import type { Neighbourhood } from '../support/cluster-under-test.ts';
import { type GateOn, openGateOn, story } from './gate-on.ts';

describe('a node is judged by what its kubelet says', () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let on: GateOn;
  before(async () => {
    plane = await startControlPlane();
    ({ shop, on } = await openGateOn(plane, 'nodes'));
  });
  after(() => plane?.stop());

  const nodeOf = async (name: string, ready: 'True' | 'False'): Promise<void> => {
    await shop.ask('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name } });
    const condition = { type: 'Ready', status: ready, reason: 'Said', message: 'by a test' };
    const body = { status: { conditions: [condition] } };
    await shop.ask('PATCH', `/api/v1/nodes/${name}/status`, body, 'application/merge-patch+json');
  };

  test('a node that is ready stays so, and one that was not is not held against a cordon', async () => {
    await nodeOf('nodes-ready', 'True');
    const end = await on.run('kubectl cordon nodes-ready');
    assert.deepEqual([end.state, end.verdict?.code], ['succeeded', 'converged'], story(end));
    await nodeOf('nodes-ill', 'False');
    const ill = await on.run('kubectl cordon nodes-ill');
    assert.equal(ill.state, 'succeeded', story(ill));
    assert.equal(ill.back, null);
  });
});
