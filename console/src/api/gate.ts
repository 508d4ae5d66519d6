// What every screen shares: the session, the live stream and requests in the reader's language.
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { type Lang, useLang } from '../words/words.ts';
import { type Asked, ask, Trouble } from './client.ts';
import type { Link, LiveEvent } from './live.ts';
import type { Session } from './types.ts';

export interface GateLink {
  readonly session: Session;
  readonly link: Link;
  /** Tells every event from now on; returns how to stop. */
  readonly onEvent: (listener: (event: LiveEvent) => void) => () => void;
  /** The session is over, as the gate has just said. */
  readonly ended: () => void;
}

export const GateContext = createContext<GateLink | null>(null);

/** The shared link; only screens within a session ask. */
export function useGate(): GateLink {
  const gate = useContext(GateContext);
  if (gate === null) throw new Error('no screen of the console stands outside of a session');
  return gate;
}

export type Requester = <T>(path: string, asked?: Omit<Asked, 'csrf' | 'lang'>) => Promise<T>;

/** Requests with the session's protection against forged ones; 401 ends the session on the page, too. */
export function useAsk(): Requester {
  const { session, ended } = useGate();
  const lang = useLang();
  return async <T>(path: string, asked: Omit<Asked, 'csrf' | 'lang'> = {}): Promise<T> => {
    try {
      return await ask<T>(path, { ...asked, csrf: session.csrf, lang });
    } catch (error) {
      if (error instanceof Trouble && error.status === 401) ended();
      throw error;
    }
  };
}

export type Resource<T> =
  | { readonly is: 'loading' }
  | { readonly is: 'ready'; readonly value: T; readonly again: () => void }
  | { readonly is: 'trouble'; readonly trouble: Trouble; readonly again: () => void };

/** Tries anew after so many milliseconds where no answer came at all. */
const RETRY_MS = 3_000;

/**
 * What an address answers, asked again for every live event that `concerns` it; the old answer stays until a new one is there.
 * One request at a time: what happens meanwhile is asked for once, when the answer has come. Nothing is begun to be thrown away.
 */
export function useResource<T>(
  path: string | null,
  concerns: (event: LiveEvent) => boolean = () => false,
): Resource<T> {
  const gate = useGate();
  const request = useAsk();
  const lang: Lang = useLang();
  const [found, setFound] = useState<{ readonly path: string | null; readonly resource: Resource<T> }>({
    path,
    resource: { is: 'loading' },
  });
  const again = useRef<() => void>(() => undefined);
  const wasUntold = useRef(gate.link !== 'live');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a request is a new function with every drawing.
  useEffect(() => {
    if (path === null) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let [isAsking, isOld] = [false, false];
    const read = (): void => {
      clearTimeout(timer);
      isOld = isAsking;
      if (isAsking) return;
      isAsking = true;
      request<T>(path, { signal: stop.signal })
        .then(
          (value) => setFound({ path, resource: { is: 'ready', value, again: read } }),
          (error: unknown) => {
            if (stop.signal.aborted || !(error instanceof Trouble)) return;
            setFound((before) =>
              before.path === path && before.resource.is === 'ready' && error.status === null
                ? before
                : { path, resource: { is: 'trouble', trouble: error, again: read } },
            );
            if (error.status === null || error.status >= 500) timer = setTimeout(read, RETRY_MS);
          },
        )
        .finally(() => {
          isAsking = false;
          if (isOld && !stop.signal.aborted) read();
        });
    };
    again.current = read;
    read();
    return () => {
      again.current = () => undefined;
      stop.abort();
      clearTimeout(timer);
    };
  }, [path, lang]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest `concerns` is only asked of new events.
  useEffect(() => gate.onEvent((event) => concerns(event) && again.current()), [gate.onEvent, path]);
  // Until the stream is there nothing is told: what was asked before it may be old. A screen that opens with it has missed nothing.
  useEffect(() => {
    if (gate.link === 'live' && wasUntold.current) again.current();
    wasUntold.current = gate.link !== 'live';
  }, [gate.link]);
  return found.path === path ? found.resource : { is: 'loading' };
}
