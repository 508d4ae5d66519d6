// The mark of what cannot be known before it runs: a variable, a substitution, a glob. It must never stand for a known text.

/** Stands inside a word for the part that is only known when it runs. No program can be given a NUL, so no real word has it. */
export const UNKNOWN = '\u0000';

/** True when the word, or a part of it, is only known when it runs. */
export const isUnknown = (word: string): boolean => word.includes(UNKNOWN);
