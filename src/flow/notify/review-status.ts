// Keeps the status comment of a review issue up to date, and closes the issue when the remediation has ended.
import { approvers, type Person, type Proposer, responsiblePerson } from '../../core/approval/people.ts';
import { isFinal } from '../../core/remediation/state.ts';
import { writeReviewStatus } from '../../core/text/review-status.ts';
import { within } from '../deadline.ts';
import { answerDoorsOf, type Gate } from '../gate.ts';
import { readCommentNotes } from './comment-notes.ts';

/** A record that moves on while its comment is written is written again, this often at once; later moves bring their own turn. */
const ROUNDS = 5;

/**
 * Writes what stands in the store now, and again where it has moved meanwhile, so that of two that write at once neither leaves
 * an older text behind. `gone`: the issue, or its repository, is there no more. Throws AdapterError.
 */
export async function updateReviewStatus(gate: Gate, proposal: string, signal: AbortSignal): Promise<'done' | 'gone'> {
  let written: string | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const remediation = await gate.store.remediations.read(proposal, within('store', signal));
    const number = remediation?.review?.success === true ? remediation.review.issueNumber : null;
    if (gate.forge === null || remediation === null || number === null) return 'done';
    const notes = await readCommentNotes(gate, proposal, signal);
    const version = `${remediation.revision} ${notes.length}`;
    if (version === written) return 'done';
    const state = await gate.forge.readIssueState(number, within('forge', signal));
    if (state === 'gone') return 'gone';
    const text = writeReviewStatus({
      remediation,
      approvers: approversOf(gate, remediation.proposer),
      doors: answerDoorsOf(gate),
      notCounted: notes,
      issue: state,
      lang: gate.lang,
    });
    await gate.forge.ensureStatusComment({ issueNumber: number, ...text }, within('forge', signal));
    if (isFinal(remediation.state) && state === 'open') await gate.forge.closeIssue(number, within('forge', signal));
    written = version;
  }
  return 'done';
}

/** Who may approve what this proposer proposed, by the people of now. */
export function approversOf(gate: Pick<Gate, 'people'>, proposer: Proposer): readonly Person[] {
  const own: readonly string[] = [proposer.id, responsiblePerson(proposer)];
  return approvers(gate.people()).filter(({ id }) => !own.includes(id));
}
