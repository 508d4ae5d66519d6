// The blast radius of a proposed command (scoring sections 2 to 8).

import { type Action, rowOf } from '../model/effect.ts';
import { type Facts, missingName } from '../model/facts.ts';
import { resourceKey } from '../model/object-ref.ts';
import type { Reason } from '../model/reason.ts';
import { type Refusal, type RefusalCode, undecided } from '../model/refusal.ts';
import { compareTiers, type Tier } from '../model/tier.ts';
import { EMPTY_PART, effectsOf, type Part, type Understanding } from '../model/understanding.ts';
import type { BlastRadius, FiredRule } from './blast-radius.ts';
import { unanswered } from './evidence/history.ts';
import { extendedRuleFired } from './extended-rules.ts';
import { type Floor, floorOfPart, type JudgingContext } from './floors.ts';
import { withGarbageCollection } from './garbage-collection.ts';
import { coreRuleFired } from './hard-rules.ts';
import { type JudgedEffect, judgeEffect, seeEffect } from './judged-effect.ts';
import { execKey, type Policy } from './policy.ts';
import { rehearsedRuleFired } from './rehearsed-rules.ts';
import { highestOf, sumOf } from './sum.ts';
import { tierOf } from './tier.ts';
import { withCollateral } from './with-collateral.ts';

/** Nothing was understood: a person looks at it (scoring section 1, "Empty text"). */
const NOT_UNDERSTOOD: Part = { ...EMPTY_PART, opaque: { why: 'nothing was understood', floor: 'human' } };

/** What a line of programs that reach nothing is refused for; nothing else explains a line without parts. */
const HARMLESS: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'not-kubectl',
  'shell-syntax',
  'assignment',
  'wrapper',
  'unknown-word',
]);

const partsOf = ({ parts, refusals }: Understanding): readonly Part[] => {
  if (parts.length > 0) return parts;
  const harmless = refusals.length > 0 && refusals.every(({ code }) => HARMLESS.has(code));
  return [harmless ? EMPTY_PART : NOT_UNDERSTOOD];
};

interface JudgedPart {
  readonly action: Action;
  readonly rule: FiredRule | null;
  /** null when the calculation failed. */
  readonly score: number | null;
  readonly tier: Tier;
  readonly reasons: readonly Reason[];
}

/** `action` is the kind of the highest part; opaque where nothing is known to be done beyond reading. */
const actionOf = (part: Part, judged: readonly JudgedEffect[]): Action => {
  const kind = highestOf(judged)?.kind ?? null;
  if (kind === null) return part.opaque === null && part.destructions.length === 0 ? 'none' : 'opaque';
  return part.opaque !== null && (kind === 'read' || kind === 'none') ? 'opaque' : kind;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface AskedRules {
  readonly blocks: FiredRule | null;
  readonly lifts: Floor | null;
}

const NO_RULE: AskedRules = { blocks: null, lifts: null };

/** Code that throws while a hard rule is asked blocks (scoring section 7, d). */
const ruleOf = (part: Part, judged: readonly JudgedEffect[] | null, context: JudgingContext): AskedRules => {
  try {
    const seen = withCollateral(judged ?? part.effects.map(seeEffect), context.facts);
    const broken = coreRuleFired(part, seen, context.policy) ?? rehearsedRuleFired(seen, context.facts);
    if (broken !== null) return { blocks: broken, lifts: null };
    const held = extendedRuleFired(seen, context.facts, context.policy);
    if (held === null) return NO_RULE;
    if (held.means === 'dual') return { blocks: null, lifts: { tier: 'dual', cause: held.code } };
    return { blocks: { code: held.code, subject: held.subject }, lifts: null };
  } catch (error) {
    return { blocks: { code: 'rule-failed', subject: messageOf(error) }, lifts: null };
  }
};

const blocked = (action: Action, rule: FiredRule): JudgedPart => ({
  action,
  rule,
  score: 100,
  tier: 'blocked',
  reasons: [{ code: 'hard-rule', points: 100, subject: `${rule.code} ${rule.subject}` }],
});

/** No score, one person decides; two where a dual floor applies or the floor itself could not be asked (design section 3). */
const failed = (action: Action, floor: Floor | null, error: unknown): JudgedPart => ({
  action,
  rule: null,
  score: null,
  tier: floor?.tier ?? 'human',
  reasons: [{ code: 'calculation-failed', points: 0, subject: messageOf(error) }],
});

/** Hard rules are asked first and of everything, also where the arithmetic has failed. */
const judgePart = (part: Part, context: JudgingContext): JudgedPart => {
  let judged: readonly JudgedEffect[] | null = null;
  let failure: unknown = null;
  try {
    judged = part.effects.map((effect) => judgeEffect(effect, context.facts, context.policy, context.exec));
  } catch (error) {
    failure = error;
  }
  const action = judged === null ? 'opaque' : actionOf(part, judged);
  const { blocks, lifts } = ruleOf(part, judged, context);
  if (blocks !== null) return blocked(action, blocks);
  let floor: Floor | null = { tier: 'dual', cause: 'calculation-failed' };
  if (judged === null) return failed(action, floor, failure);
  try {
    floor = lifts ?? floorOfPart(part, judged, context);
    const { score, reasons } = sumOf(action, judged, floor, context.facts, context.policy);
    return { action, rule: null, score, tier: tierOf(score, context.policy.document.tiers), reasons };
  } catch (error) {
    return failed(action, floor, error);
  }
};

const rank = (action: Action): number => (action === 'opaque' ? 0.5 : rowOf(action));

/** The line scores as its worst part; one that could not be calculated stands where its tier does. */
const worse = (a: JudgedPart, b: JudgedPart): JudgedPart => {
  const byTier = compareTiers(b.tier, a.tier);
  if (byTier !== 0) return byTier > 0 ? b : a;
  if (a.score === null || b.score === null) return a.score === null ? a : b;
  if (a.score !== b.score) return b.score > a.score ? b : a;
  return rank(b.action) > rank(a.action) ? b : a;
};

/** An exec that the policy names exactly: the only exec of the proposal, and no shell does anything with it. */
const allowsExec = (understanding: Understanding, policy: Policy): 'allowed' | 'not-allowed' => {
  if (policy.execReadonly.size === 0) return 'not-allowed';
  const execs = effectsOf(understanding).filter(({ kind }) => kind === 'exec');
  const argvs = understanding.parts.flatMap(({ innerArgv }) => (innerArgv === null ? [] : [innerArgv]));
  const [argv] = argvs;
  if (argv === undefined || argvs.length > 1 || execs.length !== 1) return 'not-allowed';
  const inShell = understanding.refusals.some(({ code }) => code === 'shell-syntax');
  return !inShell && policy.execReadonly.has(execKey(argv)) ? 'allowed' : 'not-allowed';
};

/** Whether the object is protected was asked of the cluster, and no answer came (scoring section 7, c). */
const ruleLeftOpen = (parts: readonly Part[], facts: Facts | null): Refusal | null => {
  if (facts === null) return null;
  const written = parts
    .flatMap(({ effects }) => effects)
    .filter(({ kind, dryRun }) => kind !== 'read' && kind !== 'none' && !dryRun);
  const gap = unanswered(facts).find(
    ({ object, part, resource }) =>
      object !== null && part === null && written.some((effect) => resource === resourceKey(effect)),
  );
  return gap === undefined ? null : undecided(gap.why === 'forbidden' ? 'right' : 'answer', missingName(gap));
};

const withCode = (refusals: readonly Refusal[], code: RefusalCode, about: string | null): readonly Refusal[] =>
  refusals.some((refusal) => refusal.code === code) ? refusals : [...refusals, { code, about }];

/** Nothing of a line that a hard rule blocks is put forward. */
const plainly = (refusal: Refusal): Refusal =>
  refusal.detail?.kind === 'parts' ? { code: refusal.code, about: refusal.about } : refusal;

/** What judging adds to the refusals of the command itself. */
const refusalsOf = ({ refusals, parts }: Understanding, facts: Facts | null): readonly Refusal[] => {
  const open = parts.some((part) => part.undecided) ? undecided('nested') : ruleLeftOpen(parts, facts);
  if (open === null || refusals.some(({ code }) => code === open.code)) return refusals;
  return [...refusals, open];
};

const isRehearsal = (parts: readonly Part[]): boolean => {
  let rehearsed = false;
  for (const { dryRun, effects } of parts) {
    if (dryRun) rehearsed = true;
    else if (effects.some(({ kind }) => kind !== 'read' && kind !== 'none')) return false;
  }
  return rehearsed;
};

/**
 * Measures the blast radius of a command, 0-100, with every point explained.
 *
 * @param facts what the cluster said; null when none was asked, and then the tier is a lower bound.
 * @returns always an answer; `score` is null only when the calculation itself failed.
 */
export function score(understanding: Understanding, facts: Facts | null, policy: Policy): BlastRadius {
  const parts = partsOf(understanding);
  const refusals = refusalsOf(understanding, facts);
  const exec = allowsExec(understanding, policy);
  const context: JudgingContext = {
    facts,
    policy,
    executable: refusals.length === 0 ? 'executable' : 'not-executable',
    exec,
  };
  let worst: JudgedPart | null = null;
  for (const part of parts) {
    const one = judgePart(withGarbageCollection(part), context);
    worst = worst === null ? one : worse(worst, one);
  }
  if (worst === null) throw new Error('a command without parts was judged (this is a bug)');
  const all = worst.rule === null ? refusals : withCode(refusals.map(plainly), 'hard-rule', worst.rule.subject);
  return {
    score: worst.score,
    tier: worst.tier,
    action: worst.action,
    executable: all.length === 0,
    refusals: all,
    hardRule: worst.rule,
    dryRun: isRehearsal(parts),
    evidence: facts === null ? 'none' : 'live',
    effects: parts.length === 1 && parts[0] !== undefined ? parts[0].effects : parts.flatMap(({ effects }) => effects),
    reasons: worst.reasons,
  };
}
