// The kinds that the API server serves beside the built-in ones: looked at every minute, and when a command names one that is unknown.
import type { Resource } from '../core/model/resource.ts';
import { within } from '../flow/deadline.ts';
import type { SteadyClock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

const EVERY_MS = 60_000;
/** So often at most they are looked at for a command: some thirty requests each time. */
const FOR_A_COMMAND_MS = 3_000;

/** What the API server says of the kinds that it serves; `silent`: groups that did not answer. */
interface Served {
  readonly resources: readonly Resource[];
  readonly silent: readonly string[];
}

export interface FollowedKinds {
  /** Those of the last answer; until the first one only the built-in kinds are known. */
  now(): readonly Resource[];
  /** Looks at them until the signal ends. */
  refresh(signal: AbortSignal): Promise<void>;
  /** A command names a kind that is unknown. True: they were looked at anew; false: they were just before, or nobody answered. */
  refreshNow(): Promise<boolean>;
}

export function followKinds(
  discover: (signal: AbortSignal) => Promise<Served>,
  clock: Pick<SteadyClock, 'elapsed' | 'sleep'>,
  log: Log,
): FollowedKinds {
  let kinds: readonly Resource[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<boolean> | null = null;
  const look = async (signal: AbortSignal): Promise<boolean> => {
    try {
      const { resources, silent } = await discover(within('read', signal));
      kinds = resources;
      if (silent.length > 0) log.warn('discovery_incomplete', { silent: [...silent] });
      return true;
    } catch (error) {
      if (!signal.aborted) log.warn('discovery_failed', { error: error instanceof Error ? error.message : 'unknown' });
      return false;
    }
  };
  return {
    now: () => kinds,
    refresh: async (signal) => {
      while (!signal.aborted) {
        await look(signal);
        await clock.sleep(EVERY_MS, signal);
      }
    },
    refreshNow: async () => {
      // Commands that come meanwhile wait for the same answer.
      if (underWay !== null) return underWay;
      if (clock.elapsed() - lookedAt < FOR_A_COMMAND_MS) return false;
      lookedAt = clock.elapsed();
      // Others wait for it too: it does not end with the one who asked first.
      underWay = look(new AbortController().signal).finally(() => {
        underWay = null;
      });
      return underWay;
    },
  };
}
