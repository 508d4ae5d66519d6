// Counts one person's vote on one digest, stored before it is acknowledged.
import { raisedSince } from '../../core/approval/demand.ts';
import { isHasty } from '../../core/approval/hasty.ts';
import { teamsOf } from '../../core/approval/people.ts';
import { checkVote, fallenVotes } from '../../core/approval/quorum.ts';
import { isFreshLogin } from '../../core/approval/session.ts';
import { isSameMessage, isTakenBack, type Vote, type VoteProof } from '../../core/approval/vote.ts';
import { requirementOf } from '../../core/decision/approval-rules.ts';
import type { Channel } from '../../core/model/channel.ts';
import type { Instant } from '../../core/model/instant.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { Event } from '../../core/remediation/event.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { isHeldForReview } from '../../core/remediation/review.ts';
import type { Digest } from '../../core/sealed-spec/declarative-spec.ts';
import { maskText } from '../../core/text/mask.ts';
import { within } from '../deadline.ts';
import { type Gate, reviewRuleOf } from '../gate.ts';
import { logStep } from '../log-steps.ts';
import { applyEvents, nowOf, RACES, retryOnConflict, save, toStoreChange } from '../transition.ts';
import { shownAtOf } from './shown.ts';

/** `person` is who was proven by the channel, mapped by people.yaml; null where the account is mapped to nobody. */
export interface CastVote {
  readonly proposal: string;
  readonly person: string | null;
  /** How the door names an account that is mapped to nobody: "telegram 4711". */
  readonly account: string;
  readonly channel: Channel;
  readonly decision: Vote['decision'];
  readonly digest: Digest;
  readonly reason: string | null;
  readonly proof: VoteProof;
}

export type VoteResult =
  | { readonly ok: true; readonly remediation: Remediation; readonly vote: Vote }
  | { readonly ok: false; readonly refusal: Refusal; readonly remediation: Remediation | null };

/** Counts the vote; one that does not count leaves a line in the trail. `seen`: the proposal, where it was read just now. */
export async function recordVote(
  gate: Gate,
  cast: CastVote,
  signal: AbortSignal,
  seen: Remediation | null = null,
): Promise<VoteResult> {
  const counted = await countVote(gate, cast, signal, seen);
  if (!counted.ok) await noteRefusedVote(gate, cast, counted.refusal, signal);
  return counted;
}

/**
 * Checks the vote against the people of now and the open ballot, then folds it in; a lost race is run again. The same message
 * read twice (a crash came in between) is the vote that stands already.
 */
export async function countVote(
  gate: Gate,
  cast: CastVote,
  signal: AbortSignal,
  seen: Remediation | null = null,
): Promise<VoteResult> {
  // Who was faster since then is found when it is saved: it has another revision.
  let known = seen;
  const counted = await retryOnConflict(RACES, async () => {
    const remediation = known ?? (await gate.store.remediations.read(cast.proposal, within('store', signal)));
    known = null;
    return recordOnce(gate, cast, remediation, signal);
  });
  if (counted === 'conflict') throw new Error(`the vote on ${cast.proposal} lost ${RACES} races; repeat it`);
  return counted;
}

const recordOnce = async (
  gate: Gate,
  cast: CastVote,
  remediation: Remediation | null,
  signal: AbortSignal,
): Promise<VoteResult | 'conflict'> => {
  const no = (code: Refusal['code'], about: string | null): VoteResult => ({
    ok: false,
    refusal: { code, about },
    remediation,
  });
  if (remediation === null) return no('no-such-proposal', cast.proposal);
  const before = remediation.votes.find((vote) => isSameMessage(vote, cast));
  if (before !== undefined) return { ok: true, remediation, vote: before };
  if (cast.person === null) return no('unknown-person', cast.account);
  if (isTakenBack(remediation.withdrawn, cast)) return no('already-voted', `${cast.person}, taken back`);
  const { channel, decision, digest, reason, proof } = cast;
  const now = nowOf(gate);
  const people = gate.people();
  const teams = teamsOf(people, cast.person);
  const shownAt = await shownAtOf(gate, remediation.id, { person: cast.person, channel }, signal);
  const vote: Vote = {
    person: cast.person,
    channel,
    decision,
    digest,
    at: now,
    reason: reason === null ? null : maskText(reason),
    proof,
    ...(teams.length === 0 ? {} : { teams }),
    ...(shownAt === null ? {} : { shownAt }),
    ...(isHasty(decision, shownAt, now) ? { hasty: true } : {}),
  };
  const { refusal, fallen } = checkVoteNow(gate, remediation, vote, now);
  if (refusal !== null) return { ok: false, refusal, remediation };
  const voted: Event = { event: 'voted', vote, ...(fallen.length === 0 ? {} : { fallen }) };
  const step = applyEvents(remediation, [voted], now);
  if (!step.ok) return { ok: false, refusal: step.refusal, remediation };
  const saved = await save(gate, [toStoreChange(step, null, 'release-claim')], signal);
  if (!saved.ok) return 'conflict';
  logStep(gate.log, step);
  return { ok: true, remediation: step.remediation, vote };
};

/** Why a vote would not count now (null: it would), and places of earlier ones that do not count any more beside it. */
export function checkVoteNow(
  gate: Pick<Gate, 'people' | 'policy' | 'flags'>,
  remediation: Remediation,
  vote: Vote,
  now: Instant,
): { readonly refusal: Refusal | null; readonly fallen: readonly number[] } {
  if (remediation.state !== 'awaiting-approval')
    return { refusal: { code: 'not-open', about: `it is ${remediation.state}` }, fallen: [] };
  const people = gate.people();
  const requirement = requirementOf(remediation.decision);
  const ballot = { ...remediation, digest: remediation.spec.digest, requirement };
  // Who lost the right, or the account, since they spoke does not speak at the moment of the decision either.
  const fallen = fallenVotes(ballot, people);
  const votes = remediation.votes.filter((_, place) => !fallen.includes(place));
  const check = checkVote({ ...ballot, votes }, vote, people, now);
  if (!check.ok) return { refusal: check.refusal, fallen };
  return { refusal: vote.decision === 'reject' ? null : approvalRefusal(gate, remediation, vote, now), fallen };
}

/** What stands in the way of a yes alone: a no is never refused for it. */
const approvalRefusal = (
  gate: Pick<Gate, 'policy' | 'flags'>,
  remediation: Remediation,
  { proof }: Vote,
  now: Instant,
): Refusal | null => {
  // Who agrees to less than is asked for now would agree in vain: the next look at it says so to everybody (flow/worker/recheck.ts).
  const raised = raisedSince({ ...remediation, policy: gate.policy.document, flags: gate.flags });
  if (raised !== null) return raised;
  const old = oldLogin(gate, remediation, proof, now);
  if (old !== null) return old;
  return isHeldForReview(remediation, reviewRuleOf(gate))
    ? { code: 'review-missing', about: remediation.review?.error ?? null }
    : null;
};

/** Why a session must log in again before it agrees to what two people or more must agree to; null: it need not. */
export function oldLogin(
  { policy }: Pick<Gate, 'policy'>,
  { decision }: Remediation,
  proof: VoteProof | undefined,
  now: Instant,
): Refusal | null {
  const minutes = policy.document.loginWithinMinutes;
  if (minutes === undefined || proof?.kind !== 'session' || requirementOf(decision).needed < 2) return null;
  return isFreshLogin(proof.proven, minutes, now) ? null : { code: 'login-again', about: `within ${minutes} minutes` };
}

/** A line of log and trail. */
export async function noteRefusedVote(
  gate: Gate,
  cast: CastVote,
  refusal: Refusal,
  signal: AbortSignal,
): Promise<void> {
  const who = cast.person ?? cast.account;
  const note = `${cast.decision} ${cast.proposal}: ${refusal.code}`;
  gate.log.info('vote_not_counted', {
    proposal: cast.proposal,
    person: who,
    channel: cast.channel,
    code: refusal.code,
  });
  const { proposal } = cast;
  const entry = { kind: 'note', at: nowOf(gate), what: 'vote-not-counted', who, about: note, proposal } as const;
  await gate.store.trail.append(entry, within('store', signal));
}
