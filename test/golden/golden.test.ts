// The golden decisions: what the product says, what the case expects, and what the second calculator makes of it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { readCases } from '../../src/adapters/policy/read-cases.ts';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { differencesOf, type GoldenCase } from '../../src/core/blast-radius/golden-case.ts';
import { score } from '../../src/core/blast-radius/score.ts';
import { understand } from '../../src/core/understand.ts';
import { calculate, type Meaning } from '../calculator/calculator.ts';
import { readMeans } from '../calculator/notation.ts';
import { readCommand } from '../calculator/read-command.ts';

const folder = new URL('../../policy/cases/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

const nameOf = ({ command }: GoldenCase): string =>
  command.as === 'line' ? command.line : JSON.stringify(command.argv);

/** What the second calculator has to go by: the case's own notation, else its own reading of the command. */
const meaningOf = (golden: GoldenCase): Meaning | null => {
  const { command, means, facts, executable } = golden;
  const live =
    facts === null
      ? null
      : { failures: facts.failures.length, missing: facts.missing.some(({ why }) => why !== 'not-found') };
  if (means !== null) return { pieces: readMeans(means), executable, live };
  const read = command.as === 'line' ? readCommand(command.line) : null;
  return read === null ? null : { ...read, executable, live };
};

let cases = 0;
for (const file of files) {
  const read = readCases(readFileSync(new URL(file, folder), 'utf8'));
  if (!read.ok) {
    test(file, () =>
      assert.fail(read.problems.map((p) => `${file}:${p.line}:${p.column} ${p.at}: ${p.message}`).join('\n')),
    );
    continue;
  }
  cases += read.cases.length;
  suite(file, () => {
    for (const golden of read.cases) {
      test(nameOf(golden), () => {
        const { command, namespace, files: sent, facts } = golden;
        const understanding = understand(command, { namespace, files: sent, customResources: [], readDocuments });
        const differences = differencesOf(golden, score(understanding, facts, DEFAULT_POLICY));
        const meaning = meaningOf(golden);
        assert.ok(meaning, 'the second calculator cannot read this command: write what it means');
        const second = calculate(meaning);
        const agreed = second.sum === golden.sum && second.tier === golden.tier && second.action === golden.action;
        if (differences.length === 0 && agreed) return;
        assert.fail(
          [
            ...differences.map(({ what, expected, got }) => `${what}: expected ${expected}, but it is ${got}`),
            `second calculator: ${second.sum} = ${second.score}, ${second.tier}, ${second.action}`,
          ].join('\n'),
        );
      });
    }
  });
}

test('there are golden cases, and no command stands twice', () => {
  assert.ok(cases >= 400, `only ${cases} cases`);
});
