// The listener of /admission: TLS, for API servers with a client certificate of the gate's own CA alone.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { authorityOf } from '../../core/model/host.ts';
import { type AdmissionCaller, clientOf, type FindCheck, reviewPathOf } from './caller.ts';
import { readReview, reviewAnswer } from './read-review.ts';

/** Two objects of the size that the API server takes, and what stands around them (Kubernetes: 3 MiB a request). */
const MOST_BYTES = 8 * 1024 * 1024;
/** The API server waits no longer than 5 s (deploy/guard-executor.yaml). */
const PATIENCE_MS = 4_500;

export interface ListeningAdmission {
  readonly url: string;
  readonly server: Server;
  close(): Promise<void>;
}

/** The address cannot be listened on; the message says what to do. */
export class AdmissionCannotListen extends Error {
  override readonly name = 'AdmissionCannotListen';
}

/** `ca` of the context: whose clients are let in; any other ends in the handshake. Throws AdmissionCannotListen. */
export async function listenForAdmission(
  checkOf: FindCheck,
  { host, port }: { readonly host: string; readonly port: number },
  context: Pick<TlsOptions, 'cert' | 'key' | 'ca' | 'minVersion'>,
): Promise<ListeningAdmission> {
  const server = createServer(
    { ...context, requestCert: true, rejectUnauthorized: true, headersTimeout: 5_000, requestTimeout: 10_000 },
    (request, response) => {
      answer(checkOf, request, response).catch(() => response.destroy());
    },
  );
  server.on('tlsClientError', (_, socket) => socket.destroy());
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'another program listens there; set BLASTGATE_ADMISSION_LISTEN to a free one'
          : error.message;
      fail(new AdmissionCannotListen(`cannot listen on ${host}:${port}: ${why}`));
    });
    server.listen(port, host, done);
  });
  // as: a server that listens on a port has an address of this kind.
  const address = server.address() as AddressInfo;
  return {
    url: `https://${authorityOf({ host, port: address.port })}`,
    server,
    close: async () => {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

const answer = async (checkOf: FindCheck, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const path = reviewPathOf(request.url ?? '');
  if (path === null) return end(response, 404, { error: 'only /admission and /admission/CLUSTER are answered here' });
  if (request.method !== 'POST') return end(response, 405, { error: 'POST an AdmissionReview' });
  const text = await bodyOf(request);
  if (text === null) return end(response, 413, { error: 'the review is too large' });
  const review = readReview(parsed(text));
  if (review === null) return end(response, 400, { error: 'this is no AdmissionReview of admission.k8s.io/v1' });
  // as: the server speaks TLS alone.
  const caller: AdmissionCaller = { ...path, client: clientOf((request.socket as TLSSocket).getPeerCertificate()) };
  const found = checkOf(caller);
  const admitted = found.ok ? await found.admit(review.request, AbortSignal.timeout(PATIENCE_MS)) : found;
  end(response, 200, reviewAnswer(review.uid, admitted));
};

const end = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** null: longer than any review. */
const bodyOf = async (request: IncomingMessage): Promise<string | null> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
