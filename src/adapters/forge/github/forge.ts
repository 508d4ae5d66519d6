// The review forge on GitHub, from its settings.
import type { ReviewForge } from '../../../ports/review-forge.ts';
import type { Secret } from '../../../ports/secret.ts';
import { readPeerUrl } from '../../peer-url.ts';
import { createReviewForge } from '../review-forge.ts';
import { githubApi } from './endpoints.ts';
import { githubServer } from './request.ts';

export interface GithubOptions {
  /** GITHUB_API_URL: https://api.github.com, or https://HOST/api/v3 of an own server. */
  readonly apiUrl: string;
  readonly token: Secret;
  /** GITHUB_REPOSITORY: "owner/name". */
  readonly repository: string;
  /** One limit over all requests of a call; 10 s (contract section 6) when left out. */
  readonly limitMs?: number;
}

const LIMIT_MS = 10_000;
const REPOSITORY = /^([A-Za-z0-9](?:[A-Za-z0-9_-]{0,99}))\/(?!\.{1,2}$)([A-Za-z0-9._-]{1,100})$/;

/** Nothing is sent yet. Throws an Error that names the setting that is wrong. */
export function githubForge({ apiUrl, token, repository, limitMs }: GithubOptions): ReviewForge {
  const url = readPeerUrl('GITHUB_API_URL', apiUrl).replace(/\/+$/, '');
  const [, owner, repo] = REPOSITORY.exec(repository) ?? [];
  if (owner === undefined || repo === undefined)
    throw new Error('GITHUB_REPOSITORY must name owner and repository, as in "sre/reviews".');
  if (!/^[\x21-\x7e]+$/.test(token.reveal()))
    throw new Error('GITHUB_TOKEN is not a token: white space or other characters in it.');
  const server = githubServer(url, token, () => Date.now());
  return createReviewForge(githubApi({ ...server, owner, repo }), limitMs ?? LIMIT_MS);
}
