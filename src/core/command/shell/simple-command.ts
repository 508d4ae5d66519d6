// One simple command: its words, and what the line around it gives it.
import type { Printed } from './prints.ts';
import { type Word, wordOf } from './words.ts';

/** One simple command found in a line, and what its surroundings there give it. */
export interface SimpleCommand {
  readonly words: readonly Word[];
  /** ShellVariables set in front of it, or by it alone. */
  readonly assigned: readonly string[];
  /** Its standard input where that is a text of the line; null where it is not. */
  readonly stdin: string | null;
  /** A file that "<" reads from; null where there is none. */
  readonly inputFile: string | null;
  /** Texts of the line that may reach it as input or argument: here-documents, what an echo before a pipe prints. */
  readonly fed: readonly string[];
  /** What awk, sed, printf or echo print into it holds a word that begins with "-". */
  readonly dashed: boolean;
  /** It stands behind a pipe, or before one. */
  readonly piped: 'no' | 'first' | 'later';
  /** The words of the simple command directly before it in a pipe, none where that is something else. */
  readonly source: readonly Word[];
  /** It has an expansion that is not looked into, or writes into a file. */
  readonly opaque: string | null;
}

const ALONE: Omit<SimpleCommand, 'words'> = {
  assigned: [],
  stdin: null,
  inputFile: null,
  fed: [],
  dashed: false,
  piped: 'no',
  source: [],
  opaque: null,
};

/** An argv that no shell read: nothing stands around it. */
export function argvCommand(argv: readonly string[]): SimpleCommand {
  return { ...ALONE, words: argv.map(wordOf) };
}

/** The words as a command of their own, which may be given the same texts. */
export function innerCommand(
  words: readonly Word[],
  { fed, piped }: Pick<SimpleCommand, 'fed' | 'piped'>,
): SimpleCommand {
  return { ...ALONE, words, fed, piped };
}

/** What the line gives the command to read. */
export function inputOf({ stdin, fed, dashed }: SimpleCommand): Printed {
  return { exact: stdin, texts: fed, dashed };
}
