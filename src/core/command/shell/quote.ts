// An argv as one line that a shell would read back to the same words.
import { beginsOtherwise, readSimple } from './plain.ts';

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

const quoteWord = (word: string): string => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The words quoted for a shell, with single quotes where they are needed. */
export function quoteArgv(argv: readonly string[]): string {
  const line = argv.join(' ');
  if (readSimple(line)?.length === argv.length) return line;
  const [first = ''] = argv;
  const words = argv.map(quoteWord);
  return beginsOtherwise(first) && PLAIN.test(first) ? [`'${first}'`, ...words.slice(1)].join(' ') : words.join(' ');
}
