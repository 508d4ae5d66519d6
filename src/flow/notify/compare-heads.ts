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
  readonly trail: Pick<Trail, 'lines' | 'checkpoint'>;
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
  const read: { readonly one: OutsideHead; readonly line: AuditLine | null }[] = [];
  for (const one of outside) {
    const [line] = await trail.lines(one.head.seq - 1, 1, within('store', signal));
    read.push({ one, line: line?.seq === one.head.seq ? line : null });
  }
  // Behind the lines: one that was archived meanwhile is behind this checkpoint.
  const through = (await trail.checkpoint(within('store', signal)))?.through ?? null;
  return headComparison(
    read.map(({ one, line }) => ({ outside: one, presence: presenceOf(one.head, line, through, proof.hashOf) })),
  );
}
