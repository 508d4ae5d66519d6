// A gate that is worked for a long time: proposals, votes, scores, lists and streams at a steady pace; what it holds, each minute.
import { loadavg } from 'node:os';
import { benchFolder } from './leftovers.ts';
import { ask, closeClients, openStreams } from './load-clients.ts';
import { type BenchGate, startGate, startSandbox } from './load-peers.ts';
import { asPerson, blockedProposal, humanProposal, proposalOf, rejection, scoreOf } from './load-requests.ts';
import type { MemoryParts } from './memory-parts.ts';
import { quantile, rounded, table } from './timing.ts';

const DEFAULT_MINUTES = 60;
const CLIENTS = 4;
const STREAMS = 50;
/** Milliseconds between two rounds of one client: a load that a gate carries without a queue. `--pause` says another. */
const DEFAULT_PAUSE_MS = 300;

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
  readonly parts: MemoryParts | null;
}

const wholeNumber = (option: string, text: string | undefined, otherwise: number, from: number): number => {
  const value = Number(text ?? otherwise);
  if (!Number.isSafeInteger(value) || value < from) throw new Error(`--${option}: a whole number from ${from} on`);
  return value;
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

const client = async (gate: BenchGate, took: number[], pauseMs: number, isOver: () => boolean): Promise<void> => {
  while (!isOver()) {
    await round(gate, took);
    await new Promise((done) => setTimeout(done, pauseMs));
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
  // What the resident memory is made of.
  'files MB',
  'V8 main MB',
  'V8 store MB',
  'V8 judging MB',
  'malloc MB',
  'arenas',
  'else MB',
];

/** Megabytes that the heaps of the threads of one name hold. */
const heldBy = ({ heaps }: MemoryParts, name: string): number =>
  heaps.filter(({ thread }) => thread === name).reduce((sum, { held }) => sum + held, 0);

/** The columns of what is resident; `else`: machine code, stacks, and pieces too large for an arena, such as a large buffer. */
const partCells = (parts: MemoryParts): readonly string[] => {
  const heaps = ['main', 'store', 'judging'].map((name) => heldBy(parts, name));
  const rest = parts.otherAnonymous - heaps.reduce((sum, held) => sum + held, 0);
  return [parts.files, ...heaps, parts.malloc, parts.arenas, rest].map(rounded);
};

const line = ({ minute, cpuShare, ...of }: Minute): readonly string[] => [
  String(minute),
  ...[of.requests, of.p50, of.p99, cpuShare * 100, of.residentMb, of.heapMb].map(rounded),
  ...[of.openFiles, of.databaseMb, of.walMb].map(rounded),
  ...(of.parts === null ? [] : partCells(of.parts)),
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

/** Fewer minutes tell of no slope. */
const FEWEST_MINUTES = 4;

const risesOf = (rows: readonly Minute[]): string => {
  if (rows.length < FEWEST_MINUTES) return `(${FEWEST_MINUTES} minutes at least tell what rises)`;
  const ofParts = (of: (parts: MemoryParts) => number) => (row: Minute) => (row.parts === null ? 0 : of(row.parts));
  const rises: readonly (readonly [what: string, of: (row: Minute) => number])[] = [
    ['MB of heap after collection', ({ heapMb }) => heapMb],
    ['MB resident', ({ residentMb }) => residentMb],
    ['MB that V8 holds in all threads', ofParts(({ heaps }) => heaps.reduce((sum, { held }) => sum + held, 0))],
    ['MB of malloc', ofParts(({ malloc }) => malloc)],
    ['MB of files', ofParts(({ files }) => files)],
    ['open files', ({ openFiles }) => openFiles],
  ];
  const said = rises.map(([what, of]) => `${risePerHour(rows, of).toFixed(1)} ${what}`);
  return `After the first quarter an hour adds ${said.join(', ')}`;
};

/** What each space of the main thread's V8 holds and uses, in the first minute and in the last. */
const spacesOf = (rows: readonly Minute[]): string => {
  const [first, last] = [rows[0]?.parts?.spaces ?? [], rows.at(-1)?.parts?.spaces ?? []];
  const cells = last.flatMap(({ space, held, used }): (readonly string[])[] => {
    const before = first.find((one) => one.space === space);
    return held < 1 ? [] : [[space, ...[before?.held ?? 0, before?.used ?? 0, held, used].map(rounded)]];
  });
  const head = ['space of V8, main thread', 'first minute: held MB', 'used', 'last minute: held MB', 'used'];
  return table(head, cells);
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
      parts: after.parts,
    };
    before = after;
    rows.push(row);
    const [head, rule, cells] = table(COLUMNS, [line(row)]).split('\n');
    process.stdout.write(minute === 1 ? `${head}\n${rule}\n${cells}\n` : `${cells}\n`);
  }
  return rows;
};

export const run = async (): Promise<void> => {
  const minutes = wholeNumber('minutes', process.env['BENCH_MINUTES'], DEFAULT_MINUTES, 1);
  const pauseMs = wholeNumber('pause', process.env['BENCH_PAUSE'], DEFAULT_PAUSE_MS, 0);
  const { folder, done } = benchFolder('soak');
  const sandbox = await startSandbox(folder);
  process.stdout.write(
    `load of the machine before the run: ${loadavg()[0]?.toFixed(1)}; ${CLIENTS} clients, ${pauseMs} ms between their rounds, ${STREAMS} streams\n\n`,
  );
  try {
    const gate = await startGate(folder, sandbox.kubeconfig);
    const streams = await openStreams(gate.url, [gate.tokens.ana, gate.tokens.healer], STREAMS, () => undefined);
    const took: number[] = [];
    let isOver = false;
    const clients = Promise.all(Array.from({ length: CLIENTS }, () => client(gate, took, pauseMs, () => isOver)));
    const rows = await Promise.race([watchMinutes(gate, took, minutes), clients.then(() => [])]);
    isOver = true;
    await clients;
    const told = streams.came();
    streams.close();
    process.stdout.write(`\n${rounded(told)} events told. ${risesOf(rows)}\n\n${spacesOf(rows)}\n`);
    closeClients();
    await gate.stop();
  } finally {
    closeClients();
    sandbox.stop();
    done();
  }
};
