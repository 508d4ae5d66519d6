// Whether what was written has converged, judged from looks alone. It must never call silence healthy.
import type { Look } from './sample.ts';

/** Seconds, all of them. */
export interface VerdictRule {
  /** How long convergence may take (the spec's convergeWithinSeconds). */
  readonly windowSeconds: number;
  /** How long everything must have looked healthy, without a gap, before it counts. */
  readonly settleSeconds: number;
  /** How long a trouble that may pass (a crash loop, a pull that backs off) must last before it is certain. */
  readonly certainAfterSeconds: number;
}

export const VERDICT_CODES = [
  'converged',
  'settling',
  'not-observed',
  'rolling-out',
  'leaving',
  'not-seen',
  'in-trouble',
  'gone',
  'paused',
  'deadline-exceeded',
  'trouble',
  'window-over',
  'never-seen',
] as const;
export type VerdictCode = (typeof VERDICT_CODES)[number];

/**
 * `moving`: look again. The other three are final: `converged`; `failing`, for certain or because the window is over;
 * `unknown`, the window is over and the cluster could not be asked. Only `converged` is a success.
 */
export interface Verdict {
  readonly is: 'converged' | 'moving' | 'failing' | 'unknown';
  readonly code: VerdictCode;
  /** The object and what was seen of it: "deployment/web in shop: pod/web-1 CrashLoopBackOff"; null where the code says all. */
  readonly subject: string | null;
}

export const DEFAULT_VERDICT_RULE: VerdictRule = { windowSeconds: 120, settleSeconds: 10, certainAfterSeconds: 10 };

/**
 * Judges all looks since the write, oldest first. Looks older than the settle and certainty times may be left out, but
 * never the last ones; no look at all is `moving` (the caller asks again, and reports a look that saw nothing).
 */
export const judge = (looks: readonly Look[], rule: VerdictRule): Verdict => {
  throw new Error(`not written yet: ${looks.length} ${rule.windowSeconds}`);
};
