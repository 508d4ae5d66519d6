// One gate for several clusters: each has its own reader, writer, budget, breaker and workers over one store.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { verifyTrail } from '../../src/core/remediation/replay.ts';
import { DEFAULT_TUNING } from '../../src/doors/compose/tuning.ts';
import { composeGate, type RunningGate } from '../../src/doors/compose.ts';
import { newCast } from '../../src/doors/demo/cast.ts';
import { readSettings } from '../../src/doors/settings.ts';
import { type SandboxCluster, startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { kubeconfigFor } from '../../src/sandbox/cluster/kubeconfig.ts';
import { memoryLog } from '../fakes/log.ts';

const NEVER = new AbortController().signal;
const TUNING = { ...DEFAULT_TUNING, verdictRule: { settleSeconds: 1, certainAfterSeconds: 1 } };

interface Answer {
  readonly status: number;
  readonly body: { readonly [key: string]: unknown };
}

const fieldOf = ({ body }: Answer, name: string): string => String(body[name]);

test('two names of one cluster start no gate: an agent would choose the one with the lower class', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-twins-'));
  const cluster = await startSandboxCluster();
  const [people, data, clusters, config] = ['people.yaml', 'data', 'clusters.yaml', 'config'].map((name) =>
    join(folder, name),
  );
  assert.ok(people && data && clusters && config);
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(people, newCast().peopleYaml);
  writeFileSync(config, cluster.kubeconfig());
  const rows = ['eu-1', 'eu-old'].map((name) => `  - { name: ${name}, kubeconfig: "${config}" }`);
  writeFileSync(clusters, `clusters:\n${rows.join('\n')}\n`);
  const read = readSettings({
    BLASTGATE_DATA: data,
    BLASTGATE_LISTEN: '127.0.0.1:0',
    BLASTGATE_PEOPLE: people,
    BLASTGATE_CLUSTERS: clusters,
  });
  assert.ok(read.ok);
  await assert.rejects(
    composeGate(read.settings, TUNING, memoryLog()),
    /eu-1 and eu-old of BLASTGATE_CLUSTERS are one cluster/,
  );
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

describe('one gate for several clusters', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-clusters-'));
  const { peopleYaml, tokens } = newCast();
  const log = memoryLog();
  let [eu, us]: SandboxCluster[] = [];
  /** Takes connections and never answers. */
  let silent: Server;
  const sockets = new Set<Socket>();
  let gate: RunningGate;

  const kubeconfig = (name: string, text: string): string => {
    const path = join(folder, `${name}.kubeconfig`);
    writeFileSync(path, text);
    return path;
  };

  before(async () => {
    [eu, us] = await Promise.all([startSandboxCluster({ speed: 20 }), startSandboxCluster({ speed: 20 })]);
    silent = createServer((socket) => void sockets.add(socket));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as { readonly port: number };
    assert.ok(eu && us);
    const entries = {
      'eu-1': kubeconfig('eu-1', eu.kubeconfig()),
      'us-1': kubeconfig('us-1', us.kubeconfig()),
      dead: kubeconfig('dead', kubeconfigFor(`http://127.0.0.1:${port}`, null, 'default')),
    };
    const file = join(folder, 'clusters.yaml');
    const sale =
      '{ name: us sale, from: "2020-01-01T00:00", to: "2099-01-01T00:00", timezone: UTC, namespaces: [production] }';
    const more = (name: string): string => (name === 'us-1' ? `, freezes: [${sale}]` : '');
    const lines = Object.entries(entries).map(
      ([name, path]) => `  - { name: ${name}, kubeconfig: "${path}"${more(name)} }`,
    );
    writeFileSync(file, `clusters:\n${lines.join('\n')}\n`);
    const [people, data, policy] = ['people.yaml', 'data', 'policy.yaml'].map((name) => join(folder, name));
    assert.ok(people && data && policy);
    const shipped = readFileSync(new URL('../../policy/default.yaml', import.meta.url), 'utf8');
    writeFileSync(policy, shipped.replace(/^( +failures:) \d+$/m, '$1 1'));
    writeFileSync(people, peopleYaml);
    mkdirSync(data, { mode: 0o700 });
    const read = readSettings({
      BLASTGATE_DATA: data,
      BLASTGATE_LISTEN: '127.0.0.1:0',
      BLASTGATE_PEOPLE: people,
      BLASTGATE_CLUSTERS: file,
      BLASTGATE_POLICY: policy,
    });
    assert.ok(read.ok, JSON.stringify(read));
    gate = await composeGate(read.settings, TUNING, log);
  });

  after(async () => {
    await gate.stop();
    await Promise.all([eu?.stop(), us?.stop()]);
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => silent.close(done));
    rmSync(folder, { recursive: true, force: true });
  });

  const call = async (who: keyof typeof tokens, method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await fetch(`${gate.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  };

  const proposeOn = (cluster: string | null, incident: string, command: string): Promise<Answer> =>
    call('healer', 'POST', '/proposals', { incident, command, ...(cluster === null ? {} : { cluster }) });

  const approve = async (proposal: Answer): Promise<void> => {
    const digest = (proposal.body['spec'] as { readonly digest: string }).digest;
    for (const who of ['ben', 'mei'] as const) {
      const { status } = await call(who, 'POST', `/proposals/${fieldOf(proposal, 'id')}/votes`, {
        decision: 'approve',
        digest,
      });
      if (status === 409) return;
    }
  };

  const until = async (id: string, states: readonly string[]): Promise<string> => {
    for (let tries = 0; tries < 600; tries += 1) {
      const state = fieldOf(await call('ana', 'GET', `/proposals/${id}`), 'state');
      if (states.includes(state)) return state;
      await pause(100);
    }
    throw new Error(`${id} was never ${states.join(' or ')}`);
  };
  const ENDS = ['succeeded', 'rolled-back', 'failed', 'stale', 'handed-over', 'rollback-failed', 'expired'];

  test('a proposal says which cluster it is for, in words that help', async () => {
    const none = await proposeOn(null, 'INC-1', 'kubectl scale deployment web -n shop --replicas=4');
    assert.deepEqual([none.status, none.body['code']], [422, 'cluster-required']);
    assert.match(fieldOf(none, 'detail'), /eu-1, us-1, dead/);
    const other = await proposeOn('asia', 'INC-1', 'kubectl scale deployment web -n shop --replicas=4');
    assert.deepEqual([other.status, other.body['code']], [422, 'unknown-cluster']);
  });

  test('a freeze of one cluster holds what is written to it, and nothing of another', async () => {
    const command = 'kubectl scale deployment web -n production --replicas=4';
    const held = await proposeOn('us-1', 'INC-9', command);
    const free = await proposeOn('eu-1', 'INC-9', command);
    await approve(held);
    await approve(free);
    assert.equal(await until(fieldOf(free, 'id'), ENDS), 'succeeded');
    const shown = await call('ana', 'GET', `/proposals/${fieldOf(held, 'id')}`);
    assert.equal(shown.body['state'], 'approved');
    assert.equal((shown.body['frozen'] as { readonly name: string }).name, 'us sale');
    assert.equal(us?.writes().filter(({ dryRun, path }) => !dryRun && /production.*web\/scale$/.test(path)).length, 0);
  });

  test('the same command on two clusters is two changes, each in its own', async () => {
    const command = 'kubectl scale deployment web -n shop --replicas=4';
    const proposals = await Promise.all([proposeOn('eu-1', 'INC-2', command), proposeOn('us-1', 'INC-2', command)]);
    const specs = proposals.map(
      ({ body }) => body['spec'] as { digest: string; cluster: { name: string; uid: string } },
    );
    assert.deepEqual(
      specs.map(({ cluster }) => cluster.name),
      ['eu-1', 'us-1'],
    );
    assert.equal(new Set(specs.map(({ digest }) => digest)).size, 2);
    await Promise.all(proposals.map(approve));
    for (const proposal of proposals) assert.equal(await until(fieldOf(proposal, 'id'), ENDS), 'succeeded');
    for (const cluster of [eu, us])
      assert.equal(cluster?.writes().filter(({ dryRun, path }) => !dryRun && /shop.*web\/scale$/.test(path)).length, 1);
  });

  test('a dead cluster slows no other', async () => {
    const hung = Array.from({ length: 8 }, (_, n) =>
      proposeOn('dead', `INC-3-${n}`, `kubectl delete pod web-${n} -n shop`),
    );
    const answered: string[] = [];
    for (const one of hung) void one.then(() => answered.push('dead'));
    const alive = await proposeOn('eu-1', 'INC-4', 'kubectl scale deployment web -n shop --replicas=5');
    await approve(alive);
    assert.equal(await until(fieldOf(alive, 'id'), ENDS), 'succeeded');
    assert.deepEqual(answered, [], 'the others were still being looked at');
    for (const { body, status } of await Promise.all(hung))
      assert.ok(status === 201 || body['code'] === 'hard-rule-undecided' || status === 422, JSON.stringify(body));
  });

  const pauses = async (): Promise<number> =>
    ((await call('ana', 'GET', '/audit?event=paused')).body['lines'] as readonly unknown[]).length;

  test('the breaker of one cluster pauses that one alone, and a person resumes it', async () => {
    const bad = await proposeOn('us-1', 'INC-5', 'kubectl set image deployment/web web=nowhere/missing:1 -n shop');
    await approve(bad);
    await until(fieldOf(bad, 'id'), ENDS);
    // The end is kept first, and the pause by a step of its own.
    for (let tries = 0; tries < 600 && (await pauses()) === 0; tries += 1) await pause(50);
    const refused = await proposeOn('us-1', 'INC-6', 'kubectl scale deployment web -n shop --replicas=3');
    assert.deepEqual([refused.status, refused.body['code']], [409, 'paused']);
    assert.match(String(refused.body['detail']), /\(us-1\)/);
    const taken = await proposeOn('eu-1', 'INC-6', 'kubectl scale deployment web -n shop --replicas=3');
    assert.equal(taken.status, 201, JSON.stringify(taken.body));
    const resumed = await call('ana', 'POST', '/resume', { cluster: 'us-1' });
    assert.equal(resumed.status, 200);
    assert.equal((await proposeOn('us-1', 'INC-7', 'kubectl scale deployment web -n shop --replicas=3')).status, 201);
  });

  test('what is kept is what the trail says, and each knowledge is told by its cluster', async () => {
    const lines = await gate.gate.store.trail.lines(0, 10_000, NEVER);
    const { head, kept, derived } = await gate.gate.store.trail.snapshot(NEVER);
    assert.ok(derived);
    assert.deepEqual(verifyTrail({ lines, head, kept, derived, known: [], hashOf: hashOfLine }), []);
    const metrics = await (await fetch(`${gate.url}/metrics`)).text();
    for (const name of ['eu-1', 'us-1', 'dead'])
      assert.match(metrics, new RegExp(`blastgate_knowledge_age_seconds\\{cluster="${name}",kind="pods"\\}`));
  });
});
