// The sentences a reader sees, the same in issue, chat, CLI and console. It must never decide anything.
import type { FiredRule } from '../blast-radius/blast-radius.ts';
import type { Reason } from '../reason.ts';
import type { Refusal } from '../refusal.ts';
import type { Verdict } from '../remediation/verdict.ts';
import type { DeclarativeSpec } from './declarative-spec.ts';

export type Language = 'en' | 'zh-TW';

const unwritten = (what: unknown): never => {
  throw new Error(`not written yet: ${JSON.stringify(what)}`);
};

/** One line of the score: "weight: deployments, +5". The points are printed by the door. */
export const describeReason = (reason: Reason, language: Language): string => unwritten([reason, language]);

/** `{code, message, remedy}` as the doors print it (contract section 1). */
export const describeRefusal = (
  refusal: Refusal,
  language: Language,
): { readonly code: string; readonly message: string; readonly remedy: string | null } =>
  unwritten([refusal, language]);

/** `{code, message}` of the hard rule that fired. */
export const describeHardRule = (
  rule: FiredRule,
  language: Language,
): { readonly code: string; readonly message: string } => unwritten([rule, language]);

/** What will be true afterwards. */
export const describeTargetState = (spec: DeclarativeSpec, language: Language): string => unwritten([spec, language]);

/** One sentence for each constraint of the spec. */
export const describeConstraints = (spec: DeclarativeSpec, language: Language): readonly string[] =>
  unwritten([spec, language]);

/** Why there is no way back; null when there is one. */
export const describeNoWayBack = (spec: DeclarativeSpec, language: Language): string | null =>
  unwritten([spec, language]);

/** The lines of how the blast radius was scored. */
export const describeBlastReason = (spec: DeclarativeSpec, language: Language): readonly string[] =>
  unwritten([spec, language]);

export const describeVerdict = (verdict: Verdict, language: Language): string => unwritten([verdict, language]);
