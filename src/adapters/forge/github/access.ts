// Asks GitHub what a review needs of repository and token, and changes nothing.
import { z } from 'zod';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { ForgeAccess, ForgeProblem } from '../../../ports/review-forge.ts';
import { type AccessProblems, askAccess, type WriteProblems, writeProblemOf } from '../access.ts';
import { askForge } from '../forge-request.ts';
import { type GithubPlace, githubPath } from './request.ts';
import { githubIssues, githubRepository } from './schema.ts';

const RIGHTS = 'a fine-grained token with "Issues: read and write" and "Metadata: read" on the repository';

const PROBLEMS: AccessProblems = {
  'no-repository': {
    message: 'there is no such repository, or the token may not see it',
    remedy: `correct GITHUB_REPOSITORY (owner/name), or make ${RIGHTS}`,
  },
  'issues-off': {
    message: 'issues are switched off in the repository',
    remedy: 'switch them on: Settings, General, Features, Issues',
  },
  archived: {
    message: 'the repository is archived: nothing can be written to it',
    remedy: 'unarchive it, or name another by GITHUB_REPOSITORY',
  },
  'may-not-read': { message: 'the token may not read issues', remedy: `make ${RIGHTS}, and set GITHUB_TOKEN` },
  'may-not-write': {
    message: 'the token may read issues and not write them',
    remedy: `make ${RIGHTS}, and set GITHUB_TOKEN`,
  },
};

const problem = (code: keyof typeof PROBLEMS): ForgeProblem => ({ code, ...PROBLEMS[code] });

/**
 * As on Gitea: an issue without a title is refused with 422 only after token and repository were looked at, so that nothing is made.
 */
export function checkGithubAccess(
  repository: GithubPlace,
  readLogin: (signal: AbortSignal) => Promise<string | null>,
  signal: AbortSignal,
): Promise<ForgeAccess> {
  const path = (rest: string): string => githubPath(repository, rest);
  return askAccess(
    {
      repository: `${repository.owner}/${repository.repo} at ${repository.apiUrl}`,
      remedy: 'check GITHUB_API_URL, GITHUB_TOKEN and the network',
      readLogin,
      repositoryProblems: (within) => repositoryProblems(repository, within),
      read: (within) =>
        askForge(
          repository,
          { method: 'GET', path: path('/issues?per_page=1'), body: null, shape: githubIssues },
          within,
        ),
      readProblem: ({ status }) =>
        status === 403 || status === 404 ? problem('may-not-read') : status === 410 ? problem('issues-off') : null,
      writeProblem: (within) =>
        writeProblemOf(PROBLEMS, WRITE_PROBLEMS, () => {
          const request = { method: 'POST', path: path('/issues'), body: { title: '' }, shape: z.unknown() } as const;
          return askForge(repository, request, within);
        }),
    },
    signal,
  );
}

/** What each status says of an issue without a title. */
const WRITE_PROBLEMS: WriteProblems = {
  403: 'may-not-write',
  404: 'may-not-write',
  410: 'issues-off',
  422: 'none',
};

const repositoryProblems = async (repository: GithubPlace, signal: AbortSignal): Promise<readonly ForgeProblem[]> => {
  const request = { method: 'GET', path: githubPath(repository, ''), body: null, shape: githubRepository } as const;
  try {
    const { has_issues, archived } = (await askForge(repository, request, signal)).value;
    return [...(has_issues ? [] : [problem('issues-off')]), ...(archived ? [problem('archived')] : [])];
  } catch (thrown) {
    if (thrown instanceof AdapterError && thrown.kind === 'refused' && thrown.status === 404)
      return [problem('no-repository')];
    throw thrown;
  }
};
