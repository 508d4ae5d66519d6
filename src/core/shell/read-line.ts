// A line of text becomes the simple commands in it, each word known or unknown. It must never run or expand anything that
// depends on a machine.

/** One word of a command; the text holds UNKNOWN where it is only known when it runs. */
export type Word = string;

/** One simple command found in the line, and what goes into it. */
export interface SimpleCommand {
  readonly argv: readonly Word[];
  /** Texts that reach its standard input: a here-document, a here-string, the words that an echo pipes into it. */
  readonly stdin: readonly string[];
}

/** What a line amounts to. `plain`: exactly one simple command of plain and quoted words. */
export interface Line {
  readonly plain: boolean;
  readonly commands: readonly SimpleCommand[];
}
