// Who the agents of people.yaml are in the cluster → a metric of what their roles let them change past the gate.
import type { People } from '../core/approval/people.ts';
import type { PowerCount } from '../core/model/agent-proof.ts';
import { within } from '../flow/deadline.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

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

/** The people are read anew each time. */
export function followAgents(people: () => People, count: CountPowers, clock: Clock, log: Log): FollowedAgents {
  let known: readonly (readonly [agent: string, count: PowerCount | null])[] = [];
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
      log.warn('agent_powers_unknown', { error: error instanceof Error ? error.message : 'unknown' });
    }
  };
  return {
    text: () =>
      known.length === 0
        ? ''
        : [
            '# HELP blastgate_agent_powers Rights by which an agent could change the cluster past the gate, as its roles give them; -1 where they cannot be read.',
            '# TYPE blastgate_agent_powers gauge',
            ...known.flatMap(([agent, found]) => [
              `blastgate_agent_powers{agent="${agent}",guardable="yes"} ${found?.guardable ?? -1}`,
              `blastgate_agent_powers{agent="${agent}",guardable="no"} ${found?.beyondGuard ?? -1}`,
            ]),
            '',
          ].join('\n'),
    refresh: async (signal) => {
      while (!signal.aborted) {
        await look(signal);
        await clock.sleep(EVERY_MS, signal);
      }
    },
  };
}
