// The pause switch and the pollers' cursors, in SQL.
import type { Kysely } from 'kysely';
import type { GateControls } from '../../../ports/store.ts';
import type { Write } from './group-commit.ts';
import { appendEntries, entryText } from './lines.ts';
import { readMark, writeMark } from './marks.ts';
import { clusterOf, isSwitchedOff, pausedClusters, setSwitch } from './paused.ts';
import type { Tables } from './tables.ts';

export function sqlControls(db: Kysely<Tables>, write: Write): GateControls {
  return {
    paused: async (cluster, signal) => {
      signal.throwIfAborted();
      return (await isSwitchedOff(db, null)) || (cluster !== null && (await isSwitchedOff(db, cluster)));
    },
    pausedClusters: async (signal) => {
      signal.throwIfAborted();
      return pausedClusters(db);
    },
    setPaused: (to, entry, signal) =>
      write(async (trx) => {
        const cluster = clusterOf(entry);
        if ((await isSwitchedOff(trx, cluster)) === (to === 'paused')) return false;
        await appendEntries(trx, [entryText(entry)], null);
        await setSwitch(trx, cluster, to === 'paused');
        if (to === 'running') await writeMark(trx, resumedMark(cluster), entry.at);
        return true;
      }, signal),
    resumedAt: async (cluster, signal) => {
      signal.throwIfAborted();
      const all = await readMark(db, resumedMark(null));
      const own = cluster === null ? null : await readMark(db, resumedMark(cluster));
      return (
        [all, own]
          .filter((at) => at !== null)
          .toSorted()
          .at(-1) ?? null
      );
    },
    readCursor: async (name, signal) => {
      signal.throwIfAborted();
      return readMark(db, name);
    },
    writeCursor: async (name, value, signal) => {
      await write((trx) => writeMark(trx, name, value), signal);
    },
    keepCursor: (name, value, signal) =>
      write(async (trx) => {
        const known = await readMark(trx, name);
        if (known === null) await writeMark(trx, name, value);
        return known ?? value;
      }, signal),
  };
}

const resumedMark = (cluster: string | null): string => (cluster === null ? 'resumed-at' : `resumed-at:${cluster}`);
