// `blastgate policy`: checks a policy file, and tests golden cases against it.
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readCases } from '../../../adapters/policy/read-cases.ts';
import { readDocuments } from '../../../adapters/yaml/read-documents.ts';
import { type Difference, differencesOf, type GoldenCase } from '../../../core/blast-radius/golden-case.ts';
import {
  DEFAULT_BREAKER,
  DEFAULT_WRITES_AT_ONCE,
  type Policy,
  type VerifyRule,
} from '../../../core/blast-radius/policy.ts';
import { score } from '../../../core/blast-radius/score.ts';
import { commandWords } from '../../../core/model/command.ts';
import { checkName } from '../../../core/model/health-check.ts';
import { understandCommand } from '../../../core/request/understand-command.ts';
import { plainLine } from '../../../core/text/escape.ts';
import { loadPolicy, PolicyUnusable, readPolicyFile } from '../../policy-file.ts';
import {
  type CliCommand,
  CommandFailed,
  type CommandInput,
  EXIT,
  type Terminal,
  UsageError,
} from '../../terminal/command.ts';
import { explainApproval } from '../explain-approval.ts';

export const policyCommand: CliCommand = {
  name: 'policy',
  usage: [
    'blastgate policy check FILE',
    'blastgate policy test [--policy FILE] CASES…      (YAML files or folders of golden cases)',
    'blastgate policy explain [--policy FILE] [--as AGENT|PERSON] [--cluster NAME] [-n NS] [-o text|json] -- kubectl …      (which rule applies, who could approve it now, what freezes hold it)',
  ].join('\n'),
  example: 'blastgate policy test --policy policy.yaml cases/',
  exits: ['done', 'broken', 'usage'],
  options: {
    policy: { type: 'string' },
    as: { type: 'string' },
    cluster: { type: 'string' },
    namespace: { type: 'string', short: 'n' },
    output: { type: 'string', short: 'o' },
  },
  run: async (input, terminal) => {
    const [what, ...paths] = input.words;
    if (what === 'check') return check(paths, terminal);
    if (what === 'test') return test(paths, input, terminal);
    if (what === 'explain') return explainApproval({ ...input, words: paths }, terminal);
    throw new UsageError('say what: check, test or explain');
  },
};

/** Exit 0 for a usable policy, 1 for one that is not, with every problem by line and column. */
const check = async (paths: readonly string[], terminal: Terminal): Promise<number> => {
  const [path, ...more] = paths;
  if (path === undefined || more.length > 0) throw new UsageError('name one policy file');
  try {
    const { document } = await readPolicyFile(path, null);
    terminal.out(
      `${path} is usable: auto ≤ ${document.tiers.auto} < human ≤ ${document.tiers.human} < dual ≤ ${document.tiers.dual} < blocked = 100\n${workingLines(document).join('')}`,
    );
    return EXIT.auto;
  } catch (error) {
    if (error instanceof PolicyUnusable) throw new CommandFailed(error.message);
    throw error;
  }
};

/** What of a policy is no score: how writes are limited, watched, and stopped when they go wrong. */
const workingLines = ({
  breaker,
  writesAtOnce,
  verify,
  prometheus,
  approvals = [],
  freezes = [],
}: Policy['document']): readonly string[] => {
  const { failures, withinMinutes } = breaker ?? DEFAULT_BREAKER;
  const rules = Object.entries(verify ?? {}).flatMap(([where, rule]) => [ruleLine(where, rule)]);
  return [
    `breaker: ${failures} failures within ${withinMinutes} minutes\n`,
    `writesAtOnce: ${writesAtOnce ?? DEFAULT_WRITES_AT_ONCE}\n`,
    ...(rules.length === 0 ? ['verify: as the gate is set\n'] : rules),
    ...(prometheus === undefined ? [] : [`prometheus: ${prometheus}\n`]),
    ...(freezes.length === 0 ? [] : [`freezes: ${freezes.map(({ name }) => name).join(', ')}\n`]),
    ...(approvals.length === 0
      ? []
      : [`approvals: rules: ${approvals.length}; \`policy explain\` says which applies\n`]),
  ];
};

const ruleLine = (where: string, { windowSeconds, soakSeconds, checks }: VerifyRule): string => {
  const parts = [
    windowSeconds === undefined ? null : `window ${windowSeconds} s`,
    soakSeconds === undefined ? null : `soak ${soakSeconds} s`,
    ...(checks ?? []).map(checkName),
  ];
  return `verify: ${where}: ${parts.filter((part) => part !== null).join(', ')}\n`;
};

const filesIn = (path: string): readonly string[] => {
  try {
    return statSync(path).isDirectory()
      ? globSync('**/*.{yaml,yml}', { cwd: path })
          .sort()
          .map((name) => join(path, name))
      : [path];
  } catch {
    throw new CommandFailed(`${path} is not there; name a file or folder of golden cases`);
  }
};

const test = async (paths: readonly string[], input: CommandInput, terminal: Terminal): Promise<number> => {
  if (paths.length === 0) throw new UsageError('name the files or folders of golden cases');
  const policy = await loadPolicy(input.values['policy'], terminal.env, null);
  let [passed, failed] = [0, 0];
  for (const file of paths.flatMap(filesIn)) {
    const read = readCases(readFileSync(file, 'utf8'));
    if (!read.ok)
      throw new CommandFailed(
        read.problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
      );
    for (const golden of read.cases) {
      const differences = differencesOf(golden, answerTo(golden, policy));
      if (differences.length === 0) passed += 1;
      else {
        failed += 1;
        terminal.out(inWords(file, golden, differences));
      }
    }
  }
  if (passed + failed === 0)
    throw new CommandFailed(
      `there is no golden case in ${paths.join(', ')}; name YAML files, or folders that hold some`,
    );
  terminal.out(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? EXIT.auto : EXIT.broken;
};

const answerTo = ({ command, namespace, files, facts }: GoldenCase, policy: Policy) =>
  score(understandCommand(command, { namespace, files, customResources: [], readDocuments }), facts, policy);

/** Expected and got side by side. */
const inWords = (file: string, { command }: GoldenCase, differences: readonly Difference[]): string => {
  const rows = differences.map(
    ({ what, expected, got }) => `    ${what.padEnd(12)}expected  ${expected}\n${' '.repeat(16)}got       ${got}`,
  );
  return `${file}: ${plainLine(commandWords(command))}\n${rows.join('\n')}\n`;
};
