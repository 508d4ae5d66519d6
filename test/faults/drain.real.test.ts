// A real `serve` process that drains a node is killed, or ended, in the middle: nothing is evicted twice, and the end is right.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { openSqliteTrail } from '../../src/adapters/store/sqlite/open.ts';
import { verifyTrail } from '../../src/core/remediation/replay.ts';
import type { Fault } from '../../src/sandbox/cluster/faults.ts';
import { type Play, playOn } from './play.ts';
import { type RealGate, startRealGate } from './real-gate.ts';

const never = new AbortController().signal;
const NODE = 'node-2';
const DRAIN = `kubectl drain ${NODE} --ignore-daemonsets --force --delete-emptydir-data`;

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

const ask = async (gate: RealGate, method: string, path: string, body?: object): Promise<Any> => {
  const answer = await fetch(`${gate.cluster.url}${path}${path.includes('?') ? '&' : '?'}fieldManager=by-hand`, {
    method,
    headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
};

/** A budget that allows one pod of four at a time, or none: the drain takes several rounds. */
const budget = (gate: RealGate, maxUnavailable: number): Promise<Any> =>
  ask(gate, 'POST', '/apis/policy/v1/namespaces/production/poddisruptionbudgets', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'api' },
    spec: { maxUnavailable, selector: { matchLabels: { app: 'api' } } },
  });

/** What it held is let go. */
const loosen = (gate: RealGate): Promise<Any> =>
  ask(gate, 'PATCH', '/apis/policy/v1/namespaces/production/poddisruptionbudgets/api', { spec: { maxUnavailable: 4 } });

/** Requests that were carried out, answered or not: "create eviction shop/web-1", "patch nodes node-2". */
const writesOf = ({ cluster }: RealGate): readonly string[] =>
  cluster
    .writes()
    .filter(({ dryRun, fieldManager, code }) => !dryRun && fieldManager !== 'by-hand' && (code === null || code < 300))
    .map(({ verb, resource, subresource, namespace, name }) =>
      subresource === 'eviction' ? `evict ${namespace}/${name}` : `${verb} ${resource} ${name}`,
    );
const evictionsOf = (gate: RealGate): readonly string[] => writesOf(gate).filter((one) => one.startsWith('evict '));

interface Scene {
  readonly gate: RealGate;
  readonly play: Play;
}

const eventsOf = async ({ gate, play }: Scene): Promise<readonly Any[]> => {
  const { id } = await play.seen();
  const { json } = await gate.ask('GET', `/proposals/${id}`, 'ana');
  return (json as Any).events;
};

/** Starts a gate, proposes the drain, has it approved by as many as it needs, lets `middle` happen, and waits for the end. */
const run = async (
  {
    command = DRAIN,
    ends,
    prepare,
  }: { command?: string; ends: string; prepare?: (gate: RealGate) => Promise<unknown> },
  middle: (scene: Scene) => Promise<void>,
  after: (scene: Scene, pods: readonly string[]) => Promise<void>,
): Promise<void> => {
  const gate = await startRealGate();
  try {
    await prepare?.(gate);
    await gate.boot(null);
    const play = playOn(gate, () => gate.boot(null));
    const scene = { gate, play };
    await play.propose(command);
    await play.until((state) => state === 'awaiting-approval');
    await play.vote('ben', 'approve');
    if ((await play.seen()).state === 'awaiting-approval') await play.vote('cho', 'approve');
    await middle(scene);
    const { id } = await play.until((state) => state === ends);
    const { json } = await gate.ask('GET', `/proposals/${id}`, 'ana');
    const pods = (json as Any).spec.facts
      .filter(({ resource }: Any) => resource === 'pods')
      .map(({ namespace, name }: Any) => `evict ${namespace}/${name}`);
    assert.ok(pods.length >= 3, `${pods.length} pods on the node`);
    await after(scene, pods);
    await gate.kill();
    await whole(gate);
  } finally {
    await gate.stop();
  }
};

/** The trail holds every step, and replays to what is kept. */
const whole = async (gate: RealGate): Promise<void> => {
  const opened = openSqliteTrail(`${gate.folder}/data`);
  try {
    const lines = await opened.trail.lines(0, 100_000, never);
    const { head, kept } = await opened.trail.snapshot(never);
    assert.deepEqual(verifyTrail({ lines, head, kept, known: [], hashOf: hashOfLine }), []);
  } finally {
    await opened.close();
  }
};

const untilWritten = async (gate: RealGate, holds: (writes: readonly string[]) => boolean): Promise<void> => {
  for (const end = Date.now() + 60_000; Date.now() < end; await gate.rest(5)) if (holds(writesOf(gate))) return;
  throw new Error(`never written: ${writesOf(gate).join(', ')}; the gate last said:\n${gate.noise().slice(-2000)}`);
};

/** Everything left once, the node is cordoned once, no pod that may go is on it. */
const drained = async ({ gate, play }: Scene, pods: readonly string[]): Promise<void> => {
  assert.deepEqual(evictionsOf(gate).toSorted(), pods.toSorted());
  assert.deepEqual(
    writesOf(gate).filter((one) => !one.startsWith('evict ')),
    [`patch nodes ${NODE}`],
  );
  assert.equal((await ask(gate, 'GET', `/api/v1/nodes/${NODE}`)).spec.unschedulable, true);
  const list = await ask(gate, 'GET', `/api/v1/pods?fieldSelector=spec.nodeName%3D${NODE}`);
  const owners = list.items.map((pod: Any) => pod.metadata.ownerReferences?.[0]?.kind);
  assert.deepEqual(new Set(owners), new Set(['DaemonSet']));
  const events = await eventsOf({ gate, play });
  const last = events.filter(({ event }) => event === 'progressed').at(-1);
  // All of it may have arrived before its process died.
  const isFound = events.some(({ event, found }) => event === 'looked' && found === 'all');
  if (!isFound) assert.deepEqual([last?.done, last?.of], [pods.length + 1, pods.length + 1]);
};

const fault = (kind: 'drop-after' | 'hang', path: string): Fault => ({
  fault: { kind },
  method: path === '/eviction' ? 'POST' : 'PATCH',
  path,
  dryRun: false,
});

describe('a drain', { concurrency: 3 }, () => {
  test('is told step by step, and ends', { timeout: 240_000 }, () =>
    run(
      { ends: 'succeeded', prepare: (gate) => budget(gate, 1) },
      async () => undefined,
      async (scene, pods) => {
        await drained(scene, pods);
        const told = (await eventsOf(scene)).filter(({ event }) => event === 'progressed');
        assert.ok(told.length >= 2 && told.length <= 40, `${told.length} lines`);
        assert.ok(told.every(({ from, to }) => from === 'executing' && to === 'executing'));
      },
    ),
  );

  test('killed after its first eviction', { timeout: 240_000 }, () =>
    run(
      { ends: 'succeeded', prepare: (gate) => budget(gate, 0) },
      async ({ gate }) => {
        await untilWritten(gate, (writes) => writes.some((one) => one.startsWith('evict ')));
        await gate.kill();
        await loosen(gate);
      },
      async (scene, pods) => {
        assert.deepEqual(scene.gate.deaths, ['SIGKILL']);
        await drained(scene, pods);
        const names = (await eventsOf(scene)).map(({ event }) => event);
        assert.deepEqual(
          names.filter((one) => one === 'write-intended' || one === 'answer-missed'),
          ['write-intended', 'answer-missed', 'write-intended'],
        );
      },
    ),
  );

  test('killed while the cordon hangs: nothing was written, it begins anew', { timeout: 240_000 }, () =>
    run(
      {
        ends: 'succeeded',
        prepare: async (gate) => gate.cluster.inject(fault('hang', `/nodes/${NODE}`)),
      },
      async ({ gate, play }) => {
        await play.until((state) => state === 'executing');
        await gate.rest(300);
        await gate.kill();
      },
      drained,
    ),
  );

  test('killed while an eviction is carried out and not answered', { timeout: 240_000 }, () =>
    run(
      { ends: 'succeeded', prepare: async (gate) => gate.cluster.inject(fault('drop-after', '/eviction')) },
      async ({ gate }) => {
        await untilWritten(gate, (writes) => writes.some((one) => one.startsWith('evict ')));
        await gate.kill();
      },
      drained,
    ),
  );

  test('ended in order by its supervisor, and started again', { timeout: 240_000 }, () =>
    run(
      { ends: 'succeeded', prepare: (gate) => budget(gate, 0) },
      async ({ gate }) => {
        await untilWritten(gate, (writes) => writes.some((one) => one.startsWith('evict ')));
        await gate.end();
        await loosen(gate);
      },
      async (scene, pods) => {
        assert.deepEqual(scene.gate.deaths, [0]);
        await drained(scene, pods);
      },
    ),
  );

  test('killed, and uncordoned by somebody meanwhile: they are not overruled', { timeout: 240_000 }, () =>
    run(
      { ends: 'rolled-back', prepare: (gate) => budget(gate, 0) },
      async ({ gate }) => {
        await untilWritten(gate, (writes) => writes.filter((one) => one.startsWith('evict ')).length >= 2);
        await gate.kill();
        await ask(gate, 'PATCH', `/api/v1/nodes/${NODE}`, { spec: { unschedulable: null } });
      },
      async ({ gate }, pods) => {
        assert.ok(evictionsOf(gate).length < pods.length);
        assert.deepEqual(new Set(evictionsOf(gate)).size, evictionsOf(gate).length);
        assert.notEqual((await ask(gate, 'GET', `/api/v1/nodes/${NODE}`)).spec.unschedulable, true);
        assert.deepEqual(
          writesOf(gate).filter((one) => !one.startsWith('evict ')),
          [`patch nodes ${NODE}`],
        );
      },
    ),
  );

  test('given up for a budget that never lets go, with the node uncordoned', { timeout: 240_000 }, () =>
    run(
      { command: `${DRAIN} --timeout=3s`, ends: 'rolled-back', prepare: (gate) => budget(gate, 0) },
      async () => undefined,
      async ({ gate, play }) => {
        assert.notEqual((await ask(gate, 'GET', `/api/v1/nodes/${NODE}`)).spec.unschedulable, true);
        const answered = (await eventsOf({ gate, play })).find(({ event }) => event === 'write-answered');
        assert.match(answered?.answer.why, /gave up after 3 s, \d+ of \d+ pods are still there: pod\/api-/);
      },
    ),
  );
});
