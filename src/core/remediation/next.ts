// The only transition function: a remediation and an event give the next remediation.
import { checkBreakGlassBallot } from '../approval/break-glass.ts';
import { checkBallot, tally } from '../approval/quorum.ts';
import { requirementOf } from '../decision/approval-rules.ts';
import { type Instant, plusSeconds } from '../model/instant.ts';
import type { Refusal } from '../model/refusal.ts';
import { runsProgram } from '../sealed-spec/declarative-spec.ts';
import { isFailure } from './breaker.ts';
import type { Event, WriteResult } from './event.ts';
import { type Watched, watch } from './look-window.ts';
import type { Attempt, Message, Remediation, Todo } from './remediation.ts';
import { reviewNews, reviewStateOf, statusNews } from './review.ts';
import { isFinal, type State, TRANSITIONS } from './state.ts';
import { todoOf } from './todo.ts';
import type { Verdict } from './verdict.ts';

/** A write whose effect is not found is sent again, this often in all. */
const SENDINGS = 3;
/** A process that dies between intent and answer may never have sent it: that is no sending, until it happens this often. */
const INTENTS = 20;
/** Seconds for which an unanswered write is looked for while the cluster cannot be asked; then a person has it. */
const LOOK_FOR_SECONDS = 600;

/** So many votes on one proposal may be taken back: each is kept. */
const MOST_WITHDRAWN = 50;

export type Next =
  | {
      readonly ok: true;
      readonly remediation: Remediation;
      readonly todo: Todo;
      /** What people must be told because of this event. */
      readonly tell: readonly Message[];
    }
  /** The event does not fit the state: nothing has changed. */
  | { readonly ok: false; readonly refusal: Refusal };

type Step = { readonly to: State; readonly patch?: Partial<Remediation>; readonly tell?: readonly Message[] } | Refusal;
type Handler<E> = (remediation: Remediation, event: E, now: Instant) => Step;
type EventNamed<N extends Event['event']> = Extract<Event, { readonly event: N }>;

/**
 * Folds one event in. Pure; `now` is the event's own instant, so that replaying the record gives the same state. An event
 * that the state does not take (a late vote, an answer nobody waits for) comes back as a refusal; throws only for bugs.
 */
export function next(remediation: Remediation | null, event: Event, now: Instant): Next {
  if (remediation === null) {
    if (event.event !== 'proposed') throw new Error(`${event.event} before proposed (this is a bug)`);
    const first = begin(event, now);
    return { ok: true, remediation: first, todo: todoOf(first), tell: [] };
  }
  const step = (HANDLERS[event.event] as Handler<Event>)(remediation, event, now);
  if (!('to' in step)) return { ok: false, refusal: step };
  if (step.to !== remediation.state && !TRANSITIONS[remediation.state].includes(step.to))
    throw new Error(`${remediation.state} does not lead to ${step.to} by ${event.event} (this is a bug)`);
  const after: Remediation = {
    ...remediation,
    ...step.patch,
    state: step.to,
    revision: remediation.revision + 1,
    changedAt: now,
  };
  const ended: readonly Message[] =
    step.to !== remediation.state && TOLD.has(step.to) ? [{ channel: 'chat', what: 'state', state: step.to }] : [];
  const tell = [...ended, ...(step.tell ?? []), ...statusNews(remediation, after)];
  return { ok: true, remediation: after, todo: todoOf(after), tell };
}

/** States whose coming is told in the chat; what people wait for has its own message. */
const TOLD: ReadonlySet<State> = new Set<State>([
  ...(Object.keys(TRANSITIONS) as State[]).filter(isFinal),
  'uncertain',
  'rolling-back',
]);

/** States in which a write may be on its way, or may have been. */
const WRITES: ReadonlySet<State> = new Set<State>(['executing', 'rolling-back', 'uncertain']);

const begin = (event: EventNamed<'proposed'>, now: Instant): Remediation => ({
  id: event.id,
  incident: event.incident,
  state: 'proposed',
  revision: 1,
  proposer: event.proposer,
  diagnosis: event.diagnosis,
  spec: event.spec,
  ...(event.arrived === undefined ? {} : { arrived: event.arrived }),
  ...(event.trace === undefined ? {} : { trace: event.trace }),
  createdAt: now,
  expiresAt: plusSeconds(now, event.spec.validForSeconds),
  changedAt: now,
  decision: null,
  votes: [],
  approvedAt: null,
  forward: null,
  back: null,
  looks: [],
  verdict: null,
  backVerdict: null,
  review: null,
  refusal: null,
  endedBy: null,
});

const earlier = (one: Instant, other: Instant): Instant => (one < other ? one : other);

const notNow = (remediation: Remediation): Refusal => ({ code: 'not-open', about: `it is ${remediation.state}` });

const HANDLERS: { readonly [N in Event['event']]: Handler<EventNamed<N>> } = {
  proposed: (r) => notNow(r),

  decided: (r, { decision }, now) => {
    if (r.state !== 'proposed') return notNow(r);
    const { leadsTo } = decision;
    const tell: readonly Message[] = [
      ...(leadsTo === 'awaiting-approval' ? [{ channel: 'chat', what: 'waiting' } as const] : []),
      ...(decision.reviewIssue === 'wanted' ? [{ channel: 'review', what: 'issue' } as const] : []),
    ];
    const approvedAt = leadsTo === 'approved' ? now : null;
    const minutes = leadsTo === 'awaiting-approval' ? decision.requirement?.expiresMinutes : null;
    const expiresAt = minutes == null ? r.expiresAt : earlier(r.expiresAt, plusSeconds(r.createdAt, minutes * 60));
    return { to: leadsTo, patch: { decision, approvedAt, expiresAt }, tell };
  },

  voted: (r, { vote, fallen = [] }, now) => {
    if (r.state !== 'awaiting-approval' || r.decision === null) return notNow(r);
    const requirement = requirementOf(r.decision);
    const kept = r.votes.filter((_, place) => !fallen.includes(place));
    const check = checkBallot({ ...r, votes: kept, digest: r.spec.digest, requirement }, vote, now);
    if (!check.ok) return check.refusal;
    const votes = [...kept, vote];
    // Read again, the message of one that fell must not count for whoever has the account now.
    const withdrawn = [...(r.withdrawn ?? []), ...r.votes.filter((_, place) => fallen.includes(place))];
    const patch = { votes, ...(fallen.length === 0 ? {} : { withdrawn }) };
    const result = tally(votes, requirement);
    if (result === 'open') return { to: r.state, patch };
    if (result === 'rejected') return { to: 'rejected', patch: { ...patch, endedBy: vote.person } };
    return { to: 'approved', patch: { ...patch, approvedAt: now } };
  },

  'vote-withdrawn': (r, { person }) => {
    if ((r.state !== 'awaiting-approval' && r.state !== 'approved') || r.forward !== null) return notNow(r);
    const votes = r.votes.filter((vote) => vote.person !== person);
    if (votes.length === r.votes.length) return { code: 'no-own-vote', about: person };
    if ((r.withdrawn ?? []).length >= MOST_WITHDRAWN)
      return { code: 'rate-limited', about: `${MOST_WITHDRAWN} votes were taken back` };
    const withdrawn = [...(r.withdrawn ?? []), ...r.votes.filter((vote) => vote.person === person)];
    const stays = r.state === 'awaiting-approval' || r.breakGlass !== undefined;
    if (stays || tally(votes, requirementOf(r.decision)) === 'approved')
      return { to: r.state, patch: { votes, withdrawn } };
    return {
      to: 'awaiting-approval',
      patch: { votes, withdrawn, approvedAt: null },
      tell: [{ channel: 'chat', what: 'waiting' }],
    };
  },

  'glass-broken': (r, { breakGlass }, now) => {
    if (r.state !== 'awaiting-approval' || r.decision === null) return notNow(r);
    const check = checkBreakGlassBallot({ ...r, digest: r.spec.digest }, breakGlass, now);
    if (!check.ok) return check.refusal;
    const tell: readonly Message[] = [{ channel: 'chat', what: 'break-glass' }];
    return { to: 'approved', patch: { breakGlass, approvedAt: now }, tell };
  },

  reminded: (r, { step, tell, afterMinutes }) => {
    if (r.state !== 'awaiting-approval' || step < (r.reminded ?? 0)) return notNow(r);
    const message = { channel: 'chat', what: 'reminder', tell, afterMinutes } as const;
    return { to: r.state, patch: { reminded: step + 1 }, tell: [message] };
  },

  cancelled: (r, { by }) => (r.state === 'awaiting-approval' ? { to: 'cancelled', patch: { endedBy: by } } : notNow(r)),

  superseded: (r, { by }) =>
    r.state === 'awaiting-approval' ? { to: 'superseded', patch: { endedBy: by } } : notNow(r),

  expired: (r, _, now) => {
    if ((r.state !== 'awaiting-approval' && r.state !== 'approved') || now < r.expiresAt) return notNow(r);
    return { to: 'expired', patch: { refusal: { code: 'expired', about: `it was open until ${r.expiresAt}` } } };
  },

  'went-stale': (r, { refusal }) => {
    if (r.state === 'awaiting-approval' || r.state === 'approved') return { to: 'stale', patch: { refusal } };
    // Found when an unanswered write was about to be sent again: its effect is not there, so nothing has changed.
    if (r.state === 'uncertain' && r.back === null) return { to: 'failed', patch: { refusal } };
    return notNow(r);
  },

  'write-intended': (r, { direction, baseline }, now) => {
    const attempt = intend(r[direction], now);
    if (direction === 'forward') {
      if (r.state !== 'approved' && !(r.state === 'uncertain' && r.back === null && sendable(r.forward)))
        return notNow(r);
      // A write that is sent again may have arrived: only what was seen before the first is from before.
      const isFirst = r.forward === null && baseline !== undefined;
      return { to: 'executing', patch: { forward: attempt, ...(isFirst ? { baseline } : {}) } };
    }
    const waits = r.state === 'rolling-back' && r.back === null;
    if (!waits && !(r.state === 'uncertain' && sendable(r.back))) return notNow(r);
    return { to: 'rolling-back', patch: { back: attempt, looks: [] } };
  },

  'write-answered': (r, { direction, answer }, now) =>
    direction === 'forward' ? forwardAnswered(r, answer, now) : backAnswered(r, answer, now),

  progressed: (r) => (WRITES.has(r.state) ? { to: r.state } : notNow(r)),

  'answer-missed': (r, { direction }) => {
    const attempt = r[direction];
    const waits = r.state === (direction === 'forward' ? 'executing' : 'rolling-back');
    if (!waits || attempt?.answer !== 'none') return notNow(r);
    const missed = (attempt.missed ?? 0) + 1;
    return { to: 'uncertain', patch: { [direction]: { ...attempt, missed, answer: 'missed' } } };
  },

  looked: (r, event, now) =>
    r.state !== 'uncertain' || event.direction !== (r.back === null ? 'forward' : 'back')
      ? notNow(r)
      : event.direction === 'forward'
        ? lookedForward(r, event.found, now)
        : lookedBack(r, event, now),

  sampled: (r, { direction, look, verdict }, now) => {
    const attempt = r[direction];
    const waits = r.state === (direction === 'forward' ? 'verifying' : 'rolling-back');
    if (!waits || attempt?.reachedAt == null) return notNow(r);
    const watched = watch(r, attempt, look, now);
    if (direction === 'back') return backJudged(watched, verdict);
    const patch = { looks: watched.looks, forward: watched.attempt, verdict };
    if (verdict.is === 'moving') return { to: r.state, patch };
    const failed = verdict.is === 'converged' ? failedProgram(r) : null;
    if (failed !== null) return { to: 'failed', patch: { ...patch, verdict: failed } };
    if (verdict.is === 'converged') return { to: 'succeeded', patch };
    // It was broken before, and is no worse: to take the write back would heal nothing.
    return verdict.is === 'as-before' ? { to: 'handed-over', patch } : turnBack(r, patch);
  },

  'way-back-lost': (r, { refusal }) =>
    r.state === 'rolling-back' ? { to: 'handed-over', patch: { refusal } } : notNow(r),

  'review-answered': (r, { review }) => {
    const was = reviewStateOf(r);
    if (was === 'made' && review.success) return notNow(r);
    return { to: r.state, patch: { review }, tell: reviewNews(was, review.success, isFinal(r.state)) };
  },

  'breaker-tripped': (r, { failures, withinMinutes }) =>
    isFailure(r.state)
      ? { to: r.state, tell: [{ channel: 'chat', what: 'breaker', failures, withinMinutes }] }
      : notNow(r),
};

/** The verdict on a program that ended with another code than 0, its pod being as before; null: no program, or it went well. */
const failedProgram = ({ forward, spec }: Remediation): Verdict | null => {
  const code = forward?.ran?.exitCode ?? 0;
  return code === 0 ? null : { is: 'failing', code: 'exit-code', subject: `${spec.target}: ${code}` };
};

const sendable = (attempt: Attempt | null): boolean => attempt !== null && maySendAgain(attempt);

const intend = (earlier: Attempt | null, now: Instant): Attempt => ({
  intendedAt: earlier?.intendedAt ?? now,
  sentAt: now,
  times: (earlier?.times ?? 0) + 1,
  ...(earlier?.missed === undefined ? {} : { missed: earlier.missed }),
  answer: 'none',
  why: null,
  reachedAt: null,
  watchedSince: null,
  watches: 0,
});

const answered = (attempt: Attempt, answer: WriteResult, now: Instant): Attempt => ({
  ...attempt,
  answer: answer.outcome,
  why: answer.outcome === 'written' ? null : answer.why,
  reachedAt: answer.outcome === 'written' ? now : null,
  ...(answer.outcome === 'written' && answer.ran !== undefined ? { ran: answer.ran } : {}),
  ...('reply' in answer && answer.reply !== undefined ? { reply: answer.reply } : {}),
});

const forwardAnswered = (r: Remediation, answer: WriteResult, now: Instant): Step => {
  if (r.state !== 'executing' || r.forward?.answer !== 'none') return notNow(r);
  const forward = answered(r.forward, answer, now);
  switch (answer.outcome) {
    case 'written':
      return { to: 'verifying', patch: { forward, looks: [] } };
    case 'stale': {
      const refusal = { code: answer.code, about: answer.why };
      return { to: mayHaveArrived(forward) ? 'uncertain' : 'failed', patch: { forward, refusal } };
    }
    case 'refused':
      // Some of several objects were written: what stands there is read before anything else.
      return { to: answer.written > 0 || mayHaveArrived(forward) ? 'uncertain' : 'failed', patch: { forward } };
    case 'unheard':
      return { to: 'uncertain', patch: { forward } };
    default:
      return answer satisfies never;
  }
};

const backAnswered = (r: Remediation, answer: WriteResult, now: Instant): Step => {
  if (r.state !== 'rolling-back' || r.back?.answer !== 'none') return notNow(r);
  const back = answered(r.back, answer, now);
  switch (answer.outcome) {
    case 'written':
      return { to: r.state, patch: { back, looks: [] } };
    case 'stale': {
      const refusal = { code: answer.code, about: answer.why };
      return { to: mayHaveArrived(back) ? 'uncertain' : 'handed-over', patch: { back, refusal } };
    }
    case 'refused':
      return { to: answer.written > 0 || mayHaveArrived(back) ? 'uncertain' : 'rollback-failed', patch: { back } };
    case 'unheard':
      return { to: 'uncertain', patch: { back } };
    default:
      return answer satisfies never;
  }
};

/** An earlier sending got no answer: a no to the latest one says nothing about it, so the cluster is read. */
const mayHaveArrived = ({ times }: Attempt): boolean => times > 1;

/** May an unanswered write be sent once more? Not after a no, which would only come again. */
export function maySendAgain({ times, missed = 0, answer }: Attempt): boolean {
  return times - missed < SENDINGS && times < INTENTS && answer !== 'refused' && answer !== 'stale';
}

const tooLong = (attempt: Attempt, now: Instant): boolean => now >= plusSeconds(attempt.sentAt, LOOK_FOR_SECONDS);

const lookedForward = (r: Remediation, found: EventNamed<'looked'>['found'], now: Instant): Step => {
  const { forward } = r;
  if (forward === null) throw new Error('uncertain without an attempt (this is a bug)');
  const reached: Attempt = { ...forward, reachedAt: forward.sentAt };
  switch (found) {
    case 'all':
      return { to: 'verifying', patch: { forward: reached, looks: [], refusal: null } };
    case 'some':
      return turnBack(r, { forward: reached, refusal: null });
    case 'none':
      return { to: maySendAgain(forward) ? r.state : 'failed' };
    case 'unknown':
      // Nothing tells later either whether a program ran: it is never run again.
      if (runsProgram(r.spec))
        return { to: 'handed-over', patch: { refusal: { code: 'program-unanswered', about: forward.why } } };
      return { to: tooLong(forward, now) ? 'handed-over' : r.state };
    default:
      return found satisfies never;
  }
};

const lookedBack = (r: Remediation, { found, look, verdict }: EventNamed<'looked'>, now: Instant): Step => {
  const { back } = r;
  if (back === null) throw new Error('uncertain without an attempt (this is a bug)');
  const watched = look === null ? { looks: r.looks, attempt: back } : watch(r, back, look, now);
  const patch = { looks: watched.looks, back: watched.attempt };
  if (found === 'unknown') return { to: tooLong(back, now) ? 'handed-over' : r.state, patch };
  if (found !== 'all' && maySendAgain(back)) return { to: r.state };
  if (found !== 'all') return { to: back.answer === 'stale' ? 'handed-over' : 'rollback-failed' };
  const reached = { ...watched, attempt: { ...watched.attempt, reachedAt: back.sentAt } };
  const step =
    verdict === null
      ? ({ to: 'rolling-back', patch: { looks: reached.looks, back: reached.attempt } } as const)
      : backJudged(reached, verdict);
  return { ...step, patch: { ...step.patch, refusal: null } };
};

const backJudged = ({ looks, attempt: back }: Watched, backVerdict: Verdict): Extract<Step, { readonly to: State }> => {
  const patch = { looks, back, backVerdict };
  if (backVerdict.is === 'moving') return { to: 'rolling-back', patch };
  const isBack = backVerdict.is === 'converged' || backVerdict.is === 'as-before';
  return { to: isBack ? 'rolled-back' : 'rollback-failed', patch };
};

/** The sealed rollback where there is one; else a person has it. */
const turnBack = (r: Remediation, patch: Partial<Remediation>): Step => {
  if (r.spec.rollbackPlan.steps.length > 0) return { to: 'rolling-back', patch };
  return {
    to: 'handed-over',
    patch: { ...patch, refusal: { code: 'way-back-gone', about: r.spec.rollbackPlan.none } },
  };
};
