// What a command of our own command line is: its words, its options, its run.
import type { ParseArgsOptionsConfig } from 'node:util';
import type { ExitMeaning, HelpedCommand } from '../../core/text/words/help.ts';

/** Exit codes (contract section 1). */
export const EXIT = {
  auto: 0,
  broken: 1,
  usage: 2,
  'not-proven': 3,
  disproven: 4,
  human: 10,
  dual: 20,
  blocked: 30,
  refused: 40,
} as const;

/** Values as parseArgs gives them, flattened to strings and booleans. */
export interface Values {
  readonly [name: string]: string | boolean | undefined;
}

/** The three standard streams and the environment, handed in so that commands can be tested without a process. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The lines of standard input, split at LF alone. */
  readonly readIn: () => AsyncIterable<string>;
  readonly env: NodeJS.ProcessEnv;
  readonly colour: boolean;
}

export interface CliCommand {
  readonly name: HelpedCommand;
  /** One form a line. */
  readonly usage: string;
  /** One call that a reader can change. */
  readonly example: string;
  readonly exits: readonly ExitMeaning[];
  readonly options: ParseArgsOptionsConfig;
  /** Returns the exit code. `words` are the positionals before `--`, `after` those behind it (null without `--`). */
  run(input: CommandInput, terminal: Terminal): Promise<number>;
}

export interface CommandInput {
  readonly values: Values;
  readonly words: readonly string[];
  readonly after: readonly string[] | null;
}

/** Our own wrong usage: printed with the command's usage line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something outside failed and the message says what to do; exit code 1. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** An option of text; null where it is not given. */
export function textOption({ values }: Pick<CommandInput, 'values'>, name: string): string | null {
  const value = values[name];
  return typeof value === 'string' ? value : null;
}

/** For a command that takes no words. Throws UsageError. */
export function noWords({ words }: Pick<CommandInput, 'words'>, name: string): void {
  if (words.length > 0) throw new UsageError(`${name} takes no arguments`);
}
