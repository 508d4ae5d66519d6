// The official clients of Go (JSON and protobuf), Python and JavaScript as an agent's programs, unchanged, through the proxy on a real
// control plane: they read and watch, write at once, wait for people, and are told why not.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { ensureBuilt } from '../servers/build.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { until } from '../support/cluster-under-test.ts';
import { type GateInPath, installProxyRoles, openGateInPath } from '../support/gate-in-path.ts';
import { pythonWith } from '../support/python.ts';

const run = promisify(execFile);
const PROGRAMS = join(import.meta.dirname, 'clients');
const NAMESPACE = 'dev';

/** What a program prints: the object that it has got, or the Status. */
interface Outcome {
  readonly name?: string;
  readonly replicas?: number;
  readonly count?: number;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
}

/** Each program and its words; they go on with namespace, verb, name and argument. */
const CLIENTS: { readonly [client: string]: () => Promise<readonly [program: string, ...words: readonly string[]]> } = {
  'go-json': async () => [(await ensureBuilt(['go-client']))['go-client'].executable, 'act', 'json'],
  'go-protobuf': async () => [(await ensureBuilt(['go-client']))['go-client'].executable, 'act', 'protobuf'],
  python: async () => [await pythonWith(join(PROGRAMS, 'requirements.txt')), join(PROGRAMS, 'act.py')],
  javascript: async () => [process.execPath, join(PROGRAMS, 'act.ts')],
};

const deployment = (name: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: NAMESPACE },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'registry.example/main:1' }] },
    },
  },
});

const configMap = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: NAMESPACE },
});

describe('official clients through the proxy', () => {
  let plane: ControlPlane;
  let path: GateInPath;

  const admin = async (method: string, url: string, body?: unknown): Promise<unknown> => {
    const answer = await plane.request('admin', method, url, body);
    assert.ok(answer.status < 300, `${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const deployments = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
  const configMaps = `/api/v1/namespaces/${NAMESPACE}/configmaps`;

  before(async () => {
    plane = await startControlPlane();
    await installProxyRoles(plane);
    await admin('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    for (const name of Object.keys(CLIENTS)) {
      await admin('POST', deployments, deployment(`of-${name}`));
      for (const map of ['patched', 'dropped']) await admin('POST', configMaps, configMap(`${map}-${name}`));
    }
    await until('the deployments are ready', async () => {
      // as: a DeploymentList of apps/v1.
      const { items } = (await admin('GET', deployments)) as {
        readonly items: readonly { readonly status: { readonly readyReplicas?: number } }[];
      };
      return items.every(({ status }) => status.readyReplicas === 2);
    });
    path = await openGateInPath(plane, { BLASTGATE_PROXY_WAIT: '60' });
  });
  after(async () => {
    await path?.close();
    await plane?.stop();
  });

  const actOnce = async (client: string, incident: string, ...words: readonly string[]): Promise<Outcome> => {
    const [program, ...before] = (await CLIENTS[client]?.()) ?? assert.fail(client);
    const { stdout } = await run(program, [...before, NAMESPACE, ...words], {
      env: { PATH: process.env['PATH'], HOME: path.folder, KUBECONFIG: await path.kubeconfigOf('healer', incident) },
      timeout: 90_000,
    });
    // as: the programs write it so.
    return JSON.parse(stdout) as Outcome;
  };

  const dataOf = async (name: string): Promise<unknown> =>
    // as: a ConfigMap.
    ((await admin('GET', `${configMaps}/${name}`)) as { readonly data: unknown }).data;

  /** client-go asks again by itself after a 429; the others leave that to their program. */
  const act = async (...acting: Parameters<typeof actOnce>): Promise<Outcome> => {
    for (let tries = 1; ; tries++) {
      const outcome = await actOnce(...acting);
      if (outcome.code !== 429 || tries === 10) return outcome;
    }
  };

  interface Proposal {
    readonly id: string;
    readonly state: string;
    readonly tier: string;
    readonly digest: string;
  }
  const proposalsOf = async (incident: string): Promise<readonly Proposal[]> =>
    (await path.ask('ana', 'GET', `/v1/proposals?incident=${incident}`)).body.proposals;

  /** As many people as it takes, or one who says no, as soon as the newest proposal of the incident waits. */
  const decide = async (incident: string, decision: 'approve' | 'reject'): Promise<void> => {
    const { id, digest, tier } = await until(
      `something waits for ${incident}`,
      async () => (await proposalsOf(incident)).find(({ state }) => state === 'awaiting-approval') ?? null,
    );
    for (const person of decision === 'approve' && tier === 'dual' ? ['bob', 'cho'] : ['bob']) {
      const { status, body } = await path.ask(person, 'POST', `/v1/proposals/${id}/votes`, {
        decision,
        digest,
        reason: 'as a test',
      });
      assert.equal(status, 200, JSON.stringify(body));
    }
  };

  /** An act that waits, and people who decide meanwhile; one proposal came of it. */
  const decided = async (
    client: string,
    decision: 'approve' | 'reject',
    ...words: readonly string[]
  ): Promise<Outcome> => {
    const incident = `${client}-${words[0] ?? ''}`;
    const acting = act(client, incident, ...words);
    // whoever is turned away at once says why, rather than that nothing ever waited
    const outcome = await Promise.race([acting, decide(incident, decision).then(() => acting)]);
    assert.equal((await proposalsOf(incident)).length, 1, incident);
    return outcome;
  };

  describe('each on its own objects', { concurrency: 2 }, () => {
    for (const client of Object.keys(CLIENTS))
      test(client, async () => {
        const [own, greeting] = [`of-${client}`, `greeting-${client}`];
        const [patched, dropped] = [`patched-${client}`, `dropped-${client}`];
        assert.deepEqual(await act(client, `${client}-reads`, 'get', own, ''), { name: own, replicas: 2 });
        assert.ok(((await act(client, `${client}-reads`, 'list', '', '')).count ?? 0) >= 1);
        const secrets = await act(client, `${client}-reads`, 'secrets', '', '');
        assert.equal(secrets.code, 403, JSON.stringify(secrets));

        // at once
        assert.deepEqual(await act(client, `${client}-note`, 'note', own, 'seen'), { name: own });
        const [noted] = await proposalsOf(`${client}-note`);
        assert.equal(noted?.tier, 'auto');

        // by people, in time; a watch sees it
        const watched = act(client, `${client}-reads`, 'watch', greeting, '');
        assert.deepEqual(await decided(client, 'approve', 'create', greeting, 'hello'), { name: greeting });
        assert.deepEqual(await watched, { name: greeting });
        assert.deepEqual(await dataOf(greeting), { greeting: 'hello' });
        assert.deepEqual(await decided(client, 'approve', 'patch', patched, 'good day'), { name: patched });
        assert.deepEqual(await dataOf(patched), { greeting: 'good day' });
        assert.deepEqual(await decided(client, 'approve', 'delete', dropped, ''), { name: dropped });
        assert.equal((await plane.request('admin', 'GET', `${configMaps}/${dropped}`)).status, 404);

        // what people refuse
        const refused = await decided(client, 'reject', 'scale', own, '9');
        assert.equal(refused.code, 403, JSON.stringify(refused));
        assert.match(refused.message ?? '', /reject/);
        assert.equal((await act(client, `${client}-reads`, 'get', own, '')).replicas, 2);

        // what the API server refuses
        const again = await act(client, `${client}-again`, 'create', greeting, 'hello');
        assert.deepEqual([again.code, again.reason], [409, 'AlreadyExists'], JSON.stringify(again));
      });
  });
});
