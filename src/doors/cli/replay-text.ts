// The answer of `blastgate replay` → text for a terminal.
import type { ActionCounts, ReplayCounts, TierChange } from '../../core/replay/replay-report.ts';
import { describeReason } from '../../core/text/describe.ts';
import { plainLine } from '../../core/text/escape.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { columns, type Paint, TIER_COLOUR } from '../terminal/paint.ts';
import {
  askedLines,
  becauseLine,
  doubtLines,
  evidenceLine,
  grouped,
  headLines,
  type ReplayAnswer,
  scoresLine,
  skippedRows,
} from './replay-answer.ts';

const cellsOf = (counts: ReplayCounts): readonly string[] =>
  [counts.auto, counts.human, counts.dual, counts.blocked, counts.refused, counts.noBody].map(grouped);

const titled = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

const changeLines = (change: TierChange, lang: Lang, paint: Paint): readonly string[] => {
  const words = DICTIONARIES[lang].replay;
  const { actor, action, before, after, count, example } = change;
  const tiers = `${paint(before, TIER_COLOUR[before])} → ${paint(after, TIER_COLOUR[after])}`;
  const reasons = example.after.reasons.map(
    (reason) => `      ${String(reason.points).padStart(4)}  ${plainLine(describeReason(reason, lang))}`,
  );
  return [
    `${plainLine(actor)} ${action}: ${tiers}, ${words.change(grouped(count))}`,
    `  ${words.because}: ${becauseLine(change, lang)}`,
    `  ${words.first}: ${plainLine(example.at)} ${example.method} ${plainLine(example.path)}, ${scoresLine(change, lang)}`,
    ...reasons,
  ];
};

const table = ({ report }: ReplayAnswer, lang: Lang): readonly string[] => {
  const { columns: head, all, unknownAction } = DICTIONARIES[lang].replay;
  const nameOf = ({ action }: ActionCounts): string => action ?? unknownAction;
  const rows = report.actors.flatMap(({ actor, actions }) =>
    actions.map((counts) => [plainLine(actor) || '-', nameOf(counts), ...cellsOf(counts)]),
  );
  return columns([
    [head.actor, head.action, head.auto, head.human, head.dual, head.blocked, head.refused, head.noBody],
    ...rows,
    [all, '', ...cellsOf(report.total)],
  ]);
};

/** The whole report; every text in it that comes from the log stands on one line and steers nothing. */
export function replayText(answer: ReplayAnswer, lang: Lang, paint: Paint): string {
  const words = DICTIONARIES[lang].replay;
  const { report, sources } = answer;
  const { changes } = report;
  const [policy, against] = [sources.policy, sources.against].map((name) => plainLine(name ?? words.builtIn));
  const reasons = columns(report.reasons.map(({ code, count }) => [grouped(count), code]));
  const skipped = skippedRows(report, lang).map(([count, why]) => [grouped(count), why]);
  return [
    paint(words.title, 'bold'),
    ...headLines(answer, lang),
    evidenceLine(answer, lang),
    '',
    ...(report.actors.length === 0 ? [words.nothing] : [...table(answer, lang), words.refusedMeans]),
    ...titled('', askedLines(report, lang)).slice(1),
    ...titled(words.reasons, reasons),
    ...(changes === null
      ? []
      : changes.length === 0
        ? ['', words.noChanges]
        : titled(
            words.changes(policy ?? '', against ?? ''),
            changes.flatMap((change) => changeLines(change, lang, paint)),
          )),
    ...titled(words.cannotTell, doubtLines(answer, lang)),
    ...titled(words.notCounted, columns(skipped)),
    '',
  ].join('\n');
}
