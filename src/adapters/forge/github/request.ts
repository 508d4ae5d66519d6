// GitHub's REST API as it is asked.
import { z } from 'zod';
import type { Secret } from '../../../ports/secret.ts';
import { type ForgeServer, retryAfter } from '../forge-request.ts';

export interface GithubPlace extends ForgeServer {
  readonly owner: string;
  readonly repo: string;
}

/** The version whose shapes are read (docs.github.com, "API versions"). */
const API_VERSION = '2022-11-28';

/** A pause where GitHub names none: its documentation asks for a minute at least after a secondary limit. */
const SECONDARY_PAUSE_SECONDS = 60;

export function githubServer(apiUrl: string, token: Secret, now: () => number): ForgeServer {
  return {
    brand: 'GitHub',
    urlSetting: 'GITHUB_API_URL',
    apiUrl,
    token,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token.reveal()}`,
      'user-agent': 'blastgate',
      'x-github-api-version': API_VERSION,
    },
    remedies: REMEDIES,
    refusal: z.object({ message: z.string() }).transform(({ message }) => message),
    pauseOf: (refused) => pauseOf(refused, now()),
  };
}

/** "/repos/OWNER/NAME" and what is behind it. */
export function githubPath({ owner, repo }: Pick<GithubPlace, 'owner' | 'repo'>, rest: string): string {
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}${rest}`;
}

/** Both limits come as 403 or 429 (docs.github.com, "Rate limits for the REST API"): the primary one with nothing remaining. */
const pauseOf: (refused: Parameters<ForgeServer['pauseOf']>[0], now: number) => number | null = (
  { status, headers, said },
  now,
) => {
  if (status !== 403 && status !== 429) return null;
  const asked = retryAfter(headers);
  if (asked !== null) return asked;
  const reset = Number(headers.get('x-ratelimit-reset') ?? 'none');
  if (headers.get('x-ratelimit-remaining') === '0' && Number.isFinite(reset))
    return Math.max(1, Math.ceil(reset - now / 1000));
  return status === 429 || /secondary rate limit|abuse detection/i.test(said) ? SECONDARY_PAUSE_SECONDS : null;
};

const REMEDIES: { readonly [status: number]: string } = {
  401: 'The token is refused: make a new one and set GITHUB_TOKEN.',
  403: 'The token may not do this: give it "Issues: read and write" and "Metadata: read" on the repository.',
  404: 'There is no such repository, or the token may not see it: check GITHUB_REPOSITORY and the token.',
  410: 'Issues are switched off in this repository: switch them on in its settings.',
  422: 'It does not accept the issue as written: report this as a bug.',
  429: 'Too many requests: the gate tries again later.',
};
