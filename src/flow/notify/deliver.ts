// Tells people what they must be told: one message a turn, in order, again until it arrived.

import { teamsOf } from '../../core/approval/people.ts';
import { requirementOf } from '../../core/decision/approval-rules.ts';
import { plusSeconds } from '../../core/model/instant.ts';
import type { ReviewIssueResult } from '../../core/remediation/event.ts';
import type { Message, Remediation } from '../../core/remediation/remediation.ts';
import { isHeldForReview } from '../../core/remediation/review.ts';
import { isFinal } from '../../core/remediation/state.ts';
import { announce, type IssueRetry, type News } from '../../core/text/announcement.ts';
import { type ReviewRequest, writeReviewIssue } from '../../core/text/review-issue.ts';
import { whyOf } from '../../core/text/state-reason.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { OutboxMessage } from '../../ports/store.ts';
import { LIMITS, within } from '../deadline.ts';
import { frozenNow } from '../freeze.ts';
import { type Gate, reviewRuleOf } from '../gate.ts';
import { logFieldsOf } from '../log-steps.ts';
import { applyEvents, nowOf, RACES, retryOnConflict, save, toStoreChange } from '../transition.ts';
import type { NextStep } from '../worker/next-step.ts';
import { postCard, refreshCard } from './chat-cards.ts';
import { createReviewIssue } from './review-issue.ts';
import { approversOf, reviewRequestOf } from './review-request.ts';
import { updateReviewStatus } from './review-status.ts';

/** Seconds before the next try: 1, 2, 4 … 300. */
const pause = (tries: number): number => Math.min(300, 2 ** Math.min(tries, 9));
/** A refusal of the message itself is answered this often before it is given up, so that it cannot hold up those behind it. */
const REFUSALS = 8;
/** News older than this is given up. */
const STALE_NEWS_HOURS = 24;

type DeliveryResult = Parameters<Gate['store']['outbox']['complete']>[1];

/** Takes the oldest message that is due. Throws AdapterError only when the store fails. */
export async function nextDelivery(gate: Gate, signal: AbortSignal): Promise<NextStep> {
  const now = nowOf(gate);
  const found = await gate.store.outbox.take(now, plusSeconds(now, LIMITS.claim), within('store', signal));
  if (!found.ok) return { kind: 'nothing', nextDue: found.nextDue };
  return { kind: 'step', take: () => deliver(gate, found.message, signal) };
}

/** Throws AdapterError only when the store fails. */
const deliver = async (gate: Gate, queued: OutboxMessage, signal: AbortSignal): Promise<void> => {
  const remediation = await readUnlessDamaged(gate, queued.proposal, signal);
  if (remediation === null) throw new Error(`a message of ${queued.proposal}, which is not there (this is a bug)`);
  const end =
    remediation === 'damaged'
      ? ({ kind: 'given-up' } as const)
      : queued.message.channel === 'review'
        ? await bringToForge(gate, remediation, queued, queued.message.what, signal)
        : await bringToChat(gate, remediation, queued, queued.message, signal);
  // What has arrived must be kept even while the gate shuts down.
  await gate.store.outbox.complete(queued.key, end, within('store', new AbortController().signal));
  if (end.kind !== 'again') gate.wakeSignal.notify();
};

/** What stands in a damaged row nobody can be told; its messages must not hold up those of others. */
const readUnlessDamaged = async (
  gate: Gate,
  proposal: string,
  signal: AbortSignal,
): Promise<Remediation | 'damaged' | null> => {
  try {
    return await gate.store.remediations.read(proposal, within('store', signal));
  } catch (error) {
    if (!(error instanceof AdapterError) || error.reason !== 'corrupt') throw error;
    gate.log.error('message_given_up', { proposal, error: error.message });
    return 'damaged';
  }
};

const bringToChat = async (
  gate: Gate,
  remediation: Remediation,
  queued: OutboxMessage,
  message: Extract<Message, { readonly channel: 'chat' }>,
  signal: AbortSignal,
): Promise<DeliveryResult> => {
  if (gate.chat === null) return { kind: 'given-up' };
  const news = newsOf(gate, remediation, message);
  if (news === null) return { kind: 'delivered' };
  const { incident, id, spec } = remediation;
  const tell = async (): Promise<void> => {
    if (news.kind === 'waiting') return postCard(gate, remediation, queued.key, signal);
    // The card says it first: whoever reads the news may look there.
    if (news.kind === 'state') await refreshFirst(gate, id, signal);
    // The key is the marker: a message that comes twice, because its first answer was lost, shows the same one.
    await gate.chat?.send(
      `${announce({ incident, proposal: id, spec }, news, gate.lang)}\n(${queued.key})`,
      within('send', signal),
    );
  };
  try {
    await tell();
    return { kind: 'delivered' };
  } catch (error) {
    gate.log.warn('chat_send_failed', {
      ...logFieldsOf(remediation),
      error: messageOf(error),
      tries: queued.tries + 1,
    });
    return afterTrouble(gate, queued, error);
  }
};

/** A card that cannot be edited in one chat must not hold back the news in the others: it is tried again beside them. */
const refreshFirst = async (gate: Gate, proposal: string, signal: AbortSignal): Promise<void> => {
  try {
    await refreshCard(gate, proposal, signal);
  } catch (error) {
    if (!(error instanceof AdapterError) || signal.aborted) throw error;
    gate.changed.add(proposal);
    gate.log.warn('chat_card_not_edited', { proposal, error: error.message });
  }
};

/** null: the news is over before it was told (its issue stands by now, or nobody is asked any more). */
const newsOf = (
  gate: Gate,
  remediation: Remediation,
  message: Extract<Message, { readonly channel: 'chat' }>,
): News | null => {
  const { breakGlass, decision, expiresAt, review } = remediation;
  switch (message.what) {
    case 'waiting': {
      const frozen = frozenNow(gate, remediation);
      const waiting = { kind: 'waiting', requirement: requirementOf(decision), expiresAt } as const;
      return frozen === null ? waiting : { ...waiting, frozen };
    }
    case 'issue-made':
      return review?.issueUrl == null ? null : { kind: 'issue-made', issueUrl: review.issueUrl };
    case 'issue-failed':
      return review === null || review.success
        ? null
        : { kind: 'issue-failed', error: review.error ?? '', retry: retryOf(gate, remediation) };
    case 'breaker':
      return { kind: 'breaker', failures: message.failures, withinMinutes: message.withinMinutes };
    case 'reminder': {
      // Withdrawn: nobody is asked any more.
      if (remediation.state !== 'awaiting-approval') return null;
      const { tell, afterMinutes } = message;
      return { kind: 'reminder', tell, afterMinutes, people: namesToRemind(gate, remediation, tell), expiresAt };
    }
    case 'break-glass':
      return breakGlass === undefined ? null : { kind: 'break-glass', by: breakGlass.by, reason: breakGlass.reason };
    case 'state':
      return { kind: 'state', state: message.state, why: whyOf(remediation, message.state, gate.lang) };
    default:
      return message satisfies never;
  }
};

/** Who may still say yes, of the team or of all. */
const namesToRemind = (gate: Gate, { proposer, votes }: Remediation, tell: string): readonly string[] => {
  const has = new Set(votes.map(({ person }) => person));
  return approversOf(gate, proposer)
    .filter(({ id }) => !has.has(id) && (tell === 'all' || teamsOf(gate.people(), id).includes(tell)))
    .map(({ name }) => name);
};

const retryOf = (gate: Gate, remediation: Remediation): IssueRetry => {
  if (!canMakeIssues(gate)) return 'none';
  return isHeldForReview(remediation, reviewRuleOf(gate)) ? 'held' : 'tried-again';
};

const canMakeIssues = ({ forge, flags }: Gate): boolean => forge !== null && flags.gitopsPr === 'on';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');

const afterTrouble = (gate: Gate, queued: OutboxMessage, error: unknown): DeliveryResult => {
  const now = nowOf(gate);
  if (now >= plusSeconds(queued.createdAt, STALE_NEWS_HOURS * 3600)) return { kind: 'given-up' };
  const known = error instanceof AdapterError ? error : null;
  const itself = known?.kind === 'refused' && known.status === 400;
  if (itself && queued.tries + 1 >= REFUSALS) return { kind: 'given-up' };
  return { kind: 'again', due: plusSeconds(now, known?.retryAfterSeconds ?? pause(queued.tries)) };
};

/** The issue or its status comment, whichever the message asks for. */
const bringToForge = (
  gate: Gate,
  remediation: Remediation,
  queued: OutboxMessage,
  what: Extract<Message, { readonly channel: 'review' }>['what'],
  signal: AbortSignal,
): Promise<DeliveryResult> =>
  what === 'issue' ? bringIssue(gate, remediation, queued, signal) : bringStatus(gate, remediation, queued, signal);

/** The issue is made or found again; its result becomes part of the record, whether or not it succeeded. */
const bringIssue = async (
  gate: Gate,
  remediation: Remediation,
  queued: OutboxMessage,
  signal: AbortSignal,
): Promise<DeliveryResult> => {
  if (remediation.review?.success === true) return { kind: 'delivered' };
  const { id, spec } = remediation;
  const request = reviewRequestOf(gate, remediation, queued.head);
  // Nobody reviews what has ended: an issue that could not be made in time is not made any more.
  if (isFinal(remediation.state)) return await claimOrphan(gate, request, queued, signal);
  const peers = {
    forge: gate.forge,
    log: gate.log,
    gitopsPr: gate.flags.gitopsPr,
    rule: gate.policy.document.reviewIssue,
  };
  const review = await createReviewIssue(request, peers, within('forge', signal));
  await recordReview(gate, id, review, signal);
  if (review.success) return { kind: 'delivered' };
  return spec.requiresReviewIssue && canMakeIssues(gate)
    ? { kind: 'again', due: plusSeconds(nowOf(gate), pause(queued.tries + 2)) }
    : { kind: 'given-up' };
};

/** One that was made and whose answer was lost before the end is found, so that the status after this message closes it. */
const claimOrphan = async (
  gate: Gate,
  request: ReviewRequest,
  queued: OutboxMessage,
  signal: AbortSignal,
): Promise<DeliveryResult> => {
  if (gate.forge === null || !canMakeIssues(gate) || queued.tries === 0) return { kind: 'given-up' };
  try {
    const found = await gate.forge.findReviewIssue(writeReviewIssue(request), within('forge', signal));
    if (found === null) return { kind: 'given-up' };
    await recordReview(gate, request.proposal, { success: true, ...found, error: null }, signal);
    return { kind: 'delivered' };
  } catch (error) {
    return afterTrouble(gate, queued, error);
  }
};

const bringStatus = async (
  gate: Gate,
  remediation: Remediation,
  queued: OutboxMessage,
  signal: AbortSignal,
): Promise<DeliveryResult> => {
  try {
    const done = await updateReviewStatus(gate, remediation.id, signal);
    if (done === 'gone' && !isFinal(remediation.state)) await recordReview(gate, remediation.id, issueGone, signal);
    return { kind: 'delivered' };
  } catch (error) {
    gate.log.warn('review_status_failed', {
      ...logFieldsOf(remediation),
      error: messageOf(error),
      tries: queued.tries + 1,
    });
    return afterTrouble(gate, queued, error);
  }
};

const issueGone: ReviewIssueResult = {
  success: false,
  issueUrl: null,
  issueNumber: null,
  error: 'The review issue, or its repository, is there no more.',
};

/** Votes and steps go on meanwhile, so a lost race is run again; a result that says nothing new is not recorded twice. */
const recordReview = async (gate: Gate, id: string, review: ReviewIssueResult, signal: AbortSignal): Promise<void> => {
  await retryOnConflict(RACES, async () => {
    const remediation = await gate.store.remediations.read(id, within('store', signal));
    if (remediation === null || remediation.review?.success === review.success) return;
    const step = applyEvents(remediation, [{ event: 'review-answered', review }], nowOf(gate));
    if (!step.ok) return;
    const saved = await save(gate, [toStoreChange(step, null, 'release-claim')], signal);
    return saved.ok ? undefined : 'conflict';
  });
};
