// GET /v1/events: what happens, as server-sent events that can be resumed.
import type { Context } from 'hono';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { callerOf } from '../identity.ts';
import { type App, type RequestVariables, serveEndpoint } from './endpoint.ts';
import { createEventFanout, EVENT_PAGE, type EventFanout, eventText, type Listener } from './event-fanout.ts';
import { problem } from './problem.ts';

/** How many streams may be open at a time. */
export interface StreamLimits {
  readonly perToken: number;
  readonly inAll: number;
}

/** Bytes that wait for a reader; one that is further behind is cut off, and may resume by Last-Event-ID. */
const MOST_UNREAD = 256 * 1024;
/** Milliseconds that a reader who is still behind may read nothing at all. */
const STUCK_MS = 30_000;
/** Milliseconds between two looks whether the session of a stream still stands. */
const SESSION_LOOK_MS = 5_000;

/** The id of each event is its audit line's number; `Last-Event-ID` resumes behind it, and without one the stream begins now. */
export function serveEventStream(
  app: App,
  gate: Gate,
  { streams, ending }: { readonly streams: StreamLimits; readonly ending: AbortSignal },
): void {
  const fanout = createEventFanout(gate, ending);
  const open = createOpenStreams(streams);
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
    async ({ c, identity, signal }) => {
      const given = c.req.header('last-event-id') ?? '';
      const head = (await gate.store.trail.head(within('store', signal)))?.seq ?? 0;
      // A number from before a restored backup would wait for lines that are long past.
      const after = /^\d{1,15}$/.test(given) ? Math.min(Number(given), head) : head;
      const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
      if (c.req.method === 'HEAD') return new Response(null, { headers });
      const entered = open.enter(callerOf(identity));
      if (!entered.ok) return problem(c, 'too-many-streams', entered.why);
      const until = AbortSignal.any([signal, ending]);
      return new Response(eventStream({ gate, fanout, c, after, until, closed: entered.leave }), { headers });
    },
  );
}

type Entered = { readonly ok: true; readonly leave: () => void } | { readonly ok: false; readonly why: string };

const createOpenStreams = ({ perToken, inAll }: StreamLimits) => {
  const counts = new Map<string, number>();
  let all = 0;
  return {
    enter: (who: string): Entered => {
      const own = counts.get(who) ?? 0;
      if (own >= perToken) return { ok: false, why: `${who} has ${own} open, which is as many as one may have` };
      if (all >= inAll) return { ok: false, why: `${all} are open, which is as many as the gate serves` };
      counts.set(who, own + 1);
      all += 1;
      let isOpen = true;
      const leave = (): void => {
        if (!isOpen) return;
        isOpen = false;
        all -= 1;
        const left = (counts.get(who) ?? 1) - 1;
        if (left === 0) counts.delete(who);
        else counts.set(who, left);
      };
      return { ok: true, leave };
    },
  };
};

interface StreamRequest {
  readonly gate: Gate;
  readonly fanout: EventFanout;
  readonly c: Context<{ Variables: RequestVariables }>;
  readonly after: number;
  readonly until: AbortSignal;
  /** Called once when nobody listens any more. */
  readonly closed: () => void;
}

/** First what the reader has missed, page by page as it reads; then what happens, as it is told to all. */
const eventStream = ({ gate, fanout, c, after, until, closed }: StreamRequest): ReadableStream<Uint8Array> => {
  const over = new AbortController();
  let room = Promise.withResolvers<void>();
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;

  const leave = (): void => {
    over.abort();
    until.removeEventListener('abort', end);
    fanout.leave(listener);
    room.resolve();
    closed();
  };
  const end = (): void => {
    if (over.signal.aborted) return;
    leave();
    controller?.close();
  };
  const hasRoom = (): boolean => (controller?.desiredSize ?? 0) > 0;
  /** What was not read by then is thrown away with the connection: no more is kept for it. */
  const cutOff = (): void => {
    end();
    (c.env as { readonly outgoing?: { destroy(): void } } | undefined)?.outgoing?.destroy();
  };
  const listener: Listener = {
    after,
    mayListen: () => c.get('identify')()?.rights.includes('read') === true,
    tell: (text) => {
      if (over.signal.aborted) return;
      if (hasRoom()) controller?.enqueue(text);
      else cutOff();
    },
    end,
  };
  const untilRoom = async (): Promise<boolean> => {
    if (hasRoom()) return true;
    room = Promise.withResolvers<void>();
    await Promise.race([room.promise, gate.clock.sleep(STUCK_MS, over.signal)]);
    return hasRoom();
  };
  const catchUp = async (): Promise<void> => {
    for (let isBehind = true; isBehind || !fanout.join(listener); ) {
      const lines = await gate.store.trail.lines(listener.after, EVENT_PAGE, within('store', over.signal));
      if (over.signal.aborted) return;
      if (!listener.mayListen(gate.people())) return end();
      if (!(await untilRoom())) return cutOff();
      if (lines.length > 0) listener.tell(new TextEncoder().encode(lines.map(eventText).join('')));
      listener.after = lines.at(-1)?.seq ?? listener.after;
      isBehind = lines.length > 0;
    }
  };
  /** A session ends by logout, also at another gate of the same store, or by its time. */
  const followSession = async (): Promise<void> => {
    const readAgain = c.get('readAgain');
    while (readAgain !== undefined && !over.signal.aborted) {
      await gate.clock.sleep(SESSION_LOOK_MS, over.signal);
      if (over.signal.aborted) return;
      await readAgain(over.signal);
      if (!listener.mayListen(gate.people())) return end();
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (made) => {
        controller = made;
        until.addEventListener('abort', end, { once: true });
        if (until.aborted) return end();
        const ready = `event: ready\ndata: ${JSON.stringify({ after })}\nid: ${after}\n\n`;
        listener.tell(new TextEncoder().encode(ready));
        const failed = (error: unknown): void => {
          if (!over.signal.aborted)
            gate.log.error('events_failed', { error: error instanceof Error ? error.message : 'unknown' });
          end();
        };
        catchUp().catch(failed);
        followSession().catch(failed);
      },
      pull: () => room.resolve(),
      cancel: leave,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MOST_UNREAD }),
  );
};
