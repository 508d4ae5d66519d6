// A request of somebody else for the Kubernetes API → the API server's answer as it streams in, untouched.
import { Agent as HttpAgent, type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions, request as requestHttps } from 'node:https';
import { hostOf } from '../../core/model/host.ts';
import type { ClusterClient } from './client.ts';
import { type ClusterSource, type FoundCluster, findCluster } from './kubeconfig.ts';
import { isAllowed } from './rights.ts';
import { wasClosed } from './round-trip.ts';

/** `path` with its query, as it is sent. */
export interface PassedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | null;
}

interface Account {
  readonly user: string;
  readonly groups: readonly string[];
}

export interface Passage {
  /** As the account of the source, or as `as`. Answers with the head; the body is the caller's to read or to destroy. */
  send(request: PassedRequest, as: Account | null, signal: AbortSignal): Promise<IncomingMessage>;
}

/** How long credentials are used before the files that hold them are read again, and what one may do is asked again. */
const BELIEVED_MS = 30_000;

interface Connection {
  readonly url: URL;
  readonly agent: HttpAgent | HttpsAgent;
  readonly authorization: string | undefined;
  readonly until: number;
}

/** `kept`: connections stay open, and what one of them lost is sent once more. `fresh`: each request has its own and is sent once. */
export type Connections = 'kept' | 'fresh';

/** Everything of the options that the library gives that is TLS: it belongs to the connections, not to each request. */
const connect = async (
  found: FoundCluster,
  before: Connection | null,
  now: number,
  connections: Connections,
): Promise<Connection> => {
  const options: RequestOptions = {};
  await found.config.applyToHTTPSOptions(options);
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  // as: a record of headers, as the library fills it.
  const headers = (options.headers ?? {}) as Readonly<Record<string, string | undefined>>;
  const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
  const same = before !== null && TLS_OF.get(before.agent) === JSON.stringify(tls);
  const isTls = found.server.startsWith('https:');
  const agent = same
    ? before.agent
    : isTls
      ? new HttpsAgent({ keepAlive: connections === 'kept', ...withoutUndefined(tls) })
      : new HttpAgent({ keepAlive: connections === 'kept' });
  TLS_OF.set(agent, JSON.stringify(tls));
  return {
    url: new URL(found.server),
    agent,
    authorization: headers['Authorization'] ?? headers['authorization'],
    until: now + BELIEVED_MS,
  };
};

const TLS_OF = new WeakMap<object, string>();

const withoutUndefined = (tls: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));

/** Opens the cluster that the source names; nothing is sent yet. `now` in milliseconds. Throws an Error that says what to set. */
export async function openPassage(
  source: ClusterSource,
  now: () => number,
  connections: Connections = 'kept',
): Promise<Passage> {
  let connection = await connect(await findCluster(source), null, now(), connections);
  let renewing: Promise<void> | null = null;
  const renew = async (): Promise<void> => {
    try {
      connection = await connect(await findCluster(source), connection, now(), connections);
    } catch {
      // The file is being written: what was known is used on, and asked for again soon.
      connection = { ...connection, until: now() + 1000 };
    }
  };
  const current = async (): Promise<Connection> => {
    if (now() < connection.until) return connection;
    renewing ??= renew().finally(() => {
      renewing = null;
    });
    await renewing;
    return connection;
  };
  return {
    send: async (request, as, signal) => {
      const one = await current();
      const headers = {
        ...request.headers,
        ...(one.authorization === undefined ? {} : { authorization: one.authorization }),
        ...(as === null ? {} : { 'impersonate-user': as.user, 'impersonate-group': [...as.groups] }),
      };
      const answer = await sendOnce(one, { ...request, headers }, signal);
      // A 401 carries nothing out: the token may have been replaced meanwhile; whoever asks again is asked with the new one.
      if (answer.statusCode === 401) connection = { ...connection, until: 0 };
      return answer;
    },
  };
}

const sendOnce = (
  one: Connection,
  request: PassedRequest,
  signal: AbortSignal,
  again = true,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { method, path, headers, body } = request;
    const { protocol, port, pathname } = one.url;
    const sent = (protocol === 'https:' ? requestHttps : requestHttp)(
      {
        method,
        host: hostOf(one.url),
        port: port === '' ? (protocol === 'https:' ? 443 : 80) : port,
        path: `${pathname.replace(/\/$/, '')}${path}`,
        headers: { ...headers, ...(body === null ? {} : { 'content-length': body.length }) },
        agent: one.agent,
        signal,
      },
      resolve,
    );
    sent.on('error', (error: Error & { readonly code?: string }) => {
      // Nothing that passes a kept connection persists anything.
      if (wasClosed(sent, error) && again && !signal.aborted)
        sendOnce(one, request, signal, false).then(resolve, reject);
      else reject(error);
    });
    // An upgrade is never asked for; Node hands such an answer to nobody, and then the signal ends nothing any more.
    sent.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Error('the API server answered with another protocol than HTTP (101)'));
    });
    sent.end(body ?? undefined);
  });

/** The same passage for what says that it is a dry run, in the one way that the API server takes; anything else is a bug. */
export function dryRunsOnly(passage: Passage): Passage {
  return {
    send: (request, as, signal) => {
      const { searchParams } = new URL(request.path, 'http://path.only');
      const said = searchParams.getAll('dryRun');
      if (said.length !== 1 || said[0] !== 'All') throw new Error('a write was passed on as a dry run (this is a bug)');
      return passage.send(request, as, signal);
    },
  };
}

/** Whether the account of `client` may act as `as`; asked again after a while, and again at once where it was not told. */
export function impersonation(client: ClusterClient, now: () => number) {
  const known = new Map<string, { readonly may: boolean; readonly until: number }>();
  return async ({ user }: Account, signal: AbortSignal): Promise<boolean> => {
    const before = known.get(user);
    if (before !== undefined && now() < before.until) return before.may;
    // Kubernetes 1.36, KEP-5284: the verb of constrained impersonation. The old `impersonate` is not used: it would let the proxy write.
    const asked = { verb: 'impersonate:user-info', group: 'authentication.k8s.io', resource: 'users', name: user };
    const may = await isAllowed(client, asked, signal);
    if (may === null) throw new Error('whether the proxy may impersonate is not known: the API server did not say');
    known.set(user, { may, until: now() + BELIEVED_MS });
    return may;
  };
}
