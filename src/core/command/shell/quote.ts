// An argv as one line that a shell would read back to the same words.
import { beginsOtherwise, isPlainWord } from './plain.ts';

const quoteWord = (word: string): string => (isPlainWord(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The words quoted for a shell, with single quotes where they are needed. */
export function quoteArgv(argv: readonly string[]): string {
  const words = argv.map(quoteWord);
  const first = argv[0] ?? '';
  return beginsOtherwise(first) && isPlainWord(first) ? [`'${first}'`, ...words.slice(1)].join(' ') : words.join(' ');
}
