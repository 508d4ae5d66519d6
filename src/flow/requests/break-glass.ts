// One person stands for all missing votes in an emergency: checked, stored and told before it is acknowledged.
import { type BreakGlass, checkBreakGlass } from '../../core/approval/break-glass.ts';
import { demandsOf } from '../../core/approval/demand.ts';
import type { VoteProof } from '../../core/approval/vote.ts';
import { type ApprovalRequirement, requirementOf } from '../../core/decision/approval-rules.ts';
import type { Instant } from '../../core/model/instant.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { isHeldForReview } from '../../core/remediation/review.ts';
import type { Digest } from '../../core/sealed-spec/declarative-spec.ts';
import { maskText } from '../../core/text/mask.ts';
import { within } from '../deadline.ts';
import { type Gate, reviewRuleOf } from '../gate.ts';
import { logStep } from '../log-steps.ts';
import { applyEvents, nowOf, RACES, retryOnConflict, save, toStoreChange } from '../transition.ts';
import { oldLogin } from './record-vote.ts';

/** `person` as the door has proven it; null: an agent, or nobody that is known. */
export interface Emergency {
  readonly proposal: string;
  readonly person: string | null;
  /** How the door names who is nobody. */
  readonly account: string;
  readonly digest: Digest;
  readonly reason: string;
  readonly proof: VoteProof;
}

export type GlassBroken =
  | { readonly ok: true; readonly remediation: Remediation }
  | { readonly ok: false; readonly refusal: Refusal; readonly remediation: Remediation | null };

/** Pause, freezes and hard rules stay (contract part 2, section 10). What does not count leaves a line in the trail. */
export async function breakGlass(gate: Gate, emergency: Emergency, signal: AbortSignal): Promise<GlassBroken> {
  const broken = await retryOnConflict(RACES, () => breakOnce(gate, emergency, signal));
  if (broken === 'conflict')
    throw new Error(`breaking the glass on ${emergency.proposal} lost ${RACES} races; repeat it`);
  if (!broken.ok) await noteRefused(gate, emergency, broken.refusal, signal);
  return broken;
}

const breakOnce = async (
  gate: Gate,
  { proposal, person, account, digest, reason, proof }: Emergency,
  signal: AbortSignal,
): Promise<GlassBroken | 'conflict'> => {
  const remediation = await gate.store.remediations.read(proposal, within('store', signal));
  const no = (refusal: Refusal): GlassBroken => ({ ok: false, refusal, remediation });
  if (remediation === null) return no({ code: 'no-such-proposal', about: proposal });
  if (person === null) return no({ code: 'unknown-person', about: account });
  const now = nowOf(gate);
  const given: BreakGlass = { by: person, digest, reason: maskText(reason.trim()), at: now, proof };
  const refusal = checkBreakGlassNow(gate, remediation, given, now);
  if (refusal !== null) return no(refusal);
  const step = applyEvents(remediation, [{ event: 'glass-broken', breakGlass: given }], now);
  if (!step.ok) return no(step.refusal);
  const saved = await save(gate, [toStoreChange(step, null, 'release-claim')], signal);
  if (!saved.ok) return 'conflict';
  logStep(gate.log, step);
  return { ok: true, remediation: step.remediation };
};

/** Why this would not stand for the missing votes now; null: it would. */
export function checkBreakGlassNow(
  gate: Pick<Gate, 'people' | 'policy' | 'flags'>,
  remediation: Remediation,
  given: BreakGlass,
  now: Instant,
): Refusal | null {
  if (remediation.state !== 'awaiting-approval') return { code: 'not-open', about: `it is ${remediation.state}` };
  const check = checkBreakGlass({ ...remediation, digest: remediation.spec.digest }, given, gate.people(), now);
  if (!check.ok) return check.refusal;
  const demands = demandsOf({ ...remediation, policy: gate.policy.document, flags: gate.flags });
  if ([requirementOf(remediation.decision), ...demands].some((one) => isLinkAlone(given.proof, one)))
    return { code: 'wrong-channel', about: 'link; where two or more must agree it proves no second person' };
  const old = oldLogin(gate, remediation, given.proof, now);
  if (old !== null) return old;
  // The issue is where everyone else is told: it takes the place of no vote.
  return isHeldForReview(remediation, reviewRuleOf(gate))
    ? { code: 'review-missing', about: remediation.review?.error ?? null }
    : null;
}

/** Whoever may make links for all could else stand for everybody: a link counts for less among votes too. */
const isLinkAlone = (proof: VoteProof, { needed, links }: ApprovalRequirement): boolean =>
  needed >= 2 && links !== 'each' && proof.kind === 'session' && proof.account === null;

const noteRefused = async (
  gate: Gate,
  { proposal, person, account }: Emergency,
  { code }: Refusal,
  signal: AbortSignal,
): Promise<void> => {
  const who = person ?? account;
  gate.log.warn('break_glass_refused', { proposal, person: who, code });
  const about = `break-glass ${proposal}: ${code}`;
  const entry = { kind: 'note', at: nowOf(gate), what: 'break-glass-refused', who, about, proposal } as const;
  await gate.store.trail.append(entry, within('store', signal));
};
