// The review forge on Gitea: our verbs.
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { ReviewForge, ReviewIssue } from '../../../ports/review-forge.ts';
import type { Secret } from '../../../ports/secret.ts';
import { readPeerUrl } from '../../peer-url.ts';
import { createIssue, listIssues, type Repository, readCurrentUser } from './endpoints.ts';
import type { ListedIssue } from './schema.ts';

export interface GiteaOptions {
  /** GITEA_API_URL, ends in /api/v1. */
  readonly apiUrl: string;
  readonly token: Secret;
  readonly owner: string;
  readonly repo: string;
  /** One limit over search and creation, connect, headers and bodies; 10 s (contract section 6) when left out. */
  readonly limitMs?: number;
}

type Found = Awaited<ReturnType<ReviewForge['ensureReviewIssue']>>;

const LIMIT_MS = 10_000;
/** How far the forge's clock may be behind ours. */
const CLOCK_SLACK_MS = 24 * 3_600_000;
const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

const readRepository = ({ apiUrl, token, owner, repo }: GiteaOptions): Repository => {
  const url = readPeerUrl('GITEA_API_URL', apiUrl);
  if (!url.endsWith('/api/v1'))
    throw new Error('GITEA_API_URL must end in /api/v1, as in https://forge.example/api/v1.');
  if (!/^[\x21-\x7e]+$/.test(token.reveal()))
    throw new Error('GITEA_API_TOKEN is not a token: white space or other characters in it.');
  if (!NAME.test(owner)) throw new Error('GITEA_REPO_OWNER is not the name of a user or organization.');
  if (!NAME.test(repo)) throw new Error('GITEA_REPO_NAME is not the name of a repository.');
  return { apiUrl: url, token, owner, repo };
};

export class GiteaForge implements ReviewForge {
  readonly #repository: Repository;
  readonly #limitMs: number;
  /** Calls under way, so that two at once for one marker make one issue. */
  readonly #underWay = new Map<string, Promise<Found>>();

  /** Throws an Error that names the setting that is wrong. */
  constructor(settings: GiteaOptions) {
    this.#repository = readRepository(settings);
    this.#limitMs = settings.limitMs ?? LIMIT_MS;
  }

  ensureReviewIssue(issue: ReviewIssue, signal: AbortSignal): Promise<Found> {
    const underWay = this.#underWay.get(issue.marker);
    if (underWay !== undefined) return underWay;
    const own = this.#ensure(issue, AbortSignal.any([signal, AbortSignal.timeout(this.#limitMs)])).finally(() =>
      this.#underWay.delete(issue.marker),
    );
    this.#underWay.set(issue.marker, own);
    return own;
  }

  /** Needs a token of scope read:user. */
  readLogin(signal: AbortSignal): Promise<string> {
    return readCurrentUser(this.#repository, AbortSignal.any([signal, AbortSignal.timeout(this.#limitMs)]));
  }

  async #ensure({ title, body, marker, notBefore }: ReviewIssue, signal: AbortSignal): Promise<Found> {
    const issue =
      (await this.#search(marker, notBefore, signal)) ?? (await createIssue(this.#repository, title, body, signal));
    return { issueUrl: issue.html_url, issueNumber: issue.number };
  }

  /** Reads the list itself, not the forge's search, whose index lags behind. */
  async #search(marker: string, notBefore: string, signal: AbortSignal): Promise<ListedIssue | null> {
    const since = new Date(Date.parse(notBefore) - CLOCK_SLACK_MS).toISOString();
    const seen = new Set<number>();
    for (let page = 1; ; page += 1) {
      const { issues, total } = await listIssues(this.#repository, since, page, signal);
      const fresh = issues.filter(({ number }) => !seen.has(number));
      for (const issue of fresh) {
        seen.add(issue.number);
        if (issue.body?.includes(marker) === true && (await this.#isOurs(issue, signal))) return issue;
      }
      if (fresh.length === 0 || (total !== null && seen.size >= total)) return null;
    }
  }

  /** Somebody else's issue with our marker in it is not ours. A token without scope read:user cannot tell, and believes. */
  async #isOurs({ user }: ListedIssue, signal: AbortSignal): Promise<boolean> {
    if (user === null || user === undefined) return true;
    try {
      const login = await readCurrentUser(this.#repository, signal);
      return login.toLowerCase() === user.login.toLowerCase();
    } catch (thrown) {
      if (thrown instanceof AdapterError && thrown.kind !== 'no-answer') return true;
      throw thrown;
    }
  }
}
