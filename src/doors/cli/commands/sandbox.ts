// `blastgate sandbox`: the sandbox cluster alone, for kubectl and other clients. It must never start a gate.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import { type CliCommand, CommandFailed, EXIT, UsageError } from '../command.ts';
import { untilSignal } from '../until-signal.ts';

export const sandboxCommand: CliCommand = {
  name: 'sandbox',
  summary: 'start the sandbox cluster alone',
  usage: 'blastgate sandbox [--port N] [--kubeconfig FILE]',
  options: { port: { type: 'string' }, kubeconfig: { type: 'string' } },
  run: async ({ values, words }, terminal) => {
    if (words.length > 0) throw new UsageError('sandbox takes no words');
    const port = readPort(values['port']);
    const cluster = await startSandboxCluster({ port }).catch((error: unknown) => {
      throw new CommandFailed(`port ${port} cannot be listened on (${String(error)}); leave --port out for a free one`);
    });
    const named = values['kubeconfig'];
    const folder = typeof named === 'string' ? null : mkdtempSync(join(tmpdir(), 'blastgate-sandbox-'));
    const path = typeof named === 'string' ? named : join(folder ?? '', 'kubeconfig');
    try {
      writeFileSync(path, cluster.kubeconfig(), { mode: 0o600 });
      terminal.out(`sandbox cluster  ${cluster.url}\nkubeconfig       ${path}\n\n`);
      terminal.out(
        `  kubectl --kubeconfig ${path} get pods -A\n  KUBECONFIG=${path} npx blastgate serve\n\nCtrl-C ends it.\n`,
      );
      return await untilSignal(async (signal) => {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        return EXIT.auto;
      });
    } finally {
      await cluster.stop();
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    }
  },
};

const readPort = (given: string | boolean | undefined): number => {
  if (given === undefined) return 0;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port is ${String(given)}; write 0 to 65535`);
  return port;
};
