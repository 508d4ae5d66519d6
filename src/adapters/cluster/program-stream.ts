// A program in a container of a pod: run over a WebSocket, what it prints handed on, its end answered.
import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import { WebSocket } from 'ws';
import { isObject, type JsonObject } from '../../core/model/json.ts';
import { AdapterError } from '../../ports/adapter-error.ts';

/** Where it runs and what: without input and without a terminal. */
export interface ProgramRequest {
  /** Percent-encoded path of the pod. */
  readonly pod: string;
  readonly container: string;
  readonly argv: readonly string[];
}

export type OnPrinted = (stream: 'stdout' | 'stderr', bytes: Buffer) => void;

/** v5 also closes single streams, which nothing here sends; v4 is what servers before Kubernetes 1.30 speak. */
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** The first byte of each message says what the rest of it is (Kubernetes, remotecommand). */
const CHANNELS = { stdout: 1, stderr: 2, status: 3 } as const;

/** Milliseconds for the answer to the upgrade, and between two signs of life of a program that prints nothing. */
const HANDSHAKE_MS = 15_000;
const PING_MS = 15_000;
/** Pings without an answer after which the connection is dead, though nobody said so. */
const MOST_UNANSWERED = 4;
/** Bytes of one message: the API server sends some 32 KiB at a time. */
const MESSAGE_LIMIT = 16 * 1024 * 1024;
/** Bytes of the words that refuse the upgrade. */
const REFUSAL_LIMIT = 64 * 1024;

/** GET …/pods/NAME/exec as kubectl sends it. */
export function programUrl(server: string, { pod, container, argv }: ProgramRequest): URL {
  const url = new URL(`${server}${pod}/exec`);
  for (const word of argv) url.searchParams.append('command', word);
  url.searchParams.set('container', container);
  url.searchParams.set('stdout', 'true');
  url.searchParams.set('stderr', 'true');
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}

export type ProgramAnswer =
  /** The Status that says how it ended. */
  | { readonly kind: 'ended'; readonly status: JsonObject }
  /** An answer in place of the upgrade: nothing runs. */
  | { readonly kind: 'refused'; readonly code: number; readonly retryAfter: string | undefined; readonly text: string };

/**
 * Runs it to its end. Throws AdapterError `no-answer` where the connection ended before: it may have run, and may run still.
 */
export function streamProgram(
  url: URL,
  options: RequestOptions,
  printed: OnPrinted,
  signal: AbortSignal,
): Promise<ProgramAnswer> {
  return new Promise((resolve, reject) => {
    const name = `GET ${url.pathname}`;
    const socket = new WebSocket(url, PROTOCOLS, {
      ...options,
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
      maxPayload: MESSAGE_LIMIT,
    });
    let unanswered = 0;
    const beat = setInterval(() => {
      if (unanswered >= MOST_UNANSWERED) return lost('nothing was heard of it for a minute');
      unanswered += 1;
      return socket.ping();
    }, PING_MS);
    const settle = (): void => {
      clearInterval(beat);
      signal.removeEventListener('abort', onAbort);
      socket.terminate();
    };
    const lost = (why: string): void => {
      settle();
      reject(new AdapterError('no-answer', `${name}: the connection ended before the program did (${why})`));
    };
    const onAbort = (): void => lost('its time was up');
    const done = (answer: ProgramAnswer): void => {
      settle();
      resolve(answer);
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('open', () => {
      if (!PROTOCOLS.includes(socket.protocol)) lost(`the server speaks ${socket.protocol || 'no protocol of exec'}`);
    });
    socket.on('pong', () => {
      unanswered = 0;
    });
    socket.on('message', (data) => {
      unanswered = 0;
      const [channel] = data;
      const bytes = data.subarray(1);
      if (channel === CHANNELS.stdout) printed('stdout', bytes);
      else if (channel === CHANNELS.stderr) printed('stderr', bytes);
      else if (channel === CHANNELS.status) {
        const status = statusIn(bytes.toString('utf8'));
        if (status === null) lost('how it ended cannot be read');
        else done({ kind: 'ended', status });
      }
    });
    socket.on('unexpected-response', (_, response) => {
      const refuse = async (): Promise<void> => {
        const answer = await readRefusal(response);
        if (answer === null) lost('the answer was cut off');
        else done(answer);
      };
      void refuse();
    });
    socket.on('error', (error) => lost(reasonOf(error)));
    socket.on('close', (code) => lost(`closed with ${code}`));
  });
}

const reasonOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.message;

const statusIn = (text: string): JsonObject | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
};

/** null: it was cut off. */
const readRefusal = async (response: IncomingMessage): Promise<ProgramAnswer | null> => {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > REFUSAL_LIMIT) break;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return {
    kind: 'refused',
    code: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'],
    text: withRight(Buffer.concat(chunks).toString('utf8')),
  };
};

/**
 * Who may GET a stream and not create it is told `pods "web" is forbidden: ` and no word more by an API server that asks for both
 * (Kubernetes 1.36, pkg/registry/core/pod/rest, ensureAuthorizedForVerb): which right it is that lacks.
 */
const withRight = (text: string): string => {
  const status = statusIn(text);
  const message = typeof status?.['message'] === 'string' ? status['message'].trimEnd() : '';
  if (!message.endsWith(' is forbidden:')) return text;
  return JSON.stringify({ ...status, message: `${message} the account cannot create resource "pods/exec"` });
};
