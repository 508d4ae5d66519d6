// Who the agents of people.yaml are in the cluster → a metric of what their roles let them change past the gate.
import type { People } from '../core/approval/people.ts';
import type { PowerCount } from '../core/model/agent-proof.ts';
import { within } from '../flow/deadline.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { clusterLabel, labelValue } from './measures/label-value.ts';

const EVERY_MS = 300_000;

/** Counts by the subjects of one agent each; throws where roles cannot be read. */
export type CountPowers = (
  subjects: readonly (readonly string[])[],
  signal: AbortSignal,
) => Promise<readonly PowerCount[]>;

export interface FollowedAgents {
  /** As Prometheus text: -1 where nothing is known, nothing at all where no agent says who it is. */
  text(): string;
  /** Looks every five minutes until the signal; never rejects. */
  refresh(signal: AbortSignal): Promise<void>;
}

/** One cluster whose roles are counted. */
export interface ClusterWithPowers {
  /** Of several; null: there is one. */
  readonly cluster: string | null;
  readonly count: CountPowers;
}

/** The people are read anew each time; each cluster is asked by itself. */
export function followAgents(
  people: () => People,
  clusters: readonly ClusterWithPowers[],
  clock: Clock,
  log: Log,
): FollowedAgents {
  const all = clusters.map((one) => followOne(people, one, clock, log));
  return {
    text: () => {
      const rows = all.flatMap((one) => one.rows());
      if (rows.length === 0) return '';
      return [
        '# HELP blastgate_agent_powers Rights by which an agent could change the cluster past the gate, as its roles give them; -1 where they cannot be read.',
        '# TYPE blastgate_agent_powers gauge',
        ...rows,
        '',
      ].join('\n');
    },
    refresh: async (signal) => {
      await Promise.all(all.map((one) => one.refresh(signal)));
    },
  };
}

const followOne = (people: () => People, { cluster, count }: ClusterWithPowers, clock: Clock, log: Log) => {
  let known: readonly (readonly [agent: string, count: PowerCount | null])[] = [];
  const label = clusterLabel(cluster);
  const look = async (signal: AbortSignal): Promise<void> => {
    const agents = people().agents.flatMap(({ id, kubernetes = [] }) =>
      kubernetes.length === 0 ? [] : [{ id, kubernetes }],
    );
    if (agents.length === 0) {
      known = [];
      return;
    }
    try {
      const counts = await count(
        agents.map(({ kubernetes }) => kubernetes),
        within('read', signal),
      );
      known = agents.map(({ id }, at) => [id, counts[at] ?? null]);
    } catch (error) {
      if (signal.aborted) return;
      known = agents.map(({ id }) => [id, null]);
      const about = cluster === null ? {} : { cluster };
      log.warn('agent_powers_unknown', { ...about, error: error instanceof Error ? error.message : 'unknown' });
    }
  };
  return {
    rows: (): readonly string[] =>
      known.flatMap(([agent, found]) => [
        `blastgate_agent_powers{agent="${labelValue(agent)}",guardable="yes"${label}} ${found?.guardable ?? -1}`,
        `blastgate_agent_powers{agent="${labelValue(agent)}",guardable="no"${label}} ${found?.beyondGuard ?? -1}`,
      ]),
    refresh: async (signal: AbortSignal): Promise<void> => {
      while (!signal.aborted) {
        await look(signal);
        await clock.sleep(EVERY_MS, signal);
      }
    },
  };
};
