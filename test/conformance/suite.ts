// The conformance suite: every behaviour once against one server, each in a namespace of its own, and a table of how it went.
import { test } from 'node:test';
import { type Behaviour, sceneOf } from './behaviour.ts';
import { BUDGETS } from './behaviours/budgets.ts';
import { CONFLICTS } from './behaviours/conflicts.ts';
import { DISCOVERY } from './behaviours/discovery.ts';
import { DRY_RUNS } from './behaviours/dry-runs.ts';
import { ERRORS } from './behaviours/errors.ts';
import { GARBAGE } from './behaviours/garbage.ts';
import { LISTS } from './behaviours/lists.ts';
import { NAMESPACES } from './behaviours/namespaces.ts';
import { PATCHES } from './behaviours/patches.ts';
import { ROLLOUTS } from './behaviours/rollouts.ts';
import { SCALE } from './behaviours/scale.ts';
import { TABLES } from './behaviours/tables.ts';
import { WATCHES } from './behaviours/watches.ts';
import { WORKLOADS } from './behaviours/workloads.ts';
import { WRITES } from './behaviours/writes.ts';
import { type Client, clientOf, type Server } from './client.ts';

export const BEHAVIOURS: readonly Behaviour[] = [
  ...DISCOVERY,
  ...TABLES,
  ...LISTS,
  ...WATCHES,
  ...PATCHES,
  ...DRY_RUNS,
  ...CONFLICTS,
  ...SCALE,
  ...WRITES,
  ...ERRORS,
  ...ROLLOUTS,
  ...WORKLOADS,
  ...BUDGETS,
  ...GARBAGE,
  ...NAMESPACES,
];

export interface SuiteOptions {
  /** How many behaviours run at once. */
  readonly concurrency: number;
}

/** Declares a test for each behaviour; `start` is called once before and its `stop` once after. */
export function conformanceSuite(
  title: string,
  start: () => Promise<{ readonly server: Server; readonly stop: () => Promise<void> }>,
  options: SuiteOptions,
): void {
  test(title, { concurrency: options.concurrency }, async (t) => {
    const { server, stop } = await start();
    const results: Outcome[] = [];
    try {
      const client = clientOf(server);
      await describeAll(client, options, t.test.bind(t), results);
    } finally {
      await stop();
      for (const line of tableOf(results)) t.diagnostic(line);
    }
  });
}

interface Outcome {
  readonly area: string;
  readonly passed: boolean;
}

type Subtest = (name: string, run: () => Promise<void>) => Promise<void>;

async function describeAll(
  client: Client,
  { concurrency }: SuiteOptions,
  subtest: Subtest,
  results: Outcome[],
): Promise<void> {
  const waiting = [...BEHAVIOURS.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, behaviour] = next;
      await subtest(`${behaviour.area}: ${behaviour.name}`, async () => {
        const passed = { area: behaviour.area, passed: true };
        try {
          await inNamespace(client, `conformance-${at}`, behaviour);
          results.push(passed);
        } catch (error) {
          results.push({ ...passed, passed: false });
          throw error;
        }
      });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

async function inNamespace(client: Client, name: string, behaviour: Behaviour): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await client.call('POST', '/api/v1/namespaces', { body });
  const scene = sceneOf(client, name);
  await scene.until(scene.path('v1', 'serviceaccounts', '/default'), (one) => one.kind === 'ServiceAccount');
  try {
    await behaviour.check(scene);
  } finally {
    await client.call('DELETE', `/api/v1/namespaces/${name}`);
  }
}

/** A line an area, and the sum. */
function tableOf(results: readonly Outcome[]): readonly string[] {
  const areas = [...new Set(BEHAVIOURS.map((one) => one.area))];
  const line = (area: string, some: readonly Outcome[]): string => {
    const passed = some.filter((one) => one.passed).length;
    const percent = some.length === 0 ? 0 : Math.round((100 * passed) / some.length);
    return `${area.padEnd(12)} ${String(passed).padStart(3)}/${String(some.length).padEnd(3)} ${String(percent).padStart(3)} %`;
  };
  return [
    ...areas.map((area) =>
      line(
        area,
        results.filter((one) => one.area === area),
      ),
    ),
    line('all', results),
  ];
}
