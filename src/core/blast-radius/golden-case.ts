// A golden decision: a command and what scoring says of it, worked out by hand.

import type { Command } from '../model/command.ts';
import type { Facts } from '../model/facts.ts';
import type { Reason } from '../model/reason.ts';
import type { BlastRadius } from './blast-radius.ts';

export interface GoldenCase {
  readonly command: Command;
  readonly namespace: string;
  readonly files: ReadonlyMap<string, string>;
  readonly facts: Facts | null;
  /** What the command does in the notation of the second calculator; null where that reads the command itself. */
  readonly means: string | null;
  /** "base 40 + weight 5 + multiplier 23": every reason with its points, in order. */
  readonly sum: string;
  readonly score: number;
  readonly tier: string;
  readonly action: string;
  readonly executable: boolean;
  readonly dryRun: boolean;
  /** Codes, sorted. */
  readonly refusals: readonly string[];
  readonly hardRule: string | null;
}

/** Reasons as a golden case writes them. */
export function sumText(reasons: readonly Reason[]): string {
  return reasons.map(({ code, points }) => `${code} ${points}`).join(' + ');
}

export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly got: string;
}

/** Where the answer is not what the case expects; empty when they agree. */
export function differencesOf(golden: GoldenCase, answer: BlastRadius): readonly Difference[] {
  const codes = (list: readonly string[]): string => [...new Set(list)].toSorted().join(', ');
  const rows: readonly (readonly [what: string, expected: unknown, got: unknown])[] = [
    ['sum', golden.sum, sumText(answer.reasons)],
    ['score', golden.score, answer.score],
    ['tier', golden.tier, answer.tier],
    ['action', golden.action, answer.action],
    ['executable', golden.executable, answer.executable],
    ['dryRun', golden.dryRun, answer.dryRun],
    ['refusals', codes(golden.refusals), codes(answer.refusals.map(({ code }) => code))],
    ['hardRule', golden.hardRule, answer.hardRule?.code ?? null],
  ];
  return rows
    .filter(([, expected, got]) => expected !== got)
    .map(([what, expected, got]) => ({ what, expected: String(expected), got: String(got) }));
}
