// Reads the manifests that a command names with -f, so that their bytes travel with the proposal.
import { readFileSync, statSync } from 'node:fs';
import { manifestPaths } from '../../core/command/manifest-paths.ts';
import type { Command } from '../../core/model/command.ts';

/** A manifest larger than this is left unseen (the gate's body limit is 1 MiB). */
const MAX_BYTES = 1024 * 1024;

/** The bytes of each readable regular file by the path used in the command; what cannot be read stays unseen. */
export function filesOf(command: Command): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const path of manifestPaths(command)) {
    try {
      const stat = statSync(path);
      if (stat.isFile() && stat.size <= MAX_BYTES) files.set(path, readFileSync(path, 'utf8'));
    } catch {
      // not there or not readable: its content counts as unseen
    }
  }
  return files;
}
