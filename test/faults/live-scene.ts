// A gate that judges against a cluster whose lines, answers and clock can be made to fail.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ClusterCache, createClusterCache } from '../../src/adapters/cluster/cache/cluster-cache.ts';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { createClusterReader } from '../../src/adapters/cluster/reader.ts';
import type { Decision } from '../../src/core/decision/decide.ts';
import type { Remediation } from '../../src/core/remediation/remediation.ts';
import type { Gate } from '../../src/flow/gate.ts';
import { assess, assessAgain } from '../../src/flow/requests/assess.ts';
import { propose } from '../../src/flow/requests/propose.ts';
import { type SandboxCluster, startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { type FakeClock, fakeClock } from '../fakes/clock.ts';
import { judgingHere } from '../fakes/judging.ts';
import { type Line, openLine } from '../support/line.ts';
import { HEALER, setStage } from '../support/memory-gate.ts';

export const COMMAND = 'kubectl scale deployment web -n shop --replicas=4';
export const MAX_AGE_SECONDS = 60;
/** Of the real clock: how long a judgement may take before it is cut off; where nothing answers, in place of the gate's 10 s. */
const PATIENCE_MS = { calm: 8000, hurried: 200 } as const;

export interface Judged {
  readonly score: number | null;
  readonly tier: string;
  readonly decision: Decision['leadsTo'];
  /** Subject of no-evidence; null: every fact came back. */
  readonly lacks: string | null;
}

export interface Scene {
  readonly sandbox: SandboxCluster;
  readonly clock: FakeClock;
  readonly cache: ClusterCache;
  /** What the cache hears through, and what targets are read through. */
  readonly lines: { readonly cache: Line; readonly reads: Line };
  /** From now on a judgement is cut off after a fifth of a second, or has its time again. */
  readonly feel: (mood: keyof typeof PATIENCE_MS) => void;
  /** Judges the command as if it were proposed now. */
  readonly judge: () => Promise<Judged>;
  /** Judges again what was approved before the fault. */
  readonly atExecution: (approved: Remediation) => Promise<string>;
  readonly propose: () => Promise<Remediation>;
  /** Lets seconds go by on the gate's clock, hearing what there is to hear. */
  readonly pass: (seconds: number) => Promise<void>;
  /** Lets time go by until it is so. */
  readonly until: (what: string, isSo: () => boolean | Promise<boolean>) => Promise<void>;
  /** Lets time go by until every kind that the sandbox serves is known and young. */
  readonly healed: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Seconds: shorter than a watch, longer than most pauses. */
const STRIDE = 5;

/** Kinds that the sandbox does not have. */
const UNSERVED = new Set(['replicationcontrollers', 'cronjobs.batch']);

export const startSandbox = (): Promise<SandboxCluster> => startSandboxCluster({ speed: 200 });

/** `start`: whether the cache is given the time to know the cluster first. */
export const openScene = async (sandbox: SandboxCluster, start: 'known' | 'unknown'): Promise<Scene> => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-faults-'));
  const port = Number(new URL(sandbox.url).port);
  const lines = { cache: await openLine(port), reads: await openLine(port) };
  const clientThrough = async (line: Line) => {
    const kubeconfig = join(folder, `kubeconfig-${line.port}`);
    writeFileSync(kubeconfig, sandbox.kubeconfig().replaceAll(`:${port}`, `:${line.port}`));
    return openCluster({ kubeconfig, serviceHost: null });
  };
  const clock = fakeClock();
  const ending = new AbortController();
  const cache = createClusterCache(
    await clientThrough(lines.cache),
    clock,
    { maxAgeSeconds: MAX_AGE_SECONDS },
    () => undefined,
  );
  if (start === 'unknown') lines.cache.freeze();
  const running = cache.run(ending.signal);
  const stage = setStage(undefined, { ...setStage(), clock });
  const gate: Gate = {
    ...stage.gate,
    reader: createClusterReader(await clientThrough(lines.reads), cache),
    judging: judgingHere(),
  };

  let mood: keyof typeof PATIENCE_MS = 'calm';
  const pass = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds; passed += STRIDE) {
      clock.pass(Math.min(STRIDE, seconds - passed));
      await pause(1);
    }
  };
  /** A question waits on the gate's clock for what is about to be known: it must go on meanwhile. */
  const whileTimePasses = async <T>(work: Promise<T>): Promise<T> => {
    let over = false;
    const done = work.finally(() => {
      over = true;
    });
    while (!over) {
      await Promise.race([done, pause(20)]);
      if (!over) clock.pass(0.5);
    }
    return done;
  };
  const question = {
    command: { kind: 'line', line: COMMAND },
    files: new Map<string, string>(),
    namespace: null,
    incident: 'INC-1',
  } as const;
  const judge = async (): Promise<Judged> => {
    const judged = await whileTimePasses(
      assess(gate, question, { caller: 'a test', signal: AbortSignal.timeout(PATIENCE_MS[mood]) }),
    );
    if (!judged.ok) throw new Error(judged.refusal.code);
    const { blastRadius, decision } = judged.value;
    const doubt = blastRadius.reasons.find(({ code }) => code === 'no-evidence');
    return {
      score: blastRadius.score,
      tier: blastRadius.tier,
      decision: decision.leadsTo,
      lacks: doubt === undefined ? null : (doubt.subject ?? ''),
    };
  };
  const known = (): boolean =>
    cache
      .health()
      .every(({ kind, lacking, ageSeconds }) => UNSERVED.has(kind) || (lacking === null && (ageSeconds ?? 99) < 30));
  const until: Scene['until'] = async (what, isSo) => {
    for (let turn = 0; turn < 1500; turn += 1) {
      if (await isSo()) return;
      await pause(5);
      if (turn % 4 === 3) clock.pass(STRIDE / 2);
    }
    throw new Error(`${what}: it never was so; ${JSON.stringify(cache.health())}`);
  };
  const healed = (): Promise<void> => until('the cluster is known', known);
  if (start === 'known') await healed();
  return {
    sandbox,
    clock,
    cache,
    lines,
    feel: (now) => {
      mood = now;
    },
    judge,
    pass,
    until,
    healed,
    propose: async () => {
      const proposal = { ...question, proposer: HEALER, diagnosis: null, mayStill: () => true };
      const made = await whileTimePasses(propose(gate, proposal, AbortSignal.timeout(PATIENCE_MS[mood])));
      if (!made.ok) throw new Error(`${COMMAND} was turned away: ${made.refusal.code}`);
      return made.remediation;
    },
    atExecution: async (approved) => {
      const answer = await whileTimePasses(assessAgain(gate, approved, AbortSignal.timeout(PATIENCE_MS[mood])));
      return answer.kind;
    },
    close: async () => {
      ending.abort();
      sandbox.clearFaults();
      await Promise.all([lines.cache.close(), lines.reads.close()]);
      await running;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
