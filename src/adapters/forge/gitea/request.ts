// Gitea's API v1 as it is asked.

import type { Secret } from '../../../ports/secret.ts';
import { type ForgeServer, retryAfter } from '../forge-request.ts';
import { refusal } from './schema.ts';

export interface Repository extends ForgeServer {
  readonly owner: string;
  readonly repo: string;
}

/** `apiUrl` ends in /api/v1. */
export function giteaServer(apiUrl: string, token: Secret): ForgeServer {
  return {
    brand: 'Gitea',
    urlSetting: 'GITEA_API_URL',
    apiUrl,
    token,
    headers: { accept: 'application/json', authorization: `token ${token.reveal()}` },
    remedies: REMEDIES,
    refusal,
    pauseOf: ({ status, headers }) => (status === 429 ? retryAfter(headers) : null),
  };
}

/** "/repos/OWNER/NAME" and what is behind it. */
export function repositoryPath({ owner, repo }: Pick<Repository, 'owner' | 'repo'>, rest: string): string {
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}${rest}`;
}

const REMEDIES: { readonly [status: number]: string } = {
  401: 'The token is refused: make a new one with scope write:issue and set GITEA_API_TOKEN.',
  403: 'The token may not do this: give it scope write:issue, and its account the right to write issues in the repository.',
  404: 'There is no such repository, or the token may not see it: check GITEA_REPO_OWNER, GITEA_REPO_NAME and GITEA_API_URL.',
  410: 'Issues are switched off in this repository: switch them on in its settings.',
  422: 'It does not accept the issue as written: report this as a bug.',
  423: 'The repository is archived: unarchive it or name another.',
  429: 'Too many requests: the gate tries again later.',
};
