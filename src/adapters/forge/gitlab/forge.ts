// The review forge on GitLab, from its settings.
import type { ReviewForge } from '../../../ports/review-forge.ts';
import type { Secret } from '../../../ports/secret.ts';
import { readPeerUrl } from '../../peer-url.ts';
import { createReviewForge } from '../review-forge.ts';
import { gitlabApi } from './endpoints.ts';
import { gitlabServer } from './request.ts';

export interface GitlabOptions {
  /** GITLAB_API_URL, ends in /api/v4. */
  readonly apiUrl: string;
  readonly token: Secret;
  /** GITLAB_PROJECT: its number, or its path with its groups. */
  readonly project: string;
  /** One limit over all requests of a call; 10 s (contract section 6) when left out. */
  readonly limitMs?: number;
}

const LIMIT_MS = 10_000;
const PROJECT = /^(?:[1-9]\d{0,18}|[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}(?:\/[A-Za-z0-9_.][A-Za-z0-9_.-]{0,254}){1,20})$/;

/** Nothing is sent yet. Throws an Error that names the setting that is wrong. */
export function gitlabForge({ apiUrl, token, project, limitMs }: GitlabOptions): ReviewForge {
  const url = readPeerUrl('GITLAB_API_URL', apiUrl).replace(/\/+$/, '');
  if (!url.endsWith('/api/v4'))
    throw new Error('GITLAB_API_URL must end in /api/v4, as in https://gitlab.example/api/v4.');
  if (!PROJECT.test(project) || project.split('/').some((part) => part === '.' || part === '..'))
    throw new Error('GITLAB_PROJECT must be the number of a project, or its path, as in "sre/reviews".');
  if (!/^[\x21-\x7e]+$/.test(token.reveal()))
    throw new Error('GITLAB_TOKEN is not a token: white space or other characters in it.');
  return createReviewForge(gitlabApi({ ...gitlabServer(url, token), project }), limitMs ?? LIMIT_MS);
}
