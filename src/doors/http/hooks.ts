// /hooks/…: what forges and chats send by themselves. No cookie and no token counts here; each source proves its sender by itself.
import type { Context } from 'hono';
import type { Gate } from '../../flow/gate.ts';
import { createRateLimit } from '../../flow/rate-limit.ts';
import type { Received, WebhookSource } from '../../ports/webhook.ts';
import type { App } from './endpoint.ts';
import { laterProblem, problem } from './problem.ts';

/** A sender that needs longer for its body is cut off: signed services send at once. */
const BODY_MS = 10_000;
/** Of each source; beyond, whoever it is waits: polling hears what a hint would have said. */
const PER_MINUTE = 600;

/** Serves each source at its address, and nothing else below /hooks. */
export function serveHooks(app: App, gate: Pick<Gate, 'log' | 'clock'>, sources: readonly WebhookSource[]): void {
  const rate = createRateLimit(PER_MINUTE);
  for (const source of sources) {
    app.post(source.path, async (c) => {
      const admitted = rate.admit(source.path, gate.clock.now());
      if (!admitted.ok) return laterProblem(c, 'too-many-requests', 'deliveries', admitted.retryAfterSeconds);
      const body = await bodyInTime(c);
      if (body === null) return problem(c, 'bad-request', 'the body did not come in time');
      const received = await source.receive({ headers: c.req.raw.headers, body });
      if (received.kind === 'refused') gate.log.warn('hook_refused', { path: source.path, why: received.why });
      return answer(c, received);
    });
  }
}

const answer = (c: Context, received: Received): Response => {
  if (received.kind === 'refused') return problem(c, received.status === 400 ? 'bad-request' : 'unauthorized', null);
  const { reply } = received;
  return reply === null ? c.body(null, 204) : c.body(reply.body, 200, { 'content-type': reply.contentType });
};

/** null: it did not come in time, or broke off. */
const bodyInTime = async (c: Context): Promise<Uint8Array | null> => {
  const late = new Promise<null>((done) => {
    setTimeout(() => done(null), BODY_MS).unref();
  });
  const whole = c.req.arrayBuffer().then(
    (bytes) => new Uint8Array(bytes),
    () => null,
  );
  return Promise.race([whole, late]);
};
