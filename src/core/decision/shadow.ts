// Who asks, where and when → whether the gate only observes the request, decides it, or refuses it even so.
import type { FiredRule } from '../blast-radius/blast-radius.ts';
import { globs } from '../blast-radius/glob.ts';
import { CORE_RULES } from '../blast-radius/hard-rules.ts';
import type { Instant } from '../model/instant.ts';
import type { ShadowRule } from '../model/shadow-rule.ts';

/** What an operator has set: `serve --shadow` observes everything, a rule of the policy what it names. */
export interface ShadowSettings {
  readonly everything: boolean;
  readonly rules: readonly ShadowRule[];
}

export interface ShadowQuestion {
  /** Id of the agent in people.yaml. A person is never observed only: whoever may approve also decides. */
  readonly agent: string;
  /** Namespaces that the request writes in; null: it writes outside of all, or nobody knows where. */
  readonly namespaces: readonly (string | null)[];
  readonly now: Instant;
  /** The hard rule that fired on the request; null: none. */
  readonly hardRule: FiredRule | null;
  /** Whether every hard rule could be asked: the whole request is understood. */
  readonly understood: boolean;
}

/** `until` null: as long as the gate runs so. */
export type ShadowDecision =
  | { readonly kind: 'enforced' }
  | { readonly kind: 'observed'; readonly until: Instant | null }
  | { readonly kind: 'refused'; readonly why: 'hard-rule' | 'not-understood' };

/** Instants as the policy writes them, with any offset from UTC. */
const isBefore = (one: Instant, other: Instant): boolean => Date.parse(one) < Date.parse(other);

const fits = ({ agents, namespaces, until }: ShadowRule, question: ShadowQuestion): boolean => {
  if (!isBefore(question.now, until)) return false;
  if (agents !== undefined && !agents.includes(question.agent)) return false;
  if (namespaces === undefined) return true;
  const names = globs(namespaces);
  return (
    question.namespaces.length > 0 &&
    question.namespaces.every((namespace) => namespace !== null && names.test(namespace))
  );
};

const CORE: ReadonlySet<string> = new Set(CORE_RULES);

/**
 * The decision before any other. Of several rules that fit, the one that ends last is named. What a core hard rule forbids is
 * refused in shadow too, and so is what cannot be read, since nobody can tell which rules it breaks.
 */
export function decideShadow({ everything, rules }: ShadowSettings, question: ShadowQuestion): ShadowDecision {
  const ends = rules
    .filter((rule) => fits(rule, question))
    .map(({ until }) => until)
    .toSorted((a, b) => Date.parse(b) - Date.parse(a));
  const [until = null] = ends;
  if (!everything && until === null) return { kind: 'enforced' };
  if (question.hardRule !== null && CORE.has(question.hardRule.code)) return { kind: 'refused', why: 'hard-rule' };
  if (!question.understood) return { kind: 'refused', why: 'not-understood' };
  return { kind: 'observed', until: everything ? null : until };
}

/** Rules that say nothing any more, and those that still do, each in the order of the policy. */
export function endedRules(rules: readonly ShadowRule[], now: Instant): readonly ShadowRule[] {
  return rules.filter(({ until }) => !isBefore(now, until));
}
