// Commands drawn from the grammar, always the same for one seed.
import fc from 'fast-check';
import { FILES } from '../generators/kubectl-arguments.ts';
import { kubectlArgv } from '../generators/kubectl-argv.ts';
import type { Sample } from './kubectl.ts';

export const generatedSamples = (count: number, seed: number): readonly Sample[] =>
  fc.sample(kubectlArgv, { numRuns: count, seed }).map((argv) => ({ argv, files: FILES }));
