// A score as a person reads it, line by line with its sum.

import type { BlastRadius } from '../../core/blast-radius/blast-radius.ts';
import type { ScoreAnswer, WireEffect } from '../../core/evaluation/score-answer.ts';
import { resourceKey } from '../../core/model/object-ref.ts';
import { plainLine } from '../../core/text/escape.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import type { TerminalWords } from '../../core/text/words/terminal.ts';
import { type Paint, padTo, TIER_COLOUR } from './paint.ts';

/** The answer of score as lines of text; the points stand right-aligned and add up to the last line. */
export function explainScore(answer: ScoreAnswer, radius: BlastRadius, lang: Lang, paint: Paint): string {
  const { tiers, terminal } = DICTIONARIES[lang];
  const words = terminal.score;
  const tier = paint(tiers[radius.tier], TIER_COLOUR[radius.tier]);
  const lines = [
    paint(plainLine(answer.command), 'bold'),
    '',
    `  ${words.blastRadius}  ${paint(`${answer.score ?? '?'} / 100`, 'bold')}   ${tier}`,
    '',
  ];
  for (const { code, points, message } of answer.reasons) {
    lines.push(`  ${String(points).padStart(4)}  ${code.padEnd(20)}  ${paint(plainLine(message), 'dim')}`);
  }
  lines.push(`  ${'─'.repeat(4)}`, `  ${String(answer.score ?? '?').padStart(4)}`, '');
  const effects = answer.effects.length === 0 ? [words.noEffects] : answer.effects.map((one) => effectLine(one, words));
  lines.push(...section(words.effects, effects));
  if (answer.hardRule !== null)
    lines.push(...section(words.hardRule, [`${answer.hardRule.code}: ${answer.hardRule.message}`]));
  if (answer.dryRun) lines.push(...section(words.dryRun, [words.onlyTried]));
  lines.push(
    ...section(
      words.executable,
      answer.executable ? [words.yes] : answer.refusals.map((refusal) => words.no(refusalLine(refusal))),
    ),
    ...section(words.runnable, [runnableLine(answer, words)]),
  );
  if (answer.evidence === 'none') lines.push(...section(words.evidence, [words.noEvidence]));
  return `${lines.join('\n')}\n`;
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.map((line, i) => `  ${padTo(i === 0 ? title : '', 12)}${plainLine(line)}`);

/** What cannot be executed is not run by the gate either, for the reasons given above it. */
const runnableLine = ({ executable, runnable }: ScoreAnswer, words: TerminalWords['score']): string => {
  if (runnable.is) return words.yes;
  return words.notRunnable(executable ? runnable.why : null);
};

const refusalLine = ({ code, message, remedy }: ScoreAnswer['refusals'][number]): string =>
  `${code}: ${message}${remedy === null ? '' : ` ${remedy}`}`;

/** "delete deployments.apps production/web" */
const effectLine = (effect: WireEffect, words: TerminalWords['score']): string => {
  const { verb, subresource, namespace, name, selector } = effect;
  const kind = `${resourceKey(effect)}${subresource === null ? '' : `/${subresource}`}`;
  const place = namespace === null ? '' : `${namespace === '*' ? words.allNamespaces : namespace}/`;
  const object = name === null ? words.namedByServer : name === '*' ? words.allThatMatch : name;
  return `${verb} ${kind} ${place}${object}${selector === null ? '' : ` ${words.where(selector)}`}`;
};
