// Which comments did not count, kept for each proposal so that each reason is told once.
import { reviewNotesCursor } from '../../core/remediation/cursors.ts';
import type { NotCounted } from '../../core/text/review-status.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';

/** So many are told of one proposal; more would let anybody make the gate write. */
const MOST_NOTES = 10;

const keyOf = ({ account, why }: NotCounted): string => `${account?.toLowerCase() ?? ''} ${why.kind} ${why.code}`;

/** Oldest first. */
export async function readCommentNotes(
  gate: Gate,
  proposal: string,
  signal: AbortSignal,
): Promise<readonly NotCounted[]> {
  const kept = await gate.store.controls.readCursor(reviewNotesCursor(proposal), within('store', signal));
  // as: what addCommentNote wrote.
  return kept === null ? [] : (JSON.parse(kept) as readonly NotCounted[]);
}

/** True when it is new: the same account for the same reason is told once, and no more than ten of a proposal. */
export async function addCommentNote(
  gate: Gate,
  proposal: string,
  note: NotCounted,
  signal: AbortSignal,
): Promise<boolean> {
  const notes = await readCommentNotes(gate, proposal, signal);
  if (notes.length >= MOST_NOTES || notes.some((one) => keyOf(one) === keyOf(note))) return false;
  const text = JSON.stringify([...notes, note]);
  await gate.store.controls.writeCursor(reviewNotesCursor(proposal), text, within('store', signal));
  return true;
}
