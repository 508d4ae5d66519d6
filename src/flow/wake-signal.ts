// Wakes at once who waits for what was recorded, and the loops only where it is work for them now; the timer is only the fallback.
import type { Clock } from '../ports/clock.ts';
import type { Notice } from '../ports/store.ts';

/** Milliseconds after which the loops look for work unwoken: what is due later than that needs no notice. */
export const FALLBACK_MS = 1000;

/** Who waits for a record hears of all work as well. */
export interface WakeSignal {
  /** How often there was a notice of the kind (`work` where none is named); pass it to `wait`, so that none in between is lost. */
  count(kind?: Notice): number;
  notify(kind?: Notice): void;
  /** Resolves when there was a notice of the kind since `count` was `seen`, after `ms`, or when aborted. */
  wait(seen: number, ms: number, signal: AbortSignal, kind?: Notice): Promise<void>;
}

/** One for all: an error made for each notice would cost more than the notice. */
const WOKEN = new Error('woken');

interface Sleepers {
  notices: number;
  wake: AbortController;
}

export function createWakeSignal(clock: Clock): WakeSignal {
  const sleepers: { readonly [K in Notice]: Sleepers } = {
    record: { notices: 0, wake: new AbortController() },
    work: { notices: 0, wake: new AbortController() },
  };
  const wakeAll = (all: Sleepers): void => {
    all.notices += 1;
    all.wake.abort(WOKEN);
    all.wake = new AbortController();
  };
  return {
    count: (kind = 'work') => sleepers[kind].notices,
    notify: (kind = 'work') => {
      wakeAll(sleepers.record);
      if (kind === 'work') wakeAll(sleepers.work);
    },
    wait: async (seen, ms, signal, kind = 'work') => {
      const { notices, wake } = sleepers[kind];
      if (notices !== seen || signal.aborted) return;
      await clock.sleep(ms, AbortSignal.any([wake.signal, signal]));
    },
  };
}
