// The cluster cache against the sandbox cluster.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { cacheContract } from './cluster-cache.ts';

cacheContract('the sandbox cluster', async () => {
  const sandbox = await startSandboxCluster({ speed: 200, history: 200 });
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-cache-'));
  const { port } = new URL(sandbox.url);
  return {
    port: Number(port),
    kubeconfigThrough: (through) => {
      const path = join(folder, `kubeconfig-${through}`);
      writeFileSync(path, sandbox.kubeconfig().replaceAll(`:${port}`, `:${through}`));
      return path;
    },
    call: async (method, path, body, contentType = 'application/json') => {
      const answer = await fetch(`${sandbox.url}${path}`, {
        method,
        headers: { 'content-type': contentType },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: await answer.json() };
    },
    stop: async () => {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});
