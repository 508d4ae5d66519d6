// An operator's day through a whole gate on a real control plane: what is made, changed and held, and how it ends.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import type { Neighbourhood } from '../support/cluster-under-test.ts';
import { type GateOn, openGateOn, story } from '../verification/gate-on.ts';

const NAMESPACE = 'day-rows';

describe("an operator's day", { concurrency: true }, () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let on: GateOn;
  before(async () => {
    plane = await sharedControlPlane();
    ({ shop, on } = await openGateOn(plane, NAMESPACE));
    await shop.ask('POST', `/apis/batch/v1/namespaces/${NAMESPACE}/cronjobs`, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: {
        schedule: '0 3 * * *',
        suspend: true,
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'web', image: 'web:1' }] } } },
        },
      },
    });
    await shop.deploy({ kind: 'Deployment', name: 'web', image: 'web:1', replicas: 2 });
  });
  after(() => plane?.stop());

  const at = (group: string, plural: string, name: string): string =>
    `${group === '' ? '/api/v1' : `/apis/${group}`}/namespaces/${NAMESPACE}/${plural}/${name}`;

  for (const [command, group, plural, name] of [
    ['kubectl create job manual --from=cronjob/nightly', 'batch/v1', 'jobs', 'manual'],
    ['kubectl expose deployment web --port=80 --name=front', '', 'services', 'front'],
    ['kubectl run adhoc --image=web:1', '', 'pods', 'adhoc'],
    ['kubectl create configmap made --from-literal=a=b', '', 'configmaps', 'made'],
    ['kubectl create deployment made --image=web:1', 'apps/v1', 'deployments', 'made'],
  ] as const)
    test(`what does not exist yet is made after its approval: ${command}`, async () => {
      const end = await on.run(command);
      assert.equal(end.state, 'succeeded', story(end));
      assert.equal((await shop.ask('GET', at(group, plural, name))).metadata.name, name);
    });

  test('whatever changes the template of a paused rollout waits with it, as a new image does', async () => {
    await shop.deploy({ kind: 'Deployment', name: 'paused', image: 'web:1', replicas: 2 });
    await shop.patch('deployments', 'paused', { spec: { paused: true } });
    for (const command of [
      'kubectl set env deployment/paused LEVEL=debug',
      'kubectl set image deployment/paused web=web:2 --record',
      `kubectl patch deployment paused --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"web:3"}]'`,
    ]) {
      const end = await on.run(command);
      assert.deepEqual([end.state, end.verdict?.code], ['succeeded', 'rollout-held'], story(end));
    }
  });

  test('a pause is taken back by a resume, and a resume by a pause', async () => {
    await shop.deploy({ kind: 'Deployment', name: 'turned', image: 'web:1', replicas: 2 });
    for (const [command, back] of [
      ['kubectl rollout pause deployment/turned', /remove.*\/spec\/paused/],
      ['kubectl rollout resume deployment/turned', /add.*\/spec\/paused.*true/],
    ] as const) {
      const end = await on.run(command);
      assert.equal(end.state, 'succeeded', story(end));
      assert.match(end.spec.rollbackPlan.command ?? '', back);
    }
  });
});
