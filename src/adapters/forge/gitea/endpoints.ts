// Gitea's endpoints (API v1) that a review needs, one function each.
import { z } from 'zod';
import type { ApiComment, ApiIssue, ApiPage, ApiRecentComment, ForgeApi } from '../forge-api.ts';
import { askForge, nullIfNotThere, queryOf, refusalOf } from '../forge-request.ts';
import { loginOnce } from '../login-once.ts';
import { readInParts } from '../split-pages.ts';
import { checkAccess } from './access.ts';
import { type Repository, repositoryPath } from './request.ts';
import {
  commentList,
  currentUser,
  type GiteaComment,
  type GiteaIssue,
  giteaComment,
  giteaIssue,
  issueList,
  recentComments,
} from './schema.ts';

/** Small pages, since each row carries a whole body. */
const ISSUES_A_PAGE = 20;
const COMMENTS_A_PAGE = 50;
/** Accounts of Gitea itself, which programs write by: ids below 1 (`gitea-actions`, `Ghost`). */
const isProgram = (id: number): boolean => id < 1;

export function giteaApi(repository: Repository): ForgeApi {
  const login = loginOnce(async (signal) => {
    const request = { method: 'GET', path: '/user', body: null, shape: currentUser } as const;
    return (await askForge(repository, request, signal)).value.login;
  });
  return {
    channel: 'gitea',
    brand: 'Gitea',
    commandPrefix: '/',
    readLogin: login,
    ...issueCalls(repository),
    ...commentCalls(repository),
    checkAccess: (signal) => checkAccess(repository, login, signal),
  };
}

type IssueCalls = Pick<ForgeApi, 'listIssues' | 'createIssue' | 'readIssue' | 'editIssue' | 'closeIssue' | 'decorate'>;

const issueCalls = (repository: Repository): IssueCalls => {
  const path = (rest: string): string => repositoryPath(repository, rest);
  return {
    listIssues: ({ since, author }, first, signal) =>
      readInParts({ page: first, size: ISSUES_A_PAGE }, async ({ page, size }) => {
        const query = queryOf({ state: 'all', type: 'issues', since, created_by: author, page, limit: size });
        const request = { method: 'GET', path: path(`/issues?${query}`), body: null, shape: issueList } as const;
        const { value, headers } = await askForge(repository, request, signal);
        return pageOf(value.map(asIssue), page * size, headers);
      }),
    createIssue: async (title, body, signal) => {
      const sent = { title, body, labels: [] };
      const request = { method: 'POST', path: path('/issues'), body: sent, shape: giteaIssue } as const;
      return asIssue((await askForge(repository, request, signal)).value);
    },
    readIssue: (number, signal) =>
      nullIfNotThere(async () => {
        const request = { method: 'GET', path: path(`/issues/${number}`), body: null, shape: giteaIssue } as const;
        return asIssue((await askForge(repository, request, signal)).value);
      }),
    editIssue: async (number, body, signal) => {
      const request = { method: 'PATCH', path: path(`/issues/${number}`), body: { body }, shape: giteaIssue } as const;
      return asIssue((await askForge(repository, request, signal)).value);
    },
    closeIssue: async (number, signal) => {
      const body = { state: 'closed' };
      const request = { method: 'PATCH', path: path(`/issues/${number}`), body, shape: giteaIssue } as const;
      await askForge(repository, request, signal);
    },
    decorate: async (number, { labels, assignees }, signal) => {
      const wanted = [
        ['labels', labels, 'POST', `/issues/${number}/labels`],
        ['assignees', assignees, 'PATCH', `/issues/${number}`],
      ] as const;
      const lacking: string[] = [];
      for (const [what, names, method, rest] of wanted) {
        if (names.length === 0) continue;
        const request = { method, path: path(rest), body: { [what]: names }, shape: z.unknown() } as const;
        const refused = await refusalOf(() => askForge(repository, request, signal));
        if (refused !== null) lacking.push(`${what} ${names.join(', ')}: ${refused.message}`);
      }
      return lacking;
    },
  };
};

const commentCalls = (
  repository: Repository,
): Omit<ForgeApi, keyof IssueCalls | 'channel' | 'brand' | 'commandPrefix' | 'readLogin' | 'checkAccess'> => {
  const path = (rest: string): string => repositoryPath(repository, rest);
  return {
    // Gitea answers all of them at once, whatever page is asked for.
    listComments: async (issue, _, signal) => {
      const request = {
        method: 'GET',
        path: path(`/issues/${issue}/comments`),
        body: null,
        shape: commentList,
      } as const;
      return { items: (await askForge(repository, request, signal)).value.map(asComment), isLast: true };
    },
    createComment: async (issue, body, signal) => {
      const request = {
        method: 'POST',
        path: path(`/issues/${issue}/comments`),
        body: { body },
        shape: giteaComment,
      } as const;
      return asComment((await askForge(repository, request, signal)).value);
    },
    readComment: (id, signal) =>
      nullIfNotThere(async () => {
        const request = {
          method: 'GET',
          path: path(`/issues/comments/${id}`),
          body: null,
          shape: giteaComment,
        } as const;
        return asComment((await askForge(repository, request, signal)).value);
      }),
    editComment: async (id, body, signal) => {
      const request = {
        method: 'PATCH',
        path: path(`/issues/comments/${id}`),
        body: { body },
        shape: giteaComment,
      } as const;
      await askForge(repository, request, signal);
    },
    listRecentComments: (since, first, signal) =>
      readInParts({ page: first, size: COMMENTS_A_PAGE }, async ({ page, size }) => {
        const rest = `/issues/comments?${queryOf({ since, page, limit: size })}`;
        const request = { method: 'GET', path: path(rest), body: null, shape: recentComments } as const;
        const { value, headers } = await askForge(repository, request, signal);
        const { isLast } = pageOf([], page * size, headers);
        return { items: value.comments.flatMap(asRecent), isLast: isLast ?? value.size < size };
      }),
  };
};

/** The total is a header, which a proxy may drop. */
const pageOf = <T>(items: readonly T[], readSoFar: number, headers: Headers): ApiPage<T> => {
  const total = headers.get('x-total-count');
  return { items, isLast: total !== null && /^\d+$/.test(total) ? readSoFar >= Number(total) : null };
};

const asIssue = ({ number, html_url, body, user, state, created_at, updated_at }: GiteaIssue): ApiIssue => ({
  number,
  url: html_url,
  body: body ?? '',
  author: user?.login ?? null,
  state: state === 'closed' ? 'closed' : 'open',
  createdAt: new Date(created_at).toISOString(),
  updatedAt: new Date(updated_at).toISOString(),
});

const asComment = ({ id, body, user }: GiteaComment): ApiComment => ({
  id: `${id}`,
  body: body ?? '',
  author: user?.login ?? null,
});

/** [] for a comment of a pull request. Of an imported one the forge does not prove the author. */
const asRecent = (comment: GiteaComment): readonly ApiRecentComment[] => {
  const issue = Number(/\/issues\/(\d+)$/.exec(comment.issue_url ?? '')?.[1] ?? 'none');
  if (!Number.isSafeInteger(issue)) return [];
  const { user, original_author: imported, created_at, updated_at } = comment;
  const [createdAt, updatedAt] = [new Date(created_at).toISOString(), new Date(updated_at).toISOString()];
  const author = imported ? null : (user?.login ?? null);
  return [
    {
      ...asComment(comment),
      author,
      authorId: user?.id == null ? null : `${user.id}`,
      issue,
      byProgram: user?.id != null && isProgram(user.id),
      createdAt,
      updatedAt,
    },
  ];
};
