// The whole trail of a store, page by page.
import type { AuditLine } from '../../../core/remediation/audit-line.ts';
import type { Trail } from '../../../ports/store.ts';

const PAGE = 1000;
const DEADLINE_MS = 60_000;

/** Every line, ascending; a page is read when the one before is used up. Throws AdapterError. */
export async function* allLines(trail: Trail): AsyncGenerator<AuditLine> {
  for (let after = 0; ; ) {
    const lines = await trail.lines(after, PAGE, AbortSignal.timeout(DEADLINE_MS));
    yield* lines;
    const last = lines.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}
