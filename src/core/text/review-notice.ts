// Says that a proposal lacks its review issue, wherever the proposal is shown.
import type { ReviewRule } from '../blast-radius/policy.ts';
import type { Remediation } from '../remediation/remediation.ts';
import { isHeldForReview, reviewStateOf } from '../remediation/review.ts';
import { isFinal } from '../remediation/state.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

/** One or two sentences; null where the issue stands, or none is wanted, or it is still being made and nothing waits for it. */
export function describeReview(remediation: Remediation, rule: ReviewRule, lang: Lang): string | null {
  const { notice } = DICTIONARIES[lang].review;
  const review = reviewStateOf(remediation);
  const held = !isFinal(remediation.state) && isHeldForReview(remediation, rule) ? [notice.held] : [];
  if (review === 'missing') return [notice.missing(remediation.review?.error ?? ''), ...held].join(' ');
  return held.length > 0 ? [notice.awaited, ...held].join(' ') : null;
}
