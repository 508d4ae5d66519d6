// 500 open pages of the console: each listens to the stream, and asks for what an event is about, as the queue's screen does.
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { benchFolder } from './leftovers.ts';
import { ask, closeClients, openStreams } from './load-clients.ts';
import { type BenchGate, startGate, startSandbox } from './load-peers.ts';
import { asPerson, humanProposal, proposalOf, rejection } from './load-requests.ts';
import { quantile, rounded, table } from './timing.ts';

/** Milliseconds that rows which changed are gathered, as in console/src/queue/use-rows.ts. */
const GATHER_MS = 250;
const [WAITING, ROUNDS, EVERY_MS] = [50, 5, 2_000];
const SIZES = [1, 50, 500];

interface Told {
  readonly proposal: string;
  readonly from: string | null;
  readonly to: string;
}

/** What the screens of all pages ask for, and how long after an event it is there. */
const createPages = (gate: BenchGate, count: number) => {
  const took: number[] = [];
  let asked = 0;
  const underWay = new Set<Promise<void>>();
  const read = async (path: string, since: number): Promise<void> => {
    asked += 1;
    const { status, text } = await ask(asPerson(gate, path), count);
    if (status !== 200) throw new Error(`${path}: ${status} ${text.slice(0, 200)}`);
    took.push(performance.now() - since);
  };
  /** One page: rows that changed are gathered; what waits is counted by the one row, where it has not left. */
  const createPage = () => {
    const changed = new Set<string>();
    let isGathering = false;
    const rows = async (since: number): Promise<void> => {
      await pause(GATHER_MS);
      const ids = [...changed];
      changed.clear();
      isGathering = false;
      await Promise.all(ids.map((id) => read(`/v1/proposals/${id}?view=page`, since)));
    };
    return ({ proposal, from, to }: Told): void => {
      if (from === to) return;
      const since = performance.now();
      changed.add(proposal);
      const work = [
        ...(to === 'awaiting-approval' ? [read(`/v1/proposals/${proposal}?view=page`, since)] : []),
        ...(isGathering ? [] : [rows(since)]),
      ];
      isGathering = true;
      for (const one of work) {
        underWay.add(one);
        void one.finally(() => underWay.delete(one));
      }
    };
  };
  const pages = Array.from({ length: count }, createPage);
  let next = 0;
  return {
    /** An event of any stream: each page hears each event once, whichever stream says it. */
    hear: (data: string) => pages[next++ % count]?.(JSON.parse(data) as Told),
    quiet: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    asked: () => asked,
    took,
  };
};

/** A proposal and its end: three steps. */
const round = async (gate: BenchGate): Promise<void> => {
  const made = await ask(humanProposal(gate));
  if (made.status !== 201) throw new Error(`a proposal: ${made.status} ${made.text.slice(0, 200)}`);
  const ended = await ask(rejection(gate, proposalOf(made.text)));
  if (ended.status !== 200) throw new Error(`a vote: ${ended.status} ${ended.text.slice(0, 200)}`);
};

const measured = async (gate: BenchGate, count: number): Promise<readonly string[]> => {
  const pages = createPages(gate, count);
  const streams = await openStreams(gate.url, [gate.tokens.ana, gate.tokens.healer], count, pages.hear);
  const before = await gate.usage('collected');
  for (let at = 0; at < ROUNDS; at += 1) {
    await Promise.all([round(gate), pause(EVERY_MS)]);
    await pages.quiet();
  }
  await pause(1_000);
  await pages.quiet();
  const after = await gate.usage('collected');
  const events = streams.came() / count;
  streams.close();
  return [
    String(count),
    rounded(events),
    events === Math.round(events) ? 'none' : 'some',
    rounded((after.cpuMs - before.cpuMs) / events),
    rounded(pages.asked() / events),
    rounded(quantile(pages.took, 0.5)),
    rounded(quantile(pages.took, 0.99)),
    rounded(after.residentMb),
    rounded(after.heapMb - before.heapMb),
  ];
};

export const run = async (): Promise<void> => {
  const { folder, done } = benchFolder('pages');
  const sandbox = await startSandbox(folder);
  process.stdout.write(
    `load of the machine before the run: ${loadavg()[0]?.toFixed(1)}; ${WAITING} wait meanwhile\n\n`,
  );
  try {
    const gate = await startGate(folder, sandbox.kubeconfig);
    for (let at = 0; at < WAITING; at += 1) await ask(humanProposal(gate));
    const rows: (readonly string[])[] = [];
    for (const count of SIZES) rows.push(await measured(gate, count));
    process.stdout.write(
      `${table(['pages', 'events', 'cut off', 'core ms an event', 'requests an event', 'seen after ms, p50', 'p99', 'resident MB', 'heap added MB'], rows)}\n`,
    );
    await gate.stop();
  } finally {
    closeClients();
    sandbox.stop();
    done();
  }
};
