// A real Gitea on loopback with SQLite, a repository and three people with tokens. For tests only: its data is thrown
// away. Its web pages lack their scripts, which Gitea builds with other tools; its API is whole.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BuiltServer, ensureBuilt } from './build.ts';
import { freePort, type ServerProcess, startProcess, whenReady } from './server-process.ts';

/** An account of the forge; its token may do everything that the account may. */
export type GiteaUser = { readonly name: string; readonly token: string };

/** A running Gitea. The bot owns the repository; `users` (ana, ben) may write to it. */
export type Gitea = {
  readonly url: string;
  readonly apiUrl: string;
  readonly version: string;
  readonly folder: string;
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  readonly users: readonly [GiteaUser, GiteaUser];
  readonly pids: readonly number[];
  readonly request: (
    token: string,
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ readonly status: number; readonly body: unknown }>;
  readonly stop: () => Promise<void>;
};

const bot = 'blastgate';
const people = ['ana', 'ben'] as const;

/** Names the file that tells of a Gitea that all files of a run share (run-real.ts). */
export const SHARED_GITEA = 'BLASTGATE_TEST_GITEA';

/** What of a Gitea is the same for every repository of it. */
type Account = Pick<Gitea, 'url' | 'apiUrl' | 'version' | 'folder' | 'token' | 'users'>;

/** The Gitea of this run with a repository of its own; `stop` leaves it running. Started alone, the file gets one to itself. */
export async function sharedGitea(): Promise<Gitea> {
  const file = process.env[SHARED_GITEA];
  if (file === undefined) return startGitea();
  // as: what `describeGitea` wrote.
  const account = JSON.parse(readFileSync(file, 'utf8')) as Account;
  return handleOf(account, `reviews-${randomBytes(6).toString('hex')}`, [], async () => {});
}

/** Writes the file that `sharedGitea` reads, and answers its path. */
export function describeGitea({ url, apiUrl, version, folder, token, users }: Gitea): string {
  const file = join(folder, 'shared.json');
  const account: Account = { url, apiUrl, version, folder, token, users };
  writeFileSync(file, JSON.stringify(account), { mode: 0o600 });
  return file;
}

/** Makes the repository. */
const handleOf = async (
  account: Account,
  repo: string,
  pids: readonly number[],
  stop: () => Promise<void>,
): Promise<Gitea> => {
  const request: Gitea['request'] = (bearer, method, path, body) => callApi(account.apiUrl, bearer, method, path, body);
  await createRepository(request, account.token, repo);
  return { ...account, owner: bot, repo, pids, request, stop };
};

/**
 * Starts a Gitea and answers when its repository can take issues. Builds it first when that has not happened yet. `dir`
 * names an empty or missing folder to keep everything in; without it a temporary folder is used and removed by
 * `stop()`. A failed start ends what was started, keeps the folder, and shows the log.
 */
export async function startGitea(options: { readonly dir?: string } = {}): Promise<Gitea> {
  const { gitea: built } = await ensureBuilt(['gitea']);
  const folder = options.dir ?? mkdtempSync(join(tmpdir(), 'blastgate-gitea-'));
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const configuration = join(folder, 'app.ini');
  writeFileSync(configuration, appIni(folder, built, port), { mode: 0o600 });
  const command = adminCommand(built, folder, configuration);
  await command('migrate');
  const token = await createUser(command, bot);
  const users = [
    { name: people[0], token: await createUser(command, people[0]) },
    { name: people[1], token: await createUser(command, people[1]) },
  ] as const;
  const server = startProcess(built.executable, ['web', '--config', configuration], {
    logPath: join(folder, 'gitea.log'),
    cwd: folder,
    env: environment(folder),
  });
  const apiUrl = `${url}/api/v1`;
  const stop = (): Promise<void> => end(server, options.dir === undefined ? folder : null);
  try {
    await whenReady(
      'Gitea',
      [server],
      async () => (await callApi(apiUrl, token, 'GET', '/version', undefined)).status === 200,
    );
    return await handleOf({ url, apiUrl, version: built.version, folder, token, users }, 'reviews', [server.pid], stop);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function end(server: ServerProcess, folder: string | null): Promise<void> {
  await server.stop();
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
}

const appIni = (folder: string, built: BuiltServer, port: number): string => `
APP_NAME = Gitea for tests
RUN_MODE = prod
RUN_USER = ${userInfo().username}
WORK_PATH = ${folder}

[server]
PROTOCOL = http
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = http://127.0.0.1:${port}/
STATIC_ROOT_PATH = ${built.folder}
OFFLINE_MODE = true
DISABLE_SSH = true
LFS_START_SERVER = false

[database]
DB_TYPE = sqlite3
PATH = ${join(folder, 'gitea.db')}
SQLITE_JOURNAL_MODE = WAL

[security]
INSTALL_LOCK = true
SECRET_KEY = ${randomBytes(32).toString('hex')}
PASSWORD_HASH_ALGO = pbkdf2$1$10

[service]
DISABLE_REGISTRATION = true

[webhook]
ALLOWED_HOST_LIST = loopback

[indexer]
ISSUE_INDEXER_TYPE = db

[actions]
ENABLED = false

[log]
MODE = console
LEVEL = info
`;

// Gitea refuses to run as root, which test machines often are, unless told that this is meant.
const environment = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: folder,
  GITEA_WORK_DIR: folder,
  GITEA_I_AM_BEING_UNSAFE_RUNNING_AS_ROOT: 'true',
});

type AdminCommand = (...argv: readonly string[]) => Promise<string>;

function adminCommand(built: BuiltServer, folder: string, configuration: string): AdminCommand {
  return async (...argv) => {
    const options = { cwd: folder, env: environment(folder), timeout: 60_000 };
    try {
      const { stdout } = await promisify(execFile)(built.executable, ['--config', configuration, ...argv], options);
      return stdout;
    } catch (error) {
      // as: what promisify(execFile) rejects with; Gitea explains itself on its standard output.
      const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
      const words = `${stdout}${stderr}`.trimEnd().split('\n').slice(-10).join('\n');
      throw new Error(`gitea ${argv.slice(0, 3).join(' ')} failed in ${folder}: ${words || message}`, { cause: error });
    }
  };
}

/** A token of the bot with these scopes alone ("write:issue,read:user"). */
export async function scopedToken({ folder }: Pick<Gitea, 'folder'>, scopes: string): Promise<string> {
  const { gitea: built } = await ensureBuilt(['gitea']);
  const command = adminCommand(built, folder, join(folder, 'app.ini'));
  const named = ['--token-name', `scoped-${randomBytes(4).toString('hex')}`, '--scopes', scopes, '--raw'];
  const printed = await command('admin', 'user', 'generate-access-token', '--username', bot, ...named);
  return tokenIn(printed, bot);
}

const tokenIn = (printed: string, name: string): string => {
  const token = /^[0-9a-f]{40}$/m.exec(printed);
  if (token === null) throw new Error(`Gitea printed no token for ${name}: ${printed}`);
  return token[0];
};

async function createUser(command: AdminCommand, name: string): Promise<string> {
  const password = randomBytes(16).toString('hex');
  const account = ['--username', name, '--email', `${name}@example.test`, '--password', password];
  await command('admin', 'user', 'create', ...account, '--admin=false', '--must-change-password=false');
  const scopes = ['--token-name', 'tests', '--scopes', 'all', '--raw'];
  const printed = await command('admin', 'user', 'generate-access-token', '--username', name, ...scopes);
  return tokenIn(printed, name);
}

async function createRepository(request: Gitea['request'], token: string, repo: string): Promise<void> {
  const created = await request(token, 'POST', '/user/repos', { name: repo, auto_init: false });
  if (created.status !== 201) throw new Error(`Gitea refused the repository: ${JSON.stringify(created)}`);
  for (const person of people) {
    const path = `/repos/${bot}/${repo}/collaborators/${person}`;
    const added = await request(token, 'PUT', path, { permission: 'write' });
    if (added.status !== 204) throw new Error(`Gitea refused ${person} as a collaborator: ${JSON.stringify(added)}`);
  }
}

const callApi = async (apiUrl: string, token: string, method: string, path: string, body: unknown) => {
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(10_000),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = answer.headers.get('content-type')?.includes('json') === true;
  return { status: answer.status, body: json && text !== '' ? (JSON.parse(text) as unknown) : text };
};
