// kubectl's commands and flags as lookups over the generated grammar.
import { FLAGS, GRAMMAR } from './grammar.ts';

/** A flag as pflag defines it. */
export interface Flag {
  readonly name: string;
  /** pflag's name of the type: bool, string, stringSlice, int32, duration, … */
  readonly type: string;
  /** One letter, "" for none. */
  readonly short: string;
  /** What the flag holds when it stands without "="; "" where it takes the next word. */
  readonly noOptDefault: string;
  /** The first version that knows it, "" when all since 1.27 do. */
  readonly since: string;
}

/** A command of kubectl; path [] is kubectl itself. */
export interface CommandNode {
  readonly path: readonly string[];
  /** The path as one text, for tables. */
  readonly key: string;
  readonly mutates: boolean;
  readonly supportsDryRun: boolean;
  readonly requiredFlags: readonly string[];
  /** By long name and by letter; the global flags are not among them. */
  readonly flags: ReadonlyMap<string, Flag>;
  readonly shorts: ReadonlyMap<string, Flag>;
  /** By name and alias. */
  readonly children: ReadonlyMap<string, CommandNode>;
}

const words = (text: string | undefined): readonly string[] =>
  text === undefined || text === '' ? [] : text.split(' ');

const ALL_FLAGS: readonly Flag[] = FLAGS.map((line) => {
  const [name = '', short = '', type = '', noOptDefault = '', since = ''] = line.split('|');
  return { name, short, type, noOptDefault, since };
});

interface Growing extends CommandNode {
  readonly children: Map<string, CommandNode>;
}

const grow = (): CommandNode => {
  const byPath = new Map<string, Growing>();
  for (const line of GRAMMAR) {
    const [path = '', aliases, marks = '', required, numbers] = line.split('|');
    const flags = new Map<string, Flag>();
    const shorts = new Map<string, Flag>();
    for (const number of words(numbers)) {
      const flag = ALL_FLAGS[Number.parseInt(number, 36)];
      if (flag === undefined) throw new Error(`this is a bug: grammar.ts counts no flag ${number}`);
      flags.set(flag.name, flag);
      if (flag.short !== '') shorts.set(flag.short, flag);
    }
    const command: Growing = {
      path: words(path),
      key: path,
      mutates: marks.includes('m'),
      supportsDryRun: marks.includes('d'),
      requiredFlags: words(required),
      flags,
      shorts,
      children: new Map(),
    };
    byPath.set(path, command);
    const name = command.path.at(-1);
    if (name === undefined) continue;
    const parent = byPath.get(command.path.slice(0, -1).join(' '));
    for (const word of [name, ...words(aliases)]) parent?.children.set(word, command);
  }
  const root = byPath.get('');
  if (root === undefined) throw new Error('this is a bug: grammar.ts has no kubectl');
  return root;
};

/** kubectl itself: its flags are the global ones, its children the commands. */
export const KUBECTL: CommandNode = grow();

/** pflag's normalisation in kubectl: "_" equals "-" in the name of a flag. */
const normal = (name: string): string => (name.includes('_') ? name.replaceAll('_', '-') : name);

/** A long flag that the command knows; a flag of its own comes before the global one of the same name. */
export function findFlag(command: CommandNode, name: string): Flag | undefined {
  const canonical = normal(name);
  return command.flags.get(canonical) ?? KUBECTL.flags.get(canonical);
}

/** A flag by its letter, likewise. */
export function findShort(command: CommandNode, letter: string): Flag | undefined {
  return command.shorts.get(letter) ?? KUBECTL.shorts.get(letter);
}
