// Asks GitLab what a review needs of project and token, and changes nothing.
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { ForgeAccess, ForgeProblem } from '../../../ports/review-forge.ts';
import { type AccessProblems, askAccess } from '../access.ts';
import { askForge, nullIfNotThere } from '../forge-request.ts';
import { type Project, projectPath } from './request.ts';
import { gitlabIssues, gitlabProject, ownToken } from './schema.ts';

const RIGHTS = 'a token with scope api whose account has the role Reporter in the project';

const PROBLEMS: AccessProblems = {
  'no-repository': {
    message: 'there is no such project, or the token may not see it',
    remedy: `correct GITLAB_PROJECT (its number, or group/name), or make ${RIGHTS}`,
  },
  'issues-off': {
    message: 'issues are switched off in the project',
    remedy: 'switch them on: Settings, General, Visibility, project features, permissions, Issues',
  },
  archived: {
    message: 'the project is archived: nothing can be written to it',
    remedy: 'unarchive it, or name another by GITLAB_PROJECT',
  },
  'may-not-read': { message: 'the token may not read issues', remedy: `make ${RIGHTS}, and set GITLAB_TOKEN` },
  'may-not-write': {
    message: 'the token may read issues and not write them',
    remedy: `make ${RIGHTS}, and set GITLAB_TOKEN`,
  },
};

const problem = (code: keyof typeof PROBLEMS): ForgeProblem => ({ code, ...PROBLEMS[code] });

/** GitLab reads the fields of an issue before it looks at rights, so that scopes and role are asked instead of trying. */
export function checkGitlabAccess(
  project: Project,
  readLogin: (signal: AbortSignal) => Promise<string | null>,
  signal: AbortSignal,
): Promise<ForgeAccess> {
  const path = (rest: string): string => projectPath(project, rest);
  return askAccess(
    {
      repository: `${project.project} at ${project.apiUrl}`,
      remedy: 'check GITLAB_API_URL, GITLAB_TOKEN and the network',
      readLogin,
      repositoryProblems: async (within) => {
        const request = { method: 'GET', path: path(''), body: null, shape: gitlabProject } as const;
        const found = await nullIfNotThere(() => askForge(project, request, within));
        if (found === null) return [problem('no-repository')];
        const { archived, issues_access_level: issues } = found.value;
        return [...(issues === 'disabled' ? [problem('issues-off')] : []), ...(archived ? [problem('archived')] : [])];
      },
      read: (within) =>
        askForge(project, { method: 'GET', path: path('/issues?per_page=1'), body: null, shape: gitlabIssues }, within),
      readProblem: ({ status }) => (status === 403 || status === 404 ? problem('may-not-read') : null),
      writeProblem: async (within) => ((await mayWrite(project, within)) ? null : problem('may-not-write')),
    },
    signal,
  );
}

/** Tokens without a record of their own (of jobs, of OAuth) tell no scopes: their first write will show. */
const mayWrite = async (project: Project, signal: AbortSignal): Promise<boolean> => {
  const request = { method: 'GET', path: '/personal_access_tokens/self', body: null, shape: ownToken } as const;
  try {
    return (await askForge(project, request, signal)).value.scopes.includes('api');
  } catch (thrown) {
    if (thrown instanceof AdapterError && thrown.kind === 'refused' && thrown.status !== 429) return true;
    throw thrown;
  }
};
