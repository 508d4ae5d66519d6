// `blastgate sandbox`: the sandbox cluster alone, for kubectl and other clients.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import { type CliCommand, CommandFailed, EXIT, type Terminal, UsageError } from '../../terminal/command.ts';
import { untilSignal } from '../../terminal/until-signal.ts';

export const sandboxCommand: CliCommand = {
  name: 'sandbox',
  usage: 'blastgate sandbox [--port N] [--kubeconfig FILE]',
  example: 'blastgate sandbox --port 6443',
  exits: ['done', 'broken', 'usage'],
  options: { port: { type: 'string' }, kubeconfig: { type: 'string' } },
  run: async ({ values, words }, terminal) => {
    if (words.length > 0) throw new UsageError('sandbox takes no arguments');
    const port = readPort(values['port']);
    const { kubeconfig } = values;
    if (typeof kubeconfig === 'string') return untilSignal((signal) => serve(port, kubeconfig, terminal, signal));
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-sandbox-'));
    try {
      return await untilSignal((signal) => serve(port, join(folder, 'kubeconfig'), terminal, signal));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const serve = async (port: number, kubeconfig: string, terminal: Terminal, signal: AbortSignal): Promise<number> => {
  const cluster = await startSandboxCluster({ port }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailed(`port ${port} cannot be listened on (${why}); leave --port out for a free one`);
  });
  try {
    writeFileSync(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });
    terminal.out(`sandbox cluster  ${cluster.url}\nkubeconfig       ${kubeconfig}\n\n`);
    terminal.out(`  kubectl --kubeconfig ${kubeconfig} get pods -A\n\nCtrl-C ends it.\n`);
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    return EXIT.auto;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailed(`the kubeconfig cannot be written (${why}); name another file by --kubeconfig`);
  } finally {
    await cluster.stop();
  }
};

const readPort = (given: string | boolean | undefined): number => {
  const port = given === undefined ? 0 : Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port is ${String(given)}; write 0 to 65535`);
  return port;
};
