// One request to the Kubernetes API, its answer or the error instead.
import { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { ApiReply } from '../../core/model/api-reply.ts';
import { hostOf } from '../../core/model/host.ts';
import { holdsRounded, isObject, type Json, type JsonObject, sameJson } from '../../core/model/json.ts';
import { showsSecret, statusWithoutSecret } from '../../core/model/secret-status.ts';
import { cut, plainLine } from '../../core/text/escape.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { numberAt, textAt } from './json-at.ts';
import { objectsOf } from './json-lines.ts';
import { type ClusterSource, type FoundCluster, findCluster } from './kubeconfig.ts';
import { type OnPrinted, type ProgramRequest, programUrl, streamProgram } from './program-stream.ts';
import { type Answer, beginRoundTrip, roundTrip, StaleConnection, TimeUp, wholeAnswer } from './round-trip.ts';

export type ContentType =
  | 'application/json'
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json'
  | 'application/json-patch+json';

/** An object or list as it is, or only the metadata of one object or of each of a list (Kubernetes API, PartialObjectMetadata). */
export type ObjectForm = 'object' | 'metadata' | 'metadata-list';

export interface ClusterRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Percent-encoded path without query. */
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  readonly body: { readonly type: ContentType; readonly value: unknown } | null;
  /** What a GET asks for; an object where it does not say. */
  readonly form?: ObjectForm;
}

export interface ClusterClient {
  readonly server: string;
  /** The namespace of the configured context. */
  readonly namespace: string;
  readonly warnings: readonly string[];
  /** The JSON object answered. Throws AdapterError: `refused` (any status from 400), `no-answer`, or `invalid-answer`. */
  send(request: ClusterRequest, signal: AbortSignal): Promise<JsonObject>;
  /** As `send`, with the status and the id of the answer; absent in a client that only tells objects. */
  readonly sendForReply?: (
    request: ClusterRequest,
    signal: AbortSignal,
  ) => Promise<ApiReply & { readonly body: JsonObject }>;
  /**
   * The JSON objects of a watch, a line each, until the server or the signal ends it. Throws AdapterError like `send`,
   * `no-answer` also where the connection is cut. One that has died in silence is for the caller to notice.
   */
  watch(request: ClusterRequest, signal: AbortSignal): AsyncIterable<JsonObject>;
  /**
   * Runs a program in a container, and answers with the Status that says how it ended; `printed` gets what it prints. Throws
   * AdapterError: `refused` where the server would not begin it, `no-answer` where it may have run, and may run still.
   */
  runProgram(request: ProgramRequest, printed: OnPrinted, signal: AbortSignal): Promise<JsonObject>;
}

/** A client with its connection to one server. */
export interface ConnectedClient extends ClusterClient {
  /** The server's clock in milliseconds since the epoch, whole seconds, from the `Date` of any answer; null where it tells none. */
  readClock(signal: AbortSignal): Promise<number | null>;
}

/** One call at most; callers give shorter deadlines where they have them. */
const CALL_LIMIT_MS = 15_000;

export function getJson(
  path: string,
  query: ClusterRequest['query'] = {},
  form: ObjectForm = 'object',
): ClusterRequest {
  return { method: 'GET', path, query, body: null, form };
}

const ACCEPT: Readonly<Record<ObjectForm, string>> = {
  object: 'application/json',
  metadata: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
  'metadata-list': 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
};

/** Opens the cluster that the source names; nothing is sent yet. Throws an Error that says what to set. */
export async function openCluster(source: ClusterSource): Promise<ConnectedClient> {
  let found = await findCluster(source);
  const connections = connectionsTo(found);
  const { server, namespace, warnings } = found;
  // A 401 carries nothing out: the credentials may have been replaced meanwhile, so they are read again, once a request.
  const withCredentials = async <T>(ask: (cluster: FoundCluster) => Promise<T>): Promise<T> => {
    const used = found;
    try {
      return await ask(used);
    } catch (error) {
      if (!(error instanceof AdapterError) || error.status !== 401) throw error;
      if (found === used) found = await reread(source, used);
      if (found === used) throw error;
      return ask(found);
    }
  };
  const sendForReply = (request: ClusterRequest, signal: AbortSignal) =>
    withCredentials(async (cluster) => {
      const answer = await exchange(cluster, connections, request, signal);
      const { status, auditId } = answer;
      return { status, auditId: auditId ?? null, body: readAnswer(request, answer) };
    });
  return {
    server,
    namespace,
    warnings,
    send: async (request, signal) => (await sendForReply(request, signal)).body,
    sendForReply,
    readClock: async (signal) => {
      const date = Date.parse((await exchange(found, connections, getJson('/version'), signal)).date ?? '');
      return Number.isNaN(date) ? null : date;
    },
    watch: async function* (request, signal) {
      const response = await withCredentials((cluster) => openWatch(cluster, connections, request, signal));
      yield* objectsOf(response, nameOf(request));
    },
    runProgram: (request, printed, signal) =>
      withCredentials((cluster) => runProgramIn(cluster, request, printed, signal)),
  };
}

const runProgramIn = async (
  found: FoundCluster,
  request: ProgramRequest,
  printed: OnPrinted,
  signal: AbortSignal,
): Promise<JsonObject> => {
  const options: RequestOptions = {};
  await found.config.applyToHTTPSOptions(options);
  options.headers = Object.assign({}, options.headers, { 'user-agent': 'blastgate' });
  const answer = await streamProgram(programUrl(found.server, request), options, printed, signal);
  if (answer.kind === 'ended') return answer.status;
  const { code: status, retryAfter, text } = answer;
  const asked = getJson(`${request.pod}/exec`);
  readAnswer(asked, { status, retryAfter, date: undefined, text });
  // A proxy's own page: whoever answers so has begun nothing.
  throw new AdapterError('invalid-answer', `${nameOf(asked)}: unexpected status ${status}`, { status });
};

/** The cluster with its credentials as they stand now; the known one where it cannot be read or is another cluster. */
const reread = async (source: ClusterSource, known: FoundCluster): Promise<FoundCluster> => {
  try {
    const found = await findCluster(source);
    return found.server === known.server ? found : known;
  } catch {
    return known;
  }
};

const nameOf = (request: ClusterRequest): string => `${request.method} ${request.path}`;

/** What changes nothing: reads, dry runs, and what the API server is asked about our own rights. It may be asked again. */
export function changesNothing({ method, path, query, body }: ClusterRequest): boolean {
  return (
    method === 'GET' ||
    query['dryRun'] === 'All' ||
    path.startsWith('/apis/authorization.k8s.io/') ||
    (method === 'DELETE' && body !== null && isObject(body.value) && sameJson(body.value['dryRun'] ?? null, ['All']))
  );
}

/**
 * Connections: what changes nothing shares a few that stay open; each write has its own, so that a stale one never leaves it
 * unanswered.
 */
interface Connections {
  readonly reads: HttpAgent | HttpsAgent;
  /** Watches stay open for long: they wait for no read, and no read waits for them. */
  readonly watches: HttpAgent | HttpsAgent;
  readonly writes: HttpAgent | HttpsAgent;
}

/** null: the library's own, which knows the way through a proxy. */
const connectionsTo = ({ server, config }: FoundCluster): Connections | null => {
  if (config.getCurrentCluster()?.proxyUrl !== undefined) return null;
  const Agent = server.startsWith('https:') ? HttpsAgent : HttpAgent;
  return {
    reads: new Agent({ keepAlive: true, maxSockets: 16 }),
    watches: new Agent({ keepAlive: true }),
    writes: new Agent({ keepAlive: false }),
  };
};

const exchange = async (
  found: FoundCluster,
  connections: Connections | null,
  request: ClusterRequest,
  signal: AbortSignal,
): Promise<Answer> => {
  const isHarmless = changesNothing(request);
  const agent = isHarmless ? connections?.reads : connections?.writes;
  try {
    const { options, body } = await toSend(found, agent, request);
    return await roundTrip(options, body, { signal, limitMs: CALL_LIMIT_MS });
  } catch (error) {
    if (error instanceof StaleConnection && isHarmless) return exchange(found, null, request, signal);
    throw noAnswer(error, found, request);
  }
};

/** The answer of a watch once it has begun well; what refuses it is read to its end. */
const openWatch = async (
  found: FoundCluster,
  connections: Connections | null,
  request: ClusterRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> => {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), CALL_LIMIT_MS);
  try {
    const { options, body } = await toSend(found, connections?.watches, request);
    const response = await beginRoundTrip(options, body, AbortSignal.any([signal, limit.signal]));
    if (response.statusCode === 200) return response;
    readAnswer(request, await wholeAnswer(response));
    throw new AdapterError('invalid-answer', `${nameOf(request)}: unexpected status ${response.statusCode ?? 0}`);
  } catch (error) {
    if (error instanceof StaleConnection) return await openWatch(found, null, request, signal);
    throw noAnswer(limit.signal.aborted ? new TimeUp(CALL_LIMIT_MS / 1000) : error, found, request);
  } finally {
    clearTimeout(timer);
  }
};

const noAnswer = (error: unknown, found: FoundCluster, request: ClusterRequest): AdapterError => {
  if (error instanceof AdapterError) return error;
  // The server may have another CA by now, which the files say already.
  APPLIED.delete(found);
  return new AdapterError('no-answer', `${nameOf(request)}: no answer from ${found.server} (${whyNoAnswer(error)})`);
};

const whyNoAnswer = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof TimeUp && error.seconds !== null) return `${error.seconds} s passed`;
  if (error instanceof TimeUp || error.name === 'AbortError') return 'the time was up';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return code ?? cut(plainLine(error.message), 200);
};

/** The request as Node sends it, with the credentials of this moment. */
const toSend = async (found: FoundCluster, agent: HttpAgent | HttpsAgent | undefined, request: ClusterRequest) => {
  const { method, path, query, form } = request;
  // as: a body is JSON. What was read of the cluster may be rounded, and is not written so.
  if (holdsRounded(request.body?.value as Json | undefined))
    throw new AdapterError(
      'refused',
      `${nameOf(request)}: not sent, since it holds an integer beyond 2^53, which the gate would round`,
      { status: 400, reason: 'Rounded' },
    );
  const body = request.body === null ? null : JSON.stringify(request.body.value);
  const [{ headers, ...credentials }, url] = [await credentialsOf(found), new URL(`${found.server}${path}`)];
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const sentBody =
    request.body === null || body === null
      ? {}
      : { 'content-type': request.body.type, 'content-length': Buffer.byteLength(body) };
  const options = {
    ...credentials,
    ...(agent === undefined ? {} : { agent }),
    method,
    // as: findCluster lets no other through.
    protocol: url.protocol as 'http:' | 'https:',
    hostname: hostOf(url),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, ...sentBody, accept: ACCEPT[form ?? 'object'], 'user-agent': 'blastgate' },
  };
  return { options, body };
};

type Credentials = Omit<RequestOptions, 'headers'> & { readonly headers?: { readonly [name: string]: string } };
/** Milliseconds: files of keys and tokens are looked at again after that; what is refused or finds no answer is read again at once. */
const CREDENTIALS_MS = 1_000;
const APPLIED = new WeakMap<FoundCluster, { readonly credentials: Promise<Credentials>; readonly until: number }>();

/** What the kubeconfig says of TLS and of who asks; a program that gives credentials is run by the library as they expire. */
const credentialsOf = (found: FoundCluster): Promise<Credentials> => {
  const now = performance.now();
  const known = APPLIED.get(found);
  if (known !== undefined && now < known.until) return known.credentials;
  const credentials = apply(found);
  APPLIED.set(found, { credentials, until: now + CREDENTIALS_MS });
  credentials.catch(() => APPLIED.delete(found));
  return credentials;
};

const apply = async ({ config }: FoundCluster): Promise<Credentials> => {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  // as: the library puts each header in by its name.
  return options as Credentials;
};

const parse = (text: string): JsonObject | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
};

/** A Kubernetes Status says reason and message; an answer that is no JSON is only named, since a proxy may have made it. */
const readAnswer = (request: ClusterRequest, answer: Answer): JsonObject => {
  const { status } = answer;
  const said = parse(answer.text);
  const body = showsSecret(request.path, status) ? statusWithoutSecret(said, status) : said;
  if (status >= 200 && status < 300) {
    if (body !== null) return body;
    throw new AdapterError('invalid-answer', `${nameOf(request)}: the answer is not a JSON object`, { status });
  }
  if (status < 400)
    throw new AdapterError('invalid-answer', `${nameOf(request)}: unexpected status ${status}`, { status });
  const message = (body === null ? null : textAt(body, 'message')) ?? 'no reason given';
  const reason = body === null ? null : textAt(body, 'reason');
  const seconds = Number(answer.retryAfter ?? (body === null ? null : numberAt(body, 'details', 'retryAfterSeconds')));
  throw new AdapterError('refused', `${nameOf(request)}: ${status} ${cut(plainLine(message), 500)}`, {
    status,
    ...(reason === null ? {} : { reason }),
    ...(body?.['kind'] === 'Status' ? { reply: { status, auditId: answer.auditId ?? null, body } } : {}),
    ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterSeconds: seconds } : {}),
  });
};
