// Peers of checks that answer as they are told, for tests.
import { checkName } from '../../src/core/model/health-check.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { CheckAnswer, HealthChecks } from '../../src/ports/health-checks.ts';

export interface MemoryChecks extends HealthChecks {
  /** By checkName; what is not set passes. `silent`: no answer. */
  readonly answers: Map<string, CheckAnswer | 'silent'>;
  readonly asked: readonly string[];
}

export const memoryChecks = (): MemoryChecks => {
  const answers: MemoryChecks['answers'] = new Map();
  const asked: string[] = [];
  return {
    answers,
    asked,
    ask: async (check) => {
      const name = checkName(check);
      asked.push(name);
      const answer = answers.get(name) ?? { is: 'passed', says: '1' };
      if (answer === 'silent') throw new AdapterError('no-answer', 'no answer (ECONNREFUSED)');
      return answer;
    },
  };
};
