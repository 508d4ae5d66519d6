// The sandbox command as a process: it serves, says where, and leaves nothing behind.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

test('serves until SIGTERM, then exits 0 and takes its kubeconfig along', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const env = { PATH: process.env['PATH'], TMPDIR: folder, NODE_DISABLE_COMPILE_CACHE: '1' };
  const child = spawn(process.execPath, [MAIN, 'sandbox'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes('Ctrl-C')) break;
  }
  const [, url = '', path = ''] = /sandbox cluster +(\S+)\nkubeconfig +(\S+)/.exec(said) ?? [];
  assert.equal((await fetch(`${url}/version`)).status, 200);
  assert.ok(readFileSync(path, 'utf8').includes(url));
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
  assert.deepEqual(readdirSync(folder), []);
});

for (const [argv, words] of [
  [['--port', 'http'], '--port is http; write 0 to 65535'],
  [['pods'], 'sandbox takes no arguments'],
] as const) {
  test(`usage: sandbox ${argv.join(' ')}`, () => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'sandbox', ...argv], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.ok(stderr.includes(words), stderr);
  });
}
