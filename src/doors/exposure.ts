// What of the settings lets others in: plain HTTP or a plain database beyond loopback, files that others may write. For the start and `doctor`.
import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { authorityOf, isLoopback } from '../core/model/host.ts';
import { isReadOnTheWay, storeAddress } from './settings/store.ts';
import type { Settings } from './settings.ts';

/** The gate runs with it; somebody should know. */
export interface Exposure {
  readonly check: 'listen' | 'files' | 'store';
  readonly message: string;
  readonly remedy: string;
}

const [GROUP_WRITES, ALL_WRITE, STICKY] = [0o020, 0o002, 0o1000];

const plainHttp = ({ listen }: Settings): readonly Exposure[] =>
  isLoopback(listen.host)
    ? []
    : [
        {
          check: 'listen',
          message: `plain HTTP on ${authorityOf(listen)}: tokens and proposals can be read on the way`,
          remedy: 'put TLS in front of it and let nothing else reach it, or listen on 127.0.0.1 (docs/operate.md)',
        },
      ];

const plainDatabase = ({ storeUrl }: Settings): readonly Exposure[] =>
  storeUrl === null || !isReadOnTheWay(storeUrl)
    ? []
    : [
        {
          check: 'store',
          message: `no TLS to the database ${storeAddress(storeUrl)}: its password and votes can be read and changed on the way`,
          remedy: 'add sslmode=verify-full&sslrootcert=FILE to BLASTGATE_STORE (docs/operate.md)',
        },
      ];

/** null where it is not there (a start says so itself) or where the system keeps no such rights. */
const statusOf = (path: string): Stats | null => {
  if (process.platform === 'win32') return null;
  try {
    return statSync(path);
  } catch {
    return null;
  }
};

/** The group that the gate itself runs with is no other: a volume in a cluster belongs to it (`fsGroup`). */
const mayOthersWrite = ({ mode, gid }: Stats): boolean =>
  (mode & ALL_WRITE) !== 0 || ((mode & GROUP_WRITES) !== 0 && gid !== process.getgid?.());

const writableByOthers = (path: string, what: string, remedy: string): readonly Exposure[] => {
  const status = statusOf(path);
  if (status === null || !mayOthersWrite(status)) return [];
  const shown = (status.mode & 0o777).toString(8).padStart(4, '0');
  return [{ check: 'files', message: `${what} ${path} may be written by others (${shown})`, remedy }];
};

/** Where the sticky bit stands, as in /tmp, nobody replaces the file of another. */
const replaceableByOthers = (path: string, what: string): readonly Exposure[] =>
  ((statusOf(dirname(path))?.mode ?? 0) & STICKY) !== 0
    ? []
    : writableByOthers(dirname(path), `the folder of ${what}`, `chmod go-w ${dirname(path)}`);

/** Whoever writes these decides who approves what (docs/threat-model.md). */
export function exposures(settings: Settings): readonly Exposure[] {
  const { dataDir, peopleFile, policyFile } = settings;
  const named = [
    ['the people file', peopleFile],
    ['the policy file', policyFile],
  ] as const;
  return [
    ...plainHttp(settings),
    ...plainDatabase(settings),
    ...writableByOthers(dataDir, 'the data folder', `chmod 700 ${dataDir}`),
    ...named.flatMap(([what, path]) =>
      path === null ? [] : [...writableByOthers(path, what, `chmod go-w ${path}`), ...replaceableByOthers(path, what)],
    ),
  ];
}
