// The review forge on Gitea, from its settings.
import type { ReviewForge } from '../../../ports/review-forge.ts';
import type { Secret } from '../../../ports/secret.ts';
import { readPeerUrl } from '../../peer-url.ts';
import { createReviewForge } from '../review-forge.ts';
import { giteaApi } from './endpoints.ts';
import { giteaServer, type Repository } from './request.ts';

export interface GiteaOptions {
  /** GITEA_API_URL, ends in /api/v1. */
  readonly apiUrl: string;
  readonly token: Secret;
  readonly owner: string;
  readonly repo: string;
  /** One limit over all requests of a call, connect, headers and bodies; 10 s (contract section 6) when left out. */
  readonly limitMs?: number;
}

const LIMIT_MS = 10_000;
const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

const readRepository = ({ apiUrl, token, owner, repo }: GiteaOptions): Repository => {
  const url = readPeerUrl('GITEA_API_URL', apiUrl);
  if (!url.endsWith('/api/v1'))
    throw new Error('GITEA_API_URL must end in /api/v1, as in https://forge.example/api/v1.');
  if (!/^[\x21-\x7e]+$/.test(token.reveal()))
    throw new Error('GITEA_API_TOKEN is not a token: white space or other characters in it.');
  if (!NAME.test(owner)) throw new Error('GITEA_REPO_OWNER is not the name of a user or organization.');
  if (!NAME.test(repo)) throw new Error('GITEA_REPO_NAME is not the name of a repository.');
  return { ...giteaServer(url, token), owner, repo };
};

/** Nothing is sent yet. Throws an Error that names the setting that is wrong. */
export function giteaForge(options: GiteaOptions): ReviewForge {
  return createReviewForge(giteaApi(readRepository(options)), options.limitMs ?? LIMIT_MS);
}
