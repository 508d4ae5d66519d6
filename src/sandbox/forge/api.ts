// The part of Gitea's API (v1) that a review needs, answered as Gitea answers it.
import { commentAsJson, issueAsJson, type Place, repositoryAsJson, userAsJson } from './as-json.ts';
import type { Comments } from './comments.ts';
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

/** Whose token it is, and what it may do. */
export interface TokenOwner {
  readonly login: string;
  readonly scopes: 'all' | 'read-issue' | 'write-issue';
}

/** What somebody with the rights to it may do to a repository. */
export type RepositoryState = 'as-made' | 'issues-off' | 'archived' | 'deleted';

export interface Repository extends Place {
  /** By token. */
  readonly tokens: ReadonlyMap<string, TokenOwner>;
  readonly state: () => RepositoryState;
  readonly issues: Issues;
  readonly comments: Comments;
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

const shown = (repository: Repository, issue: SandboxIssue) =>
  issueAsJson(repository, issue, repository.comments.of(issue.number).length);

/** A JSON object of the body, or what Gitea's binding says of it. */
const readBody = (call: Call, needed: string): { readonly [key: string]: unknown } | string => {
  if (!call.contentType.includes('json')) return `[${needed}]: Required`;
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

const createIssue = (repository: Repository, { login }: TokenOwner, call: Call): Answer => {
  const body = readBody(call, 'Title');
  if (typeof body === 'string') return refuse(422, body, repository.origin);
  const wrong = wrongType(body);
  if (wrong !== null) return refuse(422, wrong, repository.origin);
  if (typeof body['title'] !== 'string' || body['title'].trim() === '')
    return refuse(422, '[Title]: Required', repository.origin);
  const text = typeof body['body'] === 'string' ? body['body'] : '';
  return answer(201, shown(repository, repository.issues.open(login, body['title'], text)));
};

const editIssue = (repository: Repository, number: number, call: Call): Answer => {
  const body = readBody(call, 'Title');
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
    : answer(201, shown(repository, edited));
};

const positive = (text: string | null, otherwise: number): number => {
  const number = Number(text);
  return text !== null && Number.isInteger(number) && number > 0 ? number : otherwise;
};

/** The page that the query asks for, with how many there are in all and where the next one is. */
const pageOf = <T>(
  { origin }: Place,
  { query, path }: Call,
  found: readonly T[],
  asJson: (item: T) => unknown,
): Answer => {
  const limit = Math.min(positive(query.get('limit'), DEFAULT_PAGE), LARGEST_PAGE);
  const page = positive(query.get('page'), 1);
  const next = new URLSearchParams(query);
  next.set('page', String(page + 1));
  return answer(200, found.slice((page - 1) * limit, page * limit).map(asJson), {
    'x-total-count': String(found.length),
    ...(page * limit < found.length ? { link: `<${origin}${path}?${next.toString()}>; rel="next"` } : {}),
  });
};

/** NaN where it is no time. */
const sinceOf = ({ query }: Call): number => {
  const asked = query.get('since');
  return asked === null ? 0 : Date.parse(asked);
};

const noTime = ({ query }: Call, origin: string): Answer =>
  refuse(422, `parsing time "${query.get('since')}" as RFC 3339: cannot parse`, origin);

const listIssues = (repository: Repository, call: Call): Answer => {
  const { query } = call;
  const since = sinceOf(call);
  if (Number.isNaN(since)) return noTime(call, repository.origin);
  const named = query.get('state');
  const state = named === 'all' || named === 'closed' ? named : 'open';
  const found = query.get('type') === 'pulls' ? [] : repository.issues.list({ state, since, q: query.get('q') ?? '' });
  const author = query.get('created_by');
  const shownIssues = author === null ? found : found.filter((one) => one.author === author);
  return pageOf(repository, call, shownIssues, (issue) => shown(repository, issue));
};

const listAllComments = (repository: Repository, call: Call): Answer => {
  const since = sinceOf(call);
  if (Number.isNaN(since)) return noTime(call, repository.origin);
  return pageOf(repository, call, repository.comments.since(since), (one) => commentAsJson(repository, one));
};

const createComment = (repository: Repository, { login }: TokenOwner, issue: number, call: Call): Answer => {
  const body = readBody(call, 'Body');
  if (typeof body === 'string') return refuse(422, body, repository.origin);
  const wrong = wrongType(body);
  if (wrong !== null) return refuse(422, wrong, repository.origin);
  if (typeof body['body'] !== 'string' || body['body'] === '')
    return refuse(422, '[Body]: Required', repository.origin);
  // A comment to no issue is Gitea's own error (1.26).
  if (repository.issues.find(issue) === undefined) return refuse(500, '', repository.origin);
  return answer(201, commentAsJson(repository, repository.comments.add(login, issue, body['body'])));
};

const editComment = (repository: Repository, id: number, call: Call): Answer => {
  const body = readBody(call, 'Body');
  if (typeof body === 'string') return refuse(422, body, repository.origin);
  if (typeof body['body'] !== 'string') return refuse(422, '[Body]: Required', repository.origin);
  const edited = repository.comments.edit(id, body['body']);
  return edited === undefined
    ? notFound('comment does not exist', repository.origin)
    : answer(200, commentAsJson(repository, edited));
};

/** What of a repository that is switched off, archived or gone comes before everything else. */
const refusedByState = (repository: Repository, call: Call, rest: string): Answer | null => {
  const { origin, owner, name } = repository;
  switch (repository.state()) {
    case 'deleted':
      return notFound("The target couldn't be found.", origin);
    case 'issues-off':
      return rest.startsWith('/issues') ? notFound('not found', origin) : null;
    case 'archived': {
      const writes = call.method === 'POST' || (call.method === 'PATCH' && rest.includes('/comments/'));
      return writes ? refuse(423, `${owner}/${name} is archived`, origin) : null;
    }
    case 'as-made':
      return null;
  }
};

/** What the token lacks; the repository itself asks for another scope than its issues. */
const refusedByScope = ({ origin }: Repository, { scopes }: TokenOwner, call: Call, rest: string): Answer | null => {
  const needs = rest.startsWith('/issues') ? (call.method === 'GET' ? 'read:issue' : 'write:issue') : 'read:repository';
  const allowed = scopes === 'all' || needs === 'read:issue' || (needs === 'write:issue' && scopes === 'write-issue');
  return allowed
    ? null
    : refuse(403, `token does not have at least one of required scope(s), required=[${needs}]`, origin);
};

/** `N` stands for a number. */
const route = (repository: Repository, token: TokenOwner, call: Call, rest: string): Answer => {
  const { origin, issues, comments } = repository;
  const number = Number(/\d+/.exec(rest)?.[0] ?? 'none');
  const issue = issues.find(number);
  const comment = comments.find(number);
  switch (`${call.method} ${rest.replace(/\/\d+(?=\/|$)/, '/N')}`) {
    case 'GET ':
      return answer(
        200,
        repositoryAsJson(repository, {
          hasIssues: repository.state() !== 'issues-off',
          archived: repository.state() === 'archived',
        }),
      );
    case 'POST /issues':
      return createIssue(repository, token, call);
    case 'GET /issues':
      return listIssues(repository, call);
    case 'GET /issues/N':
      return issue === undefined ? notFound('issue does not exist', origin) : answer(200, shown(repository, issue));
    case 'PATCH /issues/N':
      return editIssue(repository, number, call);
    case 'GET /issues/N/comments':
      return issue === undefined
        ? refuse(500, '', origin)
        : answer(
            200,
            comments.of(number).map((one) => commentAsJson(repository, one)),
          );
    case 'POST /issues/N/comments':
      return createComment(repository, token, number, call);
    case 'GET /issues/comments':
      return listAllComments(repository, call);
    case 'GET /issues/comments/N':
      return comment === undefined
        ? notFound('comment does not exist', origin)
        : answer(200, commentAsJson(repository, comment));
    case 'PATCH /issues/comments/N':
      return editComment(repository, number, call);
    default:
      return refuse(
        501,
        `The sandbox forge does not know ${call.method} ${call.path}: use a real Gitea for it.`,
        origin,
      );
  }
};

/** Answers one call under /api/v1. */
export const answerCall = (repository: Repository, call: Call): Answer => {
  const { origin, tokens, owner, name } = repository;
  if (call.path === '/api/v1/version') return answer(200, { version: '1.27.1+sandbox' });
  if (call.authorization === undefined) return refuse(401, 'token is required', origin);
  const token = tokens.get(call.authorization.replace(/^(?:token|Bearer) /, ''));
  if (token === undefined) return refuse(401, 'invalid username, password or token', origin);
  if (call.path === '/api/v1/user') {
    return token.scopes === 'all'
      ? answer(200, userAsJson(repository, token.login))
      : refuse(403, 'token does not have at least one of required scope(s), required=[read:user]', origin);
  }
  const [, inRepo = '', rest = ''] = /^\/api\/v1\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(call.path) ?? [];
  if (inRepo !== '' && decodeURIComponent(inRepo) !== `${owner}/${name}`)
    return notFound("The target couldn't be found.", origin);
  return (
    refusedByScope(repository, token, call, rest) ??
    refusedByState(repository, call, rest) ??
    route(repository, token, call, rest)
  );
};
