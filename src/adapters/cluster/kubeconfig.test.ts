// What is said when a pod lacks its service account. How one is used is shown on a real control plane in test/rights.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findCluster } from './kubeconfig.ts';

test('a pod without a service account is told what to do, and which file is missing', async () => {
  const podRoot = mkdtempSync(join(tmpdir(), 'blastgate-pod-'));
  const find = (): Promise<unknown> => findCluster({ kubeconfig: null, serviceHost: '10.96.0.1', podRoot });
  try {
    await assert.rejects(find(), /serviceaccount\/token is not there.*automountServiceAccountToken: true/);
    const mounted = join(podRoot, 'var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(mounted, { recursive: true });
    writeFileSync(join(mounted, 'token'), 'a-token');
    await assert.rejects(find(), /serviceaccount\/ca\.crt is not there/);
  } finally {
    rmSync(podRoot, { recursive: true, force: true });
  }
});
