// A score as a person reads it, line by line with its sum.

import type { BlastRadius } from '../../core/blast-radius/blast-radius.ts';
import { resourceKey } from '../../core/model/object-ref.ts';
import type { Tier } from '../../core/model/tier.ts';
import { plainLine } from '../../core/text/escape.ts';
import type { ScoreAnswer, WireEffect } from '../score-answer.ts';
import { type Paint, TIER_COLOUR } from '../terminal/paint.ts';

export const TIER_WORDS: { readonly [T in Tier]: string } = {
  auto: 'auto: runs without asking anyone',
  human: 'human: one person must approve',
  dual: 'dual: two different people must approve',
  blocked: 'blocked: never runs, whoever approves',
};

/** The answer of score as lines of text; the points stand right-aligned and add up to the last line. */
export function explainScore(answer: ScoreAnswer, radius: BlastRadius, paint: Paint): string {
  const tier = paint(TIER_WORDS[radius.tier], TIER_COLOUR[radius.tier]);
  const lines = [
    paint(plainLine(answer.command), 'bold'),
    '',
    `  blast radius  ${paint(`${answer.score ?? '?'} / 100`, 'bold')}   ${tier}`,
    '',
  ];
  for (const { code, points, message } of answer.reasons) {
    lines.push(`  ${String(points).padStart(4)}  ${code.padEnd(20)}  ${paint(plainLine(message), 'dim')}`);
  }
  lines.push(`  ${'─'.repeat(4)}`, `  ${String(answer.score ?? '?').padStart(4)}`, '');
  lines.push(
    ...section(
      'effects',
      answer.effects.length === 0 ? ['nothing is sent to a cluster'] : answer.effects.map(describeEffect),
    ),
  );
  if (answer.hardRule !== null)
    lines.push(...section('hard rule', [`${answer.hardRule.code}: ${answer.hardRule.message}`]));
  if (answer.dryRun) lines.push(...section('dry run', ['every write above is only tried, nothing would be kept']));
  lines.push(...section('executable', answer.executable ? ['yes'] : answer.refusals.map(refusalLine)));
  if (answer.evidence === 'none')
    lines.push(...section('evidence', ['none: no cluster was asked, the tier is a lower bound']));
  return `${lines.join('\n')}\n`;
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.map((line, i) => `  ${(i === 0 ? title : '').padEnd(12)}${plainLine(line)}`);

const refusalLine = (refusal: ScoreAnswer['refusals'][number]): string =>
  `no, ${refusal.code}: ${refusal.message}${refusal.remedy === null ? '' : ` ${refusal.remedy}`}`;

/** "delete deployments.apps production/web" */
export function describeEffect(effect: WireEffect): string {
  const resource = `${resourceKey(effect)}${effect.subresource === null ? '' : `/${effect.subresource}`}`;
  const place = effect.namespace === null ? '' : `${effect.namespace === '*' ? '(all namespaces)' : effect.namespace}/`;
  const name = effect.name === null ? '(named by the server)' : effect.name === '*' ? '(all that match)' : effect.name;
  return `${effect.verb} ${resource} ${place}${name}${effect.selector === null ? '' : ` where ${effect.selector}`}`;
}
