// A gate that is worked for a long time: proposals, votes, scores, lists and streams at a steady pace; what it holds, each minute.
import { loadavg } from 'node:os';
import { benchFolder } from './leftovers.ts';
import { ask, closeClients, openStreams } from './load-clients.ts';
import { type BenchGate, startGate, startSandbox } from './load-peers.ts';
import { asPerson, blockedProposal, humanProposal, proposalOf, rejection, scoreOf } from './load-requests.ts';
import { quantile, rounded, table } from './timing.ts';

const DEFAULT_MINUTES = 60;
const CLIENTS = 4;
const STREAMS = 50;
/** Milliseconds between two rounds of one client: a load that a gate carries without a queue. */
const PAUSE_MS = 300;

interface Minute {
  readonly minute: number;
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuShare: number;
  readonly residentMb: number;
  readonly heapMb: number;
  readonly openFiles: number;
  readonly databaseMb: number;
  readonly walMb: number;
}

const minutesAsked = (): number => {
  const minutes = Number(process.env['BENCH_MINUTES'] ?? DEFAULT_MINUTES);
  if (!Number.isSafeInteger(minutes) || minutes < 1) throw new Error('--minutes: a whole number from 1 on');
  return minutes;
};

/** One client's round: a proposal that somebody turns down, one that is blocked, a score, a list. */
const round = async (gate: BenchGate, took: number[]): Promise<void> => {
  const timed = async (asked: Parameters<typeof ask>[0], expected: number): Promise<string> => {
    const start = performance.now();
    const { status, text } = await ask(asked, CLIENTS);
    took.push(performance.now() - start);
    if (status !== expected) throw new Error(`${asked.method} ${asked.url}: ${status} ${text.slice(0, 300)}`);
    return text;
  };
  const proposal = proposalOf(await timed(humanProposal(gate), 201));
  await timed(rejection(gate, proposal), 200);
  await timed(blockedProposal(gate), 201);
  await timed(scoreOf(gate), 200);
  await timed(asPerson(gate, '/v1/proposals'), 200);
};

const client = async (gate: BenchGate, took: number[], isOver: () => boolean): Promise<void> => {
  while (!isOver()) {
    await round(gate, took);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
};

const COLUMNS = [
  'minute',
  'requests',
  'p50 ms',
  'p99 ms',
  'core, %',
  'resident MB',
  'heap after collection MB',
  'open files',
  'database MB',
  'WAL MB',
];

const line = ({ minute, cpuShare, ...of }: Minute): readonly string[] => [
  String(minute),
  ...[of.requests, of.p50, of.p99, cpuShare * 100, of.residentMb, of.heapMb].map(rounded),
  ...[of.openFiles, of.databaseMb, of.walMb].map(rounded),
];

/** How much something rises an hour: the slope of the line through all minutes but the first quarter, in which threads warm up. */
const risePerHour = (rows: readonly Minute[], of: (row: Minute) => number): number => {
  const settled = rows.slice(Math.floor(rows.length / 4));
  const mean = (value: (row: Minute) => number): number =>
    settled.reduce((sum, row) => sum + value(row), 0) / settled.length;
  const [x, y] = [mean(({ minute }) => minute), mean(of)];
  const spread = settled.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
  return (60 * settled.reduce((sum, row) => sum + (row.minute - x) * (of(row) - y), 0)) / spread;
};

/** Prints a row each minute while the load goes on. */
const watchMinutes = async (gate: BenchGate, took: number[], minutes: number): Promise<readonly Minute[]> => {
  const rows: Minute[] = [];
  let before = await gate.usage();
  for (let minute = 1; minute <= minutes; minute += 1) {
    const began = performance.now();
    await new Promise((done) => setTimeout(done, 60_000));
    const after = await gate.usage('collected');
    const times = took.splice(0);
    const row = {
      minute,
      requests: times.length,
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      cpuShare: (after.cpuMs - before.cpuMs) / (performance.now() - began),
      residentMb: after.residentMb,
      heapMb: after.heapMb,
      openFiles: after.openFiles,
      databaseMb: after.databaseMb,
      walMb: after.walMb,
    };
    before = after;
    rows.push(row);
    const [head, rule, cells] = table(COLUMNS, [line(row)]).split('\n');
    process.stdout.write(minute === 1 ? `${head}\n${rule}\n${cells}\n` : `${cells}\n`);
  }
  return rows;
};

export const run = async (): Promise<void> => {
  const minutes = minutesAsked();
  const { folder, done } = benchFolder('soak');
  const sandbox = await startSandbox(folder);
  process.stdout.write(
    `load of the machine before the run: ${loadavg()[0]?.toFixed(1)}; ${CLIENTS} clients, ${STREAMS} streams\n\n`,
  );
  try {
    const gate = await startGate(folder, sandbox.kubeconfig);
    const streams = await openStreams(gate.url, [gate.tokens.ana, gate.tokens.healer], STREAMS, () => undefined);
    const took: number[] = [];
    let isOver = false;
    const clients = Promise.all(Array.from({ length: CLIENTS }, () => client(gate, took, () => isOver)));
    const rows = await Promise.race([watchMinutes(gate, took, minutes), clients.then(() => [])]);
    isOver = true;
    await clients;
    const told = streams.came();
    streams.close();
    const [heap, resident, files] = [
      risePerHour(rows, ({ heapMb }) => heapMb),
      risePerHour(rows, ({ residentMb }) => residentMb),
      risePerHour(rows, ({ openFiles }) => openFiles),
    ].map((rise) => rise.toFixed(1));
    process.stdout.write(
      `\n${rounded(told)} events told. After the first quarter an hour adds ${heap} MB of heap, ${resident} MB resident, ${files} open files\n`,
    );
    closeClients();
    await gate.stop();
  } finally {
    closeClients();
    sandbox.stop();
    done();
  }
};
