// The settings of the store → where what the gate remembers lies, and for how long.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { hostOf, isLoopback } from '../../core/model/host.ts';
import { Secret } from '../../ports/secret.ts';
import { type Env, type ReadVariable, readVariable } from './environment.ts';

/** Where what the gate remembers lies: a folder, or a database. */
export interface StorePlace {
  readonly dataDir: string;
  /** A PostgreSQL database that gates beside each other share; null: a SQLite file in dataDir, for one gate. */
  readonly storeUrl: Secret | null;
}

/** What a place may be on a command line. */
export const PLACES =
  'a folder, postgres://USER:PASSWORD@HOST:PORT/DATABASE, or configured: by BLASTGATE_STORE and BLASTGATE_DATA';

/** What is over goes into the archive, a folder, after so many days. */
export interface RetentionSettings {
  readonly days: number;
  readonly folder: string;
}

/** Where the gate keeps its database: BLASTGATE_DATA, else the XDG state folder. */
export function dataDirOf(env: Env): string {
  const named = env['BLASTGATE_DATA'];
  if (named !== undefined && named !== '') return named;
  const state = env['XDG_STATE_HOME'];
  return join(state !== undefined && state !== '' ? state : join(homedir(), '.local', 'state'), 'blastgate');
}

/** Where what the gate remembers lies, for a command that asks nothing else of the settings. */
export function readStoreSettings(env: Env): StorePlace & { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const storeUrl = readStoreUrl(readVariable(env, 'BLASTGATE_STORE', problems), problems);
  return { dataDir: dataDirOf(env), storeUrl, problems };
}

/** null: a SQLite file in the data folder. */
export function readStoreUrl(text: string | null, problems: string[]): Secret | null {
  if (text === null || text === 'sqlite') return null;
  if (isDatabase(text)) return new Secret(text);
  // Without its text: a password may stand in it.
  problems.push(
    'BLASTGATE_STORE is neither sqlite nor postgres://USER:PASSWORD@HOST:PORT/DATABASE; set one of them (of a password "/" as %2F, "@" as %40)',
  );
  return null;
}

/** A "/" in the password would end the host: the rest of it would be the name of the database, which is told. */
const isDatabase = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname } = new URL(text);
  return /^postgres(?:ql)?:$/.test(protocol) && !pathname.includes('@');
};

/** The driver goes by a parameter where the address names both. */
const databaseHost = ({ hostname, searchParams }: URL): string => searchParams.get('host') ?? hostname;

/** A database as people tell it from others: "host:5432/database", without who asks it. */
export function storeAddress(url: Secret): string {
  const address = new URL(url.reveal());
  const { port, pathname, searchParams } = address;
  return `${databaseHost(address)}:${searchParams.get('port') ?? (port === '' ? 5432 : port)}${pathname}`;
}

/** What the driver takes for TLS; without one of these it asks for none (pg-connection-string). */
const TLS_MODES: ReadonlySet<string | null> = new Set(['prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']);

/** Whether what the gate and its database say to each other crosses a network as it is. A socket of this machine crosses none. */
export function isReadOnTheWay(url: Secret): boolean {
  const address = new URL(url.reveal());
  const { searchParams } = address;
  const host = hostOf({ hostname: databaseHost(address) });
  const isHere = host === '' || /^(?:\/|%2f)/i.test(host) || isLoopback(host);
  return !isHere && !TLS_MODES.has(searchParams.get('sslmode')) && !/^(?:true|1)$/.test(searchParams.get('ssl') ?? '');
}

/** Where it lies, for a log: `sqlite`, or the address without account and parameters. */
export function storeName({ storeUrl }: Pick<StorePlace, 'storeUrl'>): string {
  return storeUrl === null ? 'sqlite' : `postgres://${storeAddress(storeUrl)}`;
}

/** Scores look at what failed in the last seven days: those are kept at least, with a day to spare. */
const [LEAST_DAYS, MOST_DAYS] = [8, 36_500];

/** null: everything stays. */
export function readRetention(
  { dataDir, storeUrl }: StorePlace,
  read: ReadVariable,
  problems: string[],
): RetentionSettings | null {
  const [text, folder] = [read('BLASTGATE_RETENTION_DAYS'), read('BLASTGATE_ARCHIVE')];
  if (text === null) {
    if (folder !== null)
      problems.push('BLASTGATE_ARCHIVE is set without BLASTGATE_RETENTION_DAYS: set both or neither');
    return null;
  }
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (days < LEAST_DAYS || days > MOST_DAYS)
    problems.push(`BLASTGATE_RETENTION_DAYS is "${text}"; write a whole number from ${LEAST_DAYS} to ${MOST_DAYS}`);
  if (folder === null && storeUrl !== null)
    problems.push('BLASTGATE_RETENTION_DAYS on a database needs BLASTGATE_ARCHIVE, the folder where old lines go');
  return { days, folder: folder ?? join(dataDir, 'archive') };
}
