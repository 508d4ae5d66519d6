// The files of src, as text, for the tests that hold the rules of the house.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** Paths of the .ts files under a folder of the project, relative to it, sorted; tests among them. */
export function filesUnder(folder: string): readonly string[] {
  const base = join(ROOT, folder);
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(base, join(entry.parentPath, entry.name)))
    .toSorted();
}

export interface Source {
  /** Relative to src. */
  readonly path: string;
  readonly text: string;
}

/** src without its tests. */
export function sources(): readonly Source[] {
  return filesUnder('src')
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => ({ path, text: readFileSync(join(ROOT, 'src', path), 'utf8') }));
}

export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
