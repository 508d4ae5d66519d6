// How a remediation stands with its review issue, and whether it must wait for it.
import type { ReviewRule } from '../blast-radius/policy.ts';
import type { Message, Remediation } from './remediation.ts';

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

/** What is told when the making of the issue was answered: only the first failure, and a later success once; one that is gone is made again. */
export function reviewNews(was: ReviewState, success: boolean, ended: boolean): readonly Message[] {
  if (success) return [{ channel: 'chat', what: 'issue-made' }];
  if (ended || was === 'missing') return [];
  const failed: Message = { channel: 'chat', what: 'issue-failed' };
  return was === 'made'
    ? [failed, { channel: 'review', what: 'issue' }, { channel: 'review', what: 'status' }]
    : [failed];
}

/** The status comment follows where its reader would see a change: state or votes. */
export function statusNews(before: Remediation, after: Remediation): readonly Message[] {
  return after.decision?.reviewIssue === 'wanted' && (before.state !== after.state || before.votes !== after.votes)
    ? [{ channel: 'review', what: 'status' }]
    : [];
}
