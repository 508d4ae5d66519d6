// The body of a request, whole, within its limits of size and time.
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/** As the API server takes it (apiserver, --max-request-body-bytes of its handlers: 3 MiB). */
const MOST_BYTES = 3 * 1024 * 1024;
/** A body that comes in drops holds a connection and a place: so many seconds, whatever its size. */
const SLOWEST_MS = 30_000;

export type ReadRequestBody =
  | { readonly ok: true; readonly body: Buffer }
  | { readonly ok: false; readonly why: 'too-large' | 'too-slow' | 'encoded' | 'cut' };

/** The HTTP status of a body that is not taken. */
export const BODY_STATUS = { 'too-large': 413, 'too-slow': 408, encoded: 415, cut: 400 } as const satisfies Record<
  Extract<ReadRequestBody, { readonly ok: false }>['why'],
  number
>;

/** A body that is compressed is not taken: 3 MiB of it may be gigabytes, and what is judged is what is read. */
export function readRequestBody(request: IncomingMessage | Http2ServerRequest): Promise<ReadRequestBody> {
  const { headers } = request;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return Promise.resolve({ ok: false, why: 'encoded' });
  if (Number(headers['content-length'] ?? 0) > MOST_BYTES) return Promise.resolve({ ok: false, why: 'too-large' });
  return new Promise((done) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (read: ReadRequestBody): void => {
      clearTimeout(timer);
      request.off('data', take);
      done(read);
    };
    const timer = setTimeout(() => end({ ok: false, why: 'too-slow' }), SLOWEST_MS);
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > MOST_BYTES) end({ ok: false, why: 'too-large' });
      else chunks.push(chunk);
    };
    request.on('data', take);
    request.once('end', () => end({ ok: true, body: Buffer.concat(chunks) }));
    request.once('error', () => end({ ok: false, why: 'cut' }));
    request.once('close', () => end({ ok: false, why: 'cut' }));
  });
}

/** Milliseconds in which a client may read why its body is not taken; what it still sends is thrown away, and then the connection. */
const READ_WHY_MS = 1_000;

/** Ends a request whose body is not taken, once its refusal could be read. */
export function dropRest(request: IncomingMessage | Http2ServerRequest): void {
  if (request.complete) return;
  setTimeout(() => {
    if (!request.complete) request.destroy();
  }, READ_WHY_MS).unref();
}
