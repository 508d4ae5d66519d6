// What the cluster cache must do, whichever API server answers: know what lists know, through changes and cut lines.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ClusterCache, createClusterCache } from '../../src/adapters/cluster/cache/cluster-cache.ts';
import { type ClusterClient, type ClusterRequest, openCluster } from '../../src/adapters/cluster/client.ts';
import { createClusterReader } from '../../src/adapters/cluster/reader.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { understand } from '../../src/core/command/understand.ts';
import type { ClusterFacts } from '../../src/ports/cluster-reader.ts';
import { type Call, Neighbourhood, signal, until } from '../support/cluster-under-test.ts';
import { type Line, openLine } from '../support/line.ts';

export interface ServerUnderTest {
  readonly call: Call;
  /** Where it listens: 127.0.0.1 and this port. */
  readonly port: number;
  /** A kubeconfig that reaches it through another port of loopback. */
  readonly kubeconfigThrough: (port: number) => string;
  readonly stop: () => Promise<void>;
}

/** A client whose requests are counted and can be changed on their way. */
const tapped = (client: ClusterClient) => {
  const asked: ClusterRequest[] = [];
  let change = (request: ClusterRequest): ClusterRequest => request;
  const tap = (request: ClusterRequest): ClusterRequest => {
    asked.push(request);
    return change(request);
  };
  return {
    client: {
      ...client,
      send: (request, aborted) => client.send(tap(request), aborted),
      watch: (request, aborted) => client.watch(tap(request), aborted),
    } satisfies ClusterClient,
    lists: (path: string): number =>
      asked.filter((one) => one.path === path && one.query['watch'] === undefined).length,
    watches: (path: string): number => asked.filter((one) => one.path === path && one.query['watch'] === '1').length,
    changeNext: (path: string, how: (request: ClusterRequest) => ClusterRequest): void => {
      change = (request) => {
        if (request.path !== path || request.query['watch'] === undefined) return request;
        change = (one) => one;
        return how(request);
      };
    },
  };
};

const effectsOf = (command: string, namespace: string) =>
  understand(
    { kind: 'line', line: command },
    { namespace, files: new Map(), customResources: [], readDocuments },
  ).parts.flatMap(({ effects }) => effects);

const PODS = '/api/v1/pods';
let made = 0;

/** Registers the suite; `start` opens the server once for all tests. */
export const cacheContract = (name: string, start: () => Promise<ServerUnderTest>): void => {
  describe(`cache contract: ${name}`, () => {
    let under: ServerUnderTest;
    let shop: Neighbourhood;
    let line: Line;
    let tap: ReturnType<typeof tapped>;
    let cache: ClusterCache;
    const ending = new AbortController();
    before(async () => {
      under = await start();
      line = await openLine(under.port);
      tap = tapped(await openCluster({ kubeconfig: under.kubeconfigThrough(line.port), serviceHost: null }));
      cache = createClusterCache(tap.client, systemClock, { maxAgeSeconds: 12 }, () => undefined);
      void cache.run(ending.signal);
      made += 1;
      shop = new Neighbourhood(under.call, `cache-${process.pid}-${made}`);
      await shop.open();
      await prepare(shop);
    });
    after(async () => {
      ending.abort();
      await line?.close();
      await under?.stop();
    });

    const facts = (command: string, known: 'cache' | 'lists'): Promise<ClusterFacts> =>
      createClusterReader(tap.client, ...(known === 'cache' ? [cache] : [])).readFacts(
        effectsOf(command, shop.namespace),
        signal(),
      );
    const plain = ({ neighbourhood, missing }: ClusterFacts): object => ({ ...neighbourhood, ageSeconds: 0, missing });
    const agree = (command: string): Promise<unknown> =>
      until(`cache and lists agree on ${command}`, async () => {
        const [kept, read] = [plain(await facts(command, 'cache')), plain(await facts(command, 'lists'))];
        return JSON.stringify(kept) === JSON.stringify(read) ? kept : null;
      });

    const COMMANDS = [
      'kubectl scale deployment web --replicas=0',
      'kubectl rollout restart deployment web',
      'kubectl delete pod -l app=web',
      'kubectl delete pod alone',
      'kubectl label pod alone app=web --overwrite',
      'kubectl drain NODE --ignore-daemonsets',
      'kubectl delete service web',
      'kubectl delete pdb web',
    ];
    for (const command of COMMANDS) {
      test(`knows around ${command} what lists know`, async () => {
        const node = (await shop.read('pods', 'alone')).spec.nodeName;
        await agree(command.replace('NODE', node));
      });
    }

    test('knows what changes: pods that come and go, endpoints, budgets', async () => {
      await shop.patch('deployments', 'web', { spec: { replicas: 4 } });
      await shop.atRest('deployments', 'web');
      await until('the service with four endpoints', async () => {
        const { neighbourhood } = await facts('kubectl rollout restart deployment web', 'cache');
        const [service, budget] = [neighbourhood.services[0], neighbourhood.budgets[0]];
        return neighbourhood.pods.length === 4 && service?.ready === 4 && budget?.disruptionsAllowed === 2;
      });
      await agree('kubectl rollout restart deployment web');
    });

    test('says what a pod asks for, who brings it back, and that nobody brings back a bare one', async () => {
      const { neighbourhood } = await facts('kubectl delete pod -l app=web', 'cache');
      assert.ok(neighbourhood.pods.every(({ requests, workload }) => requests.cpuMillis === 100 && workload !== null));
      const [alone] = (await facts('kubectl delete pod alone', 'cache')).neighbourhood.pods;
      assert.equal(alone?.controller, null);
    });

    test('is never behind what was read directly', async () => {
      for (let replicas = 5; replicas < 9; replicas += 1) {
        await shop.patch('deployments', 'web', { spec: { replicas } });
        const { targets, neighbourhood, missing } = await facts('kubectl rollout restart deployment web', 'cache');
        assert.deepEqual(missing, []);
        assert.equal(
          neighbourhood.workloads.find(({ key }) => key.startsWith('deployments'))?.replicas,
          targets[0]?.replicas,
        );
      }
      await shop.atRest('deployments', 'web');
    });

    test('after a cut line goes on from where it stood, without a list', async () => {
      const [lists, watches] = [tap.lists(PODS), tap.watches(PODS)];
      line.cut();
      await until('the watch again', async () => tap.watches(PODS) > watches);
      await shop.patch('deployments', 'web', { spec: { replicas: 3 } });
      await shop.atRest('deployments', 'web');
      await agree('kubectl rollout restart deployment web');
      assert.equal(tap.lists(PODS), lists);
    });

    test('reads the list again when its version is too old for the server', async () => {
      const lists = tap.lists(PODS);
      tap.changeNext(PODS, (request) => ({ ...request, query: { ...request.query, resourceVersion: '1' } }));
      line.cut();
      await until('the list again', async () => tap.lists(PODS) > lists);
      await agree('kubectl rollout restart deployment web');
    });

    test('while no line opens, is asked and says what it lacks', async () => {
      line.shut();
      const { missing } = await facts('kubectl rollout restart deployment web', 'cache');
      assert.ok(missing.length > 0);
      line.open();
      await until('knowledge again', async () => {
        const again = await facts('kubectl rollout restart deployment web', 'cache');
        return again.missing.length === 0;
      });
    });
  });
};

const LABELS = { app: 'web', group: 'web-group' };

const prepare = async (shop: Neighbourhood): Promise<void> => {
  const at = (group: string, plural: string): string => `/${group}/namespaces/${shop.namespace}/${plural}`;
  await shop.ask('POST', at('api/v1', 'services'), {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  });
  await shop.ask('POST', at('apis/policy/v1', 'poddisruptionbudgets'), {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web' },
    spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } },
  });
  await shop.ask('POST', at('apis/autoscaling/v2', 'horizontalpodautoscalers'), {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 9,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    },
  });
  const containers = [{ name: 'web', image: 'web:1', resources: { requests: { cpu: '100m' } } }];
  await shop.deploy({
    kind: 'Deployment',
    name: 'web',
    image: 'web:1',
    replicas: 3,
    spec: { template: { metadata: { labels: LABELS }, spec: { containers } } },
  });
  await shop.barePod('alone');
};
