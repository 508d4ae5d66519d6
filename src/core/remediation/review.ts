// How a remediation stands with its review issue, and whether it must wait for it.
import type { ReviewRule } from '../blast-radius/policy.ts';
import type { Remediation } from './remediation.ts';

/** `none`: no issue is made for it; `awaited`: not tried yet; `missing`: it could not be made, or is there no more. */
export type ReviewState = 'none' | 'awaited' | 'made' | 'missing';

type Reviewed = Pick<Remediation, 'decision' | 'review'>;

/** Read from the record alone. */
export function reviewStateOf({ decision, review }: Reviewed): ReviewState {
  if (decision?.reviewIssue !== 'wanted') return 'none';
  if (review === null) return 'awaited';
  return review.success ? 'made' : 'missing';
}

/** True while policy keeps it from being approved and run, because its issue does not exist (yet). */
export function isHeldForReview(remediation: Reviewed, rule: ReviewRule): boolean {
  const review = reviewStateOf(remediation);
  return rule === 'required' && (review === 'awaited' || review === 'missing');
}
