// The fenced blocks of a document, for tests that hold it to what really happens.
import { readFileSync } from 'node:fs';

/** The texts of all blocks fenced as `language`, in order; `path` is relative to the root of the project. */
export const blocksOf = (path: string, language: string): readonly string[] => {
  const text = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)]
    .filter(([, of]) => of === language)
    .map(([, , body]) => body ?? '');
};

export const readmeBlocks = (language: string): readonly string[] => blocksOf('README.md', language);
