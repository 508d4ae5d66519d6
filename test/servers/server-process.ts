// One real server as a child process: output to a file, ended when asked, and never outliving the test that started it.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A running program. `stop` sends SIGTERM and, after two seconds, SIGKILL; it may be called twice. */
export type ServerProcess = {
  readonly name: string;
  readonly pid: number;
  readonly logPath: string;
  readonly failure: () => string | null;
  readonly stop: () => Promise<void>;
};

const setpriv = '/usr/bin/setpriv';
const graceMilliseconds = 2000;

/** Ended with this process, by one listener for all. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a program; its output goes to `logPath`. Use `whenReady` to learn whether it lives. */
export function startProcess(
  executable: string,
  argv: readonly string[],
  options: { readonly logPath: string; readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): ServerProcess {
  const name = basename(executable);
  const log = openSync(options.logPath, 'w');
  // On Linux the kernel ends the child when this process dies, even by SIGKILL; elsewhere only an orderly exit does.
  const guarded = process.platform === 'linux' && existsSync(setpriv);
  const [command, args] = guarded
    ? [setpriv, ['--pdeathsig', 'KILL', '--', executable, ...argv]]
    : [executable, [...argv]];
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.once('error', () => {}); // Where it could not be started: told by the missing pid below.
  if (child.pid === undefined) throw new Error(`${name} could not be started from ${executable}`);
  running.add(child);
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      running.delete(child);
      resolve();
    }),
  );
  let stopping = false;
  return {
    name,
    pid: child.pid,
    logPath: options.logPath,
    failure: () =>
      hasEnded(child) && !stopping ? `${name} ended (${child.signalCode ?? `exit code ${child.exitCode}`})` : null,
    stop: async () => {
      stopping = true;
      if (hasEnded(child)) return;
      child.kill('SIGTERM');
      const patience = new AbortController();
      await Promise.race([exited, delay(graceMilliseconds, undefined, { signal: patience.signal }).catch(() => {})]);
      patience.abort();
      if (!hasEnded(child)) child.kill('SIGKILL');
      await exited;
    },
  };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/**
 * Asks `ready` until it says yes. A program that ended, or a minute without a yes, is an error that shows the last lines
 * of the log to look at: that of the program that ended, else of the first one named.
 */
export async function whenReady(
  what: string,
  processes: readonly ServerProcess[],
  ready: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + 60_000;
  let last = 'the answer was: not yet';
  while (performance.now() < deadline) {
    const ended = processes.find((one) => one.failure() !== null);
    if (ended !== undefined) throw new Error(`${what}: ${ended.failure()}; ${logTail(ended)}`);
    try {
      if (await ready()) return;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await delay(25);
  }
  throw new Error(`${what}: not ready after 60 s (${last}); ${processes.slice(0, 1).map(logTail).join('')}`);
}

const logTail = (one: ServerProcess): string =>
  `the end of ${one.logPath}:\n${readFileSync(one.logPath, 'utf8').split('\n').slice(-20).join('\n')}`;

/** A free port of 127.0.0.1 below the range from which the system takes ports for outgoing connections. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
