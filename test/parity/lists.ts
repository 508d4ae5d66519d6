// Commands that a text file lists, one a line without "kubectl", and the files that they name.
import { readFileSync } from 'node:fs';
import type { Sample } from './kubectl.ts';

const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''));

const FILE = /^FILE (\S+): (.*)$/;

/**
 * The commands of a list beside this file: "#" begins a comment, single quotes keep spaces, `FILE name: text` gives all
 * commands of the list a file.
 */
export const listedSamples = (name: string): readonly Sample[] => {
  const lines = readFileSync(new URL(name, import.meta.url), 'utf8').split('\n');
  const files = new Map<string, string>();
  for (const line of lines) {
    const [, path, text] = FILE.exec(line) ?? [];
    if (path !== undefined && text !== undefined) files.set(path, text);
  }
  return lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#') && !FILE.test(line))
    .map((line) => ({ argv: wordsOf(line), files }));
};
