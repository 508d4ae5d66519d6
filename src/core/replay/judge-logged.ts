// A logged request and two policies → what a gate would have said to it by each, and whether the log tells enough to say so.
import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import type { Policy } from '../blast-radius/policy.ts';
import { score } from '../blast-radius/score.ts';
import type { Effect } from '../model/effect.ts';
import { isObject, valueAt } from '../model/json.ts';
import { compareTiers } from '../model/tier.ts';
import { effectsOf, type Understanding } from '../model/understanding.ts';
import { contentTypesOf, type LoggedRequest, lacksBody } from './logged-request.ts';

/** What a request of this content type would do. */
export type UnderstandLogged = (request: LoggedRequest, contentType: string | null) => Understanding;

export interface ReplayPolicies {
  readonly policy: Policy;
  /** The policy that the first is compared with; null: none. */
  readonly against: Policy | null;
}

/**
 * What is missing in a log to tell the score: which of the patch types it was, or whether a label was there before. Either way the
 * request would score differently.
 */
export type CannotTell = 'patch-type' | 'label-before';

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
  /** What must have been so, for it to be read like this; null: nothing. */
  readonly if: CannotTell | null;
  readonly radius: BlastRadius;
}

const differs = (one: BlastRadius, other: BlastRadius): boolean =>
  one.score !== other.score || one.tier !== other.tier || one.action !== other.action;

const isLower = ({ radius: one }: Candidate, { radius: other }: Candidate): boolean =>
  (compareTiers(one.tier, other.tier) || (one.score ?? 0) - (other.score ?? 0)) < 0;

/** A patch that sets labels, and takes none away. */
const setsLabels = ({ method, body }: LoggedRequest): boolean => {
  if (method !== 'PATCH' || body.kind !== 'given' || !isObject(body.value)) return false;
  const labels = valueAt(body.value, '/metadata/labels');
  return isObject(labels) && Object.values(labels).every((value) => typeof value === 'string');
};

/**
 * The same where the labels that are set were not there before: kubectl sends the same patch whether it adds a label or, with
 * --overwrite, changes one, and only the second can take a pod away from what selects it. null: no other reading.
 */
const withNewLabels = (understanding: Understanding, request: LoggedRequest): Understanding | null => {
  const isOpen = ({ kind, traits }: Effect): boolean => kind === 'label' && traits.includes('membership');
  if (!setsLabels(request) || !effectsOf(understanding).some(isOpen)) return null;
  const asNew = (effect: Effect): Effect =>
    isOpen(effect)
      ? { ...effect, traits: effect.traits.map((trait) => (trait === 'membership' ? 'new-label' : trait)) }
      : effect;
  return {
    ...understanding,
    parts: understanding.parts.map((part) => ({ ...part, effects: part.effects.map(asNew) })),
  };
};

/** Every way in which the log can be read, the plainest first. */
const candidatesOf = (request: LoggedRequest, understand: UnderstandLogged, policy: Policy): readonly Candidate[] =>
  contentTypesOf(request).flatMap((type, at) => {
    const understanding = understand(request, type);
    const asNew = withNewLabels(understanding, request);
    const as = (one: Understanding, what: CannotTell | null): Candidate => ({
      understanding: one,
      if: what,
      radius: score(one, null, policy),
    });
    const plain = as(understanding, at === 0 ? null : 'patch-type');
    return asNew === null ? [plain] : [plain, as(asNew, 'label-before')];
  });

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
  const [first, ...others] = candidatesOf(request, understand, policy);
  if (first === undefined) return null;
  const lowest = others.reduce((least, one) => (isLower(one, least) ? one : least), first);
  return {
    understanding: lowest.understanding,
    radius: lowest.radius,
    before: against === null ? null : score(lowest.understanding, null, against),
    cannotTell: others.find(({ radius }) => differs(radius, first.radius))?.if ?? null,
  };
}
