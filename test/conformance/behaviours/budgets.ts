// Behaviours of a cluster: disruption budgets and evictions.
import assert from 'node:assert/strict';
import { type Behaviour, ok, pod, refused } from '../behaviour.ts';
import type { Json } from '../client.ts';
import { condition, rolledOut } from '../rollout.ts';

function budget(name: string, app: string, spec: Json): Json {
  return { kind: 'PodDisruptionBudget', metadata: { name }, spec: { selector: { matchLabels: { app } }, ...spec } };
}

function eviction(name: string, more: Json = {}): Json {
  return { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, ...more };
}

export const BUDGETS: readonly Behaviour[] = [
  {
    area: 'budgets',
    name: 'a budget counts its healthy pods and says how many may go',
    check: async (scene) => {
      await rolledOut(scene, 'web', { replicas: 3 });
      const table: readonly (readonly [Json, readonly number[]])[] = [
        [{ minAvailable: 2 }, [1, 3, 2, 3]],
        [{ minAvailable: '50%' }, [1, 3, 2, 3]],
        [{ maxUnavailable: 1 }, [1, 3, 2, 3]],
        [{ maxUnavailable: '34%' }, [2, 3, 1, 3]],
        [{ minAvailable: 3 }, [0, 3, 3, 3]],
      ];
      for (const [at, [spec, expected]] of table.entries()) {
        await scene.create('policy/v1', 'poddisruptionbudgets', budget(`b${at}`, 'web', spec));
        const { status } = await scene.until(
          scene.path('policy/v1', 'poddisruptionbudgets', `/b${at}`),
          (one) => one.status?.observedGeneration === 1 && one.status.currentHealthy === 3,
        );
        assert.deepEqual(
          [status.disruptionsAllowed, status.currentHealthy, status.desiredHealthy, status.expectedPods],
          expected,
          JSON.stringify(spec),
        );
        assert.equal(
          condition({ status }, 'DisruptionAllowed').status,
          status.disruptionsAllowed > 0 ? 'True' : 'False',
        );
      }
    },
  },
  {
    area: 'budgets',
    name: 'an eviction that the budget does not allow is 429 and says which budget',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      await scene.create('policy/v1', 'poddisruptionbudgets', budget('keep', 'web', { minAvailable: 2 }));
      await scene.until(
        scene.path('policy/v1', 'poddisruptionbudgets', '/keep'),
        (one) => one.status?.currentHealthy === 2,
      );
      const [first] = ok(await scene.call('GET', scene.path('v1', 'pods'))).items;
      const { name } = first.metadata;
      const answer = await scene.call('POST', scene.path('v1', 'pods', `/${name}/eviction`), { body: eviction(name) });
      refused(answer, 429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.");
      assert.deepEqual(answer.body.details, {
        causes: [
          {
            reason: 'DisruptionBudget',
            message: 'The disruption budget keep needs 2 healthy pods and has 2 currently',
          },
        ],
      });
    },
  },
  {
    area: 'budgets',
    name: 'an eviction that is allowed deletes the pod and spends the budget; a dry run does neither',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      await scene.create('policy/v1', 'poddisruptionbudgets', budget('keep', 'web', { minAvailable: 1 }));
      await scene.until(
        scene.path('policy/v1', 'poddisruptionbudgets', '/keep'),
        (one) => one.status?.disruptionsAllowed === 1,
      );
      const [first] = ok(await scene.call('GET', scene.path('v1', 'pods'))).items;
      const { name, uid } = first.metadata;
      const where = scene.path('v1', 'pods', `/${name}/eviction`);
      ok(await scene.call('POST', where, { body: eviction(name, { deleteOptions: { dryRun: ['All'] } }) }), 201);
      assert.equal(
        ok(await scene.call('GET', scene.path('v1', 'pods', `/${name}`))).metadata.deletionTimestamp,
        undefined,
      );
      const done = ok(await scene.call('POST', where, { body: eviction(name) }), 201);
      assert.deepEqual([done.kind, done.status], ['Status', 'Success']);
      await scene.until(
        scene.path('v1', 'pods'),
        ({ items }) => items.length === 2 && items.every((one: Json) => one.metadata.uid !== uid),
      );
    },
  },
  {
    area: 'budgets',
    name: 'without a budget every pod may be evicted, and a pod that is not there is NotFound',
    check: async ({ create, call, path, until }) => {
      await create('v1', 'pods', pod('lone'));
      await until(path('v1', 'pods', '/lone'), (one) => one.status.phase === 'Running');
      ok(await call('POST', path('v1', 'pods', '/lone/eviction'), { body: eviction('lone') }), 201);
      await until(path('v1', 'pods', '/lone'), (one) => one.code === 404);
      refused(
        await call('POST', path('v1', 'pods', '/lone/eviction'), { body: eviction('lone') }),
        404,
        'NotFound',
        'pods "lone" not found',
      );
    },
  },
  {
    area: 'budgets',
    name: 'two budgets over one pod stop its eviction',
    check: async (scene) => {
      await rolledOut(scene, 'web');
      for (const name of ['one', 'two']) {
        await scene.create('policy/v1', 'poddisruptionbudgets', budget(name, 'web', { minAvailable: 1 }));
        await scene.until(
          scene.path('policy/v1', 'poddisruptionbudgets', `/${name}`),
          (one) => one.status?.disruptionsAllowed === 1,
        );
      }
      const [first] = ok(await scene.call('GET', scene.path('v1', 'pods'))).items;
      const { name } = first.metadata;
      const answer = await scene.call('POST', scene.path('v1', 'pods', `/${name}/eviction`), { body: eviction(name) });
      assert.equal(answer.status, 500, JSON.stringify(answer.body));
      assert.equal(
        answer.body.message,
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      );
    },
  },
];
