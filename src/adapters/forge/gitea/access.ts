// Asks Gitea what a review needs of repository and token, and changes nothing.
import { z } from 'zod';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { ForgeAccess, ForgeProblem } from '../../../ports/review-forge.ts';
import { askGitea, type Repository, repositoryPath } from './request.ts';
import { giteaRepository, issueList } from './schema.ts';

const SCOPES = 'scopes write:issue, read:repository and read:user';

const PROBLEMS: { readonly [C in Exclude<ForgeProblem['code'], 'unclear' | 'no-answer'>]: Omit<ForgeProblem, 'code'> } =
  {
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

const troubleOf = (error: AdapterError): ForgeProblem => ({
  code: error.kind === 'no-answer' ? 'no-answer' : 'unclear',
  message: error.message,
  remedy: 'check GITEA_API_URL, GITEA_API_TOKEN and the network',
});

type Asked = { readonly ok: true } | { readonly ok: false; readonly error: AdapterError };

/**
 * Three requests: the repository; its issues; and an issue without a title, which Gitea refuses with 422 after it has
 * looked at token and repository, so that nothing is made (the order of checks in its `routers/api/v1/api.go`). With one scope
 * for all writing, and since an author may edit and close what is theirs, the right to write is that to comment and to close.
 */
export async function checkAccess(
  repository: Repository,
  readLogin: (signal: AbortSignal) => Promise<string | null>,
  signal: AbortSignal,
): Promise<ForgeAccess> {
  const name = `${repository.owner}/${repository.repo} at ${repository.apiUrl}`;
  const answer = (
    problems: readonly ForgeProblem[],
    login: string | null = null,
    rights: ForgeAccess['rights'] = [],
  ) => ({
    repository: name,
    login,
    rights,
    problems,
  });
  try {
    const login = await readLogin(signal);
    const seen = await repositoryProblems(repository, signal);
    if (seen.length > 0) return answer(seen, login);
    const read = await tryAsk(() =>
      askGitea(
        repository,
        { method: 'GET', path: repositoryPath(repository, '/issues?limit=1'), body: null, shape: issueList },
        signal,
      ),
    );
    if (!read.ok) return answer([readProblem(read.error)], login);
    const write = await tryAsk(() =>
      askGitea(
        repository,
        { method: 'POST', path: repositoryPath(repository, '/issues'), body: { title: '' }, shape: z.unknown() },
        signal,
      ),
    );
    const refused = write.ok ? null : writeProblem(write.error);
    return refused === null
      ? answer([], login, ['read issues', 'write issues', 'comment', 'close'])
      : answer([refused], login, ['read issues']);
  } catch (thrown) {
    if (thrown instanceof AdapterError) return answer([troubleOf(thrown)]);
    throw thrown;
  }
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
    const { has_issues, archived } = (await askGitea(repository, request, signal)).value;
    return [...(has_issues ? [] : [problem('issues-off')]), ...(archived ? [problem('archived')] : [])];
  } catch (thrown) {
    if (!(thrown instanceof AdapterError) || thrown.kind !== 'refused') throw thrown;
    if (thrown.status === 404) return [problem('no-repository')];
    if (thrown.status === 403) return [];
    throw thrown;
  }
};

const tryAsk = async (ask: () => Promise<unknown>): Promise<Asked> => {
  try {
    await ask();
    return { ok: true };
  } catch (thrown) {
    if (thrown instanceof AdapterError && thrown.kind === 'refused') return { ok: false, error: thrown };
    throw thrown;
  }
};

const readProblem = (error: AdapterError): ForgeProblem => {
  if (error.status === 403) return problem('may-not-read');
  if (error.status !== 404) return troubleOf(error);
  return {
    ...problem('no-repository'),
    message: 'there is no such repository, its issues are off, or the token may not see them',
  };
};

/** What each status says of an issue without a title; 422 is Gitea's answer to one that everything else would let through. */
const WRITE_PROBLEMS: { readonly [status: number]: keyof typeof PROBLEMS | 'none' } = {
  403: 'may-not-write',
  404: 'issues-off',
  410: 'issues-off',
  422: 'none',
  423: 'archived',
};

const writeProblem = (error: AdapterError): ForgeProblem | null => {
  const known = WRITE_PROBLEMS[error.status ?? 0];
  if (known === undefined) return troubleOf(error);
  return known === 'none' ? null : problem(known);
};
