// A logged request and two policies → what a gate would have said to it by each, and whether the log tells enough to say so.
import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import type { Policy } from '../blast-radius/policy.ts';
import { score } from '../blast-radius/score.ts';
import { compareTiers } from '../model/tier.ts';
import type { Understanding } from '../model/understanding.ts';
import { contentTypesOf, type LoggedRequest, lacksBody } from './logged-request.ts';

/** What a request of this content type would do. */
export type UnderstandLogged = (request: LoggedRequest, contentType: string | null) => Understanding;

export interface ReplayPolicies {
  readonly policy: Policy;
  /** The policy that the first is compared with; null: none. */
  readonly against: Policy | null;
}

/** What is missing in a log to tell the score: the body, or which of the patch types it was (they would score differently). */
export type CannotTell = 'no-body' | 'patch-type';

export interface LoggedJudgement {
  readonly understanding: Understanding;
  /** Without a cluster, so at least this. */
  readonly radius: BlastRadius;
  /** By the policy compared with; null where there is none. */
  readonly before: BlastRadius | null;
  readonly cannotTell: CannotTell | null;
}

interface Candidate {
  readonly understanding: Understanding;
  readonly radius: BlastRadius;
}

const differs = (one: BlastRadius, other: BlastRadius): boolean =>
  one.score !== other.score || one.tier !== other.tier || one.action !== other.action;

const isLower = ({ radius: one }: Candidate, { radius: other }: Candidate): boolean =>
  (compareTiers(one.tier, other.tier) || (one.score ?? 0) - (other.score ?? 0)) < 0;

/**
 * Judges what the log has of a request, null where its body is not in the log. Where it can be read in several ways the lowest
 * holds, as of everything that a log cannot tell: what is answered is a lower bound.
 */
export function judgeLogged(
  request: LoggedRequest,
  understand: UnderstandLogged,
  { policy, against }: ReplayPolicies,
): LoggedJudgement | null {
  if (lacksBody(request)) return null;
  const candidates = contentTypesOf(request).map((type): Candidate => {
    const understanding = understand(request, type);
    return { understanding, radius: score(understanding, null, policy) };
  });
  const [first, ...others] = candidates;
  if (first === undefined) return null;
  const lowest = others.reduce((least, one) => (isLower(one, least) ? one : least), first);
  return {
    understanding: lowest.understanding,
    radius: lowest.radius,
    before: against === null ? null : score(lowest.understanding, null, against),
    cannotTell: others.some(({ radius }) => differs(radius, first.radius)) ? 'patch-type' : null,
  };
}
