// What the shapes of an installation cost: one gate with SQLite, three gates on one PostgreSQL, one gate before ten clusters.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { newCast } from '../src/doors/demo/cast.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { benchFolder } from './leftovers.ts';
import { ask, closeClients } from './load-clients.ts';
import type { GateUsage } from './load-gate.ts';
import { type BenchGate, startGate, startSandbox } from './load-peers.ts';
import { proposalOf, rejection } from './load-requests.ts';
import { rounded, table } from './timing.ts';

const REST_MS = 20_000;
/** What a start does by itself (reading the cluster, warming the judging threads) is not what rest costs. */
const SETTLE_MS = 10_000;
/** Of each gate, so that each has compiled as much of its code. */
const PROPOSALS = 400;
/** Of each gate before that: the first ones of a process cost several times what the others do. */
const WARM_UP = 300;
/** Clients of each gate at a time. */
const CLIENTS = 4;

interface Shape {
  readonly name: string;
  readonly store: 'sqlite' | 'postgres';
  readonly gates: number;
  readonly clusters: number;
}
const SHAPES: readonly Shape[] = [
  { name: 'one gate, SQLite, one cluster', store: 'sqlite', gates: 1, clusters: 1 },
  { name: 'one gate, PostgreSQL, one cluster', store: 'postgres', gates: 1, clusters: 1 },
  { name: 'three gates, PostgreSQL, one cluster', store: 'postgres', gates: 3, clusters: 1 },
  { name: 'one gate, SQLite, ten clusters', store: 'sqlite', gates: 1, clusters: 10 },
];

interface Running {
  readonly gates: readonly BenchGate[];
  /** Names of the clusters; null: the only one has none. */
  readonly clusters: readonly (string | null)[];
}

/** All gates together. */
const usageOf = async ({ gates }: Running): Promise<Pick<GateUsage, 'cpuMs' | 'residentMb' | 'openFiles'>> => {
  const all = await Promise.all(gates.map((gate) => gate.usage()));
  const sum = (of: (one: GateUsage) => number): number => all.reduce((total, one) => total + of(one), 0);
  return {
    cpuMs: sum(({ cpuMs }) => cpuMs),
    residentMb: sum(({ residentMb }) => residentMb),
    openFiles: sum(({ openFiles }) => openFiles),
  };
};

/** Milliseconds of the processor of all gates for each of `jobs`, less what rest costs meanwhile (`atRest`: of one core); some at a time at each gate, which take turns. */
const costOf = async (
  running: Running,
  { jobs, atRest }: { readonly jobs: number; readonly atRest: number },
  job: (n: number, gate: BenchGate) => Promise<void>,
): Promise<number> => {
  const [before, began] = [await usageOf(running), performance.now()];
  let next = 0;
  const client = async (gate: BenchGate): Promise<void> => {
    while (next < jobs) {
      const n = next;
      next += 1;
      await job(n, gate);
    }
  };
  await Promise.all(running.gates.flatMap((gate) => Array.from({ length: CLIENTS }, () => client(gate))));
  const used = (await usageOf(running)).cpuMs - before.cpuMs;
  return (used - atRest * (performance.now() - began)) / jobs;
};

const expecting = (what: string, expected: number, { status, text }: { status: number; text: string }): string => {
  if (status !== expected) throw new Error(`${what} was answered ${status} ${text.slice(0, 300)}`);
  return text;
};

let incidents = 0;

/** Proposes on one cluster after the other. */
const proposeOn =
  ({ clusters }: Running, made: Made[]) =>
  async (n: number, gate: BenchGate): Promise<void> => {
    incidents += 1;
    const cluster = clusters[n % clusters.length] ?? null;
    const argv = ['kubectl', 'scale', 'deployment', 'web', '-n', 'production', '--replicas=5'];
    const body = { incident: `INC-${incidents}`, argv, ...(cluster === null ? {} : { cluster }) };
    const asked = { method: 'POST', url: `${gate.url}/v1/proposals`, token: gate.tokens.healer, body } as const;
    made.push(proposalOf(expecting('a proposal', 201, await ask(asked, CLIENTS))));
  };
type Made = ReturnType<typeof proposalOf>;

const rejectAll =
  (made: readonly Made[]) =>
  async (n: number, gate: BenchGate): Promise<void> => {
    const proposal = made[n];
    if (proposal === undefined) return;
    expecting('a vote', 200, await ask(rejection(gate, proposal), CLIENTS));
  };

const measured = async (name: string, running: Running): Promise<readonly string[]> => {
  const warm: Made[] = [];
  const warmUps = WARM_UP * running.gates.length;
  await costOf(running, { jobs: warmUps, atRest: 0 }, proposeOn(running, warm));
  await costOf(running, { jobs: warm.length, atRest: 0 }, rejectAll(warm));
  await new Promise((done) => setTimeout(done, SETTLE_MS));
  const [before, began] = [await usageOf(running), performance.now()];
  await new Promise((done) => setTimeout(done, REST_MS));
  const atRest = ((await usageOf(running)).cpuMs - before.cpuMs) / (performance.now() - began);
  const made: Made[] = [];
  const jobs = PROPOSALS * running.gates.length;
  const perProposal = await costOf(running, { jobs, atRest }, proposeOn(running, made));
  const perVote = await costOf(running, { jobs: made.length, atRest }, rejectAll(made));
  const { residentMb, openFiles } = await usageOf(running);
  return [name, ...[atRest * 100, perProposal, perVote, residentMb, openFiles].map(rounded)];
};

const measure = async ({ name, store, gates: count, clusters: many }: Shape): Promise<readonly string[]> => {
  const { folder, done } = benchFolder('shapes');
  const database = store === 'postgres' ? await startPostgres() : null;
  const started: { readonly stop: () => void }[] = [];
  const gates: BenchGate[] = [];
  try {
    const clusters = Array.from({ length: many }, (_, i) => `cluster-${i + 1}`);
    const kubeconfigs: string[] = [];
    for (const cluster of clusters) {
      const own = benchFolder(cluster);
      const sandbox = await startSandbox(own.folder);
      started.push({ stop: () => [sandbox.stop(), own.done()] });
      kubeconfigs.push(sandbox.kubeconfig);
    }
    const file = join(folder, 'clusters.yaml');
    const lines = clusters.map((cluster, i) => `  - { name: ${cluster}, kubeconfig: ${kubeconfigs[i]} }\n`);
    writeFileSync(file, `clusters:\n${lines.join('')}`);
    const env = {
      ...(many > 1 ? { BLASTGATE_CLUSTERS: file } : {}),
      ...(database === null ? {} : { BLASTGATE_STORE: await database.fresh() }),
    };
    const cast = newCast();
    for (let i = 0; i < count; i += 1)
      gates.push(await startGate(join(folder, `gate-${i}`), kubeconfigs[0] ?? '', { env, cast }));
    return await measured(name, { gates, clusters: many > 1 ? clusters : [null] });
  } finally {
    closeClients();
    for (const gate of gates) await gate.stop();
    for (const { stop } of started) stop();
    await database?.stop();
    done();
  }
};

const COLUMNS = ['', 'core at rest, %', 'ms a proposal', 'ms a vote', 'resident MB', 'open files'];

export const run = async (): Promise<void> => {
  process.stdout.write(
    `load of the machine before the run: ${loadavg()[0]?.toFixed(1)}; all gates of a row together\n\n`,
  );
  process.stdout.write(`${table(COLUMNS, [])}\n`);
  for (const shape of SHAPES) process.stdout.write(`| ${(await measure(shape)).join(' | ')} |\n`);
};
