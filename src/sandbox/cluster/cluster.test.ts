// What the sandbox adds to Kubernetes for tests and the demo: faults, the record of writes, speed, a clock moved by hand, a
// token, and 501 for what it does not know. What it shares with Kubernetes is shown by test/conformance.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from './clock.ts';
import { type SandboxCluster, type SandboxOptions, startSandboxCluster } from './cluster.ts';
import { bare } from './seed.ts';

async function withCluster(options: SandboxOptions, check: (cluster: SandboxCluster) => Promise<void>): Promise<void> {
  const cluster = await startSandboxCluster({ speed: 100, ...options });
  try {
    await check(cluster);
  } finally {
    await cluster.stop();
  }
}

const WEB = '/apis/apps/v1/namespaces/shop/deployments/web';

async function get(cluster: SandboxCluster, path: string): Promise<Record<string, never>> {
  const answer = await fetch(cluster.url + path);
  return (await answer.json()) as Record<string, never>;
}

function scale(cluster: SandboxCluster, replicas: number, query = ''): Promise<Response> {
  return fetch(`${cluster.url}${WEB}/scale${query}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json', 'user-agent': 'tester/1' },
    body: JSON.stringify({ spec: { replicas } }),
  });
}

async function replicasOf(cluster: SandboxCluster): Promise<number> {
  const body = (await get(cluster, WEB)) as unknown as { readonly spec: { readonly replicas: number } };
  return body.spec.replicas;
}

test('the record of writes says who wrote what, how, and how it ended', () =>
  withCluster({}, async (cluster) => {
    await scale(cluster, 5, '?fieldManager=gate&dryRun=All');
    await scale(cluster, 4, '?fieldManager=gate');
    await scale(cluster, -1);
    await get(cluster, WEB);
    const told = cluster
      .writes()
      .map(({ seq, method, verb, resource, subresource, namespace, name, dryRun, fieldManager, userAgent, code }) => [
        seq,
        method,
        `${verb} ${namespace}/${resource}/${name}/${subresource}`,
        dryRun,
        fieldManager,
        userAgent,
        code,
      ]);
    assert.deepEqual(told, [
      [1, 'PATCH', 'patch shop/deployments/web/scale', true, 'gate', 'tester/1', 200],
      [2, 'PATCH', 'patch shop/deployments/web/scale', false, 'gate', 'tester/1', 200],
      [3, 'PATCH', 'patch shop/deployments/web/scale', false, null, 'tester/1', 422],
    ]);
    assert.equal(await replicasOf(cluster), 4);
  }));

test('a refused fault is answered and not carried out, as often as it is asked for', () =>
  withCluster({}, async (cluster) => {
    cluster.inject({
      method: 'PATCH',
      path: '/web/scale',
      times: 2,
      fault: { kind: 'status', code: 429, retryAfterSeconds: 3 },
    });
    const first = await scale(cluster, 7);
    assert.deepEqual([first.status, first.headers.get('retry-after')], [429, '3']);
    assert.equal((await scale(cluster, 7)).status, 429);
    assert.equal(await replicasOf(cluster), 3);
    assert.equal((await scale(cluster, 7)).status, 200);
    assert.equal(await replicasOf(cluster), 7);
  }));

test('a dropped connection says nothing, whether the write was carried out or not', () =>
  withCluster({}, async (cluster) => {
    cluster.inject({ method: 'PATCH', fault: { kind: 'drop-before' } });
    await assert.rejects(scale(cluster, 8));
    assert.deepEqual([await replicasOf(cluster), cluster.writes().length], [3, 0]);
    cluster.inject({ method: 'PATCH', skip: 1, fault: { kind: 'drop-after' } });
    assert.equal((await scale(cluster, 6)).status, 200);
    await assert.rejects(scale(cluster, 9));
    assert.deepEqual([await replicasOf(cluster), cluster.writes().length], [9, 2]);
  }));

test('another process asks for faults and reads the writes over HTTP', () =>
  withCluster({}, async (cluster) => {
    const ask = (body: unknown): Promise<Response> =>
      fetch(`${cluster.url}/sandbox/faults`, { method: 'POST', body: JSON.stringify(body) });
    assert.equal((await ask({ fault: { kind: 'nonsense' } })).status, 400);
    assert.equal((await ask({ method: 'PATCH', fault: { kind: 'status', code: 500 } })).status, 200);
    assert.equal((await scale(cluster, 1)).status, 500);
    await scale(cluster, 1);
    const writes = (await get(cluster, '/sandbox/writes')) as unknown as readonly { readonly code: number }[];
    assert.deepEqual(
      writes.map((one) => one.code),
      [200],
    );
  }));

test('with a token, only the health checks are open', () =>
  withCluster({ token: 'open-sesame', seed: bare }, async (cluster) => {
    const status = async (path: string, headers: Record<string, string>): Promise<number> =>
      (await fetch(cluster.url + path, { headers })).status;
    const right = { authorization: 'Bearer open-sesame' };
    assert.equal(await status('/readyz', {}), 200);
    for (const path of ['/api/v1/nodes', '/version', '/sandbox/writes']) {
      assert.equal(await status(path, {}), 401, path);
      assert.equal(await status(path, { authorization: 'Bearer wrong' }), 401, path);
      assert.equal(await status(path, right), 200, path);
    }
    assert.match(cluster.kubeconfig(), /"token": "open-sesame"/);
  }));

test('a rollout takes its time by the clock and not by the wall', async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  await withCluster({ clock, speed: 1 }, async (cluster) => {
    const available = async (): Promise<number> => {
      const body = (await get(cluster, WEB)) as unknown as { readonly status: { readonly availableReplicas: number } };
      return body.status.availableReplicas;
    };
    await scale(cluster, 4);
    cluster.settle();
    assert.equal(await available(), 3);
    clock.advance(1000, cluster.settle);
    assert.equal(await available(), 3);
    clock.advance(1000, cluster.settle);
    assert.equal(await available(), 4);
  });
});

test('what is forgotten is told as 410, in a watch and in a list that goes on', () =>
  withCluster({}, async (cluster) => {
    const path = '/api/v1/pods?limit=2';
    const page = (await get(cluster, path)) as unknown as {
      readonly metadata: { readonly continue: string; readonly resourceVersion: string };
    };
    cluster.compact();
    await scale(cluster, 4);
    cluster.compact();
    const next = await fetch(`${cluster.url}${path}&continue=${encodeURIComponent(page.metadata.continue)}`);
    assert.equal(next.status, 410);
    const watch = await fetch(`${cluster.url}/api/v1/pods?watch=1&resourceVersion=${page.metadata.resourceVersion}`);
    const event = JSON.parse(await watch.text()) as {
      readonly type: string;
      readonly object: { readonly code: number };
    };
    assert.deepEqual([event.type, event.object.code], ['ERROR', 410]);
  }));

const UNKNOWN: readonly (readonly [string, string, string])[] = [
  ['GET', '/apis/scheduling.k8s.io/v1/priorityclasses', 'GET of priorityclasses.scheduling.k8s.io in version v1'],
  ['POST', '/apis/batch/v1/namespaces/shop/cronjobs', 'POST of cronjobs.batch in version v1'],
  ['POST', '/api/v1/namespaces/shop/pods/debug-shell/attach', 'POST of pods/attach'],
  ['POST', '/api/v1/namespaces/shop/serviceaccounts/default/token', 'POST of serviceaccounts/token'],
];

test('what Kubernetes has and the sandbox has not is 501 by name', () =>
  withCluster({}, async (cluster) => {
    for (const [method, path, what] of UNKNOWN) {
      const answer = await fetch(cluster.url + path, { method });
      const body = (await answer.json()) as { readonly message: string; readonly reason: string };
      assert.deepEqual(
        [answer.status, body.reason, body.message],
        [501, 'NotImplemented', `the sandbox cluster does not implement ${what}`],
      );
    }
    assert.equal(cluster.writes().length, 0);
  }));

test('two sandboxes are two clusters', () =>
  withCluster({ seed: bare }, (one) =>
    withCluster({ seed: bare }, async (other) => {
      const uid = async (cluster: SandboxCluster): Promise<string> => {
        const body = (await get(cluster, '/api/v1/namespaces/kube-system')) as unknown as {
          readonly metadata: { readonly uid: string };
        };
        return body.metadata.uid;
      };
      assert.notEqual(await uid(one), await uid(other));
      assert.equal(await uid(one), await uid(one));
    }),
  ));

test('bodies that are too large or no JSON are refused', () =>
  withCluster({ seed: bare }, async (cluster) => {
    const post = (body: string): Promise<Response> =>
      fetch(`${cluster.url}/api/v1/namespaces/default/configmaps`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
    assert.equal((await post('{')).status, 400);
    assert.equal((await post('[1]')).status, 400);
    assert.equal((await post(JSON.stringify({ data: { a: 'x'.repeat(3_200_000) } }))).status, 413);
  }));
