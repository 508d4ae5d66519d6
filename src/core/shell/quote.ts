// An argv as one line that a shell would read back to the same words. It must never be run.
import { beginsOtherwise } from './plain.ts';

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

const PLAIN_LINE = /^[A-Za-z0-9_@%+=:,./ -]+$/;

const hasBlank = (word: string): boolean => word.includes(' ');

const quoteWord = (word: string): string => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The words quoted for a shell, with single quotes where they are needed. */
export const quoteArgv = (argv: readonly string[]): string => {
  const [first = ''] = argv;
  const line = argv.join(' ');
  const special = beginsOtherwise(first);
  if (!special && PLAIN_LINE.test(line) && !argv.includes('') && !argv.some(hasBlank)) return line;
  const words = argv.map(quoteWord);
  return special && PLAIN.test(first) ? [`'${first}'`, ...words.slice(1)].join(' ') : words.join(' ');
};
