// The golden decisions: what the product says, what the case expects, and what the second calculator makes of it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { readCases } from '../../src/adapters/policy/read-cases.ts';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import type { BlastRadius } from '../../src/core/blast-radius/blast-radius.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { FLOOR_CAUSES } from '../../src/core/blast-radius/floors.ts';
import { differencesOf, type GoldenCase } from '../../src/core/blast-radius/golden-case.ts';
import { CORE_RULES } from '../../src/core/blast-radius/hard-rules.ts';
import { NAMESPACE_CLASSES } from '../../src/core/blast-radius/namespace-class.ts';
import { EXTENDED_RULES } from '../../src/core/blast-radius/policy.ts';
import { score } from '../../src/core/blast-radius/score.ts';
import { commandWords } from '../../src/core/model/command.ts';
import { ACTION_KINDS } from '../../src/core/model/effect.ts';
import { REASON_CODES } from '../../src/core/model/reason.ts';
import { REFUSAL_CODES, type RefusalCode } from '../../src/core/model/refusal.ts';
import { understandCommand } from '../../src/core/request/understand-command.ts';
import { calculate, type Meaning } from '../calculator/calculator.ts';
import { readMeans } from '../calculator/notation.ts';
import { readCommand } from '../calculator/read-command.ts';

const folder = new URL('../../policy/cases/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

const nameOf = ({ command }: GoldenCase): string =>
  command.kind === 'argv' ? JSON.stringify(command.argv) : commandWords(command);

/** What the second calculator has to go by: the case's own notation, else its own reading of the command. */
const meaningOf = (golden: GoldenCase): Meaning | null => {
  const { command, means, facts, executable } = golden;
  const live = facts && { ...facts, around: facts.neighbourhood };
  if (means !== null) return { pieces: readMeans(means), executable, live };
  const read = command.kind === 'line' ? readCommand(command.line) : null;
  return read === null ? null : { ...read, executable, live };
};

const NO_CASE = { namespace: 'default', files: new Map<string, string>(), facts: null };

const answerTo = ({
  command,
  namespace,
  files: sent,
  facts,
}: Pick<GoldenCase, 'command' | 'namespace' | 'files' | 'facts'>): BlastRadius =>
  score(
    understandCommand(command, { namespace, files: sent, customResources: [], readDocuments }),
    facts,
    DEFAULT_POLICY,
  );

const answers: BlastRadius[] = [];
for (const file of files) {
  const read = readCases(readFileSync(new URL(file, folder), 'utf8'));
  if (!read.ok) {
    test(file, () => assert.fail(read.problems.map((p) => `${file}:${p.line}:${p.column} ${p.message}`).join('\n')));
    continue;
  }
  suite(file, () => {
    for (const golden of read.cases) {
      const answer = answerTo(golden);
      answers.push(answer);
      test(nameOf(golden), () => {
        const differences = differencesOf(golden, answer);
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

/** Refusals that a command alone can have; the others belong to proposing, voting and executing. */
const OF_COMMANDS: readonly RefusalCode[] = REFUSAL_CODES.slice(0, REFUSAL_CODES.indexOf('calculation-failed'));

/** Too long for a case. */
const TOO_LARGE: RefusalCode = 'too-large';

suite('the golden cases leave nothing out', () => {
  const all = [...answers];
  const missing = (wanted: readonly string[], seen: Iterable<string>): readonly string[] => {
    const found = new Set(seen);
    return wanted.filter((one) => !found.has(one));
  };
  const causes = all.flatMap(({ reasons }) =>
    reasons.filter(({ code }) => code === 'floor').map(({ subject }) => subject ?? ''),
  );

  test('there are enough', () => assert.ok(all.length >= 400, `only ${all.length} cases`));
  test('every reason', () => {
    const wanted = REASON_CODES.filter((code) => code !== 'calculation-failed');
    assert.deepEqual(
      missing(
        wanted,
        all.flatMap(({ reasons }) => reasons.map(({ code }) => code)),
      ),
      [],
    );
  });
  test('every refusal of a command', () => {
    assert.deepEqual(
      missing(
        OF_COMMANDS.filter((code) => code !== TOO_LARGE),
        all.flatMap(({ refusals }) => refusals.map(({ code }) => code)),
      ),
      [],
    );
  });
  test('a command of more than 64 KiB, which is too long for a case', () => {
    const answer = answerTo({
      ...NO_CASE,
      command: { kind: 'line', line: `kubectl delete pod ${'x'.repeat(70_000)}` },
    });
    assert.deepEqual([answer.score, answer.tier, answer.action, answer.executable], [51, 'dual', 'opaque', false]);
    assert.ok(answer.refusals.some(({ code }) => code === TOO_LARGE));
  });
  test('every kind of action', () =>
    assert.deepEqual(
      missing(
        [...ACTION_KINDS, 'opaque'],
        all.map(({ action }) => action),
      ),
      [],
    ));
  test('every hard rule', () => {
    const wanted = [...CORE_RULES.filter((rule) => rule !== 'rule-failed'), ...EXTENDED_RULES];
    assert.deepEqual(
      missing(
        wanted,
        all.map(({ hardRule }) => hardRule?.code ?? ''),
      ),
      [],
    );
  });
  test('every floor that needs neither discovery nor a policy of its own', () => {
    const elsewhere: readonly string[] = ['custom-resource', 'exec-readonly'];
    assert.deepEqual(
      missing(
        FLOOR_CAUSES.filter((cause) => !elsewhere.includes(cause)),
        causes,
      ),
      [],
    );
  });
  test('every weight', () => {
    const wanted = ['5', '10', '15', '20', '25', '35'];
    const seen = all.flatMap(({ reasons }) =>
      reasons.filter(({ code }) => code === 'weight').map(({ points }) => `${points}`),
    );
    assert.deepEqual(missing(wanted, seen), []);
  });
  test('every class of namespace', () => {
    const seen = all.flatMap(({ reasons }) =>
      reasons.filter(({ code }) => code === 'multiplier').map(({ subject }) => subject?.split(' ')[0] ?? ''),
    );
    assert.deepEqual(
      missing(
        NAMESPACE_CLASSES.filter((name) => name !== 'other'),
        seen,
      ),
      [],
    );
  });
});
