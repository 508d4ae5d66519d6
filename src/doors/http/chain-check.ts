// The lines of the trail, verified as they come: each is hashed once, so that looking again costs only what is new.
import { hashOfLine } from '../../adapters/store/chain.ts';
import type { AuditHead } from '../../core/remediation/audit-line.ts';
import { within } from '../../flow/deadline.ts';
import type { Store } from '../../ports/store.ts';

/** `ok`: every line hangs on the one before it, up to the head. `lines`: how many were verified; null of all: there are more to come. */
export interface ChainState {
  readonly ok: boolean;
  readonly lines: number;
}

/** null: not all lines have been looked at yet. */
export type ChainCheck = (signal: AbortSignal) => Promise<ChainState | null>;

/** So many are verified for one question; the rest at the next one. */
const AT_ONCE = 20_000;
const A_PAGE = 1000;

/** A chain that was found broken stays so until the gate is started anew. */
export function createChainCheck(store: Pick<Store, 'trail'>): ChainCheck {
  let last: AuditHead = { seq: 0, hash: '' };
  let lines = 0;
  let ok = true;
  const follow = async (signal: AbortSignal): Promise<boolean> => {
    for (let read = 0; ok && read < AT_ONCE; ) {
      const page = await store.trail.lines(last.seq, A_PAGE, within('store', signal));
      if (page.length === 0) return true;
      for (const line of page) {
        // The first that is kept may hang on lines that were archived: what it begins with is said by the checkpoint.
        const isNext = lines === 0 || (line.seq === last.seq + 1 && line.prev === last.hash);
        if (!isNext || hashOfLine(line) !== line.hash) ok = false;
        last = { seq: line.seq, hash: line.hash };
        lines += 1;
      }
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
