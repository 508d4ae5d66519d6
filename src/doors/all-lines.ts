// The whole trail of a store, page by page.
import type { AuditLine } from '../core/remediation/audit-line.ts';
import type { Trail } from '../ports/store.ts';

const PAGE = 1000;
const DEADLINE_MS = 60_000;

/** Pages of lines, ascending, each read when the one before is used up; `signal` is made anew for each. Throws AdapterError. */
export async function* linePages(
  trail: Pick<Trail, 'lines'>,
  signal: () => AbortSignal,
  size = PAGE,
): AsyncGenerator<readonly AuditLine[]> {
  for (let after = 0; ; ) {
    const lines = await trail.lines(after, size, signal());
    const last = lines.at(-1);
    if (last === undefined) return;
    yield lines;
    after = last.seq;
  }
}

/** Every line, ascending. Throws AdapterError. */
export async function* allLines(
  trail: Pick<Trail, 'lines'>,
  signal: () => AbortSignal = () => AbortSignal.timeout(DEADLINE_MS),
): AsyncGenerator<AuditLine> {
  for await (const page of linePages(trail, signal)) yield* page;
}
