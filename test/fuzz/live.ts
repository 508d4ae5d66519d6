// A control plane and a time → random commands: each is judged first, run by a real kubectl where the gate would let people
// approve it, and then held against the audit log and against what is gone. A line is printed for whatever was not foretold.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { createClusterReader } from '../../src/adapters/cluster/reader.ts';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import type { BlastRadius } from '../../src/core/blast-radius/blast-radius.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { score } from '../../src/core/blast-radius/score.ts';
import { quoteArgv } from '../../src/core/command/shell/quote.ts';
import { understand } from '../../src/core/command/understand.ts';
import type { Effect } from '../../src/core/model/effect.ts';
import { NO_MEMORY } from '../../src/core/model/facts.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import { FILES } from '../generators/kubectl-arguments.ts';
import { compare, type Run } from '../parity/compare.ts';
import { askedSince, sentOf } from '../parity/real.ts';
import { isRead } from '../parity/requests.ts';
import { auditLogEnd } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { type Drawn, drawnFor } from './drawn.ts';
import { chainOf, goneBetween, type Seen, type Snapshot, snapshotOf } from './snapshot.ts';
import { COLLECTIONS, dependentsOf, PROTECTED, pathOf, type WorldObject, worldOf } from './world.ts';

/** So long the garbage collector, the volume binder and the workload controllers may take. */
const SETTLE_MS = 2500;
const KUBECTL_MS = 12_000;
const OUTAGE: ReadonlySet<string> = new Set([
  'scale-to-zero',
  'endpoints',
  'replica-drop',
  'last-replica',
  'share',
  'bare-pod',
]);
const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

export interface LiveFuzz {
  readonly tried: number;
  readonly executed: number;
  readonly complaints: readonly string[];
}

const make = async (plane: ControlPlane, namespace: string, object: WorldObject): Promise<string> => {
  const collection = COLLECTIONS.find(
    ({ kind, apiVersion }) => kind === object.kind && apiVersion === object.apiVersion,
  );
  if (collection === undefined) throw new Error(`no collection of ${object.kind}`);
  const { status, body } = await plane.request('admin', 'POST', pathOf(collection, namespace), object);
  if (status !== 201) throw new Error(`${object.kind} in ${namespace}: ${status} ${JSON.stringify(body)}`);
  // as: an object that was made has a uid
  return (body as { readonly metadata: { readonly uid: string } }).metadata.uid;
};

const podsReady = async (plane: ControlPlane, namespace: string): Promise<boolean> => {
  const pods = [...(await snapshotOf(plane, namespace)).values()].filter(({ kind }) => kind === 'Pod');
  return pods.length >= 12 && pods.every(({ ready }) => ready);
};

/** A new namespace with the whole world in it, its pods ready. */
const settle = async (plane: ControlPlane, namespace: string): Promise<void> => {
  await plane.request('admin', 'POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  for (let tries = 0; tries < 600; tries++) {
    const { status } = await plane.request('admin', 'GET', `/api/v1/namespaces/${namespace}/serviceaccounts/default`);
    if (status === 200) break;
    await pause(50);
  }
  const uids = new Map<string, string>();
  for (const object of worldOf(namespace)) {
    uids.set(`${object.kind} ${object.metadata.name}`, await make(plane, namespace, object));
  }
  for (const object of dependentsOf(namespace, uids.get('ConfigMap owner') ?? '', uids.get('Pod a') ?? ''))
    await make(plane, namespace, object);
  for (let tries = 0; tries < 1200; tries++) {
    if (await podsReady(plane, namespace)) return;
    await pause(50);
  }
  throw new Error(`${namespace}: its pods are not ready`);
};

/** A write that stays in the namespace, or names one of its own cluster-scoped objects: others are not this fuzzer's. */
const staysWithin = (effects: readonly Effect[], namespace: string): boolean =>
  effects.every(
    (effect) =>
      isRead(effect) ||
      effect.namespace === namespace ||
      (effect.namespace === null && effect.name?.startsWith(`${namespace}-`) === true),
  );

const run = (
  plane: ControlPlane,
  folder: string,
  argv: readonly string[],
): Promise<{ readonly exit: Run['exit']; readonly stderr: string }> =>
  new Promise((resolve) => {
    const env = {
      HOME: folder,
      KUBECONFIG: plane.kubeconfigPath('admin'),
      KUBECTL_KUBERC: 'false',
      PATH: process.env['PATH'],
    };
    const child = execFile(
      plane.kubectlPath,
      [...argv],
      { cwd: folder, env, timeout: KUBECTL_MS },
      (error, _out, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 'timeout';
        resolve({ exit: code, stderr });
      },
    );
    child.stdin?.end();
  });

const wild = (predicted: string | null, real: string | null): boolean =>
  predicted === '*' || predicted === null || predicted === real;

const reaches = ({ resource, group, namespace, name }: Effect, one: Seen): boolean =>
  (resource === '*' || (resource === one.resource && group === one.group)) &&
  (one.namespace === null || wild(namespace, one.namespace)) &&
  wild(name, one.name);

/** An effect explains that an object is gone when it reaches the object, or one that owns it. */
const explains = (radius: BlastRadius, one: Seen, before: Snapshot): boolean =>
  chainOf(one, before).some((link) => radius.effects.some((effect) => !isRead(effect) && reaches(effect, link)));

/** Workloads that had ready pods and have none. */
const darkened = (before: Snapshot, after: Snapshot): readonly Seen[] =>
  [...before.values()].filter((one) => {
    if (!WORKLOADS.has(one.kind)) return false;
    const ready = (snapshot: Snapshot) =>
      [...snapshot.values()].some(
        (pod) =>
          pod.kind === 'Pod' &&
          pod.ready &&
          chainOf(pod, new Map([...before, ...snapshot])).some(({ uid }) => uid === one.uid),
      );
    return ready(before) && !ready(after);
  });

/** What the judgement did not foretell, as sentences. */
const complaintsOf = (
  radius: BlastRadius,
  comparison: ReturnType<typeof compare>,
  before: Snapshot,
  after: Snapshot,
): readonly string[] => {
  const named = ({ kind, name }: Seen): string => `${kind} ${name}`;
  const gone = goneBetween(before, after);
  const under = comparison.outcome === 'compared' ? comparison.under : [];
  const dark =
    radius.tier === 'dual' || radius.reasons.some(({ code }) => OUTAGE.has(code)) ? [] : darkened(before, after);
  return [
    ...under.map((request) => `not predicted: ${request}`),
    ...gone.filter(({ kind }) => PROTECTED.has(kind)).map((one) => `${named(one)} is gone, and nothing blocked it`),
    ...gone
      .filter((one) => !PROTECTED.has(one.kind) && !explains(radius, one, before))
      .map((one) => `${named(one)} is gone, and no effect reaches it`),
    ...dark.map((one) => `${named(one)} has no ready pod left, and no evidence said so`),
  ];
};

/** What one run of the fuzzer works with. */
interface Stage {
  readonly plane: ControlPlane;
  readonly reader: ClusterReader;
  readonly folder: string;
}

/** Judges the command, and runs it where people could approve it; null: it is not for running. */
const tryOne = async ({ plane, reader, folder }: Stage, { argv, files }: Drawn, namespace: string) => {
  const surroundings = { namespace: 'default', files, customResources: [], readDocuments };
  const understanding = understand({ kind: 'argv', argv: ['kubectl', ...argv] }, surroundings);
  const effects = understanding.parts.flatMap((part) => part.effects);
  if (understanding.refusals.length > 0 || !staysWithin(effects, namespace) || effects.every(isRead)) return null;
  const facts = { ...(await reader.readFacts(effects, AbortSignal.timeout(20_000))), ...NO_MEMORY };
  const radius = score(understanding, facts, DEFAULT_POLICY);
  if (!radius.executable || radius.dryRun) return null;
  const before = await snapshotOf(plane, namespace);
  const logged = auditLogEnd(plane.auditLogPath);
  const ran = await run(plane, folder, argv);
  const sent = (await askedSince(plane, logged)).map(sentOf);
  await pause(SETTLE_MS);
  const after = await snapshotOf(plane, namespace);
  const comparison = compare({ ...ran, argv, sent, objects: 'as they are', surroundings });
  return { radius, complaints: complaintsOf(radius, comparison, before, after) };
};

/** The next namespace is made while the present one is in use. */
const namespacesOf = (plane: ControlPlane) => {
  let made = 0;
  const fresh = async (): Promise<string> => {
    made += 1;
    const namespace = `f${made}`;
    await settle(plane, namespace);
    return namespace;
  };
  let next = fresh();
  return {
    async take(): Promise<string> {
      const namespace = await next;
      next = fresh();
      next.catch(() => undefined); // said by whoever takes it
      return namespace;
    },
    drop: async (namespace: string): Promise<void> => {
      await plane.request('admin', 'DELETE', `/api/v1/namespaces/${namespace}`);
    },
    rest: (): Promise<unknown> => next,
  };
};

/** Runs until the minutes are over. Each command gets a fresh namespace unless the last one was not run. */
export const fuzzLive = async (minutes: number, seed: number, say: (line: string) => void): Promise<LiveFuzz> => {
  const plane = await startControlPlane();
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-fuzz-'));
  const complaints: string[] = [];
  let [tried, executed] = [0, 0];
  try {
    for (const [path, text] of FILES) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const client = await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null });
    const stage: Stage = { plane, reader: createClusterReader(client), folder };
    const namespaces = namespacesOf(plane);
    const end = performance.now() + minutes * 60_000;
    let namespace = await namespaces.take();
    for (; performance.now() < end; tried++) {
      const own = seed + tried;
      const [drawn] = fc.sample(drawnFor(namespace, FILES), { seed: own, numRuns: 1 });
      if (drawn === undefined) continue;
      const result = await tryOne(stage, drawn, namespace);
      if (result === null) continue;
      executed++;
      for (const complaint of result.complaints) {
        const { tier, score: points } = result.radius;
        complaints.push(`${complaint}\n  seed ${own}, ${tier} ${points}: ${quoteArgv(['kubectl', ...drawn.argv])}`);
        say(complaints.at(-1) ?? '');
      }
      await namespaces.drop(namespace);
      namespace = await namespaces.take();
    }
    await namespaces.rest();
  } finally {
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return { tried, executed, complaints };
};
