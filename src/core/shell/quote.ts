// An argv as one line that a shell would read back to the same words. It must never be run.

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

const quoteWord = (word: string): string => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The words quoted for a shell, with single quotes where they are needed. */
export const quoteArgv = (argv: readonly string[]): string => argv.map(quoteWord).join(' ');
