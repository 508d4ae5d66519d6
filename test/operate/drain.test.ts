// A gate that is told to end while a write is under way: it says so to load balancers, begins nothing new, keeps what it is told, and finishes.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type SandboxCluster, startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { openGate } from '../evidence/doors.ts';

let folder: string;
let sandbox: SandboxCluster;
let kubeconfig: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'blastgate-drain-'));
  sandbox = await startSandboxCluster({ port: 0 });
  kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
});
after(async () => {
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const until = async (what: string, is: () => Promise<boolean>): Promise<void> => {
  for (let at = 0; at < 3000; at += 1) {
    if (await is()) return;
    await pause(10);
  }
  assert.fail(`never: ${what}`);
};

test('it is not ready any more, takes votes, finishes the write, and ends; the next one goes on with the rest', async (t) => {
  const gate = await openGate(join(folder, 'gate'), kubeconfig);
  let isStopped = false;
  t.after(async () => {
    if (!isStopped) await gate.stop();
  });
  const propose = (incident: string, words: string) =>
    gate.call('healer', 'POST', '/proposals', { incident, argv: `kubectl ${words}`.split(' ') });
  const waiting = (await propose('INC-2', 'scale deployment web -n production --replicas=5')).body;
  assert.equal(waiting.state, 'awaiting-approval');
  // The write itself is answered late: the gate is told to end in between.
  sandbox.inject({ fault: { kind: 'delay', ms: 1500 }, method: 'PATCH', path: 'deployments/web', dryRun: false });
  const { id } = (await propose('INC-1', 'rollout restart deployment/web -n shop')).body;
  const stateOf = async (one: string): Promise<string> =>
    (await gate.call('ana', 'GET', `/proposals/${one}`)).body.state;
  await until('the write is under way', async () => (await stateOf(id)) === 'executing');
  const before_ = await fetch(`${gate.url}/readyz`);
  assert.equal(before_.status, 200);

  const stopped = gate.stop();
  const ready = await fetch(`${gate.url}/readyz`);
  assert.equal(ready.status, 503);
  assert.match(await ready.text(), /shutting down/);
  assert.equal((await fetch(`${gate.url}/healthz`)).status, 200);
  const voted = await gate.call('ben', 'POST', `/proposals/${waiting.id}/votes`, {
    decision: 'approve',
    digest: waiting.spec?.digest ?? waiting.digest,
  });
  assert.ok(voted.status === 200 || voted.status === 201, JSON.stringify(voted));
  await stopped;
  isStopped = true;
  await assert.rejects(fetch(`${gate.url}/healthz`));

  const next = await openGate(join(folder, 'gate'), kubeconfig);
  try {
    const after_ = async (one: string): Promise<string> =>
      (await next.call('ana', 'GET', `/proposals/${one}`)).body.state;
    // Its write was answered before the gate ended: nobody had to look for it.
    await until(
      'both are done',
      async () => (await after_(id)) === 'succeeded' && (await after_(waiting.id)) === 'succeeded',
    );
    const trail = JSON.stringify((await next.call('ana', 'GET', '/audit?incident=INC-1')).body);
    assert.doesNotMatch(trail, /answer-missed/);
    const writes = sandbox
      .writes()
      .filter(({ dryRun, name, namespace }) => !dryRun && namespace === 'shop' && name === 'web');
    assert.equal(writes.length, 1);
  } finally {
    await next.stop();
  }
});
