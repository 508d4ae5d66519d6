// A gate in a process of its own for `npm run bench load`: `node load-gate.ts FOLDER KUBECONFIG SETTINGS`; the parent asks it by IPC.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { stderrLog } from '../src/adapters/system/log.ts';
import { DEFAULT_TUNING } from '../src/doors/compose/tuning.ts';
import { composeGate } from '../src/doors/compose.ts';
import { readSettings } from '../src/doors/settings.ts';
import { type MemoryParts, memoryParts } from './memory-parts.ts';

const [folder = '', kubeconfig = '', extras = '{}'] = process.argv.slice(2);
const NO_LIMIT = 1e9;
/** A gate of today without those that a benchmark of one machine would meet first. */
const TUNING = {
  ...DEFAULT_TUNING,
  proposalsPerMinute: NO_LIMIT,
  scoresPerMinute: NO_LIMIT,
  evaluationsPerMinute: NO_LIMIT,
  streams: { perToken: NO_LIMIT, inAll: NO_LIMIT },
};

/** What the parent hears of this process. */
export interface GateUsage {
  readonly kind: 'usage';
  readonly cpuMs: number;
  readonly residentMb: number;
  /** What the heap of the main thread holds; after a collection where `collected` was asked for. */
  readonly heapMb: number;
  /** Files and connections that the process has open. */
  readonly openFiles: number;
  readonly databaseMb: number;
  /** What is written and not yet moved into the database. */
  readonly walMb: number;
  /** What the resident memory is made of, where `collected` was asked for: to find out costs some milliseconds. */
  readonly parts: MemoryParts | null;
}
export interface GateReady {
  readonly kind: 'ready';
  readonly url: string;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const tell = (message: GateUsage | GateReady): void => {
  process.send?.(message);
};

const read = readSettings({
  BLASTGATE_DATA: join(folder, 'data'),
  BLASTGATE_LISTEN: '127.0.0.1:0',
  BLASTGATE_PEOPLE: join(folder, 'people.yaml'),
  KUBECONFIG: kubeconfig,
  // as: load-peers.ts writes what it has as strings.
  ...(JSON.parse(extras) as Readonly<Record<string, string>>),
});
if (!read.ok) throw new Error(read.problems.join('\n'));
const running = await composeGate(read.settings, TUNING, stderrLog('json'));

const MB = 2 ** 20;
const sizeOf = (file: string): number =>
  (statSync(join(folder, 'data', file), { throwIfNoEntry: false })?.size ?? 0) / MB;

// Whoever started it is gone, and nobody can stop it any more.
process.on('disconnect', () => process.exit(1));
const answer = async (asked: unknown): Promise<void> => {
  const { user, system } = process.cpuUsage();
  if (asked === 'collected') collect();
  const { rss, heapUsed } = process.memoryUsage();
  tell({
    kind: 'usage',
    cpuMs: (user + system) / 1000,
    residentMb: rss / MB,
    heapMb: heapUsed / MB,
    openFiles: readdirSync('/proc/self/fd').length,
    databaseMb: sizeOf('blastgate.db'),
    walMb: sizeOf('blastgate.db-wal'),
    parts: asked === 'collected' ? await memoryParts() : null,
  });
};
process.on('message', (asked) => {
  if (asked === 'stop') void running.stop().then(() => process.exit(0));
  else void answer(asked);
});
tell({ kind: 'ready', url: running.url });
