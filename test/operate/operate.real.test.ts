// A stranger follows docs/operate.md to the letter: its blocks run in order, in one shell, on a real Kubernetes and a real
// Gitea, as an ordinary user with an empty home. Addresses alone are replaced; the chat is the sandbox's.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
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
const blockWith = (words: string): string => BLOCKS.find((block) => block.includes(words)) ?? '';
const HOME_CHAT = -1001234567890;
/** Two installations by npm are most of it. */
const LIMIT_MS = 10 * 60_000;
const ACCOUNT = 'system:serviceaccount:blastgate:blastgate';
/** The document says so: propose ends with the tier of what waits. */
const EXPECTED = [/^10: /, /^20: /];
/** Not a block, but told beside one: how a token is renewed under a running gate. */
const RENEWAL = [
  'kubectl delete secret blastgate-token -n blastgate',
  blockWith('kind: Secret'),
  'kubectl create deployment again --image=registry.k8s.io/pause:3.10 --replicas=1 -n default',
  'until as_user healer propose --incident TRY-3 -- kubectl scale deployment again --replicas=2 -n default; do sleep 1; done',
  'until as_user ana status TRY-3 | grep -E "succeeded|rolled-back|failed"; do sleep 1; done',
].join('\n');

/** The block of the other way to run it, and whether the API server lets the pod in. */
const IN_CLUSTER = [
  'cd ~/blastgate-source',
  'kill $gate; wait $gate',
  ...blocksOf('docs/operate.md', 'bash in-cluster'),
  'until [ -n "$(kubectl get pods -n blastgate -o name)" ]; do sleep 1; done',
  'kubectl get pods -n blastgate -o name',
].join('\n');

describe('docs/operate.md, followed to the letter', () => {
  let plane: ControlPlane;
  let gitea: Gitea;
  let chat: SandboxChat;
  let home: string;
  let port: number;
  /** What each block printed, and the commands that failed. */
  let printed: readonly string[];
  let failed: readonly string[];

  /** What would be published of this checkout, however it came here: on a branch, as CI takes it, or as plain files. */
  const publish = (): void => {
    const origin = join(home, 'origin');
    const isOurs = (path: string): boolean => !['node_modules', '.git', 'dist'].includes(basename(path));
    cpSync(ROOT, origin, { recursive: true, filter: isOurs });
    const git = (...words: readonly string[]): unknown =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-C', origin, ...words]);
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message=all');
  };

  const program = (name: string, text: string): void => {
    const path = join(home, 'bin', name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  };

  /** Only addresses: where the sources, the forge and the chat are, and where the gate listens. */
  const replaced = (block: string): string =>
    block
      .replaceAll('https://git.example/blastgate.git', join(home, 'origin'))
      .replaceAll('https://gitea.example', gitea.url)
      .replaceAll('https://api.telegram.org', chat.apiRoot)
      .replaceAll('127.0.0.1:8448', `127.0.0.1:${port}`);

  const environment = (): NodeJS.ProcessEnv => ({
    // How this machine reaches the registry, and nothing of a gate, of npm's own run or of the test runner.
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(?:BLASTGATE|GITEA|TELEGRAM|AIOPS|NODE_TEST|npm)_/.test(name)),
    ),
    HOME: home,
    PATH: `${join(home, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
    LANG: 'C.UTF-8',
    KUBECONFIG: plane.kubeconfigPath('admin'),
    GITEA_TOKEN: gitea.users[0].token,
    TELEGRAM_TOKEN: chat.token,
    TELEGRAM_API_ROOT: chat.apiRoot,
    npm_config_cache: process.env['npm_config_cache'] ?? join(homedir(), '.npm'),
    npm_config_userconfig: process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  });

  const inOneShell = async (blocks: readonly string[]): Promise<string> => {
    const marked = blocks.map((block, i) => `echo "@@ block ${i}"\n${replaced(block)}`);
    const script = [
      `trap 'echo "@@ failed $?: $BASH_COMMAND"' ERR`,
      `trap 'trap - ERR; kill $gate 2>/dev/null' EXIT`,
      ...marked,
    ].join('\n');
    const shell = spawn('bash', ['-c', script], {
      cwd: home,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that all that it started ends with it.
      detached: true,
    });
    let said = '';
    for (const stream of [shell.stdout, shell.stderr])
      stream.on('data', (bytes: Buffer) => {
        said += bytes.toString('utf8');
      });
    const limit = setTimeout(() => process.kill(-(shell.pid ?? 0), 'SIGKILL'), LIMIT_MS);
    await new Promise((done) => shell.once('close', done));
    clearTimeout(limit);
    return said;
  };

  before(async () => {
    home = mkdtempSync(join(tmpdir(), 'blastgate-operate-'));
    mkdirSync(join(home, 'bin'));
    publish();
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
    const said = await inOneShell([...BLOCKS, RENEWAL, IN_CLUSTER]);
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
    assert.equal(printed.length, BLOCKS.length + 2, printed.at(-1));
    assert.equal(failed.length, EXPECTED.length, `${failed.join('\n')}\n${printed.join('\n----\n').slice(-6000)}`);
    for (const [i, expected] of EXPECTED.entries()) assert.match(failed[i] ?? '', expected);
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

  test('the first proposals run: one when one person agreed, one when two did, with its issue', async () => {
    assert.match(saidBy('propose --incident TRY-1'), /^state +succeeded/m);
    const dual = saidBy('propose --incident TRY-2');
    assert.match(dual, /^state +succeeded/m);
    assert.match(dual, /intact/);
    const { status, body } = await gitea.request(gitea.users[0].token, 'GET', '/repos/sre/reviews/issues?state=all');
    assert.equal(status, 200);
    // as: the issues of Gitea's API.
    const issues = body as readonly { readonly title: string; readonly user: { readonly login: string } }[];
    assert.deepEqual(
      issues.map(({ title, user }) => [title.includes('TRY-2'), user.login]),
      [[true, 'blastgate-bot']],
    );
  });

  test('all that the gate wrote, it wrote as its service account: scales', () => {
    const writes = writesOf(plane.auditLogPath, ACCOUNT).filter(({ verb }) => verb === 'patch' || verb === 'delete');
    assert.deepEqual(
      [...new Set(writes.map(({ objectRef }) => `${objectRef?.name}/${objectRef?.subresource}`))],
      ['hello/scale', 'again/scale'],
    );
  });

  test('people were told in the chat', () => {
    assert.ok(chat.said().some(({ text }) => text.includes('TRY-2')));
  });

  test('after the upgrade it knows what was before, and the backup is whole', () => {
    assert.match(saidBy('git pull'), /TRY-2/);
    assert.match(saidBy('sqlite3'), /intact/);
  });

  test('a renewed token is taken up by the running gate', () => {
    assert.match(printed.at(-2) ?? '', /^state +succeeded/m);
  });

  test('in the cluster: the package fits into its ConfigMap, and the pod is let in', () => {
    assert.match(printed.at(-1) ?? '', /^configmap\/blastgate-pack created/m);
    assert.match(printed.at(-1) ?? '', /^pod\/blastgate-/m);
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
