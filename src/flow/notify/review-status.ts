// Keeps the status comment of a review issue up to date, and closes the issue when the remediation has ended.
import type { Pause } from '../../core/remediation/pause.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { isFinal } from '../../core/remediation/state.ts';
import { headMark } from '../../core/text/head-mark.ts';
import { type NotCounted, writeReviewStatus } from '../../core/text/review-status.ts';
import { within } from '../deadline.ts';
import { frozenNow } from '../freeze.ts';
import { answerDoorsOf, type Gate, gateOf } from '../gate.ts';
import { pauseNow } from '../pause.ts';
import { readCommentNotes } from './comment-notes.ts';
import { restoreIssueText } from './issue-text.ts';
import { approversOf } from './review-request.ts';

/** A record that moves on while its comment is written is written again, this often at once; later moves bring their own turn. */
const ROUNDS = 5;

/**
 * Writes what stands in the store now, and again where it has moved meanwhile, so that of two that write at once neither leaves
 * an older text behind. `gone`: the issue, or its repository, is there no more. Throws AdapterError.
 */
export async function updateReviewStatus(gate: Gate, proposal: string, stop: AbortSignal): Promise<'done' | 'gone'> {
  // One limit over all calls, so that a forge that hangs holds up a messenger no longer than by any other message.
  const signal = within('forge', stop);
  let written: { readonly body: string; readonly issue: 'open' | 'closed'; readonly mark: string | null } | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const remediation = await gate.store.remediations.read(proposal, within('store', signal));
    const number = remediation?.review?.success === true ? remediation.review.issueNumber : null;
    if (gate.forge === null || remediation === null || number === null) return 'done';
    const notes = await readCommentNotes(gate, proposal, signal);
    const paused = await pauseNow(gateOf(gate, remediation), signal);
    const now = { remediation, notCounted: notes, paused };
    if (written !== null && textOf(gate, now, written).body === written.body) return 'done';
    const found = await gate.forge.readIssue(number, signal);
    if (found === null) return 'gone';
    await restoreIssueText(gate, remediation, found, signal);
    const issue = found.state;
    const mark = await headMarkOf(gate, signal);
    const text = textOf(gate, now, { issue, mark });
    await gate.forge.ensureStatusComment({ issueNumber: number, ...text }, signal);
    if (isFinal(remediation.state) && issue === 'open') await gate.forge.closeIssue(number, signal);
    written = { body: text.body, issue, mark };
  }
  return 'done';
}

/** The head of the trail as it is now: what people have voted and what was written stands before it. */
const headMarkOf = async ({ store, headProof }: Gate, signal: AbortSignal): Promise<string | null> => {
  const head = headProof === undefined ? null : await store.trail.head(within('store', signal));
  return headProof === undefined || head === null ? null : headMark(head, headProof.prove(head));
};

/** What the comment says, as it stands now. */
interface Shown {
  readonly remediation: Remediation;
  readonly notCounted: readonly NotCounted[];
  readonly paused: Pause | null;
}

const textOf = (
  gate: Gate,
  { remediation, notCounted, paused }: Shown,
  { issue, mark }: { readonly issue: 'open' | 'closed'; readonly mark: string | null },
): ReturnType<typeof writeReviewStatus> =>
  writeReviewStatus({
    remediation,
    paused,
    approvers: approversOf(gate, remediation.proposer),
    doors: answerDoorsOf(gate),
    notCounted,
    issue,
    frozen: frozenNow(gate, remediation),
    headMark: mark,
    lang: gate.lang,
  });
