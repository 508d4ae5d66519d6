// What a gate costs as its history grows: start, lists, counts and a proposal with 1,000 to 1,000,000 remediations stored.
import { statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { benchFolder } from './leftovers.ts';
import { ask, closeClients, timesOf } from './load-clients.ts';
import { fillHistory } from './load-history.ts';
import { type BenchGate, startGate, startSandbox } from './load-peers.ts';
import { asPerson, humanProposal } from './load-requests.ts';
import { sizesAsked } from './sizes-asked.ts';
import { median, rounded, table } from './timing.ts';

const SIZES = [1_000, 100_000, 1_000_000] as const;
const TIMES = 21;
/** Pages followed from the newest before one is timed. */
const PAGES_DEEP = 20;

/** The path of a page some way behind the newest. */
const deepPage = async (gate: BenchGate): Promise<string> => {
  let path = '/v1/proposals?limit=200';
  for (let i = 0; i < PAGES_DEEP; i += 1) {
    const { text } = await ask(asPerson(gate, path));
    const { next } = JSON.parse(text) as { readonly next: string | null };
    if (next === null) break;
    path = `/v1/proposals?limit=200&cursor=${next}`;
  }
  return path.replace('limit=200', 'limit=50');
};

/** What is asked, by the heading of its column. */
const asked = async (gate: BenchGate): Promise<Readonly<Record<string, string>>> => ({
  'list of 50': '/v1/proposals',
  'a page far behind': await deepPage(gate),
  'those rejected': '/v1/proposals?state=rejected',
  'an incident': '/v1/proposals?incident=INC-H7',
  outcomes: '/v1/outcomes',
  audit: '/v1/audit?order=newest',
  'audit of an incident': '/v1/audit?incident=INC-H7',
  '/v1/insight': '/v1/insight',
  '/metrics': '/metrics',
  '/readyz': '/readyz',
});

const medianOf = async (gate: BenchGate, path: string): Promise<number> =>
  median(await timesOf(TIMES, asPerson(gate, path)));

const proposing = async (gate: BenchGate): Promise<number> => {
  const took: number[] = [];
  for (let i = 0; i < TIMES; i += 1) {
    const start = performance.now();
    const { status, text } = await ask(humanProposal(gate));
    if (status !== 201) throw new Error(`a proposal was answered ${status} ${text.slice(0, 300)}`);
    took.push(performance.now() - start);
  }
  return median(took);
};

export const run = async (): Promise<void> => {
  const { folder, done } = benchFolder('history');
  const data = join(folder, 'data');
  const sandbox = await startSandbox(folder);
  const [load] = loadavg();
  process.stdout.write(
    `load of the machine before the run: ${load?.toFixed(1)}; medians of ${TIMES}, milliseconds\n\n`,
  );
  try {
    let gate = await startGate(folder, sandbox.kubeconfig);
    await ask(humanProposal(gate));
    await gate.stop();
    let stored = 0;
    const sizes = sizesAsked(SIZES);
    for (const size of sizes) {
      const began = performance.now();
      await fillHistory(data, stored, size);
      const seconds = (performance.now() - began) / 1000;
      process.stderr.write(`${rounded(size - stored)} written in ${rounded(seconds)} s\n`);
      stored = size;
      const starts: number[] = [];
      for (let i = 0; i < 2; i += 1) {
        gate = await startGate(folder, sandbox.kubeconfig);
        starts.push(gate.readyMs);
        await gate.stop();
      }
      gate = await startGate(folder, sandbox.kubeconfig);
      starts.push(gate.readyMs);
      const cells: string[] = [];
      const heads: string[] = [];
      for (const [head, path] of Object.entries(await asked(gate))) {
        heads.push(head);
        cells.push(rounded(await medianOf(gate, path)));
      }
      const proposal = rounded(await proposing(gate));
      const { residentMb } = await gate.usage();
      const file = statSync(join(data, 'blastgate.db')).size / 2 ** 20;
      const row = [rounded(size), rounded(median(starts)), ...cells, proposal, rounded(residentMb), rounded(file)];
      const [head, line, first] = table(
        ['stored', 'ready', ...heads, 'a proposal', 'resident MB', 'database MB'],
        [row],
      ).split('\n');
      process.stdout.write(size === sizes[0] ? `${head}\n${line}\n${first}\n` : `${first}\n`);
      closeClients();
      await gate.stop();
    }
  } finally {
    closeClients();
    sandbox.stop();
    done();
  }
};
