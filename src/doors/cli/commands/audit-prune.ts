// `blastgate audit prune`: puts what is old into an archive, and takes out of the store what is over.
import { join } from 'node:path';
import { hashOfLine } from '../../../adapters/store/chain.ts';
import { archiveTrail, BrokenChain } from '../../../flow/archive-trail.ts';
import { jsonLine } from '../../json-line.ts';
import { OPEN } from '../../open-peers.ts';
import type { StorePlace } from '../../settings/store.ts';
import { CommandFailed, type CommandInput, EXIT, type Terminal, UsageError } from '../../terminal/command.ts';
import { outputFormat } from '../proposed-command.ts';
import { sinceOf } from '../times.ts';
import { verifiedTrail } from './audit-verify.ts';

/** Milliseconds: a million lines take minutes. */
const PRUNE_MS = 3_600_000;

/** Beside gates on PostgreSQL, or on the folder of a gate that is stopped. Throws UsageError, CommandFailed, AdapterError. */
export async function pruneTrail(place: StorePlace, input: CommandInput, terminal: Terminal): Promise<number> {
  const { before, archive } = input.values;
  const from = typeof before === 'string' ? sinceOf(before, Date.now()) : null;
  if (from === null) throw new UsageError('--before is a time as 2026-11-26T13:00Z, or a span as 90d: older lines go');
  const folder = folderOf(place, archive);
  const store = await OPEN.store(place);
  try {
    const { faults } = await verifiedTrail(store.trail, { known: [], archive: null });
    if (faults.length > 0)
      throw new CommandFailed('the trail is broken, so nothing is archived: see `blastgate audit verify`');
    const archiving = {
      store,
      archive: await OPEN.archive(folder),
      clock: { now: () => Date.now() },
      hashOf: hashOfLine,
      who: 'audit prune',
    };
    const done = await archiveTrail(archiving, from, AbortSignal.timeout(PRUNE_MS));
    const head = await store.trail.head(AbortSignal.timeout(PRUNE_MS));
    const answer = { ...done, folder, head: head === null ? null : `${head.seq}:${head.hash}` };
    if (outputFormat(input) === 'json') terminal.out(`${jsonLine(answer)}\n`);
    else
      terminal.out(
        done.through === null
          ? `no line is older than ${from}: nothing to archive\n`
          : `archived: ${done.archived} lines up to line ${done.through.seq}, in ${folder}\ntaken out: ${done.lines} lines, ${done.remediations} remediations; what is open, or ended in the last 7 days, stays\nhead: ${answer.head ?? 'none'}\n`,
      );
    return EXIT.auto;
  } catch (error) {
    if (error instanceof BrokenChain) throw new CommandFailed(`the trail is broken: ${error.message}`);
    throw error;
  } finally {
    await store.close();
  }
}

/** Beside the database of a folder; a database elsewhere has no place of its own for it. */
const folderOf = ({ dataDir, storeUrl }: StorePlace, archive: string | boolean | undefined): string => {
  if (archive === '') throw new UsageError('--archive names a folder');
  if (typeof archive === 'string') return archive;
  if (storeUrl !== null) throw new UsageError('say with --archive where the lines go: the store is a database');
  return join(dataDir, 'archive');
};
