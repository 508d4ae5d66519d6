// The audit heads that the gate's own review issues and their status comments show, compared with the trail: what a store that went back in time cannot hide.
import type { AuditHead, AuditLine } from '../../core/remediation/audit-line.ts';
import {
  type HeadComparison,
  headComparison,
  type OutsideHead,
  presenceOf,
} from '../../core/remediation/outside-heads.ts';
import { headsIn } from '../../core/text/head-mark.ts';
import type { CommentPage, OwnIssue, ReviewForge } from '../../ports/review-forge.ts';
import type { Trail } from '../../ports/store.ts';
import { within } from '../deadline.ts';

/** How a gate proves its own heads. */
export interface HeadProof {
  /** Under a key that stays in the store: who edits an issue cannot make one. */
  readonly prove: (head: AuditHead) => string;
  /** The same of the body of a review issue. */
  readonly proveBody: (body: string) => string;
  readonly hashOf: (line: Omit<AuditLine, 'hash'>) => string;
}

export interface ComparedHeads {
  readonly trail: Pick<Trail, 'lines' | 'checkpoint'>;
  readonly forge: Pick<ReviewForge, 'readOwnIssues' | 'readComments'>;
  readonly proof: HeadProof;
}

/** So many of the newest issues are looked at; of so many the status comments, which hold newer heads, in so many pages of comments. */
const [ISSUES, WITH_COMMENTS, PAGES] = [100, 30, 20];

/** Throws AdapterError where forge or store do not answer. */
export async function compareHeads(
  { trail, forge, proof }: ComparedHeads,
  signal: AbortSignal,
): Promise<HeadComparison> {
  // Before the trail: a gate that writes meanwhile only adds lines.
  const outside = (await textsOf(forge, signal)).flatMap(({ issue, text }) =>
    headsIn(text).map(({ head, proof: shown }): OutsideHead => {
      const { issueNumber, issueUrl } = issue;
      return { head, issueNumber, issueUrl, isProven: shown !== null && shown === proof.prove(head) };
    }),
  );
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

interface ShownText {
  readonly issue: OwnIssue;
  readonly text: string;
}

/** What the gate's own account wrote: the issues, and the comments in the newest of them. */
const textsOf = async (forge: ComparedHeads['forge'], signal: AbortSignal): Promise<readonly ShownText[]> => {
  const issues = await forge.readOwnIssues(ISSUES, signal);
  const texts: ShownText[] = issues.map((issue) => ({ issue, text: issue.body }));
  const byNumber = new Map(issues.map((issue) => [issue.issueNumber, issue]));
  const since = issues[Math.min(WITH_COMMENTS, issues.length) - 1]?.createdAt;
  if (since === undefined) return texts;
  for (let page: number | null = 1; page !== null && page <= PAGES; ) {
    const { comments, next }: CommentPage = await forge.readComments(since, page, signal);
    for (const { nature, issueNumber, text } of comments) {
      const issue = byNumber.get(issueNumber);
      if (nature === 'own' && issue !== undefined) texts.push({ issue, text });
    }
    page = next;
  }
  return texts;
};
