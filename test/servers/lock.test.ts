// One builder at a time, also when the holder of the lock was killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { holdLock } from './lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'blastgate-lock-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('the second waits, says so once, and gets the lock when the first gives it back', async () => {
  const file = join(folder, 'a.db');
  const order: string[] = [];
  const release = await holdLock(file, () => order.push('first waits'));
  const second = holdLock(file, () => {
    order.push('second waits');
    release();
  });
  (await second)();
  assert.deepEqual(order, ['second waits']);
});

test('the lock of a killed process is free', async () => {
  const file = join(folder, 'b.db');
  const script = `
    import { holdLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
    await holdLock(${JSON.stringify(file)}, () => {});
    console.log('held');
    setInterval(() => {}, 1e6);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  let waited = false;
  const release = await holdLock(file, () => {
    waited = true;
    holder.kill('SIGKILL');
  });
  release();
  assert.equal(waited, true);
});
