// What stands before a cluster: the proxy for agents, the listener that its API servers ask, and what is told of both.
import type { Gate } from '../../flow/gate.ts';
import type { Trials } from '../../flow/requests/trials.ts';
import type { Clock } from '../../ports/clock.ts';
import { type FollowedAgents, followAgents } from '../follow-agents.ts';
import { type FollowedGuards, followGuards } from '../follow-guards.ts';
import type { OpenedAdmission } from '../open-admission.ts';
import { OPEN } from '../open-peers.ts';
import type { OpenedProxy, ProxyPeers } from '../open-proxy.ts';
import type { OpenedShare } from '../open-share.ts';
import type { Settings } from '../settings.ts';
import { CannotStart } from './cannot-start.ts';

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

/** The cluster that proxy and admission stand before. Throws CannotStart where it is not said which. */
export function guardedOf(shares: readonly OpenedShare[], { guardedCluster, proxy, admission }: Settings): OpenedShare {
  const found = guardedCluster === null ? shares[0] : shares.find(({ share }) => share.clusterName === guardedCluster);
  const names = shares.map(({ share }) => share.clusterName).join(', ');
  if (found === undefined)
    throw new CannotStart([`BLASTGATE_GUARDED_CLUSTER is "${guardedCluster}"; write one of ${names}`]);
  if (shares.length > 1 && guardedCluster === null && (proxy !== null || admission !== null))
    throw new CannotStart([
      `proxy and admission stand before one cluster: say with BLASTGATE_GUARDED_CLUSTER before which of ${names}`,
    ]);
  return found;
}

type Given = Pick<ProxyPeers, 'trials' | 'timed' | 'ending'> & { readonly clock: Clock };

/** `gate` is the one of the guarded cluster. Throws CannotStart, and nothing is left open. */
export async function openGuards(
  gate: Gate,
  guarded: OpenedShare,
  settings: Settings,
  { clock, ...given }: Given,
): Promise<OpenedGuards> {
  const { cluster, source } = guarded;
  const agents = followAgents(gate.people, (...asked) => cluster.countPowers(...asked), clock, gate.log);
  const objects = followGuards((signal) => cluster.readGuards(signal), clock, gate.log);
  const admission = await openAdmission(gate, given.trials, settings);
  const proxy = await openProxy(gate, settings, { ...given, writing: source }).catch(async (error: unknown) => {
    await admission?.close();
    throw error;
  });
  return { admission, proxy, agents, objects };
}

const openAdmission = async (gate: Gate, trials: Trials, { dataDir, admission }: Settings) => {
  if (admission === null) return null;
  return OPEN.admission(gate, trials, dataDir, admission).catch((error: unknown) => {
    throw error instanceof Error ? new CannotStart([error.message]) : error;
  });
};

const openProxy = async (gate: Gate, { proxy, dataDir }: Settings, given: Omit<ProxyPeers, 'authority'>) => {
  if (proxy === null) return null;
  return OPEN.proxy(gate, proxy, { ...given, authority: () => OPEN.authority(dataDir) }).catch((error: unknown) => {
    throw new CannotStart([error instanceof Error ? error.message : 'the proxy cannot be opened']);
  });
};
