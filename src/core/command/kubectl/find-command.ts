// Finds the command in a kubectl argv as cobra does, before any flag is read.
import { type CommandNode, findFlag, findShort, KUBECTL } from './commands.ts';

/** The command found and the words left over, flags included; `known` is false when the first word names no command. */
export interface FoundCommand {
  readonly command: CommandNode;
  readonly rest: readonly string[];
  /** The word that names no command of kubectl, null when all is well. */
  readonly unknown: string | null;
}

/** cobra asks the flags that the level knows; --help is added to kubectl only after the search. */
const standsAlone = (command: CommandNode, word: string): boolean => {
  const flag = word.startsWith('--') ? findFlag(command, word.slice(2)) : findShort(command, word.slice(1));
  return flag !== undefined && flag.noOptDefault !== '' && !(flag.name === 'help' && command.children.size > 0);
};

/** A flag without "=" that is unknown here or needs a value: cobra takes the next word for its value. */
const swallowsNext = (command: CommandNode, word: string): boolean =>
  word[0] === '-' && (word[1] === '-' || word.length === 2) && !word.includes('=') && !standsAlone(command, word);

/** cobra's stripFlags: the first word left, or null. */
const firstWord = (command: CommandNode, argv: readonly string[]): string | null => {
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') return null;
    if (swallowsNext(command, word)) {
      // With at most one word left cobra stops looking: it would be the value.
      if (argv.length - at - 1 <= 1) return null;
      at++;
    } else if (word !== '' && word[0] !== '-') return word;
  }
  return null;
};

/** cobra's argsMinusFirstX: the words without the first one that is the command's name and not a flag's value. */
const without = (command: CommandNode, argv: readonly string[], name: string): readonly string[] => {
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') break;
    if (swallowsNext(command, word)) at++;
    else if (word === name) return at === 0 ? argv.slice(1) : argv.toSpliced(at, 1);
  }
  return argv;
};

/** The command of an argv without "kubectl" (kubectl 1.36, parsing rules A1 to A6). */
export function findCommand(argv: readonly string[]): FoundCommand {
  let command = KUBECTL;
  let from = 0;
  // mostly the command's words stand first: no flag before them has to be looked through
  for (let child = command.children.get(argv[0] ?? ''); child !== undefined; from++) {
    command = child;
    child = command.children.get(argv[from + 1] ?? '');
  }
  let rest = from === 0 ? argv : argv.slice(from);
  for (;;) {
    if (command.children.size === 0) return { command, rest, unknown: null };
    const word = firstWord(command, rest);
    const child = word === null ? undefined : command.children.get(word);
    if (word === null || child === undefined)
      return { command, rest, unknown: command === KUBECTL && word !== null ? word : null };
    rest = without(command, rest, word);
    command = child;
  }
}
