// One cell of the matrix on a real control plane: the real `serve` behind a way to the API server that fails, or that it dies on.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isFinal, type State } from '../../src/core/remediation/state.ts';
import type { Fault } from '../../src/sandbox/cluster/faults.ts';
import { type Command, commandOf } from '../differential/commands.ts';
import { differencesOf, type Snapshot } from '../differential/snapshot.ts';
import { inside, kindsOf, requestName, type Side, type Stage } from '../differential/stage.ts';
import { Random } from '../generators/random.ts';
import { auditLogEnd } from '../servers/audit-log.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { clientOf } from './gate-client.ts';
import { type GateProcess, openGateProcess } from './gate-process.ts';
import { type ColumnName, endOf, happeningIn, type MatrixRow, STATE_OF } from './matrix.ts';

/** A second of the test is this many of the gate: it waits seconds between its looks. */
const SPEED = 8;
/** The controller of autoscalers looks every 15 s of the real clock. */
const WINDOW_SECONDS = 900;
/** Milliseconds that pass while it is down: its claim of what it was doing has run out. */
const DOWN_MS = 100_000;
/** Milliseconds that controllers and the audit log may take. */
const PATIENCE_MS = 30_000;

let made = 0;

/** What kubectl leaves of a row's command: asked once, for all its cells. */
const byKubectl = async (stage: Stage, command: Command): Promise<Snapshot> => {
  made += 1;
  const side = await stage.settle(`m-${made}k`, command);
  const logged = auditLogEnd(stage.plane.auditLogPath);
  const ran = await stage.byKubectl(side, command, stage.plane.kubectlPath);
  assert.ok(ran.ok, ran.says);
  // Pods that go have their grace period.
  let seen = await stage.snapshot(side.namespace, command, []);
  for (let still = 0; still < 4; ) {
    await pause(150);
    const written = kindsOf(stage.written(side, logged, 'admin'));
    const now = await stage.snapshot(side.namespace, command, written);
    still = written.length > 0 && differencesOf(seen, now).length === 0 ? still + 1 : 0;
    seen = now;
  }
  await stage.clear(side, command);
  return seen;
};

const wanted = new Map<MatrixRow, Promise<Snapshot>>();

const leftByKubectl = (stage: Stage, row: MatrixRow, command: Command): Promise<Snapshot> => {
  const known = wanted.get(row) ?? byKubectl(stage, command);
  wanted.set(row, known);
  return known;
};

/** Lines of what is not as it must be, asked until there are none. */
const settled = async (look: () => Promise<readonly string[]>): Promise<void> => {
  let found = await look();
  for (const end = Date.now() + PATIENCE_MS; found.length > 0 && Date.now() < end; found = await look())
    await pause(150);
  assert.deepEqual(found, []);
};

const kubeconfigThrough = (stage: Stage, url: string): string => {
  const config = JSON.parse(readFileSync(stage.plane.kubeconfigPath('gate'), 'utf8')) as {
    readonly clusters: readonly object[];
  };
  return JSON.stringify({ ...config, clusters: [{ name: 'real', cluster: { server: url } }] });
};

/** A gate before the control plane, and the way between them that can fail. */
interface GateBefore {
  readonly proxy: FaultProxy;
  readonly gate: GateProcess;
  /** Starts it again, as if time had passed while it was down. */
  readonly next: () => Promise<void>;
}

/**
 * The gates of a matrix: one for all that is only turned away or cut off, and one for each way to die, which dies of one action after
 * the other. Each is started when it is first asked for.
 */
export class Gates {
  readonly #stage: Stage;
  readonly #open = new Map<string, Promise<GateBefore>>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** The gate of a column, which runs. */
  async of(column: ColumnName): Promise<GateBefore> {
    const { killAt, dies } = happeningIn(column);
    const name = dies ? column : 'all that do not die';
    const known = this.#open.get(name) ?? openGate(this.#stage, killAt);
    this.#open.set(name, known);
    const opened = await known;
    if (!opened.gate.isUp()) await opened.next();
    return opened;
  }

  async close(): Promise<void> {
    for (const opened of this.#open.values()) {
      const { gate, proxy } = await opened;
      await gate.stop();
      await proxy.close();
    }
  }
}

/** It kills itself at the transition, whenever it gets there: what is looked for after a death goes by other ways. */
const openGate = async (stage: Stage, killAt: string | null): Promise<GateBefore> => {
  const proxy = await startFaultProxy(stage.plane);
  const kubeconfig = kubeconfigThrough(stage, proxy.url);
  const gate = openGateProcess({ kubeconfig, speed: SPEED, windowSeconds: WINDOW_SECONDS, env: {} });
  let starts = 0;
  const next = async (): Promise<void> => {
    const shift = DOWN_MS * starts;
    starts += 1;
    await gate.boot(killAt, shift);
  };
  await next();
  return { proxy, gate, next };
};

/** What is asked for in a namespace, and what happens to it. */
interface Asked {
  readonly side: Side;
  readonly command: Command;
  readonly writes: number;
  readonly fault: Fault['fault'] | null;
  readonly killWhenHeld: boolean;
}

/** Proposes and approves it, and brings the gate through the fault to its end. Answers with the state. */
const carryOut = async (
  { proxy, gate, next }: GateBefore,
  { side: { namespace }, command, writes, fault, killWhenHeld }: Asked,
): Promise<{ readonly state: string; readonly why: string }> => {
  const client = clientOf(gate, next, namespace);
  if (fault !== null)
    // Of objects in the namespace, or of the whole cluster by their name.
    for (const path of [`/${namespace}/`, `/${namespace}-`])
      proxy.inject({ fault, path, dryRun: false, skip: writes === 1 ? 0 : 1 });
  const argv = ['kubectl', ...command.argv.map((word) => inside(word, namespace))];
  const files = Object.fromEntries([...command.files].map(([path, text]) => [path, inside(text, namespace)]));
  await client.post({ argv, files, incident: namespace }, 0);
  for (const who of ['ben', 'cho']) await client.vote(who, 'approve');
  if (killWhenHeld) {
    await proxy.held();
    await gate.kill();
    await next();
  }
  const { state, code, refusals } = await client.until((one) => isFinal(one as State));
  return { state, why: JSON.stringify([code, refusals]) };
};

const playOn = async (
  gates: Gates,
  column: ColumnName,
  asked: Pick<Asked, 'side' | 'command' | 'writes'>,
): Promise<{ readonly state: string; readonly noise: string }> => {
  const { fault, killWhenHeld, dies } = happeningIn(column);
  const before = await gates.of(column);
  const { deaths } = before.gate;
  const died = deaths.length;
  const { state, why } = await carryOut(before, { ...asked, fault, killWhenHeld });
  const noise = `${why}\n${before.gate.noise().slice(-3000)}`;
  assert.deepEqual(deaths.slice(died), dies ? ['SIGKILL'] : [], `${state}: ${noise}`);
  return { state, noise };
};

/** Plays one cell. Throws where something was lost, applied twice, or is not as it must be. */
export const playCell = async (stage: Stage, gates: Gates, row: MatrixRow, column: ColumnName): Promise<void> => {
  const command = commandOf(row.action, row.way, new Random(1));
  const end = endOf(row, column);
  const left = await leftByKubectl(stage, row, command);
  made += 1;
  const side = await stage.settle(`m-${made}g`, command);
  const logged = auditLogEnd(stage.plane.auditLogPath);
  try {
    const { state, noise } = await playOn(gates, column, { side, command, writes: row.writes });
    const written = (): readonly string[] =>
      stage.written(side, logged, 'gate').map((event) => requestName(event, side.namespace));
    assert.equal(state, STATE_OF[end.is], `${written().join(', ')}\n${noise}`);
    const count = end.is === 'done' ? row.writes : end.is === 'back' ? 2 * end.written : end.written;
    await settled(async () => {
      const sent = written();
      const kinds = kindsOf(stage.written(side, logged, 'gate'));
      const now = await stage.snapshot(side.namespace, command, kinds);
      const differs =
        end.is === 'done' ? differencesOf(now, left) : end.is === 'back' ? differencesOf(now, side.before) : [];
      return [...(sent.length === count ? [] : [`${count} writes wanted: ${sent.join(', ')}`]), ...differs];
    });
  } finally {
    await stage.clear(side, command);
  }
};
