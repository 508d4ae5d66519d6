// The mark of what cannot be known before it runs: a variable, a substitution, a glob.

/** Stands inside a word for the part that is only known when it runs. No program can be given a NUL, so no real word has it. */
export const UNKNOWN = '\u0000';

/** True when the word, or a part of it, is only known when it runs. */
export function isUnknown(word: string): boolean {
  return word.includes(UNKNOWN);
}
