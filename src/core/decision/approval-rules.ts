// The policy's rules of approval and what is about to change → whose agreement it needs beside what its tier asks.
import { globs } from '../blast-radius/glob.ts';
import type { ApprovalRule, PolicyDocument, TeamShare } from '../blast-radius/policy.ts';
import type { Channel, Strength } from '../model/channel.ts';
import { type Effect, writesOf } from '../model/effect.ts';
import type { Approvals, Decision } from './decide.ts';

/** What an approval must have. Nothing in it ever asks for less than the tier does. */
export interface ApprovalRequirement {
  /** How many different people must say yes. */
  readonly needed: Approvals;
  /** Of each of these teams at least so many; one person who is in two teams stands for both, and is one person. */
  readonly from: readonly TeamShare[];
  /** Only votes by these count; null: by any. */
  readonly channels: readonly Channel[] | null;
  /** At least one yes must be proven in one of these ways; none: however it is proven. */
  readonly strongVotes: readonly Strength[];
  /** A yes must say why. */
  readonly reasonRequired: boolean;
  /** Minutes for which it stays open; null: as the gate is set. */
  readonly expiresMinutes: number | null;
  /** Which rules of the policy asked for it: their places, from 1; none: the tier alone. */
  readonly rules: readonly number[];
  /** Absent: where two or more are needed, all who agree by a one-time link alone count as one (the demo: `each`). */
  readonly links?: 'each';
}

/** What the tier alone asks for. */
export function plainRequirement(needed: Approvals): ApprovalRequirement {
  return { needed, from: [], channels: null, strongVotes: [], reasonRequired: false, expiresMinutes: null, rules: [] };
}

/** What a decision asks for; one of before there were rules asks for a number of people, and none for nobody. */
export function requirementOf(decision: Pick<Decision, 'approvals' | 'requirement'> | null): ApprovalRequirement {
  return decision?.requirement ?? plainRequirement(decision?.approvals ?? 0);
}

/** Rows of the table that apply while the check is off: then there are no issues. */
const WITHOUT_ISSUE: ReadonlySet<Decision['row']> = new Set(['check-off', 'check-off-dual-floor']);

/**
 * For each write the first rule that fits (contract part 2, section 10), and of all these the strictest, so that a command which
 * touches more never needs less. What no person is to decide (blocked, refused) stays as it is.
 */
export function withApprovalRules(
  decision: Decision,
  effects: readonly Effect[],
  policy: Pick<PolicyDocument, 'approvals' | 'strongVotes'>,
  score: number | null,
): Decision {
  if (decision.leadsTo !== 'awaiting-approval' && decision.leadsTo !== 'approved') return decision;
  const requirement = requirementFor({ ...decision, score }, effects, policy);
  if (requirement.rules.length === 0 && requirement.strongVotes.length === 0) return decision;
  const isAsked = requirement.needed > 0;
  // Two people agree in one, and so do those whose comments alone count.
  const hasIssue = !WITHOUT_ISSUE.has(decision.row) && (requirement.needed >= 2 || requirement.channels !== null);
  return {
    ...decision,
    leadsTo: isAsked ? 'awaiting-approval' : decision.leadsTo,
    reviewIssue: hasIssue ? 'wanted' : decision.reviewIssue,
    approvals: requirement.needed,
    requirement,
  };
}

/** Never less than `approvals`. Where no score is known it may be any, so that each `minScore` fits. */
export function requirementFor(
  { tier, approvals, score }: Pick<Decision, 'tier' | 'approvals'> & { readonly score: number | null },
  effects: readonly Effect[],
  { approvals: rules = [], strongVotes = [] }: Pick<PolicyDocument, 'approvals' | 'strongVotes'>,
): ApprovalRequirement {
  const plain = plainRequirement(approvals);
  const inTier = rules
    .map((rule, i) => ({ rule, place: i + 1, names: rule.namespaces === undefined ? null : globs(rule.namespaces) }))
    .filter(({ rule: { tiers } }) => tiers === undefined || tiers.some((one) => one === tier))
    .filter(({ rule: { minScore } }) => minScore === undefined || score === null || score >= minScore);
  const first = new Set(writesOf(effects).map((effect) => inTier.find((candidate) => fits(candidate, effect))));
  const strictest = inTier
    .filter((candidate) => first.has(candidate))
    .map(({ rule, place }) => asRequirement(rule, place))
    .reduce(stricter, plain);
  // An action for one person is agreed to by any way that is mapped.
  return strictest.needed >= 2 ? withStrongVote(strictest, strongVotes) : strictest;
}

/** What a rule asks for at least where it fits, and whether that is always a dual action. */
export function requirementOfRule(
  rule: ApprovalRule,
  place: number,
  { strongVotes = [] }: Pick<PolicyDocument, 'strongVotes'>,
): ApprovalRequirement & { readonly on: 'anything' | 'dual' } {
  const asked = asRequirement(rule, place);
  const isDual = rule.tiers?.every((tier) => tier === 'dual') === true;
  const needed = isDual && asked.needed < 2 ? 2 : asked.needed;
  return { ...(needed >= 2 ? withStrongVote(asked, strongVotes) : asked), needed, on: isDual ? 'dual' : 'anything' };
}

/** What satisfies this satisfies both; of rules of one policy. */
const stricter = (one: ApprovalRequirement, other: ApprovalRequirement): ApprovalRequirement =>
  withStrongVote(strictestBut(one, other), other.strongVotes);

const strictestBut = (one: ApprovalRequirement, other: ApprovalRequirement): ApprovalRequirement => ({
  needed: one.needed > other.needed ? one.needed : other.needed,
  from: mostOfEach([...one.from, ...other.from]),
  channels: common(one.channels, other.channels),
  strongVotes: one.strongVotes,
  reasonRequired: one.reasonRequired || other.reasonRequired,
  expiresMinutes: least(one.expiresMinutes, other.expiresMinutes),
  rules: [...one.rules, ...other.rules],
});

/** One vote must be strong in a way of both. Where both ask and share none, nothing can satisfy both: no channel counts. */
const withStrongVote = (requirement: ApprovalRequirement, ways: readonly Strength[]): ApprovalRequirement => {
  const { strongVotes } = requirement;
  if (ways.length === 0 || strongVotes.length === 0)
    return { ...requirement, strongVotes: ways.length === 0 ? strongVotes : ways };
  const both = strongVotes.filter((way) => ways.includes(way));
  return both.length === 0 ? { ...requirement, channels: [] } : { ...requirement, strongVotes: both };
};

const asRequirement = (rule: ApprovalRule, place: number): ApprovalRequirement => ({
  needed: rule.needed,
  from: rule.from ?? [],
  channels: rule.channels ?? null,
  strongVotes: rule.strongVotes ?? [],
  reasonRequired: rule.reasonRequired ?? false,
  expiresMinutes: rule.expiresMinutes ?? null,
  rules: [place],
});

/** A rule made ready for a tier that it fits. `names`: of its namespaces; null: it says nothing of them. */
interface Candidate {
  readonly rule: ApprovalRule;
  readonly names: RegExp | null;
}

/** One effect in one namespace, of this kind: what says nothing of namespace or action fits all. */
const fits = ({ rule: { actions }, names }: Candidate, effect: Effect): boolean => {
  if (actions !== undefined && !actions.includes(effect.kind)) return false;
  if (names === null) return true;
  const namespace = namespaceOf(effect);
  // What may be in any namespace is in those of the rule too.
  return namespace === '*' || (namespace !== null && names.test(namespace));
};

/** The namespace that rules of the policy see it in: a Namespace is in itself; null: in none. */
export function namespaceOf({ namespace, resource, group, name }: Effect): string | null {
  return resource === 'namespaces' && group === '' ? name : namespace;
}

const mostOfEach = (shares: readonly TeamShare[]): readonly TeamShare[] => {
  const most = new Map<string, number>();
  for (const { team, atLeast } of shares) most.set(team, Math.max(atLeast, most.get(team) ?? 0));
  return [...most].map(([team, atLeast]) => ({ team, atLeast })).sort((a, b) => (a.team < b.team ? -1 : 1));
};

const common = (one: readonly Channel[] | null, other: readonly Channel[] | null): readonly Channel[] | null => {
  if (one === null || other === null) return one ?? other;
  return one.filter((channel) => other.includes(channel));
};

const least = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);
