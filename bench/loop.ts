// How long any request holds the event loop of a gate, and what others wait meanwhile.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newCast } from '../src/doors/demo/cast.ts';
import { startSandboxCluster } from '../src/sandbox/cluster/cluster.ts';
import { findKind } from '../src/sandbox/cluster/kinds.ts';
import { type Seed, shop } from '../src/sandbox/cluster/seed.ts';
import { createObject } from '../src/sandbox/cluster/writes.ts';
import { CROWD, HOSTILE, type HostileInput } from './hostile-inputs.ts';
import { benchFolder, endsWithBench } from './leftovers.ts';
import type { Held, Told } from './loop-gate.ts';
import { quantile, rounded, table } from './timing.ts';

const kindOf = (kind: string) => {
  const found = findKind('v1', kind);
  if (found === null) throw new Error(`the sandbox serves no ${kind}`);
  return found;
};

/** The shop, and a namespace full of ready pods that nothing controls: each stands for itself in every list and picture. */
const crowded: Seed = {
  ...shop,
  plant: (world, liveUntil) => {
    shop.plant(world, liveUntil);
    const { namespace } = CROWD;
    createObject(world, kindOf('Namespace'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    createObject(world, kindOf('Service'), {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'crowd', namespace } },
      spec: { selector: { app: 'crowd' }, ports: [{ port: 80 }] },
    });
    for (let i = 0; i < CROWD.pods; i += 1) {
      const created = createObject(world, kindOf('Pod'), {
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: `p${i}`, namespace, labels: { app: 'crowd' } } },
        spec: { nodeName: `node-${1 + (i % 3)}`, containers: [{ name: 'a', image: 'a:1' }] },
      });
      const status = {
        phase: 'Running',
        podIP: `10.9.${i >> 8}.${i & 255}`,
        conditions: [{ type: 'Ready', status: 'True' }],
      };
      world.storage.put(kindOf('Pod'), { ...created, status });
    }
  },
};

const heard = <K extends Told['kind']>(child: ChildProcess, kind: K): Promise<Extract<Told, { kind: K }>> =>
  new Promise((done, fail) => {
    const listen = (told: Told): void => {
      if (told.kind !== kind) return;
      child.off('message', listen);
      child.off('exit', ended);
      // as: the kind says which it is.
      done(told as Extract<Told, { kind: K }>);
    };
    const ended = (code: number | null): void => fail(new Error(`the gate ended (${code})`));
    child.on('message', listen);
    child.once('exit', ended);
  });

const POLL_MS = 5;
const PEOPLE_WAIT_MS = 300;

/** What /healthz answers take while `work` goes on. */
const whileOthersAsk = async <T>(
  url: string,
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly waits: readonly number[] }> => {
  const waits: number[] = [];
  let over = false;
  const asking = (async () => {
    while (!over) {
      const begun = performance.now();
      await (await fetch(`${url}/healthz`)).text();
      waits.push(performance.now() - begun);
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
  })();
  const value = await work();
  over = true;
  await asking;
  return { value, waits };
};

const answerOf = async (response: Response): Promise<string> => {
  const body = (await response.json()) as { readonly code?: string; readonly tier?: string };
  return response.ok ? (body.tier ?? '?') : `${response.status} ${body.code ?? '?'}`;
};

const HEAD = [
  ...['request', 'to', 'answer', 'held, processor ms', 'held, clock ms'],
  ...['/healthz at most ms', 'answered after ms'],
];

export const run = async (): Promise<void> => {
  const { folder, done } = benchFolder('loop');
  const sandbox = await startSandboxCluster({ seed: crowded });
  const { peopleYaml, tokens } = newCast();
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  writeFileSync(join(folder, 'people.yaml'), peopleYaml, { mode: 0o600 });
  writeFileSync(join(folder, 'kubeconfig'), sandbox.kubeconfig(), { mode: 0o600 });
  const log = openSync(join(folder, 'gate.log'), 'w');
  const child = endsWithBench(
    fork(join(import.meta.dirname, 'loop-gate.ts'), [folder, join(folder, 'kubeconfig')], {
      stdio: ['ignore', 'ignore', log, 'ipc'],
    }),
  );
  try {
    const { url } = await heard(child, 'url');
    const held = async (): Promise<Held> => {
      const told = heard(child, 'held');
      child.send('held');
      return told;
    };
    const ask = async ({ path, body }: HostileInput): Promise<string> =>
      answerOf(
        await fetch(`${url}/v1/${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${tokens.ana}`, connection: 'close' },
          body: JSON.stringify(path === 'score' ? body : { ...body, incident: 'INC-1' }),
        }),
      );
    // What a gate does by itself at first (reading the cluster) is not what a request costs.
    while (!(await fetch(`${url}/readyz`)).ok) await new Promise((done) => setTimeout(done, PEOPLE_WAIT_MS));
    await new Promise((done) => setTimeout(done, 10 * PEOPLE_WAIT_MS));
    const atRest = await held();
    const say = (cells: readonly string[]): boolean => process.stdout.write(`| ${cells.join(' | ')} |\n`);
    process.stdout.write(`${table(HEAD, [])}\n`);
    say(['(until it is ready)', '', '', rounded(atRest.processor), rounded(atRest.clock), '', '']);
    let worst: Held = { clock: 0, processor: 0 };
    for (const input of HOSTILE) {
      await held();
      const begun = performance.now();
      const { value, waits } = await whileOthersAsk(url, () => ask(input));
      const took = performance.now() - begun;
      const now = await held();
      worst = { clock: Math.max(worst.clock, now.clock), processor: Math.max(worst.processor, now.processor) };
      const figures = [now.processor, now.clock, quantile(waits, 1), took].map(rounded);
      say([input.what, input.path, value, ...figures]);
    }
    process.stdout.write(
      `\nlongest hold: ${rounded(worst.processor)} ms of processor, ${rounded(worst.clock)} by the clock\n`,
    );
    const ended = new Promise((done) => child.once('exit', done));
    child.send('stop');
    await ended;
  } finally {
    child.kill();
    await sandbox.stop();
    done();
  }
};
