// What is set of shadow mode, and what was observed → what people are told of it.
import { endedRules, type ShadowSettings } from '../decision/shadow.ts';
import type { ShadowSummary } from '../decision/shadow-verdict.ts';
import type { Instant } from '../model/instant.ts';
import type { ShadowRule } from '../model/shadow-rule.ts';
import { plainLine } from './escape.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

const named = (names: readonly string[] | undefined): string | null =>
  names === undefined ? null : plainLine(names.join(', '));

/** One line that nobody can overlook: what is only observed now; null where nothing is. */
export function shadowNotice({ everything, rules }: ShadowSettings, now: Instant, lang: Lang): string | null {
  const words = DICTIONARIES[lang].shadow;
  const ended = new Set<ShadowRule>(endedRules(rules, now));
  const open = rules.filter((rule) => !ended.has(rule));
  if (!everything && open.length === 0) return null;
  const said = everything
    ? [words.everything]
    : open.map(({ agents, namespaces, until }) => words.rule(named(agents), named(namespaces), plainLine(until)));
  return words.notice(said.join('; '));
}

/** How often each was said of what was observed in a span of time. */
export interface ShadowTotals {
  readonly auto: number;
  readonly human: number;
  readonly dual: number;
  readonly blocked: number;
  readonly refused: number;
}

/** Everything ever observed, in one row. */
export function shadowTotals(summary: readonly ShadowSummary[]): ShadowTotals {
  const sum = (of: (row: ShadowSummary) => number): number => summary.reduce((all, row) => all + of(row), 0);
  return {
    auto: sum(({ counts }) => counts.auto),
    human: sum(({ counts }) => counts.human),
    dual: sum(({ counts }) => counts.dual),
    blocked: sum(({ counts }) => counts.blocked),
    refused: sum(({ refused }) => refused),
  };
}

/** What is told of shadow mode once a day: the notice, and what was observed within so many hours. */
export function shadowDigest(notice: string, totals: ShadowTotals, hours: number, lang: Lang): string {
  const words = DICTIONARIES[lang].shadow;
  const { auto, human, dual, blocked, refused } = totals;
  const passed = auto + human + dual + blocked - refused;
  return [
    notice,
    words.digest(hours, String(passed)),
    words.wouldHave(String(auto), String(human), String(dual), String(blocked)),
    ...(refused === 0 ? [] : [words.refused(String(refused))]),
    words.look,
  ].join('\n');
}
