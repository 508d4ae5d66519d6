// The gate as it was at a commit: its sources out of the history of this repository, run with the packages of today.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** Makes a folder with the sources; whoever asks removes it. Throws where the history is not there. */
export function sourcesAt(commit: string): string {
  const folder = mkdtempSync(join(tmpdir(), `blastgate-at-${commit}-`));
  const archive = (): Buffer => {
    try {
      return execFileSync('git', ['archive', commit, 'src', 'policy', 'package.json'], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 1 << 28,
      });
    } catch {
      throw new Error(`the sources of ${commit} are not here: these tests need the history (git fetch --unshallow)`);
    }
  };
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-x', '-C', folder], { input: archive() });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
