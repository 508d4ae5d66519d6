// A gate in a process of its own for `npm run bench load`: `node load-gate.ts FOLDER KUBECONFIG`; the parent asks it by IPC.
import { join } from 'node:path';
import { stderrLog } from '../src/adapters/system/log.ts';
import { composeGate, DEFAULT_TUNING } from '../src/doors/compose.ts';
import { readSettings } from '../src/doors/settings.ts';

const [folder = '', kubeconfig = ''] = process.argv.slice(2);
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
}
export interface GateReady {
  readonly kind: 'ready';
  readonly url: string;
}

const tell = (message: GateUsage | GateReady): void => {
  process.send?.(message);
};

const read = readSettings({
  BLASTGATE_DATA: join(folder, 'data'),
  BLASTGATE_LISTEN: '127.0.0.1:0',
  BLASTGATE_PEOPLE: join(folder, 'people.yaml'),
  KUBECONFIG: kubeconfig,
});
if (!read.ok) throw new Error(read.problems.join('\n'));
const running = await composeGate(read.settings, TUNING, stderrLog('json'));

process.on('message', (asked) => {
  if (asked === 'stop') {
    void running.stop().then(() => process.exit(0));
    return;
  }
  const { user, system } = process.cpuUsage();
  tell({ kind: 'usage', cpuMs: (user + system) / 1000, residentMb: process.memoryUsage.rss() / 2 ** 20 });
});
tell({ kind: 'ready', url: running.url });
