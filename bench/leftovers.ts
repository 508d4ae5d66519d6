// Folders and processes of a benchmark, which go with it however it ends: done, failed, or interrupted.
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const children = new Set<ChildProcess>();
const folders = new Set<string>();

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) remove(folder);
});
for (const [signal, number] of [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const)
  process.on(signal, () => process.exit(128 + number));

/** Ends with the benchmark, where it has not before. */
export const endsWithBench = <C extends ChildProcess>(child: C): C => {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
};

/** An empty folder, and how it is removed; at the end it is anyway. */
export const benchFolder = (name: string): { readonly folder: string; readonly done: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), `blastgate-${name}-`));
  folders.add(folder);
  return {
    folder,
    done: () => {
      folders.delete(folder);
      remove(folder);
    },
  };
};
