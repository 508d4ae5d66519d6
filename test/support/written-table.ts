// A table that a test prints, and the page of the documentation that shows it between two marks.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Place {
  /** From the root of the repository. */
  readonly page: string;
  /** The lines before and behind the table. */
  readonly begin: string;
  readonly end: string;
}

/** A line that tells when and of what the table was made is another each time. */
const isOfThisRun = (line: string): boolean => line.startsWith('Commit ');

const lasting = (table: string): string =>
  table
    .split('\n')
    .filter((line) => !isOfThisRun(line))
    .join('\n')
    .trim();

/** Prints the table; with WRITE_TABLE=1 it is written into the page, otherwise the page must show the same. */
export const publish = ({ page, begin, end }: Place, table: string): void => {
  process.stdout.write(`${table}\n`);
  const path = join(import.meta.dirname, '../..', page);
  const [head = '', rest = ''] = readFileSync(path, 'utf8').split(begin);
  const [shown = '', tail = ''] = rest.split(end);
  if (process.env['WRITE_TABLE'] === '1') writeFileSync(path, `${head}${begin}\n\n${table}\n\n${end}${tail}`);
  else assert.equal(lasting(shown), lasting(table));
};

/** "Commit 1a2b3c4, 2026-11-26, …": the state that was tried. */
export const stampOf = (more: string): string => {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname });
  return `Commit ${commit.trim()}, ${new Date().toISOString().slice(0, 10)}, ${more}`;
};
