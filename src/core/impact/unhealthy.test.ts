// Which of the objects that are about to be written to are not healthy now.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Effect } from '../model/effect.ts';
import type { TargetFact } from '../model/facts.ts';
import type { PodFact, ServiceFact, WorkloadFact } from '../model/neighbourhood.ts';
import { unhealthyNow } from './unhealthy.ts';

const named = (group: string, resource: string, name: string) =>
  // as: what is asked of an effect and of a fact here is where their object is.
  ({
    group,
    resource,
    namespace: 'shop',
    name,
    uid: name,
    kind: 'patch',
    verb: 'patch',
    change: { to: 'other' },
  }) as unknown as Effect & TargetFact;
const [web, api, pod, front] = [
  named('apps', 'deployments', 'web'),
  named('apps', 'deployments', 'api'),
  named('', 'pods', 'web-1'),
  named('', 'services', 'front'),
];
const all = [web, api, pod, front];
const workload = (uid: string, replicas: number | null, ready: number) => ({ uid, replicas, ready }) as WorkloadFact;
const podIs = (ready: boolean, finished: boolean) => ({ uid: 'web-1', ready, finished }) as PodFact;
const service = (ready: number, selector: ServiceFact['selector']) =>
  ({ uid: 'front', ready, selector }) as ServiceFact;
const NONE = { workloads: [], pods: [], services: [] };

test('a workload that lacks ready pods, a pod that is not ready, a service without endpoints', () => {
  const now = (around: Partial<Parameters<typeof unhealthyNow>[2]>) => unhealthyNow(all, all, { ...NONE, ...around });
  assert.deepEqual(now({ workloads: [workload('web', 3, 2), workload('api', 2, 2)] }), ['deployment/web -n shop']);
  assert.deepEqual(now({ workloads: [workload('web', null, 0), workload('api', 0, 0)] }), []);
  assert.deepEqual(now({ workloads: [workload('other', 3, 0)] }), [], 'a neighbour is no target');
  assert.deepEqual(now({ pods: [podIs(false, false)] }), ['pod/web-1 -n shop']);
  assert.deepEqual(now({ pods: [podIs(false, true)] }), [], 'what is done need not be ready');
  assert.deepEqual(now({ pods: [podIs(true, false)] }), []);
  assert.deepEqual(now({ services: [service(0, [])] }), ['service/front -n shop']);
  assert.deepEqual(now({ services: [service(0, null)] }), [], 'nobody keeps its endpoints here');
  assert.deepEqual(now({ services: [service(1, [])] }), []);
});

test('what is only read is not judged', () => {
  const reading = { ...web, kind: 'read', verb: 'get' } as Effect & TargetFact;
  assert.deepEqual(unhealthyNow([reading], [web], { ...NONE, workloads: [workload('web', 3, 0)] }), []);
});
