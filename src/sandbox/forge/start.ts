// Starts the sandbox forge on loopback: a small Gitea for the demo and fast tests.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerCall, type Call, type Repository, type RepositoryState, type TokenOwner } from './api.ts';
import { Comments, type SandboxComment } from './comments.ts';
import { misbehave, type PlannedFault } from './faults.ts';
import { Issues, type SandboxIssue } from './issues.ts';
import { issueList, issuePage } from './page.ts';

export interface SandboxForgeOptions {
  /** A free one when left out. */
  readonly port?: number;
  readonly token?: string;
  readonly scopes?: TokenOwner['scopes'];
  /** People with tokens of their own, by login. */
  readonly people?: Readonly<Record<string, string>>;
  readonly owner?: string;
  readonly repo?: string;
}

/** One exchange as it went over the wire; `status` 0 when no answer was given. */
interface ForgeExchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly status: number;
  readonly answer: unknown;
}

export interface SandboxForge {
  /** What GITEA_API_URL is set to; ends in /api/v1. */
  readonly apiUrl: string;
  /** For people: the list of issues. */
  readonly webUrl: string;
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  issues(): readonly SandboxIssue[];
  /** Puts an issue there as another user. */
  openIssueAs(author: string, title: string, body: string): SandboxIssue;
  /** Whoever may edits its text: the author stays. */
  editIssue(number: number, body: string): void;
  /** Of one issue, oldest first. */
  comments(issue: number): readonly SandboxComment[];
  commentAs(author: string, issue: number, body: string): SandboxComment;
  /** Somebody edits it, a second after it was last changed. */
  editComment(id: number, body: string): void;
  /** As somebody with the rights to it does; a repository that is deleted is empty when it is made again. */
  setState(state: RepositoryState): void;
  exchanges(): readonly ForgeExchange[];
  plan(fault: PlannedFault): void;
  close(): Promise<void>;
}

const BODY_LIMIT = 16 * 1024 * 1024;

const readText = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > BODY_LIMIT) throw new Error('body too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const showPage = (repository: Repository, path: string, response: ServerResponse): void => {
  const home = `${repository.owner}/${repository.name}`;
  const number = new RegExp(`^/${home}/issues/(\\d+)$`).exec(path)?.[1];
  const issue = repository.issues.find(Number(number ?? '0'));
  const isList = path === '/' || path === `/${home}` || path === `/${home}/issues`;
  const found = issue !== undefined || isList;
  response.writeHead(found ? 200 : 404, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  });
  response.end(
    issue !== undefined
      ? issuePage(home, issue, repository.comments.of(issue.number))
      : isList
        ? issueList(home, repository.issues.all())
        : 'Not found',
  );
};

/** Which fault of a plan a request could meet; null where none. */
const faultPoint = (method: string, path: string): PlannedFault['on'] | null => {
  const rest = /^\/api\/v1\/repos\/[^/]+\/[^/]+(\/.*)?$/.exec(path)?.[1]?.replace(/\/\d+(?=\/|$)/, '/N') ?? '';
  const points: { readonly [call: string]: PlannedFault['on'] } = {
    'GET ': 'repository',
    'POST /issues': 'create',
    'GET /issues': 'list',
    'GET /issues/N': 'read-issue',
    'PATCH /issues/N': 'close',
    'POST /issues/N/comments': 'comment',
    'PATCH /issues/comments/N': 'edit-comment',
    'GET /issues/N/comments': 'comments',
    'GET /issues/comments': 'comments',
  };
  return path.startsWith('/api/v1/repos/') ? (points[`${method} ${rest}`] ?? null) : null;
};

/** Starts it and answers when it listens. Ends by itself with the process: it holds nothing on disk. */
export const startSandboxForge = async (options: SandboxForgeOptions = {}): Promise<SandboxForge> => {
  const owner = options.owner ?? 'sre';
  const repo = options.repo ?? 'reviews';
  const token = options.token ?? 'sandbox-forge-token';
  const issues = new Issues();
  const comments = new Comments();
  let state: RepositoryState = 'as-made';
  const exchanges: ForgeExchange[] = [];
  const planned: { -readonly [K in keyof PlannedFault]: PlannedFault[K] }[] = [];
  const tokens = new Map<string, TokenOwner>([
    [token, { login: 'blastgate', scopes: options.scopes ?? 'all' }],
    ...Object.entries(options.people ?? {}).map(([login, own]): [string, TokenOwner] => [
      own,
      { login, scopes: 'all' },
    ]),
  ]);
  let repository: Repository = { origin: '', tokens, owner, name: repo, issues, comments, state: () => state };

  const nextFault = (method: string, path: string) => {
    const on = faultPoint(method, path);
    const plan = planned.find((candidate) => candidate.on === on && candidate.times > 0);
    if (plan === undefined) return null;
    plan.times -= 1;
    return plan.fault;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', repository.origin);
    const method = request.method ?? 'GET';
    if (!url.pathname.startsWith('/api/v1')) {
      showPage(repository, url.pathname, response);
      return;
    }
    const call: Call = {
      method,
      path: url.pathname,
      query: url.searchParams,
      authorization: request.headers.authorization,
      contentType: request.headers['content-type'] ?? '',
      body: await readText(request),
    };
    const seen = {
      method,
      url: url.href,
      headers: {
        authorization: call.authorization,
        accept: request.headers.accept,
        'content-type': request.headers['content-type'],
      },
      body: call.body,
    };
    const fault = nextFault(method, url.pathname);
    if (fault !== null) {
      exchanges.push({ ...seen, status: fault.how === 'status' ? fault.status : 0, answer: null });
      misbehave(fault, request, response, () => answerCall(repository, call));
      return;
    }
    const { status, headers, json } = answerCall(repository, call);
    exchanges.push({ ...seen, status, answer: json });
    response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers });
    response.end(JSON.stringify(json));
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  repository = { ...repository, origin: `http://127.0.0.1:${port}` };
  return {
    apiUrl: `${repository.origin}/api/v1`,
    webUrl: `${repository.origin}/${owner}/${repo}/issues`,
    token,
    owner,
    repo,
    issues: () => issues.all(),
    openIssueAs: (author, title, body) => issues.open(author, title, body),
    editIssue: (number, body) => void issues.edit(number, { body }),
    comments: (issue) => comments.of(issue),
    commentAs: (author, issue, body) => comments.add(author, issue, body),
    editComment: (id, body) => void comments.edit(id, body, (comments.find(id)?.updatedAt ?? 0) + 1000),
    setState: (next) => {
      state = next;
      if (next !== 'deleted') return;
      issues.clear();
      comments.clear();
    },
    exchanges: () => [...exchanges],
    plan: (fault) => {
      planned.push({ ...fault });
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
};
