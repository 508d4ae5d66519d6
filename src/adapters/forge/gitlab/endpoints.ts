// GitLab's endpoints (API v4) that a review needs, one function each. A comment is a note there, and known within its issue alone.
import { z } from 'zod';
import type { ApiComment, ApiIssue, ApiPage, ApiRecentComment, ForgeApi } from '../forge-api.ts';
import { askForge, nullIfNotThere, queryOf, refusalOf } from '../forge-request.ts';
import { loginOnce } from '../login-once.ts';
import { readInParts } from '../split-pages.ts';
import { checkGitlabAccess } from './access.ts';
import { type Project, projectPath } from './request.ts';
import {
  type GitlabIssue,
  type GitlabNote,
  gitlabIssue,
  gitlabIssues,
  gitlabNote,
  gitlabUser,
  noteList,
  readableNotes,
  users,
} from './schema.ts';

/** Small pages, since each row carries a whole body; of recent comments a page is one of issues. */
const ISSUES_A_PAGE = 20;
const NOTES_A_PAGE = 100;

/**
 * Accounts that programs write by: of project, group and service tokens, by the names that GitLab gives them
 * (docs, "Project access tokens", "Bot users for projects").
 */
const PROGRAM =
  /^(?:project|group)_\d+_bot(?:_[0-9a-f]+|\d+)?$|^service_account_|^(?:ghost|alert-bot|support-bot|GitLab.*Bot)$/i;

export function gitlabApi(project: Project): ForgeApi {
  const login = loginOnce(async (signal) => {
    const request = { method: 'GET', path: '/user', body: null, shape: gitlabUser } as const;
    return (await askForge(project, request, signal)).value.username;
  });
  return {
    channel: 'gitlab',
    brand: 'GitLab',
    commandPrefix: '/blastgate ',
    readLogin: login,
    ...issueCalls(project),
    ...noteCalls(project),
    checkAccess: (signal) => checkGitlabAccess(project, login, signal),
  };
}

type IssueCalls = Pick<ForgeApi, 'listIssues' | 'createIssue' | 'readIssue' | 'editIssue' | 'closeIssue' | 'decorate'>;

const issueCalls = (project: Project): IssueCalls => {
  const path = (rest: string): string => projectPath(project, rest);
  return {
    listIssues: async ({ since, author }, page, signal) => {
      const wanted = { updated_after: since, author_username: author, order_by: 'created_at', sort: 'desc' };
      const { items, isLast } = await issuePage(project, wanted, page, signal);
      return { items: items.map(asIssue), isLast };
    },
    createIssue: async (title, description, signal) => {
      const request = {
        method: 'POST',
        path: path('/issues'),
        body: { title, description },
        shape: gitlabIssue,
      } as const;
      return asIssue((await askForge(project, request, signal)).value);
    },
    readIssue: (number, signal) =>
      nullIfNotThere(async () => {
        const request = { method: 'GET', path: path(`/issues/${number}`), body: null, shape: gitlabIssue } as const;
        return asIssue((await askForge(project, request, signal)).value);
      }),
    editIssue: async (number, description, signal) => {
      const request = {
        method: 'PUT',
        path: path(`/issues/${number}`),
        body: { description },
        shape: gitlabIssue,
      } as const;
      return asIssue((await askForge(project, request, signal)).value);
    },
    closeIssue: async (number, signal) => {
      const body = { state_event: 'close' };
      const request = { method: 'PUT', path: path(`/issues/${number}`), body, shape: gitlabIssue } as const;
      await askForge(project, request, signal);
    },
    decorate: async (number, { labels, assignees }, signal) => {
      const lacking: string[] = [];
      const put = async (what: string, body: object): Promise<void> => {
        const request = { method: 'PUT', path: path(`/issues/${number}`), body, shape: z.unknown() } as const;
        const refused = await refusalOf(() => askForge(project, request, signal));
        if (refused !== null) lacking.push(`${what}: ${refused.message}`);
      };
      if (labels.length > 0) await put(`labels ${labels.join(', ')}`, { add_labels: labels.join(',') });
      const ids: number[] = [];
      for (const name of assignees) {
        const request = {
          method: 'GET',
          path: `/users?${queryOf({ username: name })}`,
          body: null,
          shape: users,
        } as const;
        const [found] = (await askForge(project, request, signal)).value;
        if (found === undefined) lacking.push(`assignee ${name}: there is no such user`);
        else ids.push(found.id);
      }
      if (ids.length > 0) await put(`assignees ${assignees.join(', ')}`, { assignee_ids: ids });
      return lacking;
    },
  };
};

type NoteCalls = Pick<
  ForgeApi,
  'listComments' | 'createComment' | 'readComment' | 'editComment' | 'listRecentComments'
>;

const noteCalls = (project: Project): NoteCalls => {
  const path = (rest: string): string => projectPath(project, rest);
  return {
    listComments: (issue, first, signal) =>
      readInParts({ page: first, size: NOTES_A_PAGE }, async ({ page, size }) => {
        const rest = `/issues/${issue}/notes?${queryOf({ order_by: 'created_at', sort: 'asc', page, per_page: size })}`;
        const request = { method: 'GET', path: path(rest), body: null, shape: noteList } as const;
        const { value, headers } = await askForge(project, request, signal);
        const written = value.filter(({ system }) => !system);
        return { items: written.map((note) => asComment(issue, note)), isLast: isLast(headers) };
      }),
    createComment: async (issue, body, signal) => {
      const request = {
        method: 'POST',
        path: path(`/issues/${issue}/notes`),
        body: { body },
        shape: gitlabNote,
      } as const;
      return asComment(issue, (await askForge(project, request, signal)).value);
    },
    readComment: (id, signal) =>
      nullIfNotThere(async () => {
        const request = { method: 'GET', path: path(notePath(id)), body: null, shape: gitlabNote } as const;
        return asComment(issueOf(id), (await askForge(project, request, signal)).value);
      }),
    editComment: async (id, body, signal) => {
      const request = { method: 'PUT', path: path(notePath(id)), body: { body }, shape: gitlabNote } as const;
      await askForge(project, request, signal);
    },
    listRecentComments: (since, page, signal) => recentComments(project, since, page, signal),
  };
};

/** No list of all notes exists: a note that is written or edited touches its issue, so the issues say where to look. */
const recentComments = async (
  project: Project,
  since: string,
  page: number,
  signal: AbortSignal,
): Promise<ApiPage<ApiRecentComment>> => {
  const wanted = { updated_after: since, order_by: 'updated_at', sort: 'asc' };
  const { items: issues, isLast } = await issuePage(project, wanted, page, signal);
  const items: ApiRecentComment[] = [];
  for (const { iid } of issues) items.push(...(await notesSince(project, iid, since, signal)));
  return { items, isLast };
};

/** Of one issue, oldest first: all of them, since whoever may write can push a vote behind any number of pages. */
const notesSince = async (
  project: Project,
  issue: number,
  since: string,
  signal: AbortSignal,
): Promise<readonly ApiRecentComment[]> => {
  const found: GitlabNote[] = [];
  for (let page = 1; ; page += 1) {
    const { items, isLast } = await notePage(project, issue, page, signal);
    const fresh = items.filter(({ updated_at }) => Date.parse(updated_at) >= Date.parse(since));
    found.push(...fresh.filter(({ system }) => !system));
    if (fresh.length < items.length || (isLast ?? items.length === 0)) break;
  }
  return found.toSorted((a, b) => a.id - b.id).map((note) => asRecent(issue, note));
};

/** Newest change first. */
const notePage = (project: Project, issue: number, first: number, signal: AbortSignal): Promise<ApiPage<GitlabNote>> =>
  readInParts({ page: first, size: NOTES_A_PAGE }, async ({ page, size }) => {
    const query = queryOf({ order_by: 'updated_at', sort: 'desc', page, per_page: size });
    const path = projectPath(project, `/issues/${issue}/notes?${query}`);
    const request = { method: 'GET', path, body: null, shape: readableNotes } as const;
    const { value, headers } = await askForge(project, request, signal);
    return { items: value, isLast: isLast(headers) };
  });

const issuePage = (
  project: Project,
  wanted: Parameters<typeof queryOf>[0],
  first: number,
  signal: AbortSignal,
): Promise<ApiPage<GitlabIssue>> =>
  readInParts({ page: first, size: ISSUES_A_PAGE }, async ({ page, size }) => {
    const query = queryOf({ state: 'all', scope: 'all', ...wanted, page, per_page: size });
    const path = projectPath(project, `/issues?${query}`);
    const request = { method: 'GET', path, body: null, shape: gitlabIssues } as const;
    const { value, headers } = await askForge(project, request, signal);
    return { items: value, isLast: isLast(headers) };
  });

/** GitLab names the next page in a header, empty on the last one; a proxy may drop it. */
const isLast = (headers: Headers): boolean | null => {
  const next = headers.get('x-next-page');
  return next === null ? null : next === '';
};

/** "7/301": issue and note. */
const noteId = (issue: number, note: number): string => `${issue}/${note}`;
const issueOf = (id: string): number => Number(id.split('/')[0]);
const notePath = (id: string): string => {
  const [issue, note] = id.split('/');
  return `/issues/${Number(issue)}/notes/${Number(note)}`;
};

const asIssue = ({ iid, web_url, description, author, state, created_at, updated_at }: GitlabIssue): ApiIssue => ({
  number: iid,
  url: web_url,
  body: description ?? '',
  author: author?.username ?? null,
  state: state === 'closed' ? 'closed' : 'open',
  createdAt: new Date(created_at).toISOString(),
  updatedAt: new Date(updated_at).toISOString(),
});

const asComment = (issue: number, { id, body, author }: GitlabNote): ApiComment => ({
  id: noteId(issue, id),
  body: body ?? '',
  author: author?.username ?? null,
});

const asRecent = (issue: number, note: GitlabNote): ApiRecentComment => ({
  ...asComment(issue, note),
  ...(note.imported === true ? { author: null } : {}),
  issue,
  authorId: note.author == null ? null : `${note.author.id}`,
  byProgram: PROGRAM.test(note.author?.username ?? ''),
  createdAt: new Date(note.created_at).toISOString(),
  updatedAt: new Date(note.updated_at).toISOString(),
});
