// A GitLab with one project: refuses what GitLab refuses (API v4), and takes its quick actions out of notes before it keeps them
// (lib/gitlab/quick_actions/extractor.rb, app/services/notes/create_service.rb). Shapes are those of its documentation.
import type { SandboxComment } from '../../src/sandbox/forge/comments.ts';
import type { SandboxIssue } from '../../src/sandbox/forge/issues.ts';
import {
  bodyOf,
  type FakeForge,
  type ForgeCall,
  type ForgeReply,
  type ForgeState,
  idOf,
  pageAt,
  startFakeForge,
} from './forge-server.ts';

export const PROJECT = 'sre/reviews';
/** GitLab's limits of a title and of a description, in characters. */
const TITLE_LIMIT = 255;
const BODY_LIMIT = 1_048_576;
/** Written by GitLab itself. */
export const SYSTEM = 'changed the description';
/** In notes that an import brought. */
export const IMPORTED = '<!-- imported -->';

export const startFakeGitlab = (): Promise<FakeForge> => startFakeForge(answer);

const refuse = (status: number, message: unknown): ForgeReply => ({ status, json: { message } });
const missing = (field: string): ForgeReply => ({ status: 400, json: { error: `${field} is missing` } });
const UNKNOWN = /^ *$/;

const answer = (state: ForgeState, call: ForgeCall, origin: string): ForgeReply => {
  const { path, headers } = call;
  const account = state.accounts.get(headers['private-token'] ?? '');
  if (account === undefined) return refuse(401, '401 Unauthorized');
  if (path === '/api/v4/user') return { status: 200, json: userJson(state, origin, account.login) };
  if (path === '/api/v4/personal_access_tokens/self')
    return account.program
      ? refuse(404, '404 Not Found')
      : {
          status: 200,
          json: { id: 1, name: 'gate', scopes: [state.scope === 'read' ? 'read_api' : 'api'], active: true },
        };
  if (path === '/api/v4/users') {
    const name = call.query.get('username') ?? '';
    return { status: 200, json: name === 'nobody' ? [] : [userJson(state, origin, name)] };
  }
  const [, project = '', rest = ''] = /^\/api\/v4\/projects\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (decodeURIComponent(project) !== PROJECT || state.repository === 'gone')
    return refuse(404, '404 Project Not Found');
  if (rest !== '' && state.repository === 'issues-off') return refuse(404, '404 Not Found');
  // Fields are read before rights are looked at (Grape).
  return route(state, call, origin, account.login, rest) ?? refuse(404, '404 Not Found');
};

const mayNot = (state: ForgeState): ForgeReply | null => {
  if (state.scope === 'read')
    return {
      status: 403,
      json: {
        error: 'insufficient_scope',
        error_description: 'The request requires higher privileges than provided by the access token.',
        scope: 'api',
      },
    };
  return state.repository === 'archived' ? refuse(403, '403 Forbidden') : null;
};

const route = (state: ForgeState, call: ForgeCall, origin: string, login: string, rest: string): ForgeReply | null => {
  const { issues, comments } = state;
  const [, iid = 'none', note = 'none'] = /^\/issues\/(\d+)(?:\/notes\/(\d+))?/.exec(rest) ?? [];
  const number = Number(iid);
  const issue = issues.find(number);
  const shown = (one: SandboxIssue) => issueJson(state, origin, one);
  const body = call.method === 'GET' ? null : (bodyOf(call) ?? {});
  switch (`${call.method} ${rest.replace(/\/\d+/g, '/N')}`) {
    case 'GET ':
      return { status: 200, json: projectJson(state, origin) };
    case 'GET /issues': {
      const since = Date.parse(call.query.get('updated_after') ?? '1970-01-01T00:00:00Z');
      if (Number.isNaN(since)) return { status: 400, json: { error: 'updated_after is invalid' } };
      const all = issues.list({ state: 'all', since: 0, q: '' });
      const touched = (one: SandboxIssue): number =>
        Math.max(one.updatedAt, ...comments.of(one.number).map(({ updatedAt }) => updatedAt));
      const author = call.query.get('author_username');
      const found = all.filter((one) => touched(one) >= since && (author === null || one.author === author));
      const by = call.query.get('order_by') === 'updated_at' ? touched : (one: SandboxIssue) => one.number;
      const sign = call.query.get('sort') === 'asc' ? 1 : -1;
      const page = pageAt(
        found.toSorted((a, b) => sign * (by(a) - by(b))),
        call,
        100,
      );
      return { status: 200, headers: pages(page.page, page.next), json: page.rows.map(shown) };
    }
    case 'POST /issues': {
      const { title, description = '' } = body ?? {};
      if (title === undefined) return missing('title');
      if (typeof title !== 'string' || typeof description !== 'string') return missing('title');
      const refused = mayNot(state);
      if (refused !== null) return refused;
      if (UNKNOWN.test(title)) return { status: 422, json: { message: { title: ["can't be blank"] } } };
      if (title.length > TITLE_LIMIT || description.length > BODY_LIMIT)
        return { status: 400, json: { message: { title: ['is too long (maximum is 255 characters)'] } } };
      return { status: 201, json: shown(issues.open(login, title, withoutActions(description))) };
    }
    case 'GET /issues/N':
      return issue === undefined ? null : { status: 200, json: shown(issue) };
    case 'PUT /issues/N': {
      if (issue === undefined) return null;
      return mayNot(state) ?? editIssue(state, issue, body ?? {}, origin);
    }
    case 'GET /issues/N/notes': {
      if (issue === undefined) return null;
      const by = call.query.get('order_by') === 'updated_at' ? 'updatedAt' : 'createdAt';
      const sign = call.query.get('sort') === 'asc' ? 1 : -1;
      const rows = comments.of(number).toSorted((a, b) => sign * (a[by] - b[by] || a.id - b.id));
      const page = pageAt(rows, call, 100);
      const json = page.rows.map((one) => noteJson(state, origin, one));
      return { status: 200, headers: pages(page.page, page.next), json };
    }
    case 'POST /issues/N/notes': {
      const text = body?.['body'];
      if (typeof text !== 'string') return missing('body');
      if (issue === undefined) return null;
      return mayNot(state) ?? addNote(state, origin, login, number, text);
    }
    case 'GET /issues/N/notes/N':
    case 'PUT /issues/N/notes/N': {
      const found = comments.find(Number(note));
      if (found === undefined || found.issue !== number) return null;
      if (call.method === 'GET') return { status: 200, json: noteJson(state, origin, found) };
      const text = body?.['body'];
      if (typeof text !== 'string' || text === '') return missing('body');
      return mayNot(state) ?? { status: 200, json: noteJson(state, origin, comments.edit(found.id, text) ?? found) };
    }
    default:
      return null;
  }
};

const editIssue = (
  state: ForgeState,
  issue: SandboxIssue,
  body: { readonly [key: string]: unknown },
  origin: string,
): ForgeReply => {
  const { state_event: event, add_labels: labels, assignee_ids: assignees, description } = body;
  const known = ['state_event', 'add_labels', 'assignee_ids', 'description'].filter((key) => body[key] !== undefined);
  if (known.length === 0 || known.length !== Object.keys(body).length)
    return {
      status: 400,
      json: {
        error:
          'state_event, add_labels, assignee_ids, description are missing, at least one parameter must be provided',
      },
    };
  if (event !== undefined && event !== 'close' && event !== 'reopen')
    return { status: 400, json: { error: 'state_event does not have a valid value' } };
  if (description !== undefined && (typeof description !== 'string' || description.length > BODY_LIMIT))
    return { status: 400, json: { error: 'description is invalid' } };
  if (description !== undefined) state.issues.edit(issue.number, { body: withoutActions(description) });
  if (event !== undefined) state.issues.edit(issue.number, { state: event === 'close' ? 'closed' : 'open' });
  const kept = state.decorations.get(issue.number) ?? { labels: [], assignees: [] };
  if (typeof labels === 'string') kept.labels.push(...labels.split(','));
  if (Array.isArray(assignees)) kept.assignees.push(...assignees.map(String));
  state.decorations.set(issue.number, kept);
  return { status: 200, json: issueJson(state, origin, state.issues.find(issue.number) ?? issue) };
};

/** Quick actions of issues and of merge requests: all names are taken out, whether or not they fit here. */
const ACTIONS =
  /^\/(?:approve|unapprove|close|reopen|label|assign|done|todo|merge|title|due|lock|shrug|submit_review)(?: [^\n]*)?(?:\s*\n|$)/gim;
const withoutActions = (text: string): string => text.replaceAll('\r', '').replace(ACTIONS, '').trimEnd();

/** What the person writes on the page, which does as the API: kept without its quick actions, and not at all where nothing else is there. */
export const writeNote = (state: ForgeState, login: string, issue: number, text: string): SandboxComment | null => {
  const content = withoutActions(text);
  return content === '' ? null : state.comments.add(login, issue, content);
};

const addNote = (state: ForgeState, origin: string, login: string, issue: number, text: string): ForgeReply => {
  if (text.length > BODY_LIMIT) return refuse(400, 'Note is too long');
  if (text === '') return { status: 400, json: { error: 'body is empty' } };
  const note = writeNote(state, login, issue, text);
  return note === null
    ? { status: 202, json: { commands_changes: {}, summary: ['Could not apply approve command.'] } }
    : { status: 201, json: noteJson(state, origin, note) };
};

const pages = (page: number, next: number | null): Readonly<Record<string, string>> => ({
  'x-page': `${page}`,
  'x-next-page': next === null ? '' : `${next}`,
});

const time = (at: number): string => new Date(at).toISOString();

const userJson = (state: ForgeState, origin: string, login: string) => ({
  id: idOf(login),
  username: login,
  name: login,
  state: 'active',
  locked: false,
  bot: state.programs.has(login),
  avatar_url: null,
  web_url: `${origin}/${login}`,
});

const issueJson = (state: ForgeState, origin: string, issue: SandboxIssue) => ({
  id: 8000 + issue.number,
  iid: issue.number,
  project_id: 5,
  title: issue.title,
  description: issue.body === '' ? null : issue.body,
  state: issue.state === 'open' ? 'opened' : 'closed',
  created_at: time(issue.createdAt),
  updated_at: time(issue.updatedAt),
  closed_at: issue.state === 'closed' ? time(issue.updatedAt) : null,
  closed_by: null,
  labels: state.decorations.get(issue.number)?.labels ?? [],
  milestone: null,
  assignees: [],
  author: userJson(state, origin, issue.author),
  type: 'ISSUE',
  issue_type: 'issue',
  confidential: false,
  web_url: `${origin}/${PROJECT}/-/issues/${issue.number}`,
  user_notes_count: state.comments.of(issue.number).length,
});

/** Notes show milliseconds. */
const noteJson = (state: ForgeState, origin: string, note: SandboxComment) => ({
  id: note.id,
  type: null,
  body: note.body,
  author: userJson(state, origin, note.author),
  created_at: time(note.createdAt),
  updated_at: time(note.updatedAt),
  system: note.body === SYSTEM,
  noteable_id: 8000 + note.issue,
  noteable_type: 'Issue',
  noteable_iid: note.issue,
  project_id: 5,
  resolvable: false,
  confidential: false,
  internal: false,
  imported: note.body.includes(IMPORTED),
});

const projectJson = (state: ForgeState, origin: string) => ({
  id: 5,
  path_with_namespace: PROJECT,
  name: 'reviews',
  web_url: `${origin}/${PROJECT}`,
  archived: state.repository === 'archived',
  issues_access_level: state.repository === 'issues-off' ? 'disabled' : 'enabled',
  permissions: { project_access: { access_level: 20, notification_level: 3 }, group_access: null },
});
