// Asks for the review of a dual action in the forge.
import type { ReviewIssueRule } from '../../core/blast-radius/policy.ts';
import type { ReviewIssueResult } from '../../core/remediation/event.ts';
import { type ReviewRequest, writeReviewIssue } from '../../core/text/review-issue.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { Log, LogFields } from '../../ports/log.ts';
import type { ReviewForge } from '../../ports/review-forge.ts';

export interface ReviewIssuePeers {
  /** null where no forge is configured. */
  readonly forge: Pick<ReviewForge, 'ensureReviewIssue'> | null;
  readonly log: Log;
  /** AIOPS_P5_GITOPS_PR. */
  readonly gitopsPr: 'on' | 'off';
  /** The policy's; absent: no labels, nobody is assigned. */
  readonly rule?: ReviewIssueRule | undefined;
}

const failure = (error: string): ReviewIssueResult => ({ success: false, issueUrl: null, issueNumber: null, error });

/**
 * Makes sure that a dual spec has its issue, in the order of contract section 6: another tier → not asked, nothing sent
 * or logged as failed; flag off → skipped; else the forge is asked, where a second call finds the first one's issue.
 * A failure comes back as `error` (`gitops_issue_create_failed`): the caller tells people by chat and tries again later.
 */
export async function createReviewIssue(
  request: ReviewRequest,
  { forge, log, gitopsPr, rule }: ReviewIssuePeers,
  signal: AbortSignal,
): Promise<ReviewIssueResult> {
  const { spec, incident, proposal } = request;
  if (spec.tier !== 'dual') return failure(`A review issue is made for tier dual only; this is tier ${spec.tier}.`);
  const about: LogFields = { incident_id: incident, incident, proposal, digest: spec.digest };
  if (gitopsPr === 'off') {
    log.info('gitops_pr_skipped_feature_flag', { ...about, blast_radius: spec.blastRadiusScore });
    return failure('AIOPS_P5_GITOPS_PR is off: no review issue is made.');
  }
  try {
    if (forge === null)
      throw new AdapterError(
        'no-answer',
        'No forge is configured: set GITEA_*, GITHUB_* or GITLAB_* (docs/operate.md).',
      );
    const issue = { ...writeReviewIssue(request), labels: rule?.labels ?? [], assignees: rule?.assignees ?? [] };
    const { issueUrl, issueNumber, lacking = [] } = await forge.ensureReviewIssue(issue, signal);
    if (lacking.length > 0) log.warn('review_issue_undecorated', { ...about, lacking: [...lacking] });
    log.info('gitops_issue_created', { ...about, issue_number: issueNumber, issue_url: issueUrl });
    return { success: true, issueUrl, issueNumber, error: null };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown.message : 'The forge adapter failed without saying why.';
    log.warn('gitops_issue_create_failed', { ...about, error });
    return failure(error);
  }
}
