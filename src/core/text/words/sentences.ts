// The sentences about a judged action, language by language: the shape that each language fills.

import type { NoWayBackCode } from '../../action/rollback-plan.ts';
import type { FiredRule } from '../../blast-radius/blast-radius.ts';
import type { CoreRule } from '../../blast-radius/hard-rules.ts';
import type { ExtendedRule } from '../../blast-radius/policy.ts';
import type { ReasonCode } from '../../model/reason.ts';
import type { RefusalCode } from '../../model/refusal.ts';
import type { VerdictCode } from '../../remediation/verdict.ts';
import type { ConstraintCode } from '../../sealed-spec/declarative-spec.ts';

/** A sentence with places: "{subject}" is filled, "[ … {subject}]" is left out where there is none. */
export type Sentence = string;

/** What one effect makes true, by what it changes. */
export type TargetStateCode =
  | 'replicas'
  | 'replicas-now'
  | 'images'
  | 'restart'
  | 'revision'
  | 'revision-before'
  | 'absence'
  | 'absence-returns'
  | 'absence-bare'
  | 'other'
  | 'more'
  | 'nothing'
  | 'opaque';

export interface Sentences {
  readonly reasons: Readonly<Record<ReasonCode, Sentence>>;
  readonly noDryRun: Sentence;
  readonly refusals: Readonly<Record<RefusalCode, { readonly message: Sentence; readonly remedy: Sentence | null }>>;
  /** By the code of a FiredRule. */
  readonly hardRules: Readonly<Record<CoreRule | ExtendedRule, Sentence>>;
  /** A rule that has no sentence of its own. */
  readonly hardRule: Sentence;
  readonly constraints: Readonly<Record<ConstraintCode, Sentence>>;
  readonly noWayBack: Readonly<Record<NoWayBackCode, Sentence>>;
  readonly targetState: Readonly<Record<TargetStateCode, Sentence>>;
  readonly verdicts: Readonly<Record<VerdictCode, Sentence>>;
  /** Between several sentences on one line. */
  readonly separator: string;
}

/** Fills the places of a sentence; an optional part whose value is null disappears with its words. */
export function fill(sentence: Sentence, values: { readonly [place: string]: string | number | null }): string {
  return sentence
    .replace(/\[([^\]]*?\{(\w+)\}[^\]]*)\]/g, (_, part: string, place: string) => (values[place] == null ? '' : part))
    .replace(/\{(\w+)\}/g, (_, place: string) => String(values[place] ?? '?'));
}

/** The sentence of a rule by its code, which may be newer than this table. */
export function hardRuleSentence(sentences: Sentences, { code }: FiredRule): Sentence {
  return (sentences.hardRules as { readonly [code: string]: Sentence })[code] ?? sentences.hardRule;
}
