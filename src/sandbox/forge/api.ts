// The part of Gitea's API (v1) that a review needs, answered as Gitea answers it.
import type { Issues, SandboxIssue } from './issues.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly contentType: string;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
}

export interface Repository {
  readonly origin: string;
  readonly token: string;
  readonly login: string;
  readonly owner: string;
  readonly name: string;
  readonly issues: Issues;
}

const DEFAULT_PAGE = 30;
const LARGEST_PAGE = 50;

const answer = (status: number, json: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  json,
});
const refuse = (status: number, message: string, origin: string): Answer =>
  answer(status, { message, url: `${origin}/api/swagger` });

const notFound = (message: string, origin: string): Answer =>
  answer(404, { errors: [], message, url: `${origin}/api/swagger` });

const rfc3339 = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

const userAsJson = ({ origin }: Repository, login: string) => ({
  id: 1,
  login,
  login_name: '',
  source_id: 0,
  full_name: '',
  email: `${login}@noreply.localhost`,
  avatar_url: '',
  html_url: `${origin}/${login}`,
  language: '',
  is_admin: false,
  last_login: rfc3339(0),
  created: rfc3339(0),
  restricted: false,
  active: true,
  prohibit_login: false,
  location: '',
  website: '',
  description: '',
  visibility: 'public',
  followers_count: 0,
  following_count: 0,
  starred_repos_count: 0,
});

const issueAsJson = (repository: Repository, issue: SandboxIssue) => {
  const { origin, owner, name } = repository;
  return {
    id: issue.number,
    url: `${origin}/api/v1/repos/${owner}/${name}/issues/${issue.number}`,
    html_url: `${origin}/${owner}/${name}/issues/${issue.number}`,
    number: issue.number,
    user: userAsJson(repository, issue.author),
    original_author: '',
    original_author_id: 0,
    title: issue.title,
    body: issue.body,
    content_version: issue.version,
    ref: '',
    assets: [],
    labels: [],
    milestone: null,
    assignee: null,
    assignees: null,
    state: issue.state,
    is_locked: false,
    comments: 0,
    created_at: rfc3339(issue.createdAt),
    updated_at: rfc3339(issue.updatedAt),
    closed_at: issue.state === 'closed' ? rfc3339(issue.updatedAt) : null,
    due_date: null,
    time_estimate: 0,
    pull_request: null,
    repository: { id: 1, name, owner, full_name: `${owner}/${name}` },
    pin_order: 0,
  };
};

/** A JSON object of the body, or what Gitea's binding says of it. */
const readBody = (call: Call): { readonly [key: string]: unknown } | string => {
  if (!call.contentType.includes('json')) return '[Title]: Required';
  try {
    const value: unknown = JSON.parse(call.body);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return '[]: json: cannot unmarshal into an object';
    return { ...value };
  } catch {
    return '[]: invalid character in JSON';
  }
};

const wrongType = (body: { readonly [key: string]: unknown }): string | null => {
  for (const key of ['title', 'body', 'state', 'ref']) {
    if (body[key] !== undefined && body[key] !== null && typeof body[key] !== 'string')
      return `[]: json: cannot unmarshal into field ${key} of type string`;
  }
  const { labels } = body;
  const isList = Array.isArray(labels) && labels.every((label) => Number.isInteger(label));
  if (labels !== undefined && labels !== null && !isList)
    return '[]: json: cannot unmarshal into field labels of type int64';
  return null;
};

const createIssue = (repository: Repository, call: Call): Answer => {
  const body = readBody(call);
  if (typeof body === 'string') return refuse(422, body, repository.origin);
  const wrong = wrongType(body);
  if (wrong !== null) return refuse(422, wrong, repository.origin);
  if (typeof body['title'] !== 'string' || body['title'].trim() === '')
    return refuse(422, '[Title]: Required', repository.origin);
  const text = typeof body['body'] === 'string' ? body['body'] : '';
  return answer(201, issueAsJson(repository, repository.issues.open(repository.login, body['title'], text)));
};

const editIssue = (repository: Repository, number: number, call: Call): Answer => {
  const body = readBody(call);
  if (typeof body === 'string') return refuse(422, body, repository.origin);
  const wrong = wrongType(body);
  if (wrong !== null) return refuse(422, wrong, repository.origin);
  const { title, body: text, state } = body;
  const edited = repository.issues.edit(number, {
    ...(typeof title === 'string' && title !== '' ? { title } : {}),
    ...(typeof text === 'string' ? { body: text } : {}),
    ...(state === 'open' || state === 'closed' ? { state } : {}),
  });
  return edited === undefined
    ? notFound('issue does not exist', repository.origin)
    : answer(201, issueAsJson(repository, edited));
};

const positive = (text: string | null, otherwise: number): number => {
  const number = Number(text);
  return text !== null && Number.isInteger(number) && number > 0 ? number : otherwise;
};

const listIssues = (repository: Repository, { query, path }: Call): Answer => {
  const asked = query.get('since');
  const since = asked === null ? 0 : Date.parse(asked);
  if (Number.isNaN(since)) return refuse(422, `parsing time "${asked}" as RFC 3339: cannot parse`, repository.origin);
  const named = query.get('state');
  const state = named === 'all' || named === 'closed' ? named : 'open';
  const found = query.get('type') === 'pulls' ? [] : repository.issues.list({ state, since, q: query.get('q') ?? '' });
  const limit = Math.min(positive(query.get('limit'), DEFAULT_PAGE), LARGEST_PAGE);
  const page = positive(query.get('page'), 1);
  const next = new URLSearchParams(query);
  next.set('page', String(page + 1));
  return answer(
    200,
    found.slice((page - 1) * limit, page * limit).map((issue) => issueAsJson(repository, issue)),
    {
      'x-total-count': String(found.length),
      ...(page * limit < found.length ? { link: `<${repository.origin}${path}?${next.toString()}>; rel="next"` } : {}),
    },
  );
};

/** Answers one call under /api/v1. */
export const answerCall = (repository: Repository, call: Call): Answer => {
  const { origin, token, login, owner, name, issues } = repository;
  if (call.path === '/api/v1/version') return answer(200, { version: '1.27.1+sandbox' });
  if (call.authorization === undefined) return refuse(401, 'token is required', origin);
  if (call.authorization !== `token ${token}` && call.authorization !== `Bearer ${token}`)
    return refuse(401, 'invalid username, password or token', origin);
  if (call.path === '/api/v1/user') return answer(200, userAsJson(repository, login));
  const [, inRepo, rest] = /^\/api\/v1\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(call.path) ?? [];
  if (inRepo !== undefined && decodeURIComponent(inRepo) !== `${owner}/${name}`)
    return notFound("The target couldn't be found.", origin);
  const number = Number(/^\/issues\/(\d+)$/.exec(rest ?? '')?.[1] ?? 'none');
  switch (`${call.method} ${Number.isNaN(number) ? (rest ?? '') : '/issues/N'}`) {
    case 'POST /issues':
      return createIssue(repository, call);
    case 'GET /issues':
      return listIssues(repository, call);
    case 'GET /issues/N': {
      const issue = issues.find(number);
      return issue === undefined
        ? notFound('issue does not exist', origin)
        : answer(200, issueAsJson(repository, issue));
    }
    case 'PATCH /issues/N':
      return editIssue(repository, number, call);
    default:
      return refuse(
        501,
        `The sandbox forge does not know ${call.method} ${call.path}: use a real Gitea for it.`,
        origin,
      );
  }
};
