// Another program holds the database of a running gate: health and reads are answered, and the work is done when it is free.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { openGate } from '../evidence/doors.ts';

const HOLD = `
  const { DatabaseSync } = require('node:sqlite');
  const db = new DatabaseSync(process.argv[1]);
  db.exec('begin immediate');
  process.stdout.write('held');
  process.stdin.once('data', () => { db.exec('rollback'); db.close(); process.exit(0); });
`;

/** Another process with an open write transaction. */
const hold = async (path: string): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['-e', HOLD, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  assert.ok(child.stdout !== null);
  await once(child.stdout, 'data');
  return child;
};

test('a database that another process holds stops neither health nor reads, and the work goes on after', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-held-'));
  const sandbox = await startSandboxCluster({ port: 0 });
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
  const gate = await openGate(join(folder, 'gate'), kubeconfig);
  try {
    const propose = (incident: string) =>
      gate.call('healer', 'POST', '/proposals', {
        incident,
        argv: ['kubectl', 'scale', 'deployment', 'web', '-n', 'production', '--replicas=5'],
      });
    assert.equal((await propose('INC-1')).status, 201);
    const other = await hold(join(folder, 'gate', 'blastgate.db'));
    let answered = 0;
    const proposals = ['INC-2', 'INC-3', 'INC-4'].map(async (incident) => {
      const answer = await propose(incident);
      answered += 1;
      return answer.status;
    });
    for (let i = 0; i < 50; i += 1) assert.equal((await fetch(`${gate.url}/healthz`)).status, 200);
    assert.equal((await gate.call('ana', 'GET', '/proposals')).status, 200);
    assert.equal((await fetch(`${gate.url}/metrics`)).status, 200);
    assert.equal(answered, 0, 'something was stored while the database was held');
    other.stdin?.write('go');
    await once(other, 'exit');
    assert.deepEqual(await Promise.all(proposals), [201, 201, 201]);
    const { proposals: list } = (await gate.call('ana', 'GET', '/proposals')).body as { readonly proposals: unknown[] };
    assert.equal(list.length, 4);
  } finally {
    await gate.stop();
    await sandbox.stop();
    rmSync(folder, { recursive: true });
  }
});
