// What was asked for when it was proposed, and what the policy of now asks for → both, and whether the one of now asks for more.
import type { PolicyDocument } from '../blast-radius/policy.ts';
import { type ApprovalRequirement, requirementFor, requirementOf } from '../decision/approval-rules.ts';
import { approvalsOf, type Decision, type Flags } from '../decision/decide.ts';
import type { Refusal } from '../model/refusal.ts';
import type { DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';

/** What a demand is derived from. */
export interface DemandGrounds {
  /** null: nothing was decided, and the policy of now says all that is asked for. */
  readonly decision: Pick<Decision, 'requirement'> | null;
  readonly policy: Pick<PolicyDocument, 'approvals' | 'strongVotes'>;
  readonly spec: Pick<DeclarativeSpec, 'tier' | 'effects' | 'blastRadiusScore'>;
  readonly flags: Flags;
}

/** What the policy of now asks for what was sealed, by its tier and score then: never less than the tier's number of people. */
export function demandNow({ decision, policy, spec, flags }: DemandGrounds): ApprovalRequirement {
  const { tier, effects, blastRadiusScore: score } = spec;
  const approvals = flags.blastRadiusCheck === 'off' && tier === 'auto' ? 1 : approvalsOf(tier);
  const now = requirementFor({ tier, approvals, score }, effects, policy);
  const links = decision?.requirement?.links;
  return links === undefined ? now : { ...now, links };
}

/** All that an approval must satisfy, whichever policy asked for it: what was shown, and what is asked for now. */
export function demandsOf(grounds: DemandGrounds): readonly ApprovalRequirement[] {
  const then = grounds.decision?.requirement;
  return [demandNow(grounds), ...(then === undefined ? [] : [then])];
}

/**
 * People were asked for less than the policy of now asks for: what they would agree to is not what would be needed, so it is
 * proposed anew and shown as it is asked for now. null: the demand that was shown is enough.
 */
export function raisedSince(
  grounds: DemandGrounds & { readonly decision: Pick<Decision, 'approvals' | 'requirement'> | null },
): Refusal | null {
  const now = demandNow(grounds);
  if (!asksMore(now, requirementOf(grounds.decision))) return null;
  const about = now.rules.length === 0 ? 'strongVotes' : `approvals, rule ${now.rules.join(', ')}`;
  return { code: 'approval-raised', about };
}

/** Whether there are votes that satisfy `then` and not `now`, or that come in time for `then` alone. */
export function asksMore(now: ApprovalRequirement, then: ApprovalRequirement): boolean {
  const atLeast = new Map(then.from.map((share) => [share.team, share.atLeast]));
  return (
    now.needed > then.needed ||
    now.from.some((share) => share.atLeast > (atLeast.get(share.team) ?? 0)) ||
    isNarrower(now.channels, then.channels) ||
    isNarrower(
      now.strongVotes.length === 0 ? null : now.strongVotes,
      then.strongVotes.length === 0 ? null : then.strongVotes,
    ) ||
    (now.reasonRequired && !then.reasonRequired) ||
    (now.expiresMinutes !== null && (then.expiresMinutes === null || now.expiresMinutes < then.expiresMinutes))
  );
}

/** null: any way will do. */
const isNarrower = <T>(now: readonly T[] | null, then: readonly T[] | null): boolean =>
  now !== null && (then === null || then.some((way) => !now.includes(way)));
