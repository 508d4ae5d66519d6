// GET /v1/events: what happens, as server-sent events that can be resumed.

import { streamSSE } from 'hono/streaming';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { jsonLine } from '../json-line.ts';
import { eventView } from '../proposal-view.ts';
import { type App, serveEndpoint } from './endpoint.ts';

const PAGE = 200;
const QUIET_MS = 15_000;

/** The id of each event is its audit line's number; `Last-Event-ID` resumes behind it, and without one the stream begins now. */
export function serveEventStream(app: App, gate: Gate, ending: AbortSignal): void {
  serveEndpoint(
    app,
    {
      method: 'get',
      path: '/v1/events',
      right: 'read',
      summary: 'Server-sent events: every step of every proposal, resumable by Last-Event-ID.',
      body: null,
      query: null,
      answers: { 200: { description: 'text/event-stream', schema: null } },
    },
    async ({ c, signal }) => {
      const given = c.req.header('last-event-id') ?? '';
      const head = (await gate.store.trail.head(within('store', signal)))?.seq ?? 0;
      // A number from before a restored backup would wait for lines that are long past.
      const start = /^\d{1,15}$/.test(given) ? Math.min(Number(given), head) : head;
      return streamSSE(c, async (stream) => {
        const closed = new AbortController();
        stream.onAbort(() => closed.abort());
        const until = AbortSignal.any([signal, closed.signal, ending]);
        let after = start;
        await stream.writeSSE({ event: 'ready', data: JSON.stringify({ after }), id: String(after) });
        while (!until.aborted) {
          const seen = gate.wakeSignal.count();
          const lines = await gate.store.trail.lines(after, PAGE, within('store', until));
          for (const { seq, deed } of lines) {
            const data =
              deed.kind === 'step'
                ? { proposal: deed.proposal, ...eventView({ seq, ...deed.record }) }
                : { seq, ...deed };
            await stream.writeSSE({
              id: String(seq),
              event: deed.kind === 'step' ? deed.record.event.event : 'note',
              data: jsonLine(data),
            });
            after = seq;
          }
          if (lines.length === 0) {
            await gate.wakeSignal.wait(seen, QUIET_MS, until);
            if (gate.wakeSignal.count() === seen && !until.aborted)
              await stream.writeSSE({ event: 'quiet', data: '{}' });
          }
        }
      });
    },
  );
}
