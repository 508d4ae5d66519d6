// A gate under load: proposals, judgements, lists, metrics, start and event streams, with nothing stored and with much.
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { diskCeiling } from './disk-ceiling.ts';
import { benchFolder } from './leftovers.ts';
import { type Asked, ask, closeClients, openStreams, type Rate, rateOf, timesOf } from './load-clients.ts';
import { dryRunTable } from './load-dry-runs.ts';
import { fillHistory, fillWaiting } from './load-history.ts';
import { type BenchGate, startGate, startSandbox } from './load-peers.ts';
import { asPerson, blockedProposal, humanProposal, rejection, scoreOf, untriedProposal } from './load-requests.ts';
import { sizesAsked } from './sizes-asked.ts';
import { median, quantile, rounded, table } from './timing.ts';

const SIZES = [0, 1_000, 10_000, 100_000] as const;
const CLIENTS = [1, 10, 100] as const;
/** Proposals that are there to be voted on, for each number of clients. */
const VOTES = 6_000;
const ROUND_MS = 4_000;
const WARM_UP_MS = 3_000;
const STREAMS = 500;

/** What one size came to; rates by number of clients. */
interface Row {
  readonly stored: number;
  readonly readyMs: number;
  readonly human: readonly Load[];
  /** Of a program in a container, which nothing tries but running it. */
  readonly untried: readonly Load[];
  readonly blocked: readonly Load[];
  readonly score: readonly Load[];
  readonly votes: readonly Load[];
  readonly listMs: number;
  readonly pageMs: number;
  readonly metricsMs: number;
  readonly health: Rate;
  readonly residentMb: number;
}

interface Load extends Rate {
  readonly clients: number;
  /** Milliseconds of the gate's processor for each, all its threads. */
  readonly cpuMs: number;
}

const loadOf = async (gate: BenchGate, clients: number, expected: number, make: () => Asked): Promise<Load> => {
  const before = await gate.usage();
  const rate = await rateOf({ clients, ms: ROUND_MS, expected }, make);
  const after = await gate.usage();
  return { ...rate, clients, cpuMs: (after.cpuMs - before.cpuMs) / rate.count };
};

const loads = async (gate: BenchGate, expected: number, make: () => Asked): Promise<readonly Load[]> => {
  const all: Load[] = [];
  for (const clients of CLIENTS) all.push(await loadOf(gate, clients, expected, make));
  return all;
};

/** How fast /healthz is while ten clients propose. */
const healthMeanwhile = async (gate: BenchGate): Promise<Rate> => {
  const proposing = rateOf({ clients: 10, ms: ROUND_MS, expected: 201 }, () => humanProposal(gate));
  const health = await rateOf({ clients: 2, ms: ROUND_MS, expected: 200 }, () => ({
    ...asPerson(gate, '/healthz'),
    token: null,
  }));
  await proposing;
  return health;
};

type Waiting = Awaited<ReturnType<typeof fillWaiting>>;

/** Each of the waiting is voted on once; the rate ends when there are none left. */
const voting = async (gate: BenchGate, waiting: Waiting): Promise<readonly Load[]> => {
  const all: Load[] = [];
  const share = Math.floor(waiting.length / CLIENTS.length);
  for (const [i, clients] of CLIENTS.entries()) {
    const mine = waiting.slice(i * share, (i + 1) * share);
    const before = await gate.usage();
    const asked = mine.map((one) => rejection(gate, one));
    const rate = await rateOf({ clients, ms: ROUND_MS, expected: 200 }, (n) => asked[n] ?? null);
    const after = await gate.usage();
    all.push({ ...rate, clients, cpuMs: (after.cpuMs - before.cpuMs) / rate.count });
  }
  return all;
};

const rowOf = async (stored: number, gate: BenchGate, waiting: Waiting): Promise<Row> => {
  await rateOf({ clients: 4, ms: WARM_UP_MS, expected: 201 }, () => humanProposal(gate));
  const human = await loads(gate, 201, () => humanProposal(gate));
  const untried = await loads(gate, 201, () => untriedProposal(gate));
  const blocked = await loads(gate, 201, () => blockedProposal(gate));
  const list = await timesOf(15, asPerson(gate, '/v1/proposals'));
  const page = await timesOf(15, asPerson(gate, '/v1/proposals?limit=200'));
  const metrics = await timesOf(15, asPerson(gate, '/metrics'));
  const health = await healthMeanwhile(gate);
  const scores = await loads(gate, 200, () => scoreOf(gate));
  const votes = await voting(gate, waiting);
  return {
    stored,
    readyMs: gate.readyMs,
    human,
    untried,
    blocked,
    score: scores,
    votes,
    listMs: median(list),
    pageMs: median(page),
    metricsMs: median(metrics),
    health,
    residentMb: (await gate.usage()).residentMb,
  };
};

/** Proposals a second and how late events are told, while many streams listen. */
const streaming = async (gate: BenchGate): Promise<string> => {
  const delays: number[] = [];
  const streams = await openStreams(gate.url, [gate.tokens.ana, gate.tokens.healer], STREAMS, (data) => {
    const { at } = JSON.parse(data) as { readonly at: string };
    delays.push(Date.now() - Date.parse(at));
  });
  const load = await loadOf(gate, 10, 201, () => humanProposal(gate));
  const told = streams.came();
  const { residentMb } = await gate.usage();
  streams.close();
  return (
    `${STREAMS} event streams while 10 clients propose: ${rounded(load.perSecond)} proposals/s, ` +
    `${rounded(told / (ROUND_MS / 1000))} events/s told, p50 ${rounded(quantile(delays, 0.5))} ms and p99 ` +
    `${rounded(quantile(delays, 0.99))} ms after they happened, ${rounded(residentMb)} MB resident`
  );
};

/** What histories are made of. */
const oneProposal = async (folder: string, kubeconfig: string): Promise<void> => {
  const gate = await startGate(folder, kubeconfig);
  const { status, text } = await ask(humanProposal(gate));
  if (status !== 201) throw new Error(`a proposal was answered ${status} ${text.slice(0, 300)}`);
  await gate.stop();
};

const cells = (all: readonly Load[]): readonly string[] =>
  all.map(({ perSecond, p50, p99, cpuMs }) => [perSecond, p50, p99, cpuMs].map((value) => rounded(value)).join(' · '));

const withStored = (name: string, rows: readonly Row[], of: (row: Row) => readonly Load[]): string =>
  table(
    [name, ...CLIENTS.map((clients) => `${clients} ${clients === 1 ? 'client' : 'clients'}`)],
    rows.map((row) => [`${rounded(row.stored)} stored`, ...cells(of(row))]),
  );

export const run = async (): Promise<void> => {
  const { folder, done } = benchFolder('load');
  const sandbox = await startSandbox(folder);
  const rows: Row[] = [];
  let streamed = '';
  let beside = '';
  const [load] = loadavg();
  const ceiling = diskCeiling(folder);
  try {
    beside = await dryRunTable(folder, sandbox.kubeconfig);
    await oneProposal(folder, sandbox.kubeconfig);
    let stored = 0;
    let waited = 0;
    const sizes = sizesAsked(SIZES);
    for (const size of sizes) {
      if (size > 0) await fillHistory(join(folder, 'data'), stored, size);
      stored = Math.max(stored, size);
      const waiting = await fillWaiting(join(folder, 'data'), waited, VOTES * CLIENTS.length);
      waited += waiting.length;
      const gate = await startGate(folder, sandbox.kubeconfig);
      rows.push(await rowOf(size, gate, waiting));
      if (size === sizes.at(-1)) streamed = await streaming(gate);
      closeClients();
      await gate.stop();
    }
  } finally {
    closeClients();
    sandbox.stop();
    done();
  }
  process.stdout.write(
    `disk: ${rounded(ceiling)} fdatasync/s; load of the machine before the run: ${load?.toFixed(1)}\n\n` +
      'a second · p50 ms · p99 ms · ms of the processor each\n\n' +
      `${beside}\n\n` +
      `${withStored('proposals, one person asked', rows, ({ human }) => human)}\n\n` +
      `${withStored('proposals, no dry run', rows, ({ untried }) => untried)}\n\n` +
      `${withStored('proposals, blocked', rows, ({ blocked }) => blocked)}\n\n` +
      `${withStored('scores', rows, (row) => row.score)}\n\n` +
      `${withStored('votes', rows, ({ votes }) => votes)}\n\n` +
      `${table(
        ['stored', 'ready ms', 'list of 50 ms', 'of 200 ms', '/metrics ms', '/healthz p50, p99 ms', 'resident MB'],
        rows.map((row) => [
          rounded(row.stored),
          ...[row.readyMs, row.listMs, row.pageMs, row.metricsMs].map(rounded),
          `${rounded(row.health.p50)}, ${rounded(row.health.p99)}`,
          rounded(row.residentMb),
        ]),
      )}\n\n${streamed}\n`,
  );
};
