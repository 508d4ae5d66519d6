// What stands before the clusters: the proxy for agents, the listener that its API servers ask, and what is told of both.
import type { Gate } from '../../flow/gate.ts';
import type { Clock } from '../../ports/clock.ts';
import { type FollowedAgents, followAgents } from '../follow-agents.ts';
import { type FollowedGuards, followGuards } from '../follow-guards.ts';
import type { GuardedClusters } from '../guarded-clusters.ts';
import type { AskingGates, OpenedAdmission } from '../open-admission.ts';
import { OPEN } from '../open-peers.ts';
import type { OpenedProxy, ProxyPeers } from '../open-proxy.ts';
import type { Settings } from '../settings.ts';
import { CannotStart } from './cannot-start.ts';
import { askingOf, followedOf, type GateAt, proxiedOf } from './guarded-gates.ts';

export interface OpenedGuards {
  /** null: API servers ask nobody. */
  readonly admission: OpenedAdmission | null;
  /** null: agents have no proxy. */
  readonly proxy: OpenedProxy | null;
  /** What roles let agents do past the gate. */
  readonly agents: FollowedAgents;
  /** Whether the guards of deploy/ hold. */
  readonly objects: FollowedGuards;
}

type Given = Pick<ProxyPeers, 'timed' | 'ending'> & { readonly clock: Clock };

/** Before which of the clusters: `guarded`. Throws CannotStart, and nothing is left open. */
export async function openGuards(
  places: readonly [GateAt, ...GateAt[]],
  guarded: GuardedClusters,
  settings: Settings,
  { clock, ...given }: Given,
): Promise<OpenedGuards> {
  const [{ gate }] = places;
  const followed = followedOf(places, guarded);
  const agents = followAgents(gate.people, followed, clock, gate.log);
  const objects = followGuards(followed, clock, gate.log);
  const admission = await openAdmission(askingOf(places, guarded), settings);
  const proxy = await openProxy(gate, settings, { ...given, ...proxiedOf(places, guarded) }).catch(
    async (error: unknown) => {
      await admission?.close();
      throw error;
    },
  );
  return { admission, proxy, agents, objects };
}

const openAdmission = async (asking: AskingGates, { dataDir, admission }: Settings) => {
  if (admission === null) return null;
  return OPEN.admission(asking, dataDir, admission).catch((error: unknown) => {
    throw error instanceof Error ? new CannotStart([error.message]) : error;
  });
};

const openProxy = async (gate: Gate, { proxy, dataDir }: Settings, given: Omit<ProxyPeers, 'authority'>) => {
  if (proxy === null) return null;
  return OPEN.proxy(gate, proxy, { ...given, authority: () => OPEN.authority(dataDir) }).catch((error: unknown) => {
    throw new CannotStart([error instanceof Error ? error.message : 'the proxy cannot be opened']);
  });
};
