// A GitHub with one repository: refuses what GitHub refuses (REST API 2022-11-28, and its documentation of limits).
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
  seconds,
  startFakeForge,
} from './forge-server.ts';

export const OWNER = 'sre';
export const REPO = 'reviews';
/** GitHub's limit of a body, in characters. */
const BODY_LIMIT = 65_536;
const TITLE_LIMIT = 256;

/** Comments that an app wrote in the name of a person. */
export const BY_APP = '<!-- by an app -->';

export const startFakeGithub = (): Promise<FakeForge> => startFakeForge(answer);

const docs = 'https://docs.github.com/rest';
const refuse = (status: number, message: string, headers: Readonly<Record<string, string>> = {}): ForgeReply => ({
  status,
  headers,
  json: { message, documentation_url: docs, status: `${status}` },
});
const invalid = (resource: string, field: string): ForgeReply => ({
  status: 422,
  json: { message: 'Validation Failed', errors: [{ resource, code: 'missing_field', field }], documentation_url: docs },
});

const answer = (state: ForgeState, call: ForgeCall, origin: string): ForgeReply => {
  const { method, path, headers } = call;
  if (headers['user-agent'] === undefined || headers['user-agent'] === '')
    return refuse(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
    );
  if (headers['x-github-api-version'] !== '2022-11-28' || !(headers['accept'] ?? '').includes('github'))
    return refuse(400, 'Unsupported api version');
  const account = state.accounts.get((headers['authorization'] ?? '').replace(/^(?:Bearer|token) /, ''));
  if (account === undefined)
    return refuse(401, headers['authorization'] === undefined ? 'Requires authentication' : 'Bad credentials');
  if (path === '/user')
    return account.program
      ? refuse(403, 'Resource not accessible by integration')
      : { status: 200, json: userJson(state, origin, account.login) };
  const [, owner, name, rest = ''] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (owner !== OWNER || name !== REPO || state.repository === 'gone') return refuse(404, 'Not Found');
  if (rest !== '' && state.repository === 'issues-off') return refuse(410, 'Issues are disabled for this repo');
  if (method !== 'GET' && state.scope === 'read')
    return refuse(403, 'Resource not accessible by personal access token');
  if (method !== 'GET' && state.repository === 'archived')
    return refuse(403, 'Repository was archived so is read-only.');
  return route(state, call, origin, account.login, rest);
};

const route = (state: ForgeState, call: ForgeCall, origin: string, login: string, rest: string): ForgeReply => {
  const { issues, comments } = state;
  const number = Number(/\d+/.exec(rest)?.[0] ?? 'none');
  const issue = issues.find(number);
  const shown = (one: SandboxIssue) => issueJson(state, origin, one);
  const body = call.method === 'GET' ? null : bodyOf(call);
  if (call.method !== 'GET' && body === null) return refuse(400, 'Problems parsing JSON');
  switch (`${call.method} ${rest.replace(/\/\d+(?=\/|$)/, '/N')}`) {
    case 'GET ':
      return { status: 200, json: repositoryJson(state, origin) };
    case 'GET /issues': {
      const since = sinceOf(call);
      if (since === null) return invalid('Issue', 'since');
      const open = call.query.get('state') ?? 'open';
      const found = issues.list({ state: open === 'all' || open === 'closed' ? open : 'open', since, q: '' });
      const creator = call.query.get('creator');
      const shownIssues = creator === null ? found : found.filter(({ author }) => author === creator);
      // Lists of issues hold pull requests too.
      const pull = call.query.get('page') === '1' ? [{ ...pullJson(state, origin) }] : [];
      const page = pageAt(shownIssues, call, 100);
      return { status: 200, headers: linkOf(call, origin, page.next), json: [...pull, ...page.rows.map(shown)] };
    }
    case 'POST /issues': {
      const title = body?.['title'];
      if (typeof title !== 'string' || title.trim() === '') return invalid('Issue', 'title');
      const text = body?.['body'] ?? '';
      if (typeof text !== 'string' || text.length > BODY_LIMIT || title.length > TITLE_LIMIT)
        return invalid('Issue', 'body');
      return { status: 201, json: shown(issues.open(login, title, text)) };
    }
    case 'GET /issues/N':
      return issue === undefined ? refuse(404, 'Not Found') : { status: 200, json: shown(issue) };
    case 'PATCH /issues/N': {
      if (issue === undefined) return refuse(404, 'Not Found');
      const state = body?.['state'];
      if (state !== undefined && state !== 'open' && state !== 'closed') return invalid('Issue', 'state');
      const text = body?.['body'];
      if (text !== undefined && (typeof text !== 'string' || text.length > BODY_LIMIT)) return invalid('Issue', 'body');
      const edited = issues.edit(number, {
        ...(state === undefined ? {} : { state }),
        ...(text === undefined ? {} : { body: text }),
      });
      return { status: 200, json: shown(edited ?? issue) };
    }
    case 'POST /issues/N/labels':
      return decorate(state, number, 'labels', body?.['labels'], origin);
    case 'POST /issues/N/assignees':
      return decorate(state, number, 'assignees', body?.['assignees'], origin);
    case 'GET /issues/N/comments': {
      if (issue === undefined) return refuse(404, 'Not Found');
      const page = pageAt(comments.of(number), call, 100);
      const json = page.rows.map((one) => commentJson(state, origin, one));
      return { status: 200, headers: linkOf(call, origin, page.next), json };
    }
    case 'POST /issues/N/comments': {
      if (issue === undefined) return refuse(404, 'Not Found');
      const text = body?.['body'];
      if (typeof text !== 'string' || text === '' || text.length > BODY_LIMIT) return invalid('IssueComment', 'body');
      return { status: 201, json: commentJson(state, origin, comments.add(login, number, text)) };
    }
    case 'GET /issues/comments': {
      const since = sinceOf(call);
      if (since === null) return invalid('IssueComment', 'since');
      const { sort, direction } = Object.fromEntries(call.query);
      const found = comments.since(since).toSorted((a, b) => a.updatedAt - b.updatedAt || a.id - b.id);
      // Without a sort GitHub ignores the direction.
      const rows = sort === undefined || direction === 'asc' ? found : found.toReversed();
      const page = pageAt(rows, call, 100);
      const json = page.rows.map((one) => commentJson(state, origin, one));
      return { status: 200, headers: linkOf(call, origin, page.next), json };
    }
    case 'GET /issues/comments/N': {
      const comment = comments.find(number);
      return comment === undefined
        ? refuse(404, 'Not Found')
        : { status: 200, json: commentJson(state, origin, comment) };
    }
    case 'PATCH /issues/comments/N': {
      const text = body?.['body'];
      if (typeof text !== 'string' || text === '' || text.length > BODY_LIMIT) return invalid('IssueComment', 'body');
      const edited = comments.edit(number, text);
      return edited === undefined
        ? refuse(404, 'Not Found')
        : { status: 200, json: commentJson(state, origin, edited) };
    }
    default:
      return refuse(404, 'Not Found');
  }
};

/** NaN is no time. */
const sinceOf = ({ query }: ForgeCall): number | null => {
  const at = Date.parse(query.get('since') ?? '1970-01-01T00:00:00Z');
  return Number.isNaN(at) ? null : at;
};

const linkOf = ({ path, query }: ForgeCall, origin: string, next: number | null): Readonly<Record<string, string>> => {
  const limits = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4990', 'x-ratelimit-reset': '1790000000' };
  if (next === null) return limits;
  const there = new URLSearchParams(query);
  there.set('page', `${next}`);
  return {
    ...limits,
    link: `<${origin}${path}?${there.toString()}>; rel="next", <${origin}${path}?page=99>; rel="last"`,
  };
};

const decorate = (
  state: ForgeState,
  number: number,
  what: 'labels' | 'assignees',
  names: unknown,
  origin: string,
): ForgeReply => {
  const issue = state.issues.find(number);
  if (issue === undefined) return refuse(404, 'Not Found');
  if (!Array.isArray(names)) return invalid('Issue', what);
  if (what === 'assignees' && names.includes('nobody')) return invalid('Issue', 'assignees');
  const kept = state.decorations.get(number) ?? { labels: [], assignees: [] };
  kept[what].push(...names.map(String));
  state.decorations.set(number, kept);
  if (what === 'assignees') return { status: 201, json: issueJson(state, origin, issue) };
  const json = kept.labels.map((name) => ({
    id: idOf(name),
    node_id: 'x',
    url: `${origin}/l`,
    name,
    color: 'ededed',
    default: false,
    description: null,
  }));
  return { status: 200, json };
};

const addresses = (base: string, names: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.split(' ').map((name) => [`${name}_url`, `${base}/${name}`]));

const USER_PLACES = 'avatar followers following gists starred subscriptions organizations repos events received_events';
const userJson = (state: ForgeState, origin: string, login: string) => ({
  login,
  id: idOf(login),
  node_id: `U_${login}`,
  gravatar_id: '',
  url: `${origin}/users/${login}`,
  html_url: `${origin}/${login}`,
  ...addresses(`${origin}/users/${login}`, USER_PLACES),
  type: state.programs.has(login) ? 'Bot' : 'User',
  site_admin: false,
  name: null,
  company: null,
  blog: null,
  location: null,
  email: null,
  hireable: null,
  bio: null,
  public_repos: 0,
  public_gists: 0,
  followers: 0,
  following: 0,
  created_at: seconds(0),
  updated_at: seconds(0),
});

const ownerJson = (state: ForgeState, origin: string, login: string) => {
  const {
    name,
    email,
    login: own,
    id,
    node_id,
    gravatar_id,
    url,
    html_url,
    type,
    site_admin,
  } = userJson(state, origin, login);
  return {
    name,
    email,
    login: own,
    id,
    node_id,
    gravatar_id,
    url,
    html_url,
    type,
    site_admin,
    ...addresses(url, USER_PLACES),
  };
};

const issueJson = (state: ForgeState, origin: string, issue: SandboxIssue) => {
  const base = `${origin}/repos/${OWNER}/${REPO}`;
  const url = `${base}/issues/${issue.number}`;
  return {
    id: 1000 + issue.number,
    node_id: `I_${issue.number}`,
    url,
    repository_url: base,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${origin}/${OWNER}/${REPO}/issues/${issue.number}`,
    number: issue.number,
    state: issue.state,
    state_reason: issue.state === 'closed' ? 'completed' : null,
    title: issue.title,
    body: issue.body === '' ? null : issue.body,
    user: state.deleted.has(issue.author) ? null : ownerJson(state, origin, issue.author),
    labels: [],
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: state.comments.of(issue.number).length,
    closed_at: issue.state === 'closed' ? seconds(issue.updatedAt) : null,
    created_at: seconds(issue.createdAt),
    updated_at: seconds(issue.updatedAt),
    author_association: 'COLLABORATOR',
  };
};

/** With our marker's beginning in it: a list that takes pull requests for issues would be told of it. */
const pullJson = (state: ForgeState, origin: string) => {
  const issue = {
    number: 99_000,
    author: 'mallory',
    title: 'a pull request',
    body: '<!-- blastgate-review',
    version: 0,
  };
  const json = issueJson(state, origin, { ...issue, state: 'open', createdAt: 0, updatedAt: Date.now() });
  const url = `${origin}/repos/${OWNER}/${REPO}/pulls/99000`;
  return { ...json, pull_request: { url, html_url: url, diff_url: url, patch_url: url } };
};

const commentJson = (state: ForgeState, origin: string, comment: SandboxComment) => {
  const base = `${origin}/repos/${OWNER}/${REPO}/issues`;
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${base}/comments/${comment.id}`,
    html_url: `${origin}/${OWNER}/${REPO}/issues/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${base}/${comment.issue}`,
    body: comment.body,
    user: ownerJson(state, origin, comment.author),
    created_at: seconds(comment.createdAt),
    updated_at: seconds(comment.updatedAt),
    author_association: 'MEMBER',
    performed_via_github_app: comment.body.includes(BY_APP) ? APP : null,
  };
};

const APP = {
  id: 7,
  node_id: 'A_7',
  owner: { login: 'acme' },
  name: 'helper',
  description: null,
  external_url: 'https://acme.example',
  html_url: 'https://github.com/apps/helper',
  created_at: seconds(0),
  updated_at: seconds(0),
  permissions: {},
  events: [],
};

const REPO_PLACES =
  'archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees clone git ssh svn';
const repositoryJson = (state: ForgeState, origin: string) => {
  const url = `${origin}/repos/${OWNER}/${REPO}`;
  return {
    ...addresses(url, REPO_PLACES),
    id: 5,
    node_id: 'R_5',
    name: REPO,
    full_name: `${OWNER}/${REPO}`,
    owner: ownerJson(state, origin, OWNER),
    private: true,
    html_url: `${origin}/${OWNER}/${REPO}`,
    description: null,
    fork: false,
    url,
    mirror_url: null,
    homepage: null,
    language: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    network_count: 0,
    subscribers_count: 0,
    size: 0,
    default_branch: 'main',
    open_issues: 0,
    open_issues_count: 0,
    has_issues: state.repository !== 'issues-off',
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    archived: state.repository === 'archived',
    disabled: false,
    license: null,
    pushed_at: seconds(0),
    created_at: seconds(0),
    updated_at: seconds(0),
  };
};
