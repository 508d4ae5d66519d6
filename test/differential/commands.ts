// A seed → the commands that are tried by kubectl and by the gate.
import type { JsonObject } from '../../src/core/model/json.ts';
import { Random } from '../generators/random.ts';
import { NS, type Stand } from './objects.ts';
import { type Row, spelled, type Way } from './row.ts';
import { APPLIES } from './rows/applied.ts';
import { DEBUGGING } from './rows/debugging.ts';
import { DELETIONS } from './rows/deletions.ts';
import { MADE } from './rows/made.ts';
import { METADATA } from './rows/metadata.ts';
import { NODES } from './rows/nodes.ts';
import { PATCHES } from './rows/patches.ts';
import { RECONCILED } from './rows/reconciled.ts';
import { ROLLOUTS } from './rows/rollouts.ts';
import { SCALING } from './rows/scaling.ts';
import { SETTINGS } from './rows/settings.ts';

/** One row an action: a new action joins by one row more. */
export const ROWS: readonly Row[] = [
  ...METADATA,
  ...NODES,
  ...ROLLOUTS,
  ...SCALING,
  ...SETTINGS,
  ...PATCHES,
  ...APPLIES,
  ...RECONCILED,
  ...MADE,
  ...DELETIONS,
  ...DEBUGGING,
];

/** One command of the table; "@NS" stands for the namespace wherever it is. */
export interface Command {
  readonly row: string;
  readonly wants: Way['wants'];
  /** Without "kubectl". */
  readonly argv: readonly string[];
  readonly stands: readonly Stand[];
  readonly files: ReadonlyMap<string, string>;
}

/** Several begin with a mark: before 1.31 kubectl takes what begins with a brace for one JSON document. */
const textOf = (documents: readonly JsonObject[]): string =>
  `${documents.length > 1 ? '---\n' : ''}${documents.map((one) => JSON.stringify(one)).join('\n---\n')}`;

/** The namespace before or behind the command, as people write it; of the whole cluster too, where it says nothing. */
const placed = (argv: readonly string[], random: Random): readonly string[] => {
  const flag = random.of([['-n', NS], [`--namespace=${NS}`], ['--namespace', NS], [`-n${NS}`]]);
  const end = argv.indexOf('--');
  if (argv.includes('-n') && (end < 0 || argv.indexOf('-n') < end)) return argv;
  if (end >= 0 || random.oneIn(2)) return [...flag, ...argv];
  return [...argv, ...flag];
};

/** A way in the spelling that comes next. */
export const commandOf = (row: string, { wants, words, stands, files }: Way, random: Random): Command => ({
  row,
  wants,
  argv: placed(spelled(words, random), random),
  stands,
  files: new Map(Object.entries(files).map(([path, documents]) => [path, textOf(documents)])),
});

/** The table, each way in the spelling that the seed picks: the same seed, the same commands. */
export function commandsOf(seed: number): readonly Command[] {
  const random = new Random(seed);
  return ROWS.flatMap(({ name, ways }) => ways.map((way) => commandOf(name, way, random)));
}
