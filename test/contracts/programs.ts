// What running a program in a container must do, whichever API server answers: a real one and the sandbox.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ClusterClient } from '../../src/adapters/cluster/client.ts';
import { missingName } from '../../src/core/model/facts.ts';
import type { ProgramOutput } from '../../src/core/model/program-output.ts';
import type { DeclarativeSpec } from '../../src/core/sealed-spec/declarative-spec.ts';
import type { WriteAnswer } from '../../src/ports/cluster-writer.ts';
import {
  type Call,
  Neighbourhood,
  permitFor,
  portsOf,
  signal,
  until,
  watchedOf,
} from '../support/cluster-under-test.ts';

export interface ProgramsUnderTest {
  readonly client: ClusterClient;
  readonly call: Call;
  /** Ends every connection to the server. */
  readonly cut: () => void;
  /** Another client to the same cluster, of somebody who may read and run nothing; null where nobody is refused. */
  readonly stranger: ClusterClient | null;
  readonly stop: () => Promise<void>;
}

const INTENT = { at: '2026-11-22T19:25:14.000Z' };
const CONTAINERS = [
  { name: 'web', image: 'web:1', env: [{ name: 'MODE', value: 'slow' }] },
  { name: 'side', image: 'side:1' },
];

/** [command behind "--", exit code, stdout, stderr]. */
const PROGRAMS: readonly (readonly [words: string, code: number, stdout: string, stderr: string])[] = [
  ['true', 0, '', ''],
  ['echo hello', 0, 'hello\n', ''],
  ["echo 'two  words' \"it's\" -n --flag '$HOME' '*'", 0, "two  words it's -n --flag $HOME *\n", ''],
  ["echo 'a\nb'", 0, 'a\nb\n', ''],
  ['echo -- -x', 0, '-- -x\n', ''],
  ["sh -c 'exit 3'", 3, '', ''],
  ["sh -c 'echo out; echo err >&2; exit 7'", 7, 'out\n', 'err\n'],
  ["sh -c 'echo one && echo two >&2'", 0, 'one\n', 'two\n'],
  ['false', 1, '', ''],
  ["printf 'a\\xff\\xfeb\\n'", 0, 'a\ufffd\ufffdb\n', ''],
  ["printf 'DB_PA\\x53SW\\x4fRD=hunter2 and more\\n'", 0, 'DB_PASSWORD=*** and more\n', ''],
];

/** Registers the suite; `start` opens the cluster once for all tests. */
/** `rights`: whether the cluster knows any, and `start` a stranger without them. */
export const programsContract = (
  name: string,
  start: () => Promise<ProgramsUnderTest>,
  rights: 'checked' | 'none',
): void => {
  describe(`programs in containers: ${name}`, () => {
    let under: ProgramsUnderTest;
    let shop: Neighbourhood;
    let ports: ReturnType<typeof portsOf>;
    before(async () => {
      under = await start();
      ports = portsOf(under.client);
      shop = new Neighbourhood(under.call, `programs-${process.pid}-${name.length}`);
      await shop.open();
      const template = { metadata: { labels: { app: 'web', group: 'web-group' } }, spec: { containers: CONTAINERS } };
      await shop.deploy({ kind: 'Deployment', name: 'web', image: 'web:1', replicas: 2, spec: { template } });
    });
    after(() => under?.stop());

    const seal = (command: string): Promise<DeclarativeSpec> => shop.seal(ports.reader, command, ports.writer);
    const run = (spec: DeclarativeSpec, by = ports.writer, aborted = signal()): Promise<WriteAnswer> =>
      by.write(permitFor(spec, 'forward'), INTENT, aborted);
    const outputOf = async (command: string): Promise<ProgramOutput> => {
      const answer = await run(await seal(command));
      assert.equal(answer.outcome, 'written', JSON.stringify(answer));
      assert.ok(answer.program);
      return answer.program.output;
    };
    const anyPod = async (): Promise<string> => (await shop.list('pods', 'app=web'))[0].metadata.name;

    for (const [words, exitCode, stdout, stderr] of PROGRAMS)
      test(`${words}: exit code ${exitCode}`, async () => {
        const output = await outputOf(`kubectl exec deploy/web -- ${words}`);
        assert.deepEqual(output, { stdout, stderr, exitCode, truncated: false });
      });

    test('what is sealed: one pod of the object, its container by id, the words; no dry run, no way back', async () => {
      const spec = await seal('kubectl exec deploy/web -c side -- echo a b');
      const [fact, ...more] = spec.facts;
      assert.deepEqual(more, []);
      assert.ok((await shop.list('pods', 'app=web')).some(({ metadata }) => metadata.uid === fact?.uid));
      const [change] = spec.changes ?? [];
      assert.deepEqual([change?.op, change?.uid, change?.fields], ['run', fact?.uid, []]);
      assert.deepEqual([change?.run?.container, change?.run?.argv], ['side', ['echo', 'a', 'b']]);
      assert.notEqual(change?.run?.containerID, '');
      assert.deepEqual([spec.effects[0]?.name, spec.effects.length], [fact?.name, 1]);
      assert.equal(spec.rehearsed, 'not-possible');
      assert.match(spec.rehearsedWhy ?? '', /without running it/);
      const { steps, fidelity, none, rehearsed } = spec.rollbackPlan;
      assert.deepEqual([steps, fidelity, rehearsed], [[], 'none', 'not-possible']);
      assert.match(none ?? '', /cannot be taken back/);
      assert.match(spec.targetState, /container side of pod\/web-\S+ -n \S+ this has run once .*: echo a b$/);
    });

    test('the same command is sealed to the same digest', async () => {
      const pod = await anyPod();
      const [one, other] = [await seal(`kubectl exec ${pod} -- true`), await seal(`kubectl exec ${pod} -- true`)];
      assert.equal(one.digest, other.digest);
    });

    test('without -c it is the container that the pod names as its default, else the first', async () => {
      const containerOf = async (pod: string) =>
        (await seal(`kubectl exec ${pod} -- true`)).changes?.[0]?.run?.container;
      const [pod] = await shop.list('pods', 'app=web');
      assert.equal(await containerOf(pod.metadata.name), 'web');
      const annotations = { 'kubectl.kubernetes.io/default-container': 'side' };
      await shop.patch('pods', pod.metadata.name, { metadata: { annotations } });
      assert.equal(await containerOf(pod.metadata.name), 'side');
      await shop.patch('pods', pod.metadata.name, { metadata: { annotations: null } });
    });

    for (const [what, missing, command] of [
      ['a container', /^pods \S+\/web-\S+ container nosuch$/, 'kubectl exec POD -c nosuch -- true'],
      ['a pod', /^pods \S+\/nosuch$/, 'kubectl exec nosuch -- true'],
      ['the object of a pod', /^deployments.apps \S+\/nosuch$/, 'kubectl exec deploy/nosuch -- true'],
    ] as const)
      test(`${what} that is not there is a fact that is missing`, async () => {
        const { effects } = await seal(command.replace('POD', await anyPod()));
        const found = await ports.reader.readFacts(effects, signal());
        assert.deepEqual(
          found.missing.map(({ why }) => why),
          ['not-found'],
        );
        assert.match(found.missing.map(missingName).join(), missing);
      });

    test('a pod that was deleted since, and another of its name, are stale', async () => {
      await shop.barePod('lonely');
      const spec = await seal('kubectl exec lonely -- true');
      await shop.ask('DELETE', shop.path('pods', 'lonely'));
      await until('the pod gone', async () => (await shop.call('GET', shop.path('pods', 'lonely'))).status === 404);
      await shop.barePod('lonely');
      const answer = await run(spec);
      assert.deepEqual([answer.outcome, 'code' in answer && answer.code], ['stale', 'uid-changed']);
    });

    test('10 MB are read to their end, and 64 KiB of them kept', async () => {
      const { stdout, exitCode, truncated } = await outputOf('kubectl exec deploy/web -- head -c 10485760 /dev/zero');
      assert.deepEqual([Buffer.byteLength(stdout), exitCode, truncated], [64 * 1024, 0, true]);
    });

    test('a program that never ends is left when its time is up: nobody knows how it goes on', async () => {
      const spec = await seal('kubectl exec deploy/web -- sleep infinity');
      const answer = await run(spec, ports.writer, AbortSignal.timeout(1500));
      assert.equal(answer.outcome, 'unheard', JSON.stringify(answer));
      assert.match('why' in answer ? answer.why : '', /ended before the program did \(its time was up\)/);
      assert.equal(await ports.writer.wasWritten(permitFor(spec, 'forward'), INTENT, signal()), 'unknown');
    });

    test('a connection that is cut after the start is no answer', async () => {
      const spec = await seal("kubectl exec deploy/web -- sh -c 'echo begun; sleep 5'");
      const { writer } = portsOf({
        ...under.client,
        runProgram: (request, printed, aborted) =>
          under.client.runProgram(
            request,
            (stream, bytes) => {
              printed(stream, bytes);
              under.cut();
            },
            aborted,
          ),
      });
      const answer = await run(spec, writer);
      assert.equal(answer.outcome, 'unheard', JSON.stringify(answer));
      assert.match('why' in answer ? answer.why : '', /ended before the program did/);
    });

    test('a program that the container does not have was not begun', async () => {
      const answer = await run(await seal('kubectl exec deploy/web -- /no/such-program'));
      assert.equal(answer.outcome === 'refused' && answer.written, 0, JSON.stringify(answer));
      assert.match('why' in answer ? answer.why : '', /not begun/);
    });

    if (rights === 'checked')
      test('whoever may not is refused before anything runs', async () => {
        const spec = await seal('kubectl exec deploy/web -- true');
        const { stranger } = under;
        assert.ok(stranger !== null);
        const runProgram: ClusterClient['runProgram'] = (...asked) => stranger.runProgram(...asked);
        const answer = await run(spec, portsOf({ ...under.client, runProgram }).writer);
        assert.equal(answer.outcome === 'refused' && answer.written, 0, JSON.stringify(answer));
        assert.match('why' in answer ? answer.why : '', /cannot (?:get|create) resource "pods\/exec"/);
      });

    test('afterwards the pod is judged: intact, and lost when its container was started anew', async () => {
      const spec = await seal('kubectl exec deploy/web -- true');
      const [seen] = await ports.reader.sample(watchedOf(spec), signal());
      assert.equal(seen?.seen, 'intact');
    });
  });
};
