// Three real `serve` processes on one PostgreSQL before one sandbox cluster; each is struck, and comes back.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { type GateProcess, openGateProcess } from '../faults/gate-process.ts';
import type { TestDatabase } from '../support/postgres.ts';
import type { Strike } from './preload.ts';

const PRELOAD = resolve(import.meta.dirname, 'preload.ts');
const DIFFICULT = resolve(import.meta.dirname, 'difficult-engine.ts');
/** How far the clock of each is off, in milliseconds. */
const CLOCKS = [0, 300_000, -300_000] as const;

export interface ThreeGates {
  readonly gates: readonly GateProcess[];
  readonly cluster: Awaited<ReturnType<typeof startSandboxCluster>>;
  readonly url: string;
  /** Whoever brings this incident over the transition will be struck; `stopMs` after one was stopped it goes on. */
  arm(incident: string, strike: Strike): void;
  hasStruck(incident: string): boolean;
  stop(): Promise<void>;
}

export const startThreeGates = async (
  database: TestDatabase,
  {
    stopMs,
    claimSeconds,
    windowSeconds,
    engine,
  }: {
    readonly stopMs: number;
    readonly claimSeconds: number;
    readonly windowSeconds: number;
    /** As PostgreSQL is, or as engines are that know less and refuse more (difficult-engine.ts). */
    readonly engine: 'postgres' | 'difficult';
  },
): Promise<ThreeGates> => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-replicas-'));
  const cluster = await startSandboxCluster({ speed: 20 });
  const url = await database.fresh();
  let isOver = false;
  const gates = CLOCKS.map(() =>
    openGateProcess({
      kubeconfig: cluster.kubeconfig(),
      speed: 1,
      windowSeconds,
      env: {
        BLASTGATE_STORE: url,
        NODE_OPTIONS: [...(engine === 'difficult' ? [DIFFICULT] : []), PRELOAD]
          .map((one) => `--import ${one}`)
          .join(' '),
        STRIKE_FOLDER: folder,
        CLAIM_SECONDS: String(claimSeconds),
      },
    }),
  );
  const boot = (i: number): Promise<void> => gates[i]?.boot(null, CLOCKS[i]) ?? Promise.resolve();
  const end = async (): Promise<void> => {
    await Promise.all(gates.map((gate) => gate.stop()));
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const booted = await Promise.allSettled(gates.map((_, i) => boot(i)));
  const failed = booted.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await end();
    throw failed.reason;
  }
  /** Brings back what has died, and lets go on what was stopped. */
  const keepUp = async (i: number): Promise<void> => {
    const gate = gates[i];
    if (gate === undefined) return;
    let stops = 0;
    while (!isOver) {
      await sleep(100);
      if (!gate.isUp()) {
        stops = 0;
        await boot(i).catch(() => {});
      }
      const stopped = gate.noise().split('STRUCK stop').length - 1;
      if (stopped > stops) {
        stops = stopped;
        await sleep(stopMs);
        gate.signal('SIGCONT');
      }
    }
  };
  const keeping = gates.map((_, i) => keepUp(i));
  return {
    gates,
    cluster,
    url,
    arm: (incident, strike) => writeFileSync(join(folder, incident), JSON.stringify(strike)),
    hasStruck: (incident) => existsSync(join(folder, `${incident}.taken`)),
    stop: async () => {
      isOver = true;
      for (const gate of gates) gate.signal('SIGCONT');
      await Promise.all(keeping);
      await end();
    },
  };
};
