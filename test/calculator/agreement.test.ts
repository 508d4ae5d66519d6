// 20,000 generated commands: the product and the second calculator, which shares nothing with it, say the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { sumText } from '../../src/core/blast-radius/golden-case.ts';
import { score } from '../../src/core/blast-radius/score.ts';
import { understand } from '../../src/core/command/understand.ts';
import { calculate } from './calculator.ts';
import { generatedCommand } from './generated-command.ts';
import { readCommand } from './read-command.ts';

const COMMANDS = 20_000;
const around = { namespace: 'default', files: new Map<string, string>(), customResources: [], readDocuments };

test(`the second calculator agrees on ${COMMANDS} generated commands`, () => {
  let compared = 0;
  fc.assert(
    fc.property(generatedCommand, (line) => {
      const understanding = understand({ kind: 'line', line }, around);
      const meaning = readCommand(line);
      // Usage that kubectl refuses is scored by flags that the small reader does not follow.
      if (meaning === null || understanding.refusals.some(({ code }) => code !== 'interactive')) return;
      compared += 1;
      const answer = score(understanding, null, DEFAULT_POLICY);
      const second = calculate(meaning);
      assert.deepEqual(
        { sum: sumText(answer.reasons), score: answer.score, tier: answer.tier, action: answer.action },
        { sum: second.sum, score: second.score, tier: second.tier, action: second.action },
        line,
      );
    }),
    { numRuns: COMMANDS * 1.25 },
  );
  assert.ok(compared >= COMMANDS, `only ${compared} commands could be compared`);
});
