// The cluster adapters against the sandbox cluster.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { type Break, portsOf } from '../support/cluster-under-test.ts';
import { clusterContract } from './cluster.ts';

const FAULTS = {
  'drop-before': { kind: 'drop-before' },
  'drop-after': { kind: 'drop-after' },
  forbid: { kind: 'status', code: 403 },
  'server-error': { kind: 'status', code: 500 },
  conflict: { kind: 'status', code: 409 },
} as const;

clusterContract('the sandbox cluster', async () => {
  const sandbox = await startSandboxCluster({ speed: 200 });
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-contract-'));
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
    breakNextWrite: (how: Break) => sandbox.inject({ fault: FAULTS[how], method: 'PATCH' }),
    stop: async () => {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});
