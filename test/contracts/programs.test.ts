// Programs in containers, on the sandbox cluster.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { openLine } from '../support/line.ts';
import { programsContract } from './programs.ts';

programsContract(
  'the sandbox cluster',
  async () => {
    const sandbox = await startSandboxCluster({ speed: 20 });
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-programs-'));
    const kubeconfig = join(folder, 'kubeconfig');
    const { port } = new URL(sandbox.url);
    const line = await openLine(Number(port));
    writeFileSync(kubeconfig, sandbox.kubeconfig().replace(`:${port}`, `:${line.port}`));
    return {
      client: await openCluster({ kubeconfig, serviceHost: null }),
      call: async (method, path, body, contentType = 'application/json') => {
        const answer = await fetch(`${sandbox.url}${path}`, {
          method,
          headers: { 'content-type': contentType },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { status: answer.status, body: await answer.json() };
      },
      cut: () => line.cut(),
      stranger: null,
      stop: async () => {
        await line.close();
        await sandbox.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
  'none',
);
