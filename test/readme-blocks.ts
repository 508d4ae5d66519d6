// The fenced blocks of the README, for tests that hold it to what really happens.
import { readFileSync } from 'node:fs';

/** The texts of all blocks fenced as `language`, in order. */
export const readmeBlocks = (language: string): readonly string[] => {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, of]) => of === language)
    .map(([, , body]) => body ?? '');
};
