// Keeps the looks of a watch as far as judging needs them.
import { type Instant, plusSeconds } from '../model/instant.ts';
import { type Json, sameJson } from '../model/json.ts';
import type { Attempt, Remediation } from './remediation.ts';
import type { Look } from './sample.ts';
import { healthySince, type Verdict } from './verdict.ts';

/** Looks older than this are of no use to the verdict (it needs 10 s of certainty), but for the one since which all was healthy. */
const KEEP_LOOKS_SECONDS = 30;

/**
 * Seconds from a look that is kept, within which the same seen again need not be kept: far less than the gap after which nobody was
 * watching (flow/worker/verify.ts), so that a crash makes no look-out seem older than it was by much.
 */
const STANDS_FOR_SECONDS = 10;

export interface Watched {
  readonly looks: readonly Look[];
  readonly attempt: Attempt;
}

/** Looks whose seconds start over belong to a watch begun anew. */
export function watch({ looks, baseline = [] }: Remediation, attempt: Attempt, look: Look, now: Instant): Watched {
  const last = looks.at(-1);
  const anew = attempt.watchedSince === null || (last !== undefined && look.at <= last.at);
  const kept = anew ? [look] : keepLooks([...looks, look], healthySince([...looks, look], baseline));
  const watches = attempt.watches + (anew ? 1 : 0);
  return {
    looks: kept,
    attempt: { ...attempt, watches, watchedSince: anew ? plusSeconds(now, -look.at) : attempt.watchedSince },
  };
}

/** A soak may be an hour: it is measured from the first healthy look, and nothing in between tells more. */
const keepLooks = (all: readonly Look[], healthy: number | null): readonly Look[] => {
  const newest = all.at(-1)?.at ?? 0;
  return all.filter(({ at }) => at === healthy || at >= newest - KEEP_LOOKS_SECONDS);
};

/**
 * Whether a look shows what the last kept one of the same watch showed, with the same verdict, soon after it: judged with or without
 * it, what comes next is judged the same, since a verdict asks only since when something has been so. Only the patience that a soak
 * renews (settledLook) is counted from the kept one.
 */
export function isRepeat(
  now: { readonly look: Look; readonly verdict: Verdict },
  kept: { readonly looks: readonly Look[]; readonly verdict: Verdict | null },
): boolean {
  const last = kept.looks.at(-1);
  if (last === undefined || now.verdict.is !== 'moving') return false;
  const seconds = now.look.at - last.at;
  return (
    seconds > 0 &&
    seconds < STANDS_FOR_SECONDS &&
    same(now.verdict, kept.verdict) &&
    same(now.look.samples, last.samples)
  );
}

// as: verdicts and samples are plain data; a field that is left out and one that is undefined do not occur side by side.
const same = (one: unknown, other: unknown): boolean => sameJson(one as Json, other as Json);
