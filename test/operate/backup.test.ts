// A backup that is taken while a gate works, restored into an empty folder: the chain is whole, and what waited for people goes on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { openGate } from '../evidence/doors.ts';
import { ranCli } from '../support/run-cli.ts';

/** `blastgate audit verify` on a data folder. */
const verify = (folder: string) => ranCli(['audit', 'verify'], { env: { BLASTGATE_DATA: folder } });

test('what was acknowledged before the backup is there after it, whole, and is carried out once people agree', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-backup-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const sandbox = await startSandboxCluster({ port: 0 });
  t.after(() => sandbox.stop());
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
  const [first, restored] = [join(folder, 'first'), join(folder, 'restored')];
  const gate = await openGate(first, kubeconfig);
  let isStopped = false;
  t.after(async () => {
    if (!isStopped) await gate.stop();
  });
  const propose = (incident: string) =>
    gate.call('healer', 'POST', '/proposals', {
      incident,
      argv: ['kubectl', 'scale', 'deployment', 'web', '-n', 'production', '--replicas=5'],
    });
  const waiting = (await propose('INC-1')).body;
  assert.equal(waiting.state, 'awaiting-approval');

  // As docs/operate.md says, while others go on proposing.
  mkdirSync(restored, { mode: 0o700 });
  const others = ['INC-2', 'INC-3', 'INC-4', 'INC-5'].map(propose);
  execFileSync('sqlite3', [join(first, 'blastgate.db'), `.backup ${join(restored, 'blastgate.db')}`]);
  for (const { status } of await Promise.all(others)) assert.equal(status, 201);
  // The key of what proposals hide, and the CA, lie beside the database.
  for (const name of ['hidden.key', 'ca'])
    if (existsSync(join(first, name))) cpSync(join(first, name), join(restored, name), { recursive: true });
  await gate.stop();
  isStopped = true;
  rmSync(first, { recursive: true });

  const { code, said } = await verify(restored);
  assert.equal(code, 0, said);
  const again = await openGate(restored, kubeconfig);
  t.after(() => again.stop());
  const found = (await again.call('ana', 'GET', `/proposals/${waiting.id}`)).body;
  assert.deepEqual([found.state, found.spec.digest], ['awaiting-approval', waiting.spec.digest]);
  const voted = await again.call('ben', 'POST', `/proposals/${waiting.id}/votes`, {
    decision: 'approve',
    digest: waiting.spec.digest,
  });
  assert.ok(voted.status < 300, JSON.stringify(voted));
  for (let at = 0; at < 3000; at += 1) {
    if ((await again.call('ana', 'GET', `/proposals/${waiting.id}`)).body.state === 'succeeded') return;
    await pause(10);
  }
  assert.fail('it is never carried out');
});
