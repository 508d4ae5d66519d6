// `blastgate explain CODE`: what a refusal, reason, constraint or hard rule means.

import { REASON_CODES } from '../../../core/model/reason.ts';
import { REFUSALS, type RefusalCode } from '../../../core/model/refusal.ts';
import { CONSTRAINT_CODES } from '../../../core/sealed-spec/declarative-spec.ts';
import {
  EXPLAINED_CONSTRAINTS,
  EXPLAINED_HARD_RULES,
  EXPLAINED_REASONS,
} from '../../../core/text/words/explanations.ts';
import { jsonLine } from '../../json-line.ts';
import { type CliCommand, EXIT, UsageError } from '../../terminal/command.ts';
import { nearMiss } from '../near-miss.ts';
import { outputFormat } from '../proposed-command.ts';

interface Explanation {
  readonly code: string;
  readonly kind: 'refusal' | 'reason' | 'constraint' | 'hard rule';
  readonly message: string;
  readonly remedy: string | null;
}

/** Every meaning of a code; some words name a refusal and a reason alike. */
const explanationsOf = (code: string): readonly Explanation[] => {
  const found: Explanation[] = [];
  if (Object.hasOwn(REFUSALS, code)) {
    const { message, remedy } = REFUSALS[code as RefusalCode];
    found.push({ code, kind: 'refusal', message, remedy });
  }
  const others = [
    ['reason', EXPLAINED_REASONS],
    ['constraint', EXPLAINED_CONSTRAINTS],
    ['hard rule', EXPLAINED_HARD_RULES],
  ] as const;
  for (const [kind, texts] of others) {
    const message = (texts as Readonly<Record<string, string>>)[code];
    if (message !== undefined) found.push({ code, kind, message, remedy: null });
  }
  return found;
};

const ALL_CODES: readonly string[] = [
  ...Object.keys(REFUSALS),
  ...REASON_CODES,
  ...CONSTRAINT_CODES,
  ...Object.keys(EXPLAINED_HARD_RULES),
];

export const explainCommand: CliCommand = {
  name: 'explain',
  summary: 'what a code means and what to do about it',
  usage: 'blastgate explain CODE [-o text|json]      (without CODE: the list)',
  options: { output: { type: 'string', short: 'o' } },
  run: async (input, terminal) => {
    const [code, ...more] = input.words;
    if (more.length > 0) throw new UsageError('explain takes one code');
    const json = outputFormat(input) === 'json';
    if (code === undefined) {
      const codes = [...new Set(ALL_CODES)].sort();
      terminal.out(json ? `${jsonLine(codes)}\n` : `${codes.join('\n')}\n`);
      return EXIT.auto;
    }
    const found = explanationsOf(code);
    if (found.length === 0) {
      const near = nearMiss(code, ALL_CODES);
      throw new UsageError(
        `there is no code "${code}"${near === null ? '; `blastgate explain` lists them' : `; did you mean "${near}"?`}`,
      );
    }
    terminal.out(json ? `${jsonLine(found, 2)}\n` : found.map(inWords).join('\n'));
    return EXIT.auto;
  },
};

const inWords = ({ code, kind, message, remedy }: Explanation): string =>
  `${code} (${kind})\n  ${message}\n${remedy === null ? '' : `  what to do: ${remedy}\n`}`;
