// The HTTP side of the sandbox: reads requests, checks the token, hands them on, writes answers, keeps faults and record.
// It knows paths and bytes; what a request means is answered by discovery and the API.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { parseJson } from './bodies.ts';
import { discover } from './discovery.ts';
import { checkExec, openExec } from './exec.ts';
import { type FaultKind, Faults, faultStatus, readFault } from './faults.ts';
import { pods, VIRTUAL } from './kinds.ts';
import { answerList } from './list.ts';
import { answerObject } from './objects.ts';
import { describeApi } from './openapi.ts';
import { decodeProtobuf } from './protobuf.ts';
import { type Answer, type ApiRequest, type HttpRequest, readApiRequest } from './request.ts';
import { answerReview } from './reviews.ts';
import { internalError, noSuchResource, StatusError, tooLarge, unauthorized } from './status-error.ts';
import { answerSubresource } from './subresources.ts';
import { answerWatch } from './watch.ts';
import { timestamp, type World } from './world.ts';
import { WriteLog } from './write-log.ts';

/** The largest body that is read, as the real API server's. */
const LIMIT = 3 * 1024 * 1024;
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

export interface ApiServer {
  readonly server: Server;
  readonly faults: Faults;
  readonly writes: WriteLog;
  /** Ends all watches and connections. */
  readonly close: () => Promise<void>;
}

/** A server over the world, not listening yet. With a token, every path but the health checks asks for it. */
export function createApiServer(world: World, token: string | null): ApiServer {
  const faults = new Faults();
  const writes = new WriteLog();
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      refuse(response, error);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade(incoming, socket, head).catch((error: unknown) => {
      refuseUpgrade(socket, error);
    });
  });

  async function upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const http = requestOf(incoming, '');
    authenticate(http, token);
    const fault = faults.take(http);
    if (fault !== null && (await suffer(world, fault, { destroy: () => socket.destroy() })) === 'over') return;
    const request = readApiRequest(http);
    if (request.kind !== pods || request.subresource !== 'exec') throw noSuchResource();
    const pod = checkExec(world, request);
    writes.note(http, request, timestamp(world))?.(101);
    openExec(world, request, pod, fault?.kind === 'drop-after' ? 'cut' : 'whole', { incoming, socket, head });
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const http = await readRequest(incoming);
    if (!/^\/(healthz|livez|readyz)/.test(http.path)) authenticate(http, token);
    const control = answerControl(http, faults, writes);
    if (control !== null) return send(response, control);
    const fault = faults.take(http);
    if (fault !== null && (await suffer(world, fault, response)) === 'over') return;
    const request = isApiPath(http.path) ? attempt(() => readApiRequest(http)) : null;
    const noted =
      request === null || request instanceof StatusError || VIRTUAL.has(request.kind.resource)
        ? null
        : writes.note(http, request, timestamp(world));
    try {
      const answer = await Promise.resolve(answerPath(world, http, request));
      noted?.('code' in answer ? answer.code : 200);
      if (fault?.kind === 'drop-after') response.destroy();
      else if (fault?.kind !== 'hang-after') send(response, answer);
    } catch (error) {
      noted?.(error instanceof StatusError ? error.body.code : 500);
      throw error;
    }
  }

  return {
    server,
    faults,
    writes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function attempt<T>(action: () => T): T | StatusError {
  try {
    return action();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
}

function isApiPath(path: string): boolean {
  return /^\/(api\/[^/]+|apis\/[^/]+\/[^/]+)\/./.test(path);
}

function answerPath(world: World, http: HttpRequest, request: ApiRequest | StatusError | null): Answer {
  if (request instanceof StatusError) throw request;
  if (request !== null) return answerApi(world, request);
  if (/^\/(healthz|livez|readyz)/.test(http.path)) return { type: 'text', code: 200, body: 'ok' };
  const about = http.method === 'GET' ? (discover(http) ?? describeApi(http)) : null;
  if (about === null) throw noSuchResource();
  return about;
}

function answerApi(world: World, request: ApiRequest): Answer {
  const { kind, subresource, verb } = request;
  if (VIRTUAL.has(kind.resource)) return answerReview(request);
  const isOwn = subresource === null || subresource === 'status' || subresource === 'ephemeralcontainers';
  if (!isOwn) return answerSubresource(world, request, subresource);
  if (verb === 'list') return answerList(world, request);
  return verb === 'watch' ? answerWatch(world, request) : answerObject(world, request);
}

/** Doors of the sandbox itself, for tests in another process: its record of writes and its faults. */
function answerControl(http: HttpRequest, faults: Faults, writes: WriteLog): Answer | null {
  if (http.path === '/sandbox/writes') return { type: 'json', code: 200, body: writes.all() };
  if (http.path !== '/sandbox/faults') return null;
  if (http.method === 'DELETE') faults.clear();
  else faults.add(readFault(parseJson(http.body)));
  return { type: 'json', code: 200, body: {} };
}

async function suffer(
  world: World,
  fault: FaultKind,
  response: { readonly destroy: () => void },
): Promise<'on' | 'over'> {
  switch (fault.kind) {
    case 'delay':
      await new Promise<void>((resolve) => {
        world.clock.after(fault.ms, resolve);
      });
      return 'on';
    case 'status':
      throw faultStatus(fault);
    case 'drop-before':
      response.destroy();
      return 'over';
    case 'hang':
      return 'over';
    case 'drop-after':
    case 'hang-after':
      return 'on';
    default:
      return fault satisfies never;
  }
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const piece = chunk as Buffer;
    size += piece.length;
    if (size <= LIMIT) chunks.push(piece);
  }
  if (size > LIMIT) throw tooLarge();
  const bytes = Buffer.concat(chunks);
  const packed = String(incoming.headers['content-type'] ?? '').startsWith(PROTOBUF) && bytes.length > 0;
  return requestOf(incoming, packed ? JSON.stringify(decodeProtobuf(bytes)) : bytes.toString('utf8'));
}

function requestOf(incoming: IncomingMessage, body: string): HttpRequest {
  const url = new URL(incoming.url ?? '/', 'http://sandbox');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body,
  };
}

function authenticate(http: HttpRequest, token: string | null): void {
  if (token !== null && http.headers.authorization !== `Bearer ${token}`) throw unauthorized();
}

function refusalOf(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  console.error('sandbox cluster: bug while answering a request:', error);
  return internalError(error instanceof Error ? error.message : String(error));
}

/** An answer in place of an upgrade, on the bare connection. */
function refuseUpgrade(socket: Duplex, error: unknown): void {
  const { body } = refusalOf(error);
  const text = `${JSON.stringify(body)}\n`;
  const head = `HTTP/1.1 ${body.code} ${body.reason ?? 'Refused'}`;
  const length = Buffer.byteLength(text);
  socket.end(
    `${head}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${text}`,
  );
}

function refuse(response: ServerResponse, error: unknown): void {
  const refusal = refusalOf(error);
  if (response.destroyed) return;
  if (response.headersSent) {
    response.end();
    return;
  }
  const retryAfter = refusal.body.details?.retryAfterSeconds;
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
  send(response, { type: 'json', code: refusal.body.code, body: refusal.body });
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer.type === 'stream') {
    stream(response, answer);
    return;
  }
  const body = answer.type === 'json' ? `${JSON.stringify(answer.body)}\n` : answer.body;
  response.writeHead(answer.type === 'bytes' ? 200 : answer.code, {
    'Content-Type': contentTypeOf(answer),
    'Cache-Control': 'no-cache, private',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

function contentTypeOf(answer: Exclude<Answer, { readonly type: 'stream' }>): string {
  if (answer.type === 'text') return 'text/plain; charset=utf-8';
  return answer.contentType ?? 'application/json';
}

function stream(response: ServerResponse, answer: Extract<Answer, { readonly type: 'stream' }>): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
  response.flushHeaders();
  const closed = answer.open({
    send: (line) => response.write(`${JSON.stringify(line)}\n`),
    end: () => response.end(),
  });
  response.on('close', closed);
}
