// Every line of a trail, page by page.
import type { AuditLine } from '../../src/core/remediation/audit-line.ts';
import type { Trail } from '../../src/ports/store.ts';

const never = new AbortController().signal;

export async function allLines(trail: Pick<Trail, 'lines'>): Promise<readonly AuditLine[]> {
  const all: AuditLine[] = [];
  for (;;) {
    const page = await trail.lines(all.at(-1)?.seq ?? 0, 500, never);
    if (page.length === 0) return all;
    all.push(...page);
  }
}
