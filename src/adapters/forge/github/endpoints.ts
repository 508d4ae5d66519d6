// GitHub's endpoints (REST API 2022-11-28) that a review needs, one function each.
import { z } from 'zod';
import type { ApiComment, ApiIssue, ApiPage, ApiRecentComment, ForgeApi } from '../forge-api.ts';
import { askForge, nullIfNotThere, queryOf, refusalOf } from '../forge-request.ts';
import { loginOnce } from '../login-once.ts';
import { readInParts } from '../split-pages.ts';
import { checkGithubAccess } from './access.ts';
import { type GithubPlace, githubPath } from './request.ts';
import {
  type GithubComment,
  type GithubIssue,
  githubComment,
  githubComments,
  githubIssue,
  githubIssues,
  githubUser,
  recentGithubComments,
} from './schema.ts';

/** Small pages, since each row carries a whole body. */
const ISSUES_A_PAGE = 30;
const COMMENTS_A_PAGE = 100;

export function githubApi(repository: GithubPlace): ForgeApi {
  const login = loginOnce(async (signal) => {
    const request = { method: 'GET', path: '/user', body: null, shape: githubUser } as const;
    return (await askForge(repository, request, signal)).value.login;
  });
  return {
    channel: 'github',
    brand: 'GitHub',
    commandPrefix: '/',
    readLogin: login,
    ...issueCalls(repository),
    ...commentCalls(repository),
    checkAccess: (signal) => checkGithubAccess(repository, login, signal),
  };
}

type IssueCalls = Pick<ForgeApi, 'listIssues' | 'createIssue' | 'readIssue' | 'editIssue' | 'closeIssue' | 'decorate'>;

const issueCalls = (repository: GithubPlace): IssueCalls => {
  const path = (rest: string): string => githubPath(repository, rest);
  return {
    listIssues: ({ since, author }, first, signal) =>
      readInParts({ page: first, size: ISSUES_A_PAGE }, async ({ page, size }) => {
        const wanted = { state: 'all', since, creator: author, sort: 'created', direction: 'desc' };
        const query = queryOf({ ...wanted, page, per_page: size });
        const request = { method: 'GET', path: path(`/issues?${query}`), body: null, shape: githubIssues } as const;
        const { value, headers } = await askForge(repository, request, signal);
        return pageOf(value.filter(({ pull_request }) => pull_request === undefined).map(asIssue), headers);
      }),
    createIssue: async (title, body, signal) => {
      const request = { method: 'POST', path: path('/issues'), body: { title, body }, shape: githubIssue } as const;
      return asIssue((await askForge(repository, request, signal)).value);
    },
    // One that was moved to another repository is answered by a redirect ("Get an issue").
    readIssue: (number, signal) =>
      nullIfNotThere(async () => {
        const request = { method: 'GET', path: path(`/issues/${number}`), body: null, shape: githubIssue } as const;
        return asIssue((await askForge(repository, request, signal)).value);
      }, [301]),
    editIssue: async (number, body, signal) => {
      const request = { method: 'PATCH', path: path(`/issues/${number}`), body: { body }, shape: githubIssue } as const;
      return asIssue((await askForge(repository, request, signal)).value);
    },
    closeIssue: async (number, signal) => {
      const body = { state: 'closed', state_reason: 'completed' };
      const request = { method: 'PATCH', path: path(`/issues/${number}`), body, shape: githubIssue } as const;
      await askForge(repository, request, signal);
    },
    // GitHub leaves out in silence what an account without push may not set; a name that it does not know is refused.
    decorate: async (number, { labels, assignees }, signal) => {
      const lacking: string[] = [];
      for (const [what, names] of [
        ['labels', labels],
        ['assignees', assignees],
      ] as const) {
        if (names.length === 0) continue;
        const request = { method: 'POST', path: path(`/issues/${number}/${what}`), body: { [what]: names } } as const;
        const refused = await refusalOf(() => askForge(repository, { ...request, shape: z.unknown() }, signal));
        if (refused !== null) lacking.push(`${what} ${names.join(', ')}: ${refused.message}`);
      }
      return lacking;
    },
  };
};

type CommentCalls = Pick<
  ForgeApi,
  'listComments' | 'createComment' | 'readComment' | 'editComment' | 'listRecentComments'
>;

const commentCalls = (repository: GithubPlace): CommentCalls => {
  const path = (rest: string): string => githubPath(repository, rest);
  return {
    listComments: (issue, first, signal) =>
      readInParts({ page: first, size: COMMENTS_A_PAGE }, async ({ page, size }) => {
        const rest = `/issues/${issue}/comments?${queryOf({ page, per_page: size })}`;
        const request = { method: 'GET', path: path(rest), body: null, shape: githubComments } as const;
        const { value, headers } = await askForge(repository, request, signal);
        return pageOf(value.map(asComment), headers);
      }),
    createComment: async (issue, body, signal) => {
      const request = { method: 'POST', path: path(`/issues/${issue}/comments`), shape: githubComment } as const;
      return asComment((await askForge(repository, { ...request, body: { body } }, signal)).value);
    },
    readComment: (id, signal) =>
      nullIfNotThere(async () => {
        const request = {
          method: 'GET',
          path: path(`/issues/comments/${id}`),
          body: null,
          shape: githubComment,
        } as const;
        return asComment((await askForge(repository, request, signal)).value);
      }),
    editComment: async (id, body, signal) => {
      const request = { method: 'PATCH', path: path(`/issues/comments/${id}`), shape: githubComment } as const;
      await askForge(repository, { ...request, body: { body } }, signal);
    },
    listRecentComments: (since, first, signal) =>
      readInParts({ page: first, size: COMMENTS_A_PAGE }, async ({ page, size }) => {
        const rest = `/issues/comments?${queryOf({ since, sort: 'updated', direction: 'asc', page, per_page: size })}`;
        const request = { method: 'GET', path: path(rest), body: null, shape: recentGithubComments } as const;
        const { value, headers } = await askForge(repository, request, signal);
        return pageOf(value.flatMap(asRecent), headers);
      }),
  };
};

/** The last page, and an only one, names no next one (docs.github.com, "Using pagination in the REST API"). */
const pageOf = <T>(items: readonly T[], headers: Headers): ApiPage<T> => ({
  items,
  isLast: !/<[^>]*>;\s*rel="next"/.test(headers.get('link') ?? ''),
});

const asIssue = ({ number, html_url, body, user, state, created_at, updated_at }: GithubIssue): ApiIssue => ({
  number,
  url: html_url,
  body: body ?? '',
  author: user?.login ?? null,
  state: state === 'closed' ? 'closed' : 'open',
  byProgram: isProgram(user),
  createdAt: new Date(created_at).toISOString(),
  updatedAt: new Date(updated_at).toISOString(),
});

const asComment = ({ id, body, user }: GithubComment): ApiComment => ({
  id: `${id}`,
  body: body ?? '',
  author: user?.login ?? null,
  byProgram: isProgram(user),
});

const isProgram = (user: GithubIssue['user']): boolean => user != null && (user.type ?? 'User') !== 'User';

/** What an app wrote is a program's, in whoever's name. */
const asRecent = (comment: GithubComment): readonly ApiRecentComment[] => {
  const issue = Number(/\/issues\/(\d+)$/.exec(comment.issue_url)?.[1] ?? 'none');
  if (!Number.isSafeInteger(issue)) return [];
  const { user, performed_via_github_app: app, created_at, updated_at } = comment;
  return [
    {
      ...asComment(comment),
      issue,
      authorId: user == null ? null : `${user.id}`,
      byProgram: (app !== undefined && app !== null) || isProgram(user),
      createdAt: new Date(created_at).toISOString(),
      updatedAt: new Date(updated_at).toISOString(),
    },
  ];
};
