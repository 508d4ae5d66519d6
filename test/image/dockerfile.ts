// deploy/Dockerfile as data: its stages with their instructions. For tests only: of the syntax, what that file uses.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const DOCKERFILE = join(import.meta.dirname, '../../deploy/Dockerfile');

export interface Instruction {
  /** "RUN" */
  readonly word: string;
  readonly rest: string;
}

export interface Stage {
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

export const readDockerfile = (path: string = DOCKERFILE) => {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const all = lines.map((line): Instruction => {
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    return { word, rest };
  });
  const first = all.findIndex(({ word }) => word === 'FROM');
  const stages: { from: string; instructions: Instruction[] }[] = [];
  for (const one of all.slice(first)) {
    if (one.word === 'FROM') stages.push({ from: one.rest, instructions: [] });
    else stages.at(-1)?.instructions.push(one);
  }
  const args = new Map(
    all.slice(0, first).map(({ rest }): [string, string] => {
      const [name = '', value = ''] = rest.split('=');
      return [name, value];
    }),
  );
  return { args, stages: stages as readonly Stage[] };
};
