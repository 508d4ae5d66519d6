// `blastgate explain CODE`: what a code means, of every kind that it names.

import { type Explanation, explanations } from '../../../core/text/explain.ts';
import { DICTIONARIES } from '../../../core/text/words/dictionaries.ts';
import type { Lang } from '../../../core/text/words/lang.ts';
import { jsonLine } from '../../json-line.ts';
import { type CliCommand, EXIT, UsageError } from '../../terminal/command.ts';
import { columns } from '../../terminal/paint.ts';
import { languageOf } from '../language.ts';
import { nearMiss } from '../near-miss.ts';
import { outputFormat } from '../proposed-command.ts';

export const explainCommand: CliCommand = {
  name: 'explain',
  usage: 'blastgate explain CODE [-o text|json]      (without CODE: the list)',
  example: 'blastgate explain mutable-image',
  exits: ['done', 'broken', 'usage'],
  options: { output: { type: 'string', short: 'o' } },
  run: async (input, terminal) => {
    const [code, ...more] = input.words;
    if (more.length > 0) throw new UsageError('explain takes one code');
    const json = outputFormat(input) === 'json';
    const lang = languageOf(terminal.env);
    const all = explanations(lang);
    const codes = [...new Set(all.map((one) => one.code))];
    if (code === undefined) {
      terminal.out(json ? `${jsonLine(codes.toSorted())}\n` : listInWords(all, lang));
      return EXIT.auto;
    }
    const found = all.filter((one) => one.code === code);
    if (found.length === 0) {
      const near = nearMiss(code, codes);
      throw new UsageError(
        `there is no code "${code}"${near === null ? '; `blastgate explain` lists them' : `; did you mean "${near}"?`}`,
      );
    }
    terminal.out(json ? `${jsonLine(found.map(asJson), 2)}\n` : found.map((one) => inWords(one, lang)).join('\n'));
    return EXIT.auto;
  },
};

/** A program reads the kind, so it is the same in every language. */
const asJson = ({ code, kind, message, remedy }: Explanation) => ({
  code,
  kind: DICTIONARIES.en.terminal.explain.kinds[kind],
  message,
  remedy,
});

const inWords = ({ code, kind, message, remedy }: Explanation, lang: Lang): string => {
  const { kinds, remedy: remedyOf } = DICTIONARIES[lang].terminal.explain;
  return `${code} (${kinds[kind]})\n  ${message}\n${remedy === null ? '' : `  ${remedyOf(remedy)}\n`}`;
};

/** Each kind with its codes, a line each: the code and what it means. */
const listInWords = (all: readonly Explanation[], lang: Lang): string =>
  [...Map.groupBy(all, ({ kind }) => kind)]
    .map(([kind, found]) => {
      const lines = columns(found.map(({ code, message }) => [`  ${code}`, message]));
      return `${DICTIONARIES[lang].terminal.explain.kinds[kind]}\n${lines.join('\n')}\n`;
    })
    .join('\n');
