// A stranger follows docs/operate.md to the letter: its blocks run in order, in one shell, on a real Kubernetes and a real
// Gitea, as an ordinary user with an empty home. Addresses alone are replaced; the chat is the sandbox's.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type SandboxChat, startSandboxChat } from '../../src/sandbox/chat/start.ts';
import { blocksOf } from '../readme-blocks.ts';
import { writesOf } from '../servers/audit-log.ts';
import { ensureBuilt } from '../servers/build.ts';
import { type Gitea, startGitea } from '../servers/gitea.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { freePort } from '../servers/server-process.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const BLOCKS = blocksOf('docs/operate.md', 'bash');
const HOME_CHAT = -1001234567890;
const ACCOUNT = 'system:serviceaccount:blastgate:blastgate';
/** The document says so: propose ends with the tier of what waits. */
const EXPECTED = /^20: .*propose --incident TRY-2 --wait|^20: .*propose --incident TRY-2 --/;

describe('docs/operate.md, followed to the letter', () => {
  let plane: ControlPlane;
  let gitea: Gitea;
  let chat: SandboxChat;
  let home: string;
  let port: number;
  /** What each block printed, and the commands that failed. */
  let printed: readonly string[];
  let failed: readonly string[];

  const program = (name: string, text: string): void => {
    const path = join(home, 'bin', name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  };

  /** Only addresses: where the sources, the forge and the chat are, and where the gate listens. */
  const replaced = (block: string): string =>
    block
      .replaceAll('https://git.example/blastgate.git', ROOT)
      .replaceAll('https://gitea.example', gitea.url)
      .replaceAll('https://api.telegram.org', chat.apiRoot)
      .replaceAll('127.0.0.1:8448', `127.0.0.1:${port}`);

  const environment = (): NodeJS.ProcessEnv => ({
    HOME: home,
    PATH: `${join(home, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
    LANG: 'C.UTF-8',
    KUBECONFIG: plane.kubeconfigPath('admin'),
    GITEA_TOKEN: gitea.users[0].token,
    TELEGRAM_TOKEN: chat.token,
    TELEGRAM_API_ROOT: chat.apiRoot,
    npm_config_cache: process.env['npm_config_cache'] ?? join(homedir(), '.npm'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  });

  const inOneShell = async (blocks: readonly string[]): Promise<string> => {
    const marked = blocks.map((block, i) => `echo "@@ block ${i}"\n${replaced(block)}`);
    const script = [
      `trap 'echo "@@ failed $?: $BASH_COMMAND"' ERR`,
      'set -E',
      `trap '[ -z "$gate" ] || kill $gate' EXIT`,
      ...marked,
    ].join('\n');
    const shell = spawn('bash', ['-c', script], { cwd: home, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [shell.stdout, shell.stderr])
      stream.on('data', (bytes: Buffer) => {
        said += bytes.toString('utf8');
      });
    const limit = setTimeout(() => shell.kill('SIGTERM'), 8 * 60_000);
    await new Promise((done) => shell.once('close', done));
    clearTimeout(limit);
    return said;
  };

  before(async () => {
    home = mkdtempSync(join(tmpdir(), 'blastgate-operate-'));
    mkdirSync(join(home, 'bin'));
    [plane, gitea, chat, port] = await Promise.all([
      startControlPlane(),
      startGitea(),
      startSandboxChat({ token: '123456:ABC-DEF', chats: [HOME_CHAT] }),
      freePort(),
    ]);
    const { gitea: built } = await ensureBuilt(['gitea']);
    program('kubectl', `exec ${plane.kubectlPath} "$@"`);
    program(
      'gitea',
      `export GITEA_WORK_DIR=${gitea.folder} GITEA_I_AM_BEING_UNSAFE_RUNNING_AS_ROOT=true\nexec ${built.executable} --config ${join(gitea.folder, 'app.ini')} "$@"`,
    );
    chat.say({ from: { id: 1001, name: 'Ana' }, text: '/help' });
    const said = await inOneShell(BLOCKS);
    printed = said.split(/^@@ block \d+\n/m).slice(1);
    failed = [...said.matchAll(/^@@ failed (.*)$/gm)].map(([, what]) => what ?? '');
  });
  after(async () => {
    await Promise.all([plane?.stop(), gitea?.stop(), chat?.close()]);
    if (home !== undefined) rmSync(home, { recursive: true, force: true });
  });

  /** What the one block with these words printed. */
  const saidBy = (words: string): string => {
    const at = BLOCKS.flatMap((block, i) => (block.includes(words) ? [i] : []));
    assert.equal(at.length, 1, `${at.length} blocks say ${words}`);
    return printed[at[0] ?? -1] ?? '';
  };

  test('every command of every block ran, and none failed but those that say so', () => {
    assert.equal(printed.length, BLOCKS.length, printed.at(-1));
    assert.deepEqual(
      failed.filter((one) => !EXPECTED.test(one)),
      [],
      printed.join('\n----\n').slice(-6000),
    );
    assert.ok(failed.length > 0);
  });

  test('doctor finds nothing wrong before the first start', () => {
    const said = saidBy('blastgate doctor');
    assert.doesNotMatch(said, /FAIL|^warn/m);
    for (const check of ['settings', 'policy', 'people', 'store', 'cluster', 'rights', 'clock', 'forge', 'chat'])
      assert.match(said, new RegExp(`^ok +${check} `, 'm'), said);
  });

  test('the bot sees the group, and tells its number and who wrote', () => {
    assert.match(saidBy('getUpdates'), new RegExp(`"id":${HOME_CHAT}[\\s\\S]*|"from":\\{"id":1001`));
  });

  test('the first proposals run: one at once, one when two people agreed, with its issue', async () => {
    assert.match(saidBy('TRY-1'), /succeeded/);
    const dual = saidBy('TRY-2');
    assert.match(dual, /succeeded/);
    assert.match(dual, /intact/);
    const { status, body } = await gitea.request(gitea.users[0].token, 'GET', '/repos/sre/reviews/issues?state=all');
    assert.equal(status, 200);
    // as: the issues of Gitea's API.
    const issues = body as readonly { readonly title: string; readonly user: { readonly login: string } }[];
    assert.deepEqual(
      issues.map(({ title, user }) => [title.includes('TRY-2'), user.login]),
      [[true, 'blastgate-bot']],
    );
    const hello = await plane.request('admin', 'GET', '/apis/apps/v1/namespaces/gate-try/deployments/hello');
    // as: a Deployment of apps/v1.
    assert.equal((hello.body as { readonly spec: { readonly replicas: number } }).spec.replicas, 0);
  });

  test('all that the gate wrote, it wrote as its service account: two scales', () => {
    const writes = writesOf(plane.auditLogPath, ACCOUNT).filter(({ verb }) => verb === 'patch' || verb === 'delete');
    assert.deepEqual(
      [...new Set(writes.map(({ objectRef }) => `${objectRef?.name}/${objectRef?.subresource}`))],
      ['hello/scale'],
    );
  });

  test('people were told in the chat', () => {
    assert.ok(chat.said().some(({ text }) => text.includes('TRY-2')));
  });

  test('after the upgrade it knows what was before, and the backup is whole', () => {
    assert.match(saidBy('git pull'), /TRY-2/);
    assert.match(saidBy('sqlite3'), /intact/);
  });

  test('nobody else on the machine can read what was written', () => {
    const config = join(home, '.config/blastgate');
    const files = readdirSync(config);
    assert.ok(files.length >= 9, files.join());
    for (const file of files) assert.equal(statSync(join(config, file)).mode & 0o077, 0, file);
    assert.equal(statSync(join(home, '.local/state/blastgate')).mode & 0o077, 0);
    const log = readFileSync(join(config, 'gate.log'), 'utf8');
    const secrets = [chat.token, readFileSync(join(config, 'gitea-token'), 'utf8').trim()];
    for (const secret of secrets)
      assert.ok(secret.length > 5 && !`${log}${printed.slice(7).join('')}`.includes(secret));
    assert.doesNotMatch(log, /exposure_warning/);
  });
});
