// A gate in a process of its own for `npm run bench loop`: it tells how long its event loop was held since it was last asked.
import { join } from 'node:path';
import { stderrLog } from '../src/adapters/system/log.ts';
import { DEFAULT_TUNING } from '../src/doors/compose/tuning.ts';
import { composeGate } from '../src/doors/compose.ts';
import { readSettings } from '../src/doors/settings.ts';

const [folder = '', kubeconfig = ''] = process.argv.slice(2);

/** Milliseconds of the longest turn of the event loop: by the clock, and of processor, which says what was no wait for a core. */
export interface Held {
  readonly clock: number;
  readonly processor: number;
}
export type Told = { readonly kind: 'url'; readonly url: string } | ({ readonly kind: 'held' } & Held);

const tell = (told: Told): void => {
  process.send?.(told);
};

const EVERY_MS = 1;
let held: Held = { clock: 0, processor: 0 };
let [at, used] = [performance.now(), process.threadCpuUsage()];
const look = (): void => {
  const { user, system } = process.threadCpuUsage(used);
  const clock = performance.now() - at - EVERY_MS;
  held = { clock: Math.max(held.clock, clock), processor: Math.max(held.processor, (user + system) / 1000) };
  [at, used] = [performance.now(), process.threadCpuUsage()];
  setTimeout(look, EVERY_MS);
};

const read = readSettings({
  BLASTGATE_DATA: join(folder, 'data'),
  BLASTGATE_LISTEN: '127.0.0.1:0',
  BLASTGATE_PEOPLE: join(folder, 'people.yaml'),
  KUBECONFIG: kubeconfig,
});
if (!read.ok) throw new Error(read.problems.join('\n'));
const running = await composeGate(read.settings, { ...DEFAULT_TUNING, proposalsPerMinute: 1e9 }, stderrLog('json'));
look();
process.on('message', (asked) => {
  if (asked === 'stop') {
    void running.stop().then(() => process.exit(0));
    return;
  }
  tell({ kind: 'held', ...held });
  held = { clock: 0, processor: 0 };
});
tell({ kind: 'url', url: running.url });
