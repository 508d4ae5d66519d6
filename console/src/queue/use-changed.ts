// Which remediations live events are about, gathered: events come in bursts, and what changed is asked for once.
import { useEffect, useRef } from 'react';
import { useGate } from '../api/gate.ts';
import type { LiveEvent } from '../api/live.ts';

/** Milliseconds that ids are gathered. */
const GATHER_MS = 250;
/** Of more changed remediations than these whoever shows many reads its list anew instead of each. */
export const MOST_SINGLE = 5;

/** Calls `read` with the ids of all events that `concerns` names, some 250 ms after the first of them. */
export function useChanged(concerns: (event: LiveEvent) => boolean, read: (ids: readonly string[]) => void): void {
  const gate = useGate();
  const newest = useRef({ concerns, read });
  newest.current = { concerns, read };
  useEffect(() => {
    const changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = gate.onEvent((event) => {
      if (event.proposal === undefined || !newest.current.concerns(event)) return;
      changed.add(event.proposal);
      timer ??= setTimeout(() => {
        timer = undefined;
        const ids = [...changed];
        changed.clear();
        newest.current.read(ids);
      }, GATHER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [gate.onEvent]);
}
