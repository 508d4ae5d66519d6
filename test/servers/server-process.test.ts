// The promise of a real server in a test: it ends with its test, and its failure shows the log. Plain programs stand in.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { freePort, startProcess, whenReady } from './server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'blastgate-process-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const options = (name: string) => ({ logPath: join(folder, `${name}.log`), cwd: folder });
const node = (name: string, script: string) => startProcess(process.execPath, ['-e', script], options(name));

/** Resolves once no process has this id, dead children of other parents included. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    const state = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] : 'Z';
    if (state === 'Z') return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a program that ends on SIGTERM is stopped by it, and stopping twice is no error', async () => {
  const one = node(
    'polite',
    "process.on('SIGTERM', () => { console.log('bye'); process.exit(0) }); console.log('up'); setInterval(() => {}, 1e6)",
  );
  await whenReady('polite', [one], async () => readFileSync(one.logPath, 'utf8').includes('up'));
  await one.stop();
  await one.stop();
  assert.match(readFileSync(one.logPath, 'utf8'), /bye/);
  assert.equal(one.failure(), null);
});

test('a program that ended by itself fails the waiting with its exit code and its last words', async () => {
  const one = node('broken', "console.error('no such flag: --fast'); process.exit(3)");
  await assert.rejects(
    whenReady('the broken server', [one], async () => false),
    (error: Error) =>
      /the broken server: node ended \(exit code 3\)/.test(error.message) && /no such flag: --fast/.test(error.message),
  );
});

test('a program that does not exist is an error that names it', async () => {
  const one = startProcess(join(folder, 'nothing-here'), [], options('absent'));
  await assert.rejects(
    whenReady('the absent server', [one], async () => false),
    /nothing-here/,
  );
});

test('the kernel ends a program whose test was killed', {
  skip: process.platform !== 'linux' && 'needs Linux: elsewhere only an orderly exit ends the servers',
}, async () => {
  const script = `
    import { startProcess } from ${JSON.stringify(join(import.meta.dirname, 'server-process.ts'))};
    const one = startProcess('/bin/sleep', ['600'], ${JSON.stringify(options('orphan'))});
    console.log(one.pid);
    setInterval(() => {}, 1e6);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
  parent.kill('SIGKILL');
  await ended(pid);
});

test('ports are free and lie below those of outgoing connections', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, freePort));
  assert.ok(
    ports.every((port) => port >= 20_000 && port < 32_768),
    String(ports),
  );
});
