// Keeps the looks of a watch as far as judging needs them.
import { type Instant, plusSeconds } from '../model/instant.ts';
import type { Attempt, Remediation } from './remediation.ts';
import type { Look } from './sample.ts';
import { healthySince } from './verdict.ts';

/** Looks older than this are of no use to the verdict (it needs 10 s of certainty), but for the one since which all was healthy. */
const KEEP_LOOKS_SECONDS = 30;

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
