// An API server for one kubectl at a time: every kind is discoverable, whatever is asked for is there and healthy, and
// every request is recorded.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { BUILT_IN } from '../../src/core/model/built-in-resources.ts';
import type { Json, JsonObject } from '../../src/core/model/json.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import { decodeBody } from './bodies.ts';
import { discovery } from './discovery.ts';
import { listOf, objectOf, scaleOf, UID } from './objects.ts';
import { apiPath, field, type Sent, withinNamespace } from './requests.ts';

/** The one custom kind that the server has. */
export const WIDGETS: Resource = {
  name: 'widgets',
  singular: 'widget',
  shortNames: ['wd'],
  kind: 'Widget',
  group: 'example.com',
  versions: ['v1'],
  namespaced: true,
  categories: [],
  verbs: 'create delete deletecollection get list patch update watch'.split(' '),
};
const ALL: readonly Resource[] = [...BUILT_IN, WIDGETS];

export interface RecordingServer {
  readonly url: string;
  /** What was asked since the last call; objects that were deleted meanwhile are there again. */
  readonly take: () => readonly Sent[];
  readonly stop: () => Promise<void>;
}

/** A write answered: what kubectl gets to see of it. */
const written = (found: Found, body: Json): JsonObject => {
  const { resource, version, namespace, name } = found;
  const given = typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as JsonObject) : {};
  const said = field(given, 'metadata', 'name');
  const base = objectOf(
    resource,
    version,
    namespace,
    name ?? (typeof said === 'string' && said !== '' ? said : 'made'),
  );
  const metadata = field(given, 'metadata');
  if (field(given, 'kind') !== resource.kind) return base;
  return {
    ...base,
    ...given,
    // as: metadata of a manifest is an object, and kubectl has read it before
    metadata: {
      ...(metadata as JsonObject),
      name: String(field(base, 'metadata', 'name')),
      uid: UID,
      resourceVersion: '2',
    },
    ...(base['status'] === undefined ? {} : { status: base['status'] }),
  };
};

interface Found {
  readonly resource: Resource;
  readonly version: string;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource: string | null;
}

const findResource = (path: string): Found | null => {
  const api = apiPath(path);
  if (api === null) return null;
  const parts = path.split('/').filter((part) => part !== '');
  const version = (parts[0] === 'api' ? parts[1] : parts[2]) ?? '';
  const { namespace, rest } = withinNamespace(api.rest);
  const [plural = '', name = null, subresource = null] = rest;
  const resource = ALL.find((one) => one.name === plural && one.group === api.group);
  return resource === undefined ? null : { resource, version, namespace, name, subresource };
};

const status = (code: number, reason: string): JsonObject => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: code < 300 ? 'Success' : 'Failure',
  ...(code < 300 ? {} : { reason, message: reason }),
  code,
});

/** Review kinds answer in the body of their own request. */
const reviewed = (body: Json): JsonObject => ({
  ...(body as JsonObject),
  status: { allowed: true, userInfo: { username: 'nobody', groups: [] }, resourceRules: [], nonResourceRules: [] },
});

interface Answer {
  readonly code: number;
  readonly body: Json | Buffer;
}

const answerSubresource = (found: Found, method: string, body: Json): Answer => {
  const { resource, namespace, name, subresource } = found;
  switch (subresource ?? '') {
    case 'scale':
      return { code: 200, body: scaleOf(resource, namespace, name ?? '') };
    case 'log':
      return { code: 200, body: Buffer.from('a line\n') };
    case 'token':
      return {
        code: 201,
        body: { ...(body as JsonObject), status: { token: 'none', expirationTimestamp: '2026-01-01T00:00:00Z' } },
      };
    case 'eviction':
      return { code: 201, body: status(201, '') };
    case 'proxy':
      return { code: 200, body: Buffer.from('proxied\n') };
    default:
      return { code: 200, body: method === 'GET' ? written(found, null) : written(found, body) };
  }
};

/** The answer to a request of an object or a collection. `gone`: paths of objects that were deleted. */
const answerObject = (found: Found, sent: Sent, gone: Set<string>): Answer => {
  const { resource, version, namespace, name, subresource } = found;
  const { method, path, query, body } = sent;
  if (resource.verbs.length === 1 && resource.verbs[0] === 'create') return { code: 201, body: reviewed(body) };
  if (subresource === 'eviction' && query['dryRun'] === undefined) gone.add(path.replace(/\/eviction$/, ''));
  if (subresource !== null) return answerSubresource(found, method, body);
  const only = /(?:^|,)metadata\.name=([^,]+)/.exec(query['fieldSelector'] ?? '')?.[1] ?? null;
  switch (method) {
    case 'GET': {
      if (name !== null && gone.has(path)) return { code: 404, body: status(404, 'NotFound') };
      if (name !== null)
        return { code: 200, body: objectOf(resource, version, resource.namespaced ? namespace : null, name, 2) };
      const list = listOf(resource, version, namespace, only);
      return { code: 200, body: only !== null && gone.has(`${path}/${only}`) ? { ...list, items: [] } : list };
    }
    case 'DELETE':
      if (query['dryRun'] === undefined && !isDryRun(body)) gone.add(path);
      return { code: 200, body: { ...status(200, ''), details: { name: name ?? '', uid: UID } } };
    case 'POST': {
      const made = written(found, body);
      gone.delete(`${path}/${String(field(made, 'metadata', 'name'))}`);
      return { code: 201, body: made };
    }
    default:
      return { code: 200, body: written(found, body) };
  }
};

const isDryRun = (body: Json): boolean => Array.isArray(field(body, 'dryRun'));

const readBytes = async (request: IncomingMessage): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
};

const sentOf = (request: IncomingMessage, bytes: Buffer, upgrade: boolean): Sent => {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  return {
    method: request.method ?? 'GET',
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    body: decodeBody(bytes, request.headers['content-type'] ?? ''),
    contentType: request.headers['content-type'] ?? '',
    upgrade,
  };
};

const send = (response: ServerResponse, { code, body }: Answer, contentType = 'application/json'): void => {
  response.writeHead(code, { 'content-type': contentType });
  response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
};

/** Starts on a free loopback port. */
export async function startRecordingServer(): Promise<RecordingServer> {
  let sent: Sent[] = [];
  const gone = new Set<string>();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`recording server: ${String(error)}\n`);
      response.destroy();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const one = sentOf(request, await readBytes(request), false);
    const found = discovery(ALL, one.path, String(request.headers.accept ?? ''));
    if (found !== null) return send(response, { code: 200, body: found.body }, found.contentType);
    const target = findResource(one.path);
    sent.push(one);
    // an object of a namespace has no path without one
    if (target === null || (target.resource.namespaced && target.namespace === null && target.name !== null))
      return send(response, { code: 404, body: status(404, 'NotFound') });
    if (one.query['watch'] === 'true') return watch(response, target, one);
    send(response, answerObject(target, one, gone));
  }

  /** The object as it is, or its end; then nothing happens any more. */
  function watch(response: ServerResponse, { resource, version, namespace }: Found, one: Sent): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    const only = /(?:^|,)metadata\.name=([^,]+)/.exec(one.query['fieldSelector'] ?? '')?.[1] ?? null;
    if (only === null) return void response.write('');
    const type = gone.has(`${one.path}/${only}`) ? 'DELETED' : 'MODIFIED';
    response.write(`${JSON.stringify({ type, object: objectOf(resource, version, namespace, only, 2) })}\n`);
  }

  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    sent.push(sentOf(request, Buffer.alloc(0), true));
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = sent;
      sent = [];
      gone.clear();
      return taken;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
