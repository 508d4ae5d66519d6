// The golden cases as commands to run: those that are one plain kubectl command.
import { readdirSync, readFileSync } from 'node:fs';
import { readCases } from '../../src/adapters/policy/read-cases.ts';
import { readPlain } from '../../src/core/command/shell/plain.ts';
import type { Sample } from './kubectl.ts';

const FOLDER = new URL('../../policy/cases/', import.meta.url);

/** Every golden case that kubectl itself could be given, with the files that travel with it. */
export const goldenSamples = (): readonly Sample[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => {
      const read = readCases(readFileSync(new URL(name, FOLDER), 'utf8'));
      if (!read.ok) throw new Error(`${name} cannot be read`);
      return read.cases.flatMap(({ command, files }): readonly Sample[] => {
        const argv = command.kind === 'argv' ? command.argv : command.kind === 'line' ? readPlain(command.line) : null;
        return argv?.[0] === 'kubectl' ? [{ argv: argv.slice(1), files }] : [];
      });
    });
