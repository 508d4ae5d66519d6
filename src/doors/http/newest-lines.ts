// The end of the audit trail, the newest line first, a page at a time.
import type { AuditLine } from '../../core/remediation/audit-line.ts';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';

export interface NewestLines {
  readonly lines: readonly AuditLine[];
  /** The number of the oldest line shown, where older ones follow; else null. */
  readonly next: number | null;
}

/** At most `limit` lines with numbers below `before` (null: the newest); fewer where they are large. */
export async function newestLines(
  gate: Gate,
  { limit, before }: { readonly limit: number; readonly before: number | null },
  signal: AbortSignal,
): Promise<NewestLines> {
  const head = (await gate.store.trail.head(within('store', signal)))?.seq ?? 0;
  const last = before === null ? head : Math.min(before - 1, head);
  for (let size = Math.min(limit, last); size > 0; size = Math.floor(size / 2)) {
    const lines = await gate.store.trail.lines(last - size, size, within('store', signal));
    // Large ones come in fewer than were asked for, counted from the oldest: then the newest are missing.
    if (lines.at(-1)?.seq !== last) continue;
    const first = lines[0]?.seq ?? 0;
    return { lines: lines.toReversed(), next: first > 1 ? first : null };
  }
  return { lines: [], next: null };
}
