// The real `serve` in a process of its own, before any cluster and chat: started, killed, started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = resolve(import.meta.dirname, '../..');

const hashOf = (token: string): string => `sha256:${createHash('sha256').update(token).digest('hex')}`;
const peopleFile = {
  people: ['ana', 'ben', 'cho'].map((id) => ({
    id,
    name: id,
    rights: ['read', 'approve', 'admin'],
    accounts: {},
    tokens: [hashOf(id)],
  })),
  agents: [{ id: 'healer', owner: 'ana', rights: ['read', 'propose'], tokens: [hashOf('healer')] }],
};

/** The policy as it is shipped, but for its breaker: these tests make one change after the other fail. */
const patientPolicy = (sources: string): string => {
  const shipped = readFileSync(join(sources, 'policy/default.yaml'), 'utf8');
  const patient = shipped.replace(/^ {2}failures: 3$/m, '  failures: 1000');
  // Versions that are long past had neither.
  if (patient === shipped && sources !== ROOT) return shipped;
  if (patient === shipped) throw new Error('policy/default.yaml has no breaker of 3 failures');
  // Nor what runs within an hour: one action after the other would soon be asked of people, in the middle of a case.
  const generous = patient.replace(/^budgets:\n(?: {2}\w+: \d+\n)+/m, (budgets) =>
    budgets.replaceAll(/\d+$/gm, '100000'),
  );
  if (generous === patient) throw new Error('policy/default.yaml has no budgets');
  return generous;
};

export class GateDied extends Error {}

/** What a gate of these tests lives with. */
interface Surroundings {
  /** The text of its kubeconfig. */
  readonly kubeconfig: string;
  /** A second of the test is this many of the gate's. */
  readonly speed: number;
  /** Seconds for which a change may stand still. */
  readonly windowSeconds: number;
  /** More of its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** A gate that does not run yet, with a data folder that outlives its deaths. */
export const openGateProcess = ({ kubeconfig, speed, windowSeconds, env }: Surroundings) => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-kill-'));
  const epoch = Date.now();
  writeFileSync(join(folder, 'kubeconfig'), kubeconfig);
  writeFileSync(join(folder, 'people.yaml'), JSON.stringify(peopleFile));
  let child: ChildProcess | null = null;
  let url: string | null = null;
  let noise = '';
  const deaths: (NodeJS.Signals | number | null)[] = [];

  /**
   * Starts the gate; `killAt` is a transition and a moment, `shift` milliseconds that have passed meanwhile, `sources` the folder of
   * another version of the gate.
   */
  const boot = async (killAt: string | null, shift = 0, sources = ROOT): Promise<void> => {
    url = null;
    noise = '';
    writeFileSync(join(folder, 'policy.yaml'), patientPolicy(sources));
    const started = spawn(
      join(ROOT, 'node_modules/.bin/node'),
      [
        ...['--import', join(ROOT, 'test/faults/preload.ts'), 'src/doors/cli/main.ts', 'serve'],
        ...['--window', `${windowSeconds}`],
      ],
      {
        cwd: sources,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          HOME: folder,
          KILL_AT: killAt ?? '',
          CLOCK_EPOCH: String(epoch),
          CLOCK_SPEED: String(speed),
          CLOCK_SHIFT: String(shift),
          BLASTGATE_DATA: join(folder, 'data'),
          BLASTGATE_PEOPLE: join(folder, 'people.yaml'),
          BLASTGATE_POLICY: join(folder, 'policy.yaml'),
          BLASTGATE_LISTEN: '127.0.0.1:0',
          KUBECONFIG: join(folder, 'kubeconfig'),
          ...env,
        },
      },
    );
    child = started;
    started.stderr.on('data', (bytes: Buffer) => {
      noise += bytes.toString('utf8');
    });
    started.once('exit', (code, signal) => {
      url = null;
      deaths.push(signal ?? code);
      if (child === started) child = null;
    });
    const lines = createInterface({ input: started.stdout });
    for await (const line of lines) {
      if (!line.startsWith('http://')) continue;
      url = line.trim();
      return;
    }
    // A gate that is killed in its first step may never have said where it listens.
    if (started.signalCode !== 'SIGKILL') throw new Error(`the gate did not start:\n${noise}`);
  };

  const gone = async (): Promise<void> => {
    const running = child;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    await new Promise((done) => running.once('exit', done));
  };

  /** Ends it as a power cut would. */
  const kill = async (): Promise<void> => {
    child?.kill('SIGKILL');
    await gone();
  };

  /** Ends it as its supervisor would. */
  const end = async (): Promise<void> => {
    child?.kill('SIGTERM');
    await gone();
  };

  /** One request; GateDied when nobody is there to answer it any more. */
  const ask = async (
    method: string,
    path: string,
    token: string,
    body?: unknown,
  ): Promise<{ status: number; json: unknown }> => {
    if (url === null) throw new GateDied();
    try {
      const response = await fetch(`${url}/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, json: await response.json() };
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError) throw new GateDied();
      throw error;
    }
  };

  const stop = async (): Promise<void> => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };

  /** What a supervisor or a scheduler does to it. */
  const signal = (name: NodeJS.Signals): void => {
    child?.kill(name);
  };

  return { folder, deaths, signal, boot, kill, end, gone, ask, stop, isUp: () => url !== null, noise: () => noise };
};
export type GateProcess = ReturnType<typeof openGateProcess>;
