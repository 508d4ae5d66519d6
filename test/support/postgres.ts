// A PostgreSQL of the test's own on loopback, and a PgBouncer before it: made in a temporary folder, ended with the test.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface TestDatabase {
  /** Of a fresh, empty database; each call makes one. */
  fresh(): Promise<string>;
  /** The same database with nothing in its tables. */
  emptied(url: string): Promise<string>;
  /** The same database through PgBouncer in transaction mode. */
  readonly pooled: (url: string) => string;
  /** Runs a statement on the database of an address. */
  ask(url: string, statement: string): Promise<readonly Record<string, unknown>[]>;
  stop(): Promise<void>;
}

const USER = 'postgres';
const isRoot = process.getuid?.() === 0;

/** Debian keeps the server's programs off the PATH, one folder a version: the newest. */
const serverFolder = (): string => {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).filter((one) => /^\d+$/.test(one)) : [];
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) throw new Error('these tests need PostgreSQL: apt-get install postgresql pgbouncer');
  return join(root, newest, 'bin');
};

/** The servers refuse to run as root: then as the account that Debian's package makes. */
const account = (): { readonly uid?: number; readonly gid?: number } => {
  if (!isRoot) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, USER]).toString());
  return { uid: id('-u'), gid: id('-g') };
};

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

const answers = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });

const started = async (
  program: string,
  args: readonly string[],
  { port, ready }: { readonly port: number; readonly ready: () => Promise<boolean> },
): Promise<ChildProcess> => {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/', ...account() });
  children.add(child);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-4000);
  });
  for (let tries = 0; tries < 600; tries += 1) {
    if ((await answers(port)) && (await ready())) return child;
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error(`${program} did not start: ${said}`);
};

/** A test that is killed leaves nothing running. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

const ended = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null) return;
  const over = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await over;
};

/** Nothing of it needs to survive the machine, so nothing waits for the disk. */
const CONFIGURATION = ['fsync=off', 'full_page_writes=off', 'max_connections=200', 'shared_buffers=64MB', 'jit=off'];

/** Starts both; throws where they are not installed. */
export async function startPostgres(): Promise<TestDatabase> {
  const bin = serverFolder();
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-postgres-'));
  const data = join(folder, 'data');
  const { uid, gid } = account();
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  chmodSync(folder, 0o700);
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'], {
    stdio: 'ignore',
    cwd: '/',
    ...account(),
  });
  const [port, poolerPort] = [await freePort(), await freePort()];
  const urlOf = (name: string, at = port): string => `postgres://${USER}@127.0.0.1:${at}/${name}`;
  const ask = async (url: string, statement: string) => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(statement)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };
  const ready = (url: string) => () =>
    ask(url, 'select 1').then(
      () => true,
      () => false,
    );
  const options = CONFIGURATION.flatMap((one) => ['-c', one]);
  const server = await started(
    join(bin, 'postgres'),
    ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder, ...options],
    { port, ready: ready(urlOf('postgres')) },
  );
  const ini = join(folder, 'pgbouncer.ini');
  writeFileSync(
    ini,
    `[databases]
* = host=127.0.0.1 port=${port} user=${USER}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${poolerPort}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
max_client_conn = 500
`,
    { mode: 0o644 },
  );
  const pooler = await started('/usr/sbin/pgbouncer', ['-q', ini], {
    port: poolerPort,
    ready: ready(urlOf('postgres', poolerPort)),
  });
  let made = 0;
  return {
    fresh: async () => {
      made += 1;
      await ask(urlOf('postgres'), `create database store_${made}`);
      return urlOf(`store_${made}`);
    },
    emptied: async (url) => {
      await ask(
        url,
        `do $$ declare names text; begin
          select string_agg(quote_ident(tablename), ', ') into names from pg_tables
            where schemaname = 'public' and tablename not in ('migrations', 'writer', 'secrets');
          if names is not null then execute 'truncate ' || names || ' restart identity'; end if; end $$`,
      );
      return url;
    },
    pooled: (url) => url.replace(`:${port}/`, `:${poolerPort}/`),
    ask,
    stop: async () => {
      await ended(pooler, 'SIGTERM');
      // Immediate: whoever is still connected is cut off.
      await ended(server, 'SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
