// `blastgate store`: copies what a gate remembers from one store to another, and checks one as it lies.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { Secret } from '../../../ports/secret.ts';
import { jsonLine } from '../../json-line.ts';
import { OPEN } from '../../open-peers.ts';
import { PLACES, readStoreSettings, type StorePlace } from '../../settings/store.ts';
import { type CliCommand, CommandFailed, EXIT, type Terminal, UsageError } from '../../terminal/command.ts';
import { outputFormat } from '../proposed-command.ts';
import { verifiedTrail } from './audit-verify.ts';

/** Milliseconds: a million lines take minutes to copy. */
const COPY_MS = 3_600_000;

export const storeCommand: CliCommand = {
  name: 'store',
  usage: `blastgate store check [PLACE] [-o text|json]\nblastgate store copy FROM TO [-o text|json]      (each ${PLACES})`,
  example: 'blastgate store copy /var/lib/blastgate configured',
  exits: ['done', 'broken', 'usage'],
  options: { output: { type: 'string', short: 'o' } },
  run: async (input, terminal) => {
    const [what, ...places] = input.words;
    const write = (answer: Readonly<Record<string, unknown>>, text: string): void =>
      terminal.out(outputFormat(input) === 'json' ? `${jsonLine(answer)}\n` : `${text}\n`);
    try {
      if (what === 'check' && places.length < 2)
        return await check(placeOf(places[0] ?? 'configured', terminal), write);
      if (what === 'copy' && places[0] !== undefined && places[1] !== undefined && places.length === 2)
        return await copy(placeOf(places[0], terminal), placeOf(places[1], terminal), write);
    } catch (error) {
      if (error instanceof AdapterError) throw new CommandFailed(error.message);
      throw error;
    }
    throw new UsageError('say check, or copy FROM TO');
  },
};

type Write = (answer: Readonly<Record<string, unknown>>, text: string) => void;

/** Whether the command line gave it, or the settings. */
type GivenPlace = StorePlace & { readonly isGiven: boolean };

/** `configured`: what the settings name, so that no password stands on a command line; an address; else a folder. */
const placeOf = (text: string, { env }: Terminal): GivenPlace => {
  if (text === 'configured') {
    const { dataDir, storeUrl, problems } = readStoreSettings(env);
    if (problems.length > 0) throw new UsageError(problems.join('; '));
    return { dataDir, storeUrl, isGiven: false };
  }
  if (/^\w+:\/\//.test(text)) return { dataDir: '', storeUrl: new Secret(text), isGiven: true };
  return { dataDir: resolve(text), storeUrl: null, isGiven: true };
};

interface Checked {
  readonly lines: number;
  readonly head: string | null;
  readonly faults: readonly string[];
}

const examine = async (place: GivenPlace): Promise<Checked> => {
  // What the store itself says then is to set BLASTGATE_DATA, which is not asked.
  if (place.isGiven && place.storeUrl === null && !existsSync(join(place.dataDir, 'blastgate.db')))
    throw new CommandFailed(
      `there is no database in ${place.dataDir}: give the data folder of a gate, or the address of a database`,
    );
  const opened = await OPEN.trail(place);
  try {
    const { lines, head, faults } = await verifiedTrail(opened.trail, { known: [], archive: null });
    return { lines, head, faults: faults.map(({ seq, what, about }) => `line ${seq ?? '-'}: ${what}: ${about}`) };
  } finally {
    await opened.close();
  }
};

const check = async (place: GivenPlace, write: Write): Promise<number> => {
  const found = await examine(place);
  const { lines, head, faults } = found;
  const isWhole = faults.length === 0;
  write({ ...found }, isWhole ? `whole: ${lines} lines, head ${head ?? 'none'}` : `broken:\n${faults.join('\n')}`);
  return isWhole ? EXIT.auto : EXIT.broken;
};

/** The chain is verified before and after, and must end in the same line. */
const copy = async (from: GivenPlace, to: GivenPlace, write: Write): Promise<number> => {
  const before = await examine(from);
  if (before.faults.length > 0)
    throw new CommandFailed(`the source is broken, so it is not copied:\n${before.faults.join('\n')}`);
  const { rows } = await OPEN.storeCopy(from, to, AbortSignal.timeout(COPY_MS));
  const after = await examine(to);
  if (after.faults.length > 0 || after.head !== before.head || after.lines !== before.lines)
    throw new CommandFailed(
      `the copy ends at ${after.head ?? 'nothing'}, the source at ${before.head ?? 'nothing'}: a gate wrote meanwhile, or the target is broken; stop all gates, empty the target and copy again ${after.faults.join('; ')}`,
    );
  write(
    { rows, lines: after.lines, head: after.head },
    `copied: ${rows} rows, ${after.lines} lines, head ${after.head ?? 'none'}`,
  );
  return EXIT.auto;
};
