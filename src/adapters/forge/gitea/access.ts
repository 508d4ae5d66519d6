// Asks Gitea what a review needs of repository and token, and changes nothing.
import { z } from 'zod';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { ForgeAccess, ForgeProblem } from '../../../ports/review-forge.ts';
import { type AccessProblems, askAccess, type WriteProblems, writeProblemOf } from '../access.ts';
import { askForge } from '../forge-request.ts';
import { type Repository, repositoryPath } from './request.ts';
import { giteaRepository, issueList } from './schema.ts';

const SCOPES = 'scopes write:issue, read:repository and read:user';

const PROBLEMS: AccessProblems = {
  'no-repository': {
    message: 'there is no such repository, or the token may not see it',
    remedy: `create the repository and add the gate's account to it, or correct GITEA_REPO_OWNER and GITEA_REPO_NAME`,
  },
  'issues-off': {
    message: 'issues are switched off in the repository',
    remedy: 'switch them on: Settings, Advanced, Issues',
  },
  archived: {
    message: 'the repository is archived: nothing can be written to it',
    remedy: 'unarchive it, or name another by GITEA_REPO_NAME',
  },
  'may-not-read': {
    message: 'the token may not read issues',
    remedy: `make a token with ${SCOPES}, and set GITEA_API_TOKEN`,
  },
  'may-not-write': {
    message: 'the token may read issues and not write them',
    remedy: `make a token with ${SCOPES}, and set GITEA_API_TOKEN`,
  },
};

const problem = (code: keyof typeof PROBLEMS): ForgeProblem => ({ code, ...PROBLEMS[code] });

/**
 * Three requests: the repository; its issues; and an issue without a title, which Gitea refuses with 422 after it has
 * looked at token and repository, so that nothing is made (the order of checks in its `routers/api/v1/api.go`). With one scope
 * for all writing, and since an author may edit and close what is theirs, the right to write is that to comment and to close.
 */
export function checkAccess(
  repository: Repository,
  readLogin: (signal: AbortSignal) => Promise<string | null>,
  signal: AbortSignal,
): Promise<ForgeAccess> {
  const path = (rest: string): string => repositoryPath(repository, rest);
  return askAccess(
    {
      repository: `${repository.owner}/${repository.repo} at ${repository.apiUrl}`,
      remedy: 'check GITEA_API_URL, GITEA_API_TOKEN and the network',
      readLogin,
      repositoryProblems: (within) => repositoryProblems(repository, within),
      read: (within) =>
        askForge(repository, { method: 'GET', path: path('/issues?limit=1'), body: null, shape: issueList }, within),
      readProblem: ({ status }) => {
        if (status === 403) return problem('may-not-read');
        if (status !== 404) return null;
        return {
          ...problem('no-repository'),
          message: 'there is no such repository, its issues are off, or the token may not see them',
        };
      },
      writeProblem: (within) =>
        writeProblemOf(PROBLEMS, WRITE_PROBLEMS, () => {
          const request = { method: 'POST', path: path('/issues'), body: { title: '' }, shape: z.unknown() } as const;
          return askForge(repository, request, within);
        }),
    },
    signal,
  );
}

/** A token without scope read:repository may not ask: then the issues say what they can. */
const repositoryProblems = async (repository: Repository, signal: AbortSignal): Promise<readonly ForgeProblem[]> => {
  const request = {
    method: 'GET',
    path: repositoryPath(repository, ''),
    body: null,
    shape: giteaRepository,
  } as const;
  try {
    const { has_issues, archived } = (await askForge(repository, request, signal)).value;
    return [...(has_issues ? [] : [problem('issues-off')]), ...(archived ? [problem('archived')] : [])];
  } catch (thrown) {
    if (!(thrown instanceof AdapterError) || thrown.kind !== 'refused') throw thrown;
    if (thrown.status === 404) return [problem('no-repository')];
    if (thrown.status === 403) return [];
    throw thrown;
  }
};

/** What each status says of an issue without a title; 422 is Gitea's answer to one that everything else would let through. */
const WRITE_PROBLEMS: WriteProblems = {
  403: 'may-not-write',
  404: 'issues-off',
  410: 'issues-off',
  422: 'none',
  423: 'archived',
};
