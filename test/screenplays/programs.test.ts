// A program that an agent proposes and two people approve, from the proposal to what people read of it: run once or not at all.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type ClusterClient, openCluster } from '../../src/adapters/cluster/client.ts';
import { createClusterReader } from '../../src/adapters/cluster/reader.ts';
import { createClusterWriter } from '../../src/adapters/cluster/writer.ts';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { verifyTrail } from '../../src/core/remediation/replay.ts';
import type { State } from '../../src/core/remediation/state.ts';
import { runsProgram } from '../../src/core/sealed-spec/declarative-spec.ts';
import { proposalStory } from '../../src/doors/cli/show-proposal.ts';
import { proposalView, viewContextOf } from '../../src/doors/proposal-view.ts';
import type { Gate } from '../../src/flow/gate.ts';
import { propose } from '../../src/flow/requests/propose.ts';
import { readOutput } from '../../src/flow/requests/read-output.ts';
import { recordVote } from '../../src/flow/requests/record-vote.ts';
import { run } from '../../src/flow/worker/run.ts';
import { type SandboxCluster, startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { judgingHere } from '../fakes/judging.ts';
import { until } from '../support/cluster-under-test.ts';
import { HEALER, setStage } from '../support/memory-gate.ts';
import { nextOfAll } from '../support/next-of-all.ts';

const never = new AbortController().signal;
const ENV = [
  { name: 'DB_PASSWORD', value: 'correct-horse-7' },
  { name: 'MODE', value: 'slow' },
];

describe('a program that was approved', () => {
  let sandbox: SandboxCluster;
  let client: ClusterClient;
  let folder: string;
  before(async () => {
    sandbox = await startSandboxCluster({ speed: 100 });
    folder = mkdtempSync(join(tmpdir(), 'blastgate-program-'));
    writeFileSync(join(folder, 'kubeconfig'), sandbox.kubeconfig());
    client = await openCluster({ kubeconfig: join(folder, 'kubeconfig'), serviceHost: null });
  });
  after(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  let pods = 0;
  const anyPod = async (): Promise<string> => {
    pods += 1;
    const name = `job-${pods}`;
    const pod = { metadata: { name }, spec: { containers: [{ name: 'web', image: 'web:1', env: ENV }] } };
    const path = `${sandbox.url}/api/v1/namespaces/shop/pods`;
    await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(pod) });
    for (;;) {
      // as: a Pod of core/v1.
      const found = (await (await fetch(`${path}/${name}`)).json()) as {
        readonly status?: { readonly containerStatuses?: readonly { readonly ready: boolean }[] };
      };
      if (found.status?.containerStatuses?.[0]?.ready === true) return name;
    }
  };
  const runs = (): number =>
    sandbox.writes().filter(({ subresource, name }) => subresource === 'exec' && name === `job-${pods}`).length;

  /** A gate of its own over the sandbox; what is proposed in it is approved by two people. */
  const open = () => {
    const stage = setStage();
    const gate: Gate = {
      ...stage.gate,
      reader: createClusterReader(client),
      writer: createClusterWriter(client),
      judging: judgingHere(),
    };
    const id = 'p-1';
    const put = async (line: string, windowSeconds: number | null = null, incident = 'INC-1'): Promise<State> => {
      const proposal = {
        command: { kind: 'line', line },
        files: new Map<string, string>(),
        namespace: null,
        windowSeconds,
        incident,
        proposer: HEALER,
        diagnosis: null,
        mayStill: () => true,
      } as const;
      const made = await propose(gate, proposal, AbortSignal.timeout(20_000));
      assert.ok(made.ok, JSON.stringify(made));
      return made.remediation.state;
    };
    const ask = async (words: string, windowSeconds: number | null = null, incident = 'INC-1'): Promise<void> => {
      const line = `kubectl exec ${await anyPod()} -n shop -- ${words}`;
      assert.equal(await put(line, windowSeconds, incident), 'awaiting-approval');
    };
    const approve = async (proposal = id): Promise<void> => {
      const { spec } = await stage.read(proposal);
      for (const person of ['ben', 'cho']) {
        const proof = { kind: 'token' } as const;
        const vote = { proposal, person, account: person, channel: 'http', proof } as const;
        await recordVote(gate, { ...vote, decision: 'approve', digest: spec.digest, reason: null }, never);
      }
    };
    const step = async (on: Gate): Promise<void> => {
      const found = await nextOfAll(on, never);
      if (found.kind === 'step') await found.take();
    };
    const ends = async (...states: readonly State[]): Promise<State> => {
      for (let second = 0; second < 3600; second += 1) {
        const { state } = await stage.read(id);
        if (states.includes(state)) return state;
        await step(gate);
        stage.clock.pass(1);
      }
      return (await stage.read(id)).state;
    };
    const view = async () => {
      const remediation = await stage.read(id);
      const events = await gate.store.trail.eventsOf(id, never);
      return proposalView(remediation, events, viewContextOf(gate), await readOutput(gate, remediation, never));
    };
    return { stage, gate, put, ask, approve, step, ends, view, read: () => stage.read(id) };
  };
  type Opened = ReturnType<typeof open>;

  const END: readonly State[] = ['succeeded', 'failed', 'handed-over', 'stale', 'rolled-back', 'rollback-failed'];
  const whole = async ({ gate }: Opened): Promise<void> => {
    const lines = await gate.store.trail.lines(0, 10_000, never);
    const { head, kept } = await gate.store.trail.snapshot(never);
    assert.deepEqual(verifyTrail({ lines, head, kept, known: [], hashOf: hashOfLine }), []);
  };

  test('runs once, and what it printed is read with the proposal; the trail has its hash alone', async () => {
    const play = open();
    await play.ask('echo a "b  c"');
    assert.equal(runs(), 0);
    await play.approve();
    assert.equal(await play.ends(...END), 'succeeded');
    assert.equal(runs(), 1);
    const view = await play.view();
    assert.deepEqual(view.output, { stdout: 'a b  c\n', stderr: '', exitCode: 0, truncated: false });
    const { forward } = await play.read();
    assert.match(forward?.ran?.output ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.ok(!JSON.stringify(await play.gate.store.trail.lines(0, 10_000, never)).includes('a b  c\\n'));
    // as: our own answer, as JSON has it.
    const story = proposalStory(JSON.parse(JSON.stringify(view)), 'en', (text) => text);
    assert.match(story, /output of the program \(exit code 0\)\n {2}a b {2}c\n/);
    await whole(play);
  });

  test('that ends with another code than 0 has failed with it, its pod being as before', async () => {
    const play = open();
    await play.ask("sh -c 'echo no such table >&2; exit 3'");
    await play.approve();
    assert.equal(await play.ends(...END), 'failed');
    const view = await play.view();
    assert.deepEqual([view.verdict?.code, view.output?.exitCode], ['exit-code', 3]);
    assert.equal(view.output?.stderr, 'no such table\n');
    assert.match(view.why ?? '', /exit code that is not 0 \(pod\/job-\d+: 3\)/);
    const { outcomes } = await play.gate.store.history.outcomes({ limit: 9, before: null }, never);
    assert.deepEqual(
      outcomes.map(({ state, rolled_back }) => [state, rolled_back]),
      [['failed', false]],
    );
    await whole(play);
  });

  test('whose output holds a secret leaks it nowhere', async () => {
    const play = open();
    await play.ask('env');
    await play.approve();
    assert.equal(await play.ends(...END), 'succeeded');
    const { output } = await play.view();
    assert.match(output?.stdout ?? '', /^HOSTNAME=job-\d+\nDB_PASSWORD=\*\*\*\nMODE=slow\n$/);
    const texts = JSON.stringify([
      await play.view(),
      await play.gate.store.trail.lines(0, 10_000, never),
      play.stage.log.lines,
      await play.gate.store.hidden
        .reveal([(await play.read()).forward?.ran?.output ?? ''], never)
        .then((kept) => [...kept]),
    ]);
    assert.ok(!texts.includes('correct-horse-7'));
  });

  test('that was told to print a secret shows nothing of it', async () => {
    const play = open();
    await play.ask('printenv DB_PASSWORD');
    await play.approve();
    assert.equal(await play.ends(...END), 'succeeded');
    assert.deepEqual((await play.view()).output, { stdout: '***', stderr: '', exitCode: 0, truncated: false });
  });

  test('that never ends is left when its window is over: a person has it, and it is not run again', async () => {
    const play = open();
    await play.ask('sleep infinity', 5);
    await play.approve();
    assert.equal(await play.ends(...END), 'handed-over');
    assert.equal(runs(), 1);
    const { code, why, output } = await play.view();
    assert.equal(code, 'program-unanswered');
    assert.match(why ?? '', /may still run/);
    assert.equal(output, undefined);
    await whole(play);
  });

  test('whose connection ends before its answer is not run again', async () => {
    const play = open();
    await play.ask('true');
    await play.approve();
    sandbox.inject({ path: '/exec?', fault: { kind: 'drop-after' } });
    assert.equal(await play.ends(...END), 'handed-over');
    assert.equal(runs(), 1);
  });

  test('of a gate that died between intent and answer is not begun by the next one', async () => {
    const play = open();
    await play.ask('true');
    await play.approve();
    const { store } = play.gate;
    const dead: Gate = {
      ...play.gate,
      // What is dead holds no claim on.
      store: { ...store, remediations: { ...store.remediations, prolong: () => new Promise<never>(() => undefined) } },
      writer: { ...play.gate.writer, write: () => new Promise<never>(() => undefined) },
    };
    const found = await nextOfAll(dead, never);
    assert.equal(found.kind, 'step');
    if (found.kind === 'step') void found.take();
    while ((await play.read()).state !== 'executing') await new Promise((done) => setImmediate(done));
    assert.equal(await play.ends(...END), 'handed-over');
    assert.equal(runs(), 0);
    assert.equal((await play.view()).code, 'program-unanswered');
    await whole(play);
  });

  test('is stale when its container was started anew since people agreed', async () => {
    const play = open();
    await play.ask('true');
    const pod = `/api/v1/namespaces/shop/pods/job-${pods}`;
    await client.runProgram({ pod, container: 'web', argv: ['kill', '1'] }, () => undefined, AbortSignal.timeout(9000));
    await play.approve();
    assert.equal(await play.ends(...END), 'stale');
    assert.equal((await play.view()).code, 'pre-image-changed');
    assert.equal(runs(), 1, 'the one by hand');
  });

  test('that takes its own container down is for a person', async () => {
    const play = open();
    await play.ask('kill 1');
    await play.approve();
    assert.equal(await play.ends(...END), 'handed-over');
    assert.equal((await play.view()).verdict?.code, 'container-lost');
  });

  test('that runs for long takes no place from what else is due', async () => {
    const play = open();
    const { stage, gate } = play;
    const { document } = gate.policy;
    let begun = 0;
    const { promise: cut, resolve: end } = Promise.withResolvers<void>();
    const busy: Gate = {
      ...gate,
      policy: { ...gate.policy, document: { ...document, writesAtOnce: 99 } },
      writer: {
        ...gate.writer,
        write: async (permit, ...rest) => {
          if (!runsProgram(permit.spec)) return gate.writer.write(permit, ...rest);
          begun += 1;
          await cut;
          return { outcome: 'unheard', why: 'the connection was cut' };
        },
      },
    };
    const MANY = 6;
    for (let i = 1; i <= MANY; i += 1) {
      await play.ask('sleep infinity', null, `INC-${i}`);
      await play.approve(`p-${i}`);
    }
    const ending = new AbortController();
    const isSo = (what: string, look: () => Promise<boolean>): Promise<boolean> =>
      until(what, () => {
        stage.clock.pass(1);
        return look();
      });
    const running = run(busy, ending.signal);
    await isSo('all are under way', async () => begun === MANY);
    await play.put('kubectl scale deployment web -n shop --replicas=4', null, 'INC-9');
    const scaled = `p-${MANY + 1}`;
    await isSo('another is written', async () => (await stage.read(scaled)).state === 'verifying');
    end();
    await isSo('all are handed over', async () => (await stage.read('p-1')).state === 'handed-over');
    ending.abort();
    await running;
  });
});
