// Whether a review issue says what the gate wrote: whoever may write in the repository can put another text over the true digest.
import { issueTextCursor } from '../../core/remediation/cursors.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { isSealed } from '../../core/text/body-mark.ts';
import { reviewMarkerOf, writeReviewIssue } from '../../core/text/review-issue.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ReviewComment, StandingIssue } from '../../ports/review-forge.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { logFieldsOf } from '../log-steps.ts';
import { reviewRequestOf } from './review-request.ts';

/** Kept before a text is written again, until the forge has said since when it stands: what is said meanwhile is under the other one. */
const BEING_WRITTEN = 'being written';

/** The forge does not show the issue now: what it says is not known. */
export class TextUnread extends Error {
  override readonly name = 'TextUnread';
}

/**
 * Whether the issue says what the gate wrote, now and since before the comment. Of an issue of an older version, which has no mark, that
 * cannot be known: it counts as changed until it is written again. Throws TextUnread, or AdapterError of the store.
 */
export async function isUnderOwnText(
  { forge, headProof, store }: Gate,
  { id, spec }: Pick<Remediation, 'id' | 'spec'>,
  { issueNumber, createdAt }: Pick<ReviewComment, 'issueNumber' | 'createdAt'>,
  signal: AbortSignal,
): Promise<boolean> {
  if (forge === null || headProof === undefined) return true;
  const issue = await forge.readIssue(issueNumber, within('forge', signal)).catch((error: unknown) => {
    throw error instanceof AdapterError ? new TextUnread(error.message) : error;
  });
  if (issue === null || !isSealed(issue.body, reviewMarkerOf({ proposal: id, spec }), headProof.proveBody))
    return false;
  // Behind the text: who writes it again says so before.
  const since = await store.controls.readCursor(issueTextCursor(id), within('store', signal));
  return since === null || (since !== BEING_WRITTEN && createdAt > since);
}

/** While people are asked, a text that is not the gate's is written again. What the forge refuses is logged. Throws AdapterError for other trouble. */
export async function restoreIssueText(
  gate: Gate,
  remediation: Remediation,
  issue: StandingIssue,
  signal: AbortSignal,
): Promise<void> {
  const { forge, headProof, store, log } = gate;
  const number = remediation.review?.issueNumber ?? null;
  if (forge === null || headProof === undefined || number === null || remediation.state !== 'awaiting-approval') return;
  const cursor = issueTextCursor(remediation.id);
  const marker = reviewMarkerOf({ proposal: remediation.id, spec: remediation.spec });
  const isWhole = ({ body }: StandingIssue): boolean => isSealed(body, marker, headProof.proveBody);
  if (isWhole(issue) && (await store.controls.readCursor(cursor, within('store', signal))) !== BEING_WRITTEN) return;
  const head = await store.trail.head(within('store', signal));
  if (head === null) return;
  await store.controls.writeCursor(cursor, BEING_WRITTEN, within('store', signal));
  const about = { ...logFieldsOf(remediation), issue_number: number };
  try {
    const { body } = writeReviewIssue(reviewRequestOf(gate, remediation, head));
    const rewritten = await forge.rewriteIssue(number, body, signal);
    await store.controls.writeCursor(cursor, rewritten.updatedAt, within('store', signal));
    if (isWhole(rewritten)) log.warn('review_issue_restored', about);
    else log.error('review_issue_not_as_written', about);
  } catch (thrown) {
    if (!(thrown instanceof AdapterError) || thrown.kind !== 'refused' || thrown.status === 429) throw thrown;
    log.error('review_issue_not_restored', { ...about, error: thrown.message });
  }
}
