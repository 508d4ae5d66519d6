// A stateful forge on loopback for tests: keeps issues and comments, records every exchange, and fails as planned.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Comments } from '../../src/sandbox/forge/comments.ts';
import { Issues } from '../../src/sandbox/forge/issues.ts';

/** One request as it came. */
export interface ForgeCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface ForgeReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json: unknown;
}

export interface ForgeExchange {
  readonly method: string;
  readonly url: string;
  readonly headers: ForgeCall['headers'];
  readonly body: string;
  readonly status: number;
  readonly answer: unknown;
}

/** What of the repository, and of whose token. */
export interface ForgeState {
  readonly issues: Issues;
  readonly comments: Comments;
  /** Account by token; `program`: not a person's. */
  readonly accounts: Map<string, { readonly login: string; readonly program: boolean }>;
  /** Logins of programs and apps. */
  readonly programs: Set<string>;
  /** Logins whose accounts were deleted. */
  readonly deleted: Set<string>;
  repository: 'as-made' | 'issues-off' | 'archived' | 'gone';
  /** What the gate's token may do. */
  scope: 'write' | 'read';
  readonly decorations: Map<number, { labels: string[]; assignees: string[] }>;
}

export interface FakeForge {
  readonly origin: string;
  readonly token: string;
  readonly state: ForgeState;
  exchanges(): readonly ForgeExchange[];
  /** The next request that `on` fits is answered so, and not carried out. */
  plan(on: RegExp, reply: ForgeReply): void;
  close(): Promise<void>;
}

export const TOKEN = 'fake-forge-token';

/** Serves what `answer` says until it is closed. */
export async function startFakeForge(
  answer: (state: ForgeState, call: ForgeCall, origin: string) => ForgeReply,
): Promise<FakeForge> {
  const exchanges: ForgeExchange[] = [];
  const planned: { readonly on: RegExp; readonly reply: ForgeReply }[] = [];
  const state: ForgeState = {
    issues: new Issues(),
    comments: new Comments(),
    accounts: new Map([[TOKEN, { login: 'blastgate', program: false }]]),
    programs: new Set(),
    deleted: new Set(),
    repository: 'as-made',
    scope: 'write',
    decorations: new Map(),
  };
  let origin = '';
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', origin);
      const call: ForgeCall = {
        method: request.method ?? 'GET',
        path: decodeURI(url.pathname),
        query: url.searchParams,
        headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
        body: await textOf(request),
      };
      const at = planned.findIndex(({ on }) => on.test(`${call.method} ${url.pathname}`));
      const [fault] = at < 0 ? [] : planned.splice(at, 1);
      const { status, headers = {}, json } = fault?.reply ?? answer(state, call, origin);
      const { method, body } = call;
      exchanges.push({ method, url: url.href, headers: call.headers, body, status, answer: json });
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(json === undefined ? '' : JSON.stringify(json));
    })().catch(() => request.socket.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    token: TOKEN,
    state,
    exchanges: () => [...exchanges],
    plan: (on, reply) => void planned.push({ on, reply }),
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
};

/** A JSON object; null: it is none. */
export function bodyOf({ headers, body }: ForgeCall): { readonly [key: string]: unknown } | null {
  if (!(headers['content-type'] ?? '').includes('json')) return null;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** As every forge shows times: whole seconds. */
export function seconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** The same number for the same login. */
export function idOf(login: string): number {
  return Array.from(login).reduce((id, char) => (id * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003, 7) + 1;
}

/** One page of rows, from 1. */
export function pageAt<T>(rows: readonly T[], { query }: ForgeCall, most: number) {
  const number = (name: string, otherwise: number): number => {
    const value = Number(query.get(name) ?? 'none');
    return Number.isInteger(value) && value > 0 ? value : otherwise;
  };
  const size = Math.min(number('per_page', 20), most);
  const page = number('page', 1);
  return { rows: rows.slice((page - 1) * size, page * size), page, next: page * size < rows.length ? page + 1 : null };
}
