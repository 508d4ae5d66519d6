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

test('a user whose token lies in a file has that token, and the one beside it counts no more', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-kubeconfig-'));
  const path = join(folder, 'config');
  const user = { tokenFile: 'token', token: 'an-old-token' };
  try {
    writeFileSync(join(folder, 'token'), 'a-token');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'here',
      contexts: [{ name: 'here', context: { cluster: 'here', user: 'gate' } }],
      clusters: [{ name: 'here', cluster: { server: 'https://10.0.0.1:6443' } }],
      users: [{ name: 'gate', user }],
    };
    writeFileSync(path, JSON.stringify(config));
    const found = await findCluster({ kubeconfig: path, serviceHost: null });
    const headers: Record<string, string> = {};
    // as: the library asks for more than it uses here.
    await found.config.applyToHTTPSOptions({ headers } as never);
    assert.equal(headers['Authorization'], 'Bearer a-token');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
