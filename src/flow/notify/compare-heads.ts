// The audit heads that the gate's own review issues show, compared with the trail: what a store that went back in time cannot hide.
import type { AuditHead, AuditLine } from '../../core/remediation/audit-line.ts';
import {
  type HeadComparison,
  headComparison,
  type OutsideHead,
  presenceOf,
} from '../../core/remediation/outside-heads.ts';
import { headsIn } from '../../core/text/head-mark.ts';
import type { ReviewForge } from '../../ports/review-forge.ts';
import type { Trail } from '../../ports/store.ts';
import { within } from '../deadline.ts';

/** How a gate proves its own heads. */
export interface HeadProof {
  /** Under a key that stays in the store: who edits an issue cannot make one. */
  readonly prove: (head: AuditHead) => string;
  readonly hashOf: (line: Omit<AuditLine, 'hash'>) => string;
}

interface ComparedHeads {
  readonly trail: Pick<Trail, 'lines'>;
  readonly forge: Pick<ReviewForge, 'readOwnIssues'>;
  readonly proof: HeadProof;
}

/** So many of the newest issues are looked at. */
const ISSUES = 100;

/** Throws AdapterError where forge or store do not answer. */
export async function compareHeads(
  { trail, forge, proof }: ComparedHeads,
  signal: AbortSignal,
): Promise<HeadComparison> {
  const outside: OutsideHead[] = [];
  // Before the trail: a gate that writes meanwhile only adds lines.
  for (const { issueNumber, issueUrl, createdAt, body } of await forge.readOwnIssues(ISSUES, signal))
    for (const { head, proof: shown } of headsIn(body)) {
      const isProven = shown !== null && shown === proof.prove(head);
      outside.push({ head, issueNumber, issueUrl, createdAt, isProven });
    }
  const [oldest = null] = await trail.lines(0, 1, within('store', signal));
  const judged: Parameters<typeof headComparison>[0][number][] = [];
  for (const one of outside) {
    const [line = null] = await trail.lines(one.head.seq - 1, 1, within('store', signal));
    const own = line?.seq === one.head.seq ? line : null;
    judged.push({ outside: one, presence: presenceOf(one.head, own, oldest, proof.hashOf) });
  }
  return headComparison(judged);
}
