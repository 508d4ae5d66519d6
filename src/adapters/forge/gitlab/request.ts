// GitLab's API v4 as it is asked.
import { z } from 'zod';
import type { Secret } from '../../../ports/secret.ts';
import { type ForgeServer, retryAfter } from '../forge-request.ts';

export interface Project extends ForgeServer {
  /** Its number, or "group/subgroup/name". */
  readonly project: string;
}

/** GitLab says it in three forms: a text, an object of fields with their faults, or OAuth's `error` (docs, "Status codes"). */
const SAID = z.union([
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ message: z.record(z.string(), z.unknown()) }).transform(({ message }) => JSON.stringify(message)),
  z
    .object({ error: z.string(), error_description: z.string().optional() })
    .transform(({ error, error_description: more }) => (more === undefined ? error : `${error}: ${more}`)),
]);

const PAUSE_SECONDS = 60;

export function gitlabServer(apiUrl: string, token: Secret): ForgeServer {
  return {
    brand: 'GitLab',
    urlSetting: 'GITLAB_API_URL',
    apiUrl,
    token,
    headers: { accept: 'application/json', 'private-token': token.reveal() },
    remedies: REMEDIES,
    refusal: SAID,
    pauseOf: ({ status, headers }) => (status === 429 ? (retryAfter(headers) ?? PAUSE_SECONDS) : null),
  };
}

/** "/projects/GROUP%2FNAME" and what is behind it. */
export function projectPath({ project }: Pick<Project, 'project'>, rest: string): string {
  return `/projects/${encodeURIComponent(project)}${rest}`;
}

const REMEDIES: { readonly [status: number]: string } = {
  400: 'It does not accept the issue as written: report this as a bug.',
  401: 'The token is refused: make a new one with scope api and set GITLAB_TOKEN.',
  403: 'The token may not do this: give it scope api, and its account the role Reporter in the project.',
  404: 'There is no such project, its issues are off, or the token may not see it: check GITLAB_PROJECT and the token.',
  422: 'It does not accept the issue as written: report this as a bug.',
  429: 'Too many requests: the gate tries again later.',
};
