// The gates of all clusters, in the order of the file, and which of them are guarded → what proxy and admission are opened with, and
// the clusters whose guards and roles are followed.
import type { Gate } from '../../flow/gate.ts';
import type { Trials } from '../../flow/requests/trials.ts';
import type { ClusterWithPowers } from '../follow-agents.ts';
import type { ClusterWithGuards } from '../follow-guards.ts';
import type { GuardedClusters } from '../guarded-clusters.ts';
import type { AskingGates } from '../open-admission.ts';
import type { ProxiedCluster, ProxyPeers } from '../open-proxy.ts';
import type { OpenedShare } from '../open-share.ts';

/** One cluster of a gate that runs. */
export interface GateAt {
  readonly gate: Gate;
  readonly share: OpenedShare;
  /** Where the dry runs of its account are known while they last. */
  readonly trials: Trials;
}

/** What the proxy is opened with, of the clusters that it stands before. */
export function proxiedOf(
  all: readonly GateAt[],
  { unnamed, accounts }: GuardedClusters,
): Pick<ProxyPeers, 'clusters' | 'unnamed' | 'servers'> {
  const doors = all.map(({ gate, share, trials }, at): ProxiedCluster | null => {
    const own = accounts[at] ?? null;
    return own === null ? null : { gate, accounts: own, writing: share.source, trials };
  });
  return {
    clusters: doors.filter((one) => one !== null),
    unnamed: unnamed === null ? null : (doors.at(unnamed) ?? null),
    servers: all.map(({ gate, share }) => ({ name: gate.clusterName, server: share.cluster.server })),
  };
}

/** What the admission listener is opened with: each cluster may ask, whether or not a webhook is installed there. */
export function askingOf(
  [first, ...others]: readonly [GateAt, ...GateAt[]],
  { unnamed }: GuardedClusters,
): AskingGates {
  const clusters = [first, ...others] as const;
  return { clusters, unnamed: unnamed === null ? null : (clusters.at(unnamed) ?? null) };
}

/** Those that are guarded: which the proxy stands before, and which an address without a name means; where none is, all of them. */
export function followedOf(
  all: readonly GateAt[],
  { unnamed, accounts }: GuardedClusters,
): readonly (ClusterWithGuards & ClusterWithPowers)[] {
  const guarded = all.filter((_, at) => at === unnamed || (accounts[at] ?? null) !== null);
  return (guarded.length === 0 ? all : guarded).map(({ gate, share: { cluster } }) => ({
    cluster: all.length === 1 ? null : gate.clusterName,
    read: (signal) => cluster.readGuards(signal),
    count: (...asked) => cluster.countPowers(...asked),
  }));
}
