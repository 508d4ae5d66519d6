// Whether the guards hold in the cluster → a metric, since whoever may write admission objects can take them away unseen.
import type { GuardState } from '../core/model/guard-state.ts';
import { within } from '../flow/deadline.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { clusterLabel } from './measures/label-value.ts';

const EVERY_MS = 30_000;

export interface Guards {
  readonly agents: GuardState;
  readonly executor: GuardState;
}

export interface FollowedGuards {
  /** As Prometheus text: 1 holds, 0 open or missing, -1 not known. */
  text(): string;
  /** Looks every 30 seconds until the signal; never rejects. */
  refresh(signal: AbortSignal): Promise<void>;
}

/** One cluster whose guards are read; `read` throws where the objects cannot be read. */
export interface ClusterWithGuards {
  /** Of several; null: there is one. */
  readonly cluster: string | null;
  readonly read: (signal: AbortSignal) => Promise<Guards>;
}

/** Each cluster by itself: one that does not answer is not known, and keeps no other waiting. */
export function followGuards(clusters: readonly ClusterWithGuards[], clock: Clock, log: Log): FollowedGuards {
  const all = clusters.map((one) => followOne(one, clock, log));
  return {
    text: () =>
      [
        '# HELP blastgate_guard 1 where the guard of the agents, or of the account of the gate, holds in the cluster; 0 where it is missing or refuses nothing; -1: not known.',
        '# TYPE blastgate_guard gauge',
        ...all.flatMap((one) => one.rows()),
        '',
      ].join('\n'),
    refresh: async (signal) => {
      await Promise.all(all.map((one) => one.refresh(signal)));
    },
  };
}

const followOne = ({ cluster, read }: ClusterWithGuards, clock: Clock, log: Log) => {
  let known: Guards | null = null;
  let isToldUnknown = false;
  const about = cluster === null ? {} : { cluster };
  const label = clusterLabel(cluster);
  const shownAs = (state: GuardState | undefined): number => (state === undefined ? -1 : state === 'holds' ? 1 : 0);
  const look = async (signal: AbortSignal): Promise<void> => {
    try {
      const now = await read(within('read', signal));
      const guards = [
        ['agents', known?.agents, now.agents],
        ['executor', known?.executor, now.executor],
      ] as const;
      for (const [guard, before, is] of guards)
        if (before === 'holds' && is !== 'holds') log.warn('guard_lost', { ...about, guard, is });
      known = now;
      isToldUnknown = false;
    } catch (error) {
      if (signal.aborted) return;
      known = null;
      // Said once, not twice a minute for as long as it lasts.
      if (!isToldUnknown)
        log.warn('guard_unknown', { ...about, error: error instanceof Error ? error.message : 'unknown' });
      isToldUnknown = true;
    }
  };
  return {
    rows: (): readonly string[] => [
      `blastgate_guard{guard="agents"${label}} ${shownAs(known?.agents)}`,
      `blastgate_guard{guard="executor"${label}} ${shownAs(known?.executor)}`,
    ],
    refresh: async (signal: AbortSignal): Promise<void> => {
      while (!signal.aborted) {
        await look(signal);
        await clock.sleep(EVERY_MS, signal);
      }
    },
  };
};
