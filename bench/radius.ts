// The live radius: what keeping a cluster known costs, and one decision from it; in memory, and over a real API
// server.
import { KIND_NAMES } from '../src/adapters/cluster/cache/kinds.ts';
import { KnownCluster } from '../src/adapters/cluster/cache/known-cluster.ts';
import { clusterOf, type Generated, PODS_PER_WORKLOAD, podOf } from './radius-cluster.ts';
import { DECISIONS, decisionTimes, heldBytes, milliseconds } from './radius-measure.ts';
import { realRows } from './radius-real.ts';
import { quantile, rounded, table } from './timing.ts';

const SIZES = [1_000, 10_000, 100_000] as const;
const EVENTS = 20_000;

/** Takes in a kind as over the line: text that is read, kept slim, and forgotten. Answers milliseconds, the making of the text left out. */
const takeIn = (cluster: KnownCluster, { kind, pages }: Generated): number => {
  const list = cluster.takeIn(kind);
  let spent = 0;
  const timed = (work: () => void): void => {
    const start = performance.now();
    work();
    spent += performance.now() - start;
  };
  for (const page of pages) {
    const text = page();
    timed(() => list.add((JSON.parse(text) as { readonly items: Parameters<typeof list.add>[0] }).items));
  }
  timed(list.finish);
  return spent;
};

/** Events per second, each a line of a watch that is read and filed. */
const eventRate = (cluster: KnownCluster, pods: number): number => {
  const lines = Array.from({ length: 1_000 }, (_, i) =>
    JSON.stringify({ type: 'MODIFIED', object: podOf((i * 97) % pods, `${1_000_000 + i}`) }),
  );
  const start = performance.now();
  for (let i = 0; i < EVENTS; i += 1) {
    const event = JSON.parse(lines[i % lines.length] ?? '') as { readonly object: Parameters<KnownCluster['put']>[1] };
    cluster.put('pods', event.object);
  }
  return (EVENTS * 1000) / (performance.now() - start);
};

const memoryRow = (pods: number): readonly string[] => {
  const before = heldBytes();
  const cluster = new KnownCluster();
  let bytes = 0;
  let synced = 0;
  for (const generated of clusterOf(pods, (size) => (bytes += size))) synced += takeIn(cluster, generated);
  const held = heldBytes() - before;
  const podsOnly = heldByPods(pods);
  const times = decisionTimes(cluster, pods / PODS_PER_WORKLOAD, 'pods and deployments');
  const events = eventRate(cluster, pods);
  return [
    `${rounded(pods)} in memory`,
    `${rounded(podsOnly)} B`,
    `${rounded(held / pods)} B`,
    `${rounded(bytes / pods)} B`,
    `${rounded(synced)} ms`,
    milliseconds(quantile(times, 0.5)),
    milliseconds(quantile(times, 0.99)),
    rounded(events),
  ];
};

/** Of the pods alone, with their indexes. */
const heldByPods = (pods: number): number => {
  const before = heldBytes();
  const cluster = new KnownCluster();
  for (const generated of clusterOf(pods, () => undefined)) if (generated.kind === 'pods') takeIn(cluster, generated);
  const held = heldBytes() - before;
  if (cluster.pods.size !== pods) throw new Error('not every pod is known');
  return held / pods;
};

export const run = async (): Promise<void> => {
  process.stdout.write(
    `${KIND_NAMES.length} kinds; ${PODS_PER_WORKLOAD} pods a workload, each with a replica set, a service with its endpoints, a ` +
      `budget; ${rounded(DECISIONS)} decisions from text to score, ${rounded(EVENTS)} events; one core\n\n`,
  );
  const rows = SIZES.map(memoryRow);
  const real = process.env['NO_REAL'] ? { rows: [], leftOut: 'x' } : await realRows();
  const head = [
    'pods',
    'held a pod',
    'held a pod with all around it',
    'as JSON',
    'sync',
    'decision, median',
    'p99',
    'events/s',
  ];
  process.stdout.write(`${table(head, [...rows, ...real.rows])}\n`);
  if (real.leftOut !== null) process.stdout.write(`\nThe real API server is left out: ${real.leftOut}\n`);
};
