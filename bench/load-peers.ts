// The processes around `npm run bench load`: a sandbox cluster and a gate, each on a core of its own where there is one.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { newCast } from '../src/doors/demo/cast.ts';
import { endsWithBench } from './leftovers.ts';
import type { GateReady, GateUsage } from './load-gate.ts';

const START_MS = 60_000;
const MAIN = resolve(import.meta.dirname, '../src/doors/cli/main.ts');

/** Starts `blastgate sandbox`; resolves with its kubeconfig. */
export const startSandbox = async (folder: string): Promise<{ kubeconfig: string; stop: () => void }> => {
  const kubeconfig = join(folder, 'kubeconfig');
  const child = endsWithBench(
    spawn(process.execPath, [MAIN, 'sandbox', '--kubeconfig', kubeconfig], { stdio: 'ignore' }),
  );
  const until = performance.now() + START_MS;
  while (!existsSync(kubeconfig)) {
    if (performance.now() > until || child.exitCode !== null) throw new Error('the sandbox does not start');
    await new Promise((done) => setTimeout(done, 20));
  }
  return { kubeconfig, stop: () => child.kill('SIGTERM') };
};

export interface BenchGate {
  readonly url: string;
  /** Bearer tokens of two people who may approve, and of the agent of ana, who may propose. */
  readonly tokens: { readonly ana: string; readonly ben: string; readonly healer: string };
  /** Milliseconds from the start of the process until /readyz says ok. */
  readonly readyMs: number;
  usage(asked?: 'usage' | 'collected'): Promise<GateUsage>;
  stop(): Promise<void>;
}

interface GateExtras {
  /** Settings beside those of every gate of a benchmark. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gates that share a store share their people. */
  readonly cast?: ReturnType<typeof newCast>;
}

/** Starts a gate on a folder; its log goes to a file there. */
export const startGate = async (
  folder: string,
  kubeconfig: string,
  { env = {}, cast = newCast() }: GateExtras = {},
): Promise<BenchGate> => {
  mkdirSync(join(folder, 'data'), { recursive: true, mode: 0o700 });
  const { peopleYaml, tokens } = cast;
  writeFileSync(join(folder, 'people.yaml'), peopleYaml, { mode: 0o600 });
  const log = openSync(join(folder, 'gate.log'), 'w');
  const begun = performance.now();
  const profile = process.env['BENCH_PROFILE'];
  const child = endsWithBench(
    fork(join(import.meta.dirname, 'load-gate.ts'), [folder, kubeconfig, JSON.stringify(env)], {
      stdio: ['ignore', 'ignore', log, 'ipc'],
      execArgv: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
    }),
  );
  closeSync(log);
  child.on('exit', (code) => {
    if (code !== 0) throw new Error(`the gate ended (${code}); its log is in ${folder}`);
  });
  const { url } = await heard<GateReady>(child, 'ready', START_MS);
  while (!(await fetch(`${url}/readyz`)).ok) await new Promise((done) => setTimeout(done, 5));
  const readyMs = performance.now() - begun;
  return {
    url,
    tokens,
    readyMs,
    usage: (asked = 'usage') => {
      child.send(asked);
      return heard<GateUsage>(child, 'usage', START_MS);
    },
    stop: async () => {
      const ended = new Promise<void>((done) => child.once('exit', () => done()));
      child.send('stop');
      await ended;
    },
  };
};

const heard = <M extends { readonly kind: string }>(child: ChildProcess, kind: M['kind'], ms: number): Promise<M> =>
  new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`the gate says no ${kind} within ${ms} ms`)), ms);
    const listen = (message: unknown): void => {
      if ((message as M).kind !== kind) return;
      clearTimeout(late);
      child.off('message', listen);
      done(message as M);
    };
    child.on('message', listen);
  });
