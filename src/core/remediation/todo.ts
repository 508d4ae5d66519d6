// What each state asks for next, and when.
import { type Instant, plusSeconds } from '../model/instant.ts';
import type { Attempt, Remediation, Todo } from './remediation.ts';

/** Seconds between two looks at what people are asked to approve, at an unheard write, and at what converges. */
export const RHYTHM = { recheck: 60, look: 5, sample: 2 } as const;

const sooner = (a: Instant, b: Instant): Instant => (a < b ? a : b);

/** A pure reading of the record: after a restart it says the same. */
export function todoOf(remediation: Remediation): Todo {
  const { state, changedAt, expiresAt } = remediation;
  switch (state) {
    case 'awaiting-approval':
      return { kind: 'recheck', due: sooner(expiresAt, plusSeconds(changedAt, RHYTHM.recheck)) };
    case 'approved':
      return { kind: 'start', due: changedAt };
    case 'executing':
      return { kind: 'doubt', direction: 'forward', due: changedAt };
    case 'verifying':
      return { kind: 'sample', direction: 'forward', due: nextLook(remediation.forward, remediation) };
    case 'rolling-back':
      return goingBack(remediation);
    case 'uncertain':
      return { kind: 'look', direction: remediation.back === null ? 'forward' : 'back', due: nextSearch(remediation) };
    case 'proposed':
    case 'blocked':
    case 'refused':
    case 'rejected':
    case 'expired':
    case 'superseded':
    case 'cancelled':
    case 'stale':
    case 'failed':
    case 'succeeded':
    case 'handed-over':
    case 'rolled-back':
    case 'rollback-failed':
      return { kind: 'rest', due: null };
    default:
      return state satisfies never;
  }
}

const goingBack = (remediation: Remediation): Todo => {
  const { back, changedAt } = remediation;
  if (back === null) return { kind: 'go-back', due: changedAt };
  if (back.reachedAt === null) return { kind: 'doubt', direction: 'back', due: changedAt };
  return { kind: 'sample', direction: 'back', due: nextLook(back, remediation) };
};

/** Looks keep their own beat, whatever else was recorded in between. */
const nextLook = (attempt: Attempt | null, { looks, changedAt }: Remediation): Instant => {
  const last = looks.at(-1);
  if (attempt?.reachedAt == null) return changedAt;
  return plusSeconds(attempt.watchedSince ?? attempt.reachedAt, (last?.at ?? 0) + RHYTHM.sample);
};

/** At once after the write was not answered, then at its own beat. */
const nextSearch = ({ back, looks, changedAt }: Remediation): Instant =>
  back === null || looks.length === 0 ? changedAt : plusSeconds(changedAt, RHYTHM.look);
