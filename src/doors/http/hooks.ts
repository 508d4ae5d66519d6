// /hooks/…: what forges and chats send by themselves. No cookie and no token counts here; each source proves its sender by itself.
import type { Context } from 'hono';
import type { Gate } from '../../flow/gate.ts';
import { createRateLimit, type RateLimit } from '../../flow/rate-limit.ts';
import type { Received, WebhookSource } from '../../ports/webhook.ts';
import type { App } from './endpoint.ts';
import { laterProblem, problem } from './problem.ts';

export interface HookLimits {
  readonly bodyBytes: number;
  /** A sender that needs longer for its body is cut off: signed services send at once. */
  readonly bodyMs: number;
  /** Of each source, that proved their sender; beyond, they wait: polling hears what a hint would have said. */
  readonly proven: number;
  /** Of each source, that proved nothing; beyond, they are neither noted nor told apart. */
  readonly refused: number;
}

const LIMITS: HookLimits = { bodyBytes: 1024 * 1024, bodyMs: 10_000, proven: 600, refused: 60 };

/** Whether the door reads the body itself, within its own time. */
export function isHook(path: string): boolean {
  return path.startsWith('/hooks/');
}

/** Serves each source at its address, and nothing else below /hooks. */
export function serveHooks(
  app: App,
  gate: Pick<Gate, 'log' | 'clock'>,
  sources: readonly WebhookSource[],
  limits: HookLimits = LIMITS,
): void {
  const [proven, refused] = [createRateLimit(limits.proven), createRateLimit(limits.refused)];
  for (const source of sources) {
    const admit = (rate: RateLimit): number | null => {
      const admitted = rate.admit(source.path, gate.clock.now());
      return admitted.ok ? null : admitted.retryAfterSeconds;
    };
    app.post(source.path, async (c) => {
      const body = await bodyWithin(c.req.raw.body, limits);
      if (body === 'too-large') return cutOff(problem(c, 'body-too-large', null));
      if (body === 'late') return cutOff(problem(c, 'bad-request', 'the body did not come in time'));
      const received = await source.receive({ headers: c.req.raw.headers, body }, () => admit(proven));
      if (received.kind !== 'refused') return answer(c, received);
      const seconds = admit(refused);
      if (seconds !== null) return laterProblem(c, 'too-many-requests', 'deliveries', seconds);
      gate.log.warn('hook_refused', { path: source.path, why: received.why });
      return problem(c, received.status === 400 ? 'bad-request' : 'unauthorized', null);
    });
  }
}

const answer = (c: Context, received: Exclude<Received, { readonly kind: 'refused' }>): Response => {
  if (received.kind === 'later') {
    const { status, retryAfterSeconds: seconds } = received;
    if (status === 429) return laterProblem(c, 'too-many-requests', 'deliveries', seconds);
    return c.body(null, status, { 'retry-after': `${seconds}` });
  }
  const { reply } = received;
  return reply === null ? c.body(null, 204) : c.body(reply.body, 200, { 'content-type': reply.contentType });
};

/** The rest of the body is not read: the connection cannot be used again. */
const cutOff = (response: Response): Response => {
  response.headers.set('connection', 'close');
  return response;
};

/** Late is also what breaks off: nobody waits for the answer then. */
const bodyWithin = async (
  stream: ReadableStream<Uint8Array> | null,
  { bodyBytes, bodyMs }: HookLimits,
): Promise<Uint8Array | 'too-large' | 'late'> => {
  if (stream === null) return new Uint8Array();
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  const deadline = new Promise<'late'>((done) => {
    setTimeout(() => done('late'), bodyMs).unref();
  });
  const end = <T extends string>(why: T): T => {
    void reader.cancel().catch(() => {});
    return why;
  };
  for (let size = 0; ; ) {
    const read = await Promise.race([reader.read().catch(() => 'late' as const), deadline]);
    if (read === 'late') return end('late');
    if (read.done) return Buffer.concat(chunks);
    size += read.value.byteLength;
    if (size > bodyBytes) return end('too-large');
    chunks.push(read.value);
  }
};
