// A replay's counts, and what was read → the answer of `blastgate replay`, as JSON and as the words that text and page share.
import { type ReplayReport, SKIPPED_RECORDS, type TierChange } from '../../core/replay/replay-report.ts';
import { describeReason } from '../../core/text/describe.ts';
import { plainLine } from '../../core/text/escape.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';

/**
 * What was replayed: which files, and by which policies (null: the built-in one; `against` undefined: none is compared); or what a
 * gate observed in shadow mode.
 */
export interface ReplaySources {
  readonly of: 'log' | 'shadow';
  readonly files: readonly { readonly file: string; readonly cut: boolean }[];
  readonly policy: string | null;
  readonly against: string | null | undefined;
}

export interface ReplayAnswer {
  readonly sources: ReplaySources;
  readonly report: ReplayReport;
}

const example = ({ score, reasons }: TierChange['example']['before'], lang: Lang) => ({
  score,
  reasons: reasons.map((reason) => ({
    code: reason.code,
    points: reason.points,
    message: describeReason(reason, lang),
  })),
});

const sourcesJson = ({ of, policy, against, files }: ReplaySources): object =>
  of === 'shadow'
    ? { evidence: 'live' }
    : { evidence: 'lower-bound', policy, ...(against === undefined ? {} : { against }), files };

/** The answer as JSON: the same bytes for the same records and policies. */
export function replayJson({ sources, report }: ReplayAnswer, lang: Lang): object {
  return {
    schemaVersion: 'blastgate/v1',
    ...sourcesJson(sources),
    ...report,
    changes:
      report.changes?.map(({ example: { before, after, ...rest }, ...change }) => ({
        ...change,
        example: { ...rest, before: example(before, lang), after: example(after, lang) },
      })) ?? null,
  };
}

/** 1234567 → "1,234,567", in every language alike. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Lines above the tables: what was read, when, by which policy, and what the numbers mean. */
export function headLines({ sources, report }: ReplayAnswer, lang: Lang): readonly string[] {
  const words = DICTIONARIES[lang].replay;
  const { of, policy, against } = sources;
  const { period } = report;
  const compared = against === undefined ? null : plainLine(against ?? words.builtIn);
  const records = grouped(report.records);
  return [
    of === 'shadow' ? words.observed(records) : words.records(records, sources.files.length),
    ...(period === null ? [] : [words.period(plainLine(period.from), plainLine(period.to))]),
    ...(of === 'shadow' ? [] : [words.policies(plainLine(policy ?? words.builtIn), compared)]),
  ];
}

/** How much the numbers can be relied on. */
export function evidenceLine({ sources }: ReplayAnswer, lang: Lang): string {
  const { live, lowerBound } = DICTIONARIES[lang].replay;
  return sources.of === 'shadow' ? live : lowerBound;
}

/** How often people would have been asked; nothing where they would not. */
export function askedLines({ asked }: ReplayReport, lang: Lang): readonly string[] {
  const words = DICTIONARIES[lang].replay;
  const sum = asked.reduce((all, { human, dual }) => all + human + dual, 0);
  if (sum === 0) return [];
  const most = asked.reduce((high, day) => (day.human + day.dual > high.human + high.dual ? day : high));
  return [
    words.asked(grouped(sum), grouped(asked.length), (sum / asked.length).toFixed(1)),
    words.most(plainLine(most.day), grouped(most.human), grouped(most.dual)),
  ];
}

/** What stands in the way of exact numbers; nothing where there is none of it. */
export function doubtLines({ sources, report }: ReplayAnswer, lang: Lang): readonly string[] {
  const words = DICTIONARIES[lang].replay;
  const { total, cannotTell, unreadable, idsFull, unlisted } = report;
  const lost = unlisted.actors + unlisted.days + unlisted.changes;
  return [
    ...(total.noBody === 0 ? [] : [words.noBody(grouped(total.noBody))]),
    ...(cannotTell['patch-type'] === 0 ? [] : [words.patchType(grouped(cannotTell['patch-type']))]),
    ...(cannotTell['label-before'] === 0 ? [] : [words.labelBefore(grouped(cannotTell['label-before']))]),
    ...(unreadable === 0 ? [] : [words.unreadable(grouped(unreadable))]),
    ...sources.files.filter(({ cut }) => cut).map(({ file }) => words.cut(plainLine(file))),
    ...(idsFull ? [words.idsFull] : []),
    ...(lost === 0 ? [] : [words.unlisted(grouped(lost))]),
  ];
}

/** Why records were not counted, and how many of each. */
export function skippedRows(
  { notCounted }: ReplayReport,
  lang: Lang,
): readonly (readonly [count: number, why: string])[] {
  const words = DICTIONARIES[lang].replay;
  return SKIPPED_RECORDS.filter((why) => notCounted[why] > 0).map((why) => [notCounted[why], words.why[why]] as const);
}

/** "score 4 → 12" of the first example of a change. */
export function scoresLine({ example: { before, after } }: TierChange, lang: Lang): string {
  return `${DICTIONARIES[lang].replay.score} ${before.score ?? '-'} → ${after.score ?? '-'}`;
}

/** What of the sum makes the tier another: "multiplier 0 → 8". */
export function becauseLine({ because }: TierChange, lang: Lang): string {
  const words = DICTIONARIES[lang].replay;
  if (because.length === 0) return words.onlyLimits;
  return because
    .map(({ code, before, after }) => `${code} ${before ?? words.absent} → ${after ?? words.absent}`)
    .join(', ');
}
