// The lines of the trail, verified as they come: each is hashed once, so that looking again costs only what is new.
import { hashOfLine } from '../../adapters/store/chain.ts';
import type { AuditLine } from '../../core/remediation/audit-line.ts';
import { BEGINNING, linkFaults, stayedFaults } from '../../core/remediation/replay.ts';
import { within } from '../../flow/deadline.ts';
import type { Store } from '../../ports/store.ts';
import { allLines } from '../all-lines.ts';

/** `ok`: every line hangs on the one before it, up to the head. `lines`: how many were verified; null of all: there are more to come. */
export interface ChainState {
  readonly ok: boolean;
  readonly lines: number;
}

/** null: not all lines have been looked at yet. */
export type ChainCheck = (signal: AbortSignal) => Promise<ChainState | null>;

/** So many are verified for one question, or a few more; the rest at the next one. Hashing them stops the thread for some 50 ms. */
const AT_ONCE = 1000;

/** A chain that was found broken stays so until the gate is started anew. */
export function createChainCheck(store: Pick<Store, 'trail'>): ChainCheck {
  let last = BEGINNING;
  let lines = 0;
  let ok = true;
  /** Lines that were archived before they were looked at are proven by the checkpoint, and it by the lines behind it. */
  const skipArchived = async (signal: AbortSignal): Promise<boolean> => {
    const checkpoint = await store.trail.checkpoint(within('store', signal));
    if (checkpoint === null || checkpoint.through.seq <= last.seq) return false;
    const stayed = await linesUpTo(store, checkpoint.through.seq, signal);
    const newest = await store.trail.checkpoint(within('store', signal));
    // Archived on meanwhile: the lines read were of neither moment.
    if (newest?.through.seq !== checkpoint.through.seq) return skipArchived(signal);
    if (stayedFaults(stayed, checkpoint, hashOfLine).length > 0) ok = false;
    [last, lines] = [checkpoint.through, stayed.length];
    return true;
  };
  const follow = async (signal: AbortSignal): Promise<boolean> => {
    for (let read = 0; ok && read < AT_ONCE; ) {
      const page = await store.trail.lines(last.seq, AT_ONCE, within('store', signal));
      if (page.length === 0) return true;
      const isWhole = page.every((line, i) => linkFaults(page[i - 1] ?? last, line, hashOfLine).length === 0);
      // Lines that are missing may have been archived since.
      if (!isWhole && (await skipArchived(signal))) continue;
      ok &&= isWhole;
      last = page.at(-1) ?? last;
      lines += page.length;
      read += page.length;
    }
    return false;
  };
  let underWay: Promise<ChainState | null> | null = null;
  const look = async (signal: AbortSignal): Promise<ChainState | null> => {
    const isAll = await follow(signal);
    const head = await store.trail.head(within('store', signal));
    if (ok && !isAll) return null;
    // A line may have come since; one that has gone is a cut.
    return { ok: ok && (head?.seq ?? 0) >= last.seq, lines };
  };
  return (signal) => {
    underWay ??= look(signal).finally(() => {
      underWay = null;
    });
    return underWay;
  };
}

const linesUpTo = async (
  { trail }: Pick<Store, 'trail'>,
  through: number,
  signal: AbortSignal,
): Promise<readonly AuditLine[]> => {
  const found: AuditLine[] = [];
  for await (const line of allLines(trail, () => within('store', signal))) {
    if (line.seq > through) break;
    found.push(line);
  }
  return found;
};
