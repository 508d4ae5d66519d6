// Drains of the sandbox cluster.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { portsOf } from '../support/cluster-under-test.ts';
import { drainContract } from './drain.ts';

drainContract('the sandbox cluster', async () => {
  const sandbox = await startSandboxCluster({ speed: 200 });
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-drain-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, sandbox.kubeconfig());
  const client = await openCluster({ kubeconfig, serviceHost: null });
  return {
    ...portsOf(client),
    call: async (method, path, body, contentType = 'application/json') => {
      const answer = await fetch(`${sandbox.url}${path}`, {
        method,
        headers: { 'content-type': contentType },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: await answer.json() };
    },
    granted: async (namespace) =>
      sandbox
        .writes()
        .filter((one) => one.subresource === 'eviction' && one.namespace === namespace && !one.dryRun)
        .filter(({ code }) => code === null || code < 300)
        .map(({ name }) => name ?? ''),
    failNextEviction: (pod, how) =>
      sandbox.inject({
        fault: typeof how === 'number' ? { kind: 'status', code: how, retryAfterSeconds: 1 } : { kind: how },
        method: 'POST',
        path: `/pods/${pod}`,
        dryRun: false,
      }),
    stop: async () => {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});
