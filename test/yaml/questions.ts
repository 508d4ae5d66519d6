// A seed comes in, texts to be read come out, the same for the same seed.
import type { TextRole } from '../../src/core/model/command.ts';
import { Random } from '../generators/random.ts';
import { yamlText } from '../generators/yaml-texts.ts';

/** A text, and what kubectl takes it for. */
export interface Question {
  readonly as: TextRole;
  readonly text: string;
}

export function generatedQuestions(many: number, seed: number): readonly Question[] {
  const random = new Random(seed);
  return random.several(many, many, () => {
    const as = random.of(['manifests', 'manifests', 'patch'] as const);
    return { as, text: yamlText(random, as) };
  });
}
