// One HTTP request → the head of its response, or its whole answer as text. On the path of every proposal several times: no timer,
// listener or stream is left behind by one that has been answered (bench/load.ts).
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { AdapterError } from '../../ports/adapter-error.ts';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly date: string | undefined;
  readonly auditId?: string | undefined;
  readonly text: string;
}

/** The server had closed a connection that was kept open; nobody has seen the request. */
export class StaleConnection extends Error {}

/** The time was up before the answer was whole; `seconds`: the limit of a single call, null: whoever asked had no more. */
export class TimeUp extends Error {
  readonly seconds: number | null;
  constructor(seconds: number | null) {
    super('the time was up');
    this.seconds = seconds;
  }
}

/** Whether the server had closed the connection, which was kept open, before the request was sent on it. */
export function wasClosed({ reusedSocket }: ClientRequest, { code }: { readonly code?: string }): boolean {
  return reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
}

const ANSWER_LIMIT = 64 * 1024 * 1024;

export interface CallLimits {
  readonly signal: AbortSignal;
  readonly limitMs: number;
}

type Sent = RequestOptions & { readonly protocol: 'http:' | 'https:' };

const send = (
  options: Sent,
  body: string | null,
  heard: (response: IncomingMessage) => void,
  failed: (error: Error) => void,
) => {
  const sent = (options.protocol === 'https:' ? requestHttps : requestHttp)(options, heard);
  sent.on('error', (error: Error & { readonly code?: string }) => {
    // Of a write it is told by its code, as any other.
    failed(wasClosed(sent, error) ? new StaleConnection(error.code) : error);
  });
  // Nothing else would ever be heard of it: Node hands such an answer to nobody, and the signal ends nothing any more.
  sent.on('upgrade', (_, socket) => {
    socket.destroy();
    failed(new AdapterError('invalid-answer', 'the cluster answered with another protocol than HTTP (101)'));
  });
  sent.end(body ?? undefined);
  return sent;
};

/** Resolves with the head of the response; its body is cut off with the signal. Rejects as `roundTrip` does. */
export function beginRoundTrip(options: Sent, body: string | null, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    send({ ...options, signal }, body, resolve, reject);
  });
}

/**
 * Sends it once and reads the whole answer, whatever its status. Rejects with StaleConnection, TimeUp, the error of the connection, or
 * AdapterError `invalid-answer` where the answer is larger than 64 MiB.
 */
export function roundTrip(options: Sent, body: string | null, { signal, limitMs }: CallLimits): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new TimeUp(null));
      return;
    }
    let settled = false;
    const settle = (end: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      end();
    };
    const fail = (error: Error): void => settle(() => reject(error));
    const sent = send(
      options,
      body,
      (response) => collect(response, (answer) => settle(() => resolve(answer)), fail),
      fail,
    );
    // What is broken off takes its connection with it.
    const stop = (seconds: number | null): void => {
      fail(new TimeUp(seconds));
      sent.destroy();
    };
    const leave = (): void => stop(null);
    const timer = setTimeout(() => stop(limitMs / 1000), limitMs);
    signal.addEventListener('abort', leave);
  });
}

/** The whole answer of a response whose head has come. Rejects as `roundTrip` does. */
export function wholeAnswer(response: IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => collect(response, resolve, reject));
}

const collect = (response: IncomingMessage, done: (answer: Answer) => void, failed: (error: Error) => void): void => {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size <= ANSWER_LIMIT) return;
    failed(new AdapterError('invalid-answer', 'the cluster answered more than 64 MiB'));
    response.destroy();
  });
  response.on('error', failed);
  // Cut off before its end, Node says so by an error; without one nothing may be taken for the whole.
  response.on('close', () => {
    if (!response.complete) failed(new Error('the answer was cut off'));
  });
  response.on('end', () => {
    const [first] = chunks;
    const bytes = first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
    done({
      status: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'],
      date: response.headers.date,
      auditId: auditIdOf(response),
      text: bytes.toString('utf8'),
    });
  });
};

/** A UUID, by Kubernetes; whoever calls may choose another, and ours does not. */
const auditIdOf = ({ headers }: IncomingMessage): string | undefined => {
  const id = headers['audit-id'];
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id : undefined;
};
