// A gate under load: proposals, judgements, lists, metrics, start and event streams, with nothing stored and with much.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Asked, closeClients, openStreams, type Rate, rateOf, timesOf } from './load-clients.ts';
import { fillHistory } from './load-history.ts';
import { type BenchGate, startGate, startSandbox } from './load-peers.ts';
import { median, quantile, rounded, table } from './timing.ts';

const SIZES = [0, 1_000, 10_000, 100_000] as const;
const CLIENTS = [1, 10, 50] as const;
const ROUND_MS = 4_000;
const WARM_UP_MS = 3_000;
const STREAMS = 500;

const HUMAN = ['kubectl', 'scale', 'deployment', 'web', '-n', 'production', '--replicas=5'];
const BLOCKED = ['kubectl', 'delete', 'namespace', 'production'];

/** What one size came to; rates by number of clients. */
interface Row {
  readonly stored: number;
  readonly readyMs: number;
  readonly human: readonly Load[];
  readonly blocked: readonly Load[];
  readonly score: readonly Load[];
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

let incidents = 0;

const proposal = (gate: BenchGate, argv: readonly string[]): Asked => {
  incidents += 1;
  const body = { incident: `INC-${process.pid}-${incidents}`, argv };
  return { method: 'POST', url: `${gate.url}/v1/proposals`, token: gate.tokens.healer, body };
};

const score = (gate: BenchGate): Asked => ({
  method: 'POST',
  url: `${gate.url}/v1/score`,
  token: gate.tokens.ana,
  body: { argv: HUMAN },
});

const get = (gate: BenchGate, path: string): Asked => ({
  method: 'GET',
  url: `${gate.url}${path}`,
  token: gate.tokens.ana,
  body: null,
});

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
  const proposing = rateOf({ clients: 10, ms: ROUND_MS, expected: 201 }, () => proposal(gate, HUMAN));
  const health = await rateOf({ clients: 2, ms: ROUND_MS, expected: 200 }, () => ({
    ...get(gate, '/healthz'),
    token: null,
  }));
  await proposing;
  return health;
};

const rowOf = async (stored: number, gate: BenchGate): Promise<Row> => {
  await rateOf({ clients: 4, ms: WARM_UP_MS, expected: 201 }, () => proposal(gate, HUMAN));
  const human = await loads(gate, 201, () => proposal(gate, HUMAN));
  const blocked = await loads(gate, 201, () => proposal(gate, BLOCKED));
  const list = await timesOf(15, get(gate, '/v1/proposals'));
  const page = await timesOf(15, get(gate, '/v1/proposals?limit=200'));
  const metrics = await timesOf(15, get(gate, '/metrics'));
  const health = await healthMeanwhile(gate);
  const scores = await loads(gate, 200, () => score(gate));
  return {
    stored,
    readyMs: gate.readyMs,
    human,
    blocked,
    score: scores,
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
  const load = await loadOf(gate, 10, 201, () => proposal(gate, HUMAN));
  const told = streams.came();
  const { residentMb } = await gate.usage();
  streams.close();
  return (
    `${STREAMS} event streams while 10 clients propose: ${rounded(load.perSecond)} proposals/s, ` +
    `${rounded(told / (ROUND_MS / 1000))} events/s told, p50 ${rounded(quantile(delays, 0.5))} ms and p99 ` +
    `${rounded(quantile(delays, 0.99))} ms after they happened, ${rounded(residentMb)} MB resident`
  );
};

/** Appends of 8 KiB, each followed by fdatasync: as many durable writes as the disk takes from one writer. */
const diskCeiling = (folder: string): number => {
  const file = openSync(join(folder, 'ceiling'), 'w');
  const page = Buffer.alloc(8192, 1);
  const until = performance.now() + 2_000;
  let writes = 0;
  while (performance.now() < until) {
    writeSync(file, page);
    fdatasyncSync(file);
    writes += 1;
  }
  closeSync(file);
  return writes / 2;
};

const cells = (all: readonly Load[]): readonly string[] =>
  all.map(({ perSecond, p50, p99, cpuMs }) => [perSecond, p50, p99, cpuMs].map((value) => rounded(value)).join(' · '));

const withStored = (name: string, rows: readonly Row[], of: (row: Row) => readonly Load[]): string =>
  table(
    [name, ...CLIENTS.map((clients) => `${clients} ${clients === 1 ? 'client' : 'clients'}`)],
    rows.map((row) => [`${rounded(row.stored)} stored`, ...cells(of(row))]),
  );

export const run = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-load-'));
  const sandbox = await startSandbox(folder);
  const rows: Row[] = [];
  let streamed = '';
  const [load] = loadavg();
  const ceiling = diskCeiling(folder);
  try {
    let stored = 0;
    for (const size of SIZES) {
      if (size > 0) await fillHistory(join(folder, 'data'), stored, size);
      stored = Math.max(stored, size);
      const gate = await startGate(folder, sandbox.kubeconfig);
      rows.push(await rowOf(size, gate));
      if (size === SIZES.at(-1)) streamed = await streaming(gate);
      closeClients();
      await gate.stop();
    }
  } finally {
    closeClients();
    sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(
    `disk: ${rounded(ceiling)} fdatasync/s; load of the machine before the run: ${load?.toFixed(1)}\n\n` +
      'a second · p50 ms · p99 ms · ms of the processor each\n\n' +
      `${withStored('proposals, one person asked', rows, ({ human }) => human)}\n\n` +
      `${withStored('proposals, blocked', rows, ({ blocked }) => blocked)}\n\n` +
      `${withStored('scores', rows, (row) => row.score)}\n\n` +
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
