// The gate's stream of events, read until it is stopped: resumed by Last-Event-ID after every break, more and more patiently.
import { createSseReader } from './sse.ts';
import type { ShownEvent } from './types.ts';

export type Link = 'connecting' | 'live' | 'lost' | 'ended';
export type LiveEvent = ShownEvent & { readonly proposal?: string };

export interface LiveStream {
  stop(): void;
  /** Tries at once, as when the browser says that the network is back. */
  hurry(): void;
}

/** Milliseconds until the next try, at least and at most. */
const [FIRST_MS, MOST_MS] = [500, 15_000];
/** The gate says that it lives every 15 s; a stream that says nothing for so long is broken, as after a sleep of the machine. */
const SILENT_MS = 40_000;

interface Listener {
  event(event: LiveEvent): void;
  link(link: Link): void;
}

/** Reads one connection to its end; the last id that was seen. Throws when it breaks. */
const readOnce = async (
  after: string | null,
  controller: AbortController,
  listener: Listener,
  seen: (id: string) => void,
): Promise<number> => {
  const headers: Record<string, string> = { accept: 'text/event-stream' };
  if (after !== null) headers['last-event-id'] = after;
  const response = await fetch('/v1/events', { headers, signal: controller.signal, cache: 'no-store' });
  if (!response.ok || response.body === null) return response.status;
  listener.link('live');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const read = createSseReader();
  let silence = setTimeout(() => controller.abort(), SILENT_MS);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return 200;
      clearTimeout(silence);
      silence = setTimeout(() => controller.abort(), SILENT_MS);
      for (const { id, event, data } of read(value)) {
        if (id !== null) seen(id);
        if (event !== 'ready') listener.event(JSON.parse(data) as LiveEvent);
      }
    }
  } finally {
    clearTimeout(silence);
  }
};

/** Begins to listen. `ended`: the session is over, and nothing more is tried. */
export function listen(listener: Listener): LiveStream {
  let [stopped, wait] = [false, FIRST_MS];
  let last: string | null = null;
  let controller = new AbortController();
  let wake: () => void = () => undefined;
  const run = async (): Promise<void> => {
    while (!stopped) {
      controller = new AbortController();
      const status = await readOnce(last, controller, listener, (id) => {
        last = id;
        wait = FIRST_MS;
      }).catch(() => null);
      if (stopped) return;
      if (status === 401) return listener.link('ended');
      listener.link('lost');
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, wait);
      });
      wait = Math.min(wait * 2, MOST_MS);
    }
  };
  void run();
  return {
    stop: () => {
      stopped = true;
      controller.abort();
      wake();
    },
    hurry: () => {
      wait = FIRST_MS;
      wake();
    },
  };
}
