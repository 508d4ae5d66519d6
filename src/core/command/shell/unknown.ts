// The marks of what cannot be known before it runs: a variable, a substitution, a glob. Each begins with a NUL.

/** Stands inside a word for a part that is only known when it runs: one word. No program can be given a NUL, so no real word has it. */
export const UNKNOWN = '\u0000';

/** The same for any number of words, none of them a flag: a glob, what xargs -I puts in. */
export const UNKNOWN_NAMES = '\u0000\u0001';

/** The same for any number of words, flags among them: an unquoted expansion, what xargs adds. */
export const UNKNOWN_WORDS = '\u0000\u0002';

/** The same where what prints them is seen to print flags, which may come last and win. */
export const UNKNOWN_FLAGS = '\u0000\u0003';

/** True when the word, or a part of it, is only known when it runs. */
export function isUnknown(word: string): boolean {
  return word.includes(UNKNOWN);
}

/** True when nothing of the word is known. */
export function isWhollyUnknown(word: string): boolean {
  return isUnknown(word) && replaceUnknown(word, '').trim() === '';
}

/** True when it may turn out to be several words, or none. */
export function isAnyNumber(word: string): boolean {
  return isUnknown(word) && (word.includes(UNKNOWN_NAMES) || mayBringFlags(word));
}

/** True when several words may come of it, flags among them. */
export function mayBringFlags(word: string): boolean {
  return isUnknown(word) && (word.includes(UNKNOWN_WORDS) || word.includes(UNKNOWN_FLAGS));
}

/** True when it is seen to bring flags. */
export function bringsFlags(word: string): boolean {
  return word.includes(UNKNOWN_FLAGS);
}

/** Every mark; the one that begins the others comes last. */
const MARKS = [UNKNOWN_NAMES, UNKNOWN_WORDS, UNKNOWN_FLAGS, UNKNOWN];

/** The word with another text in the place of each mark, such as "…" for readers. */
export function replaceUnknown(word: string, by: string): string {
  return isUnknown(word) ? MARKS.reduce((text, mark) => text.replaceAll(mark, by), word) : word;
}
