// An argv as one line that a shell would read back to the same words. It must never be run.

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

const PLAIN_LINE = /^[A-Za-z0-9_@%+=:,./ -]+$/;

const hasBlank = (word: string): boolean => word.includes(' ');

const quoteWord = (word: string): string => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The words quoted for a shell, with single quotes where they are needed. */
export const quoteArgv = (argv: readonly string[]): string => {
  const line = argv.join(' ');
  return PLAIN_LINE.test(line) && !argv.includes('') && !argv.some(hasBlank) ? line : argv.map(quoteWord).join(' ');
};
