// The clusters of a gate → each one opened, and a gate for each over what all of them share.
import type { ClusterGates, Gate } from '../../flow/gate.ts';
import { createTrials, type Trials } from '../../flow/requests/trials.ts';
import type { Log } from '../../ports/log.ts';
import { twinsOf } from '../cluster-twins.ts';
import type { NamedCluster } from '../clusters-file.ts';
import { OPEN } from '../open-peers.ts';
import type { ClusterShare, OpenedShare, ShareSettings } from '../open-share.ts';
import { CannotStart } from './cannot-start.ts';
import type { GateAt } from './guarded-gates.ts';

/** Every cluster of the gate, opened. Throws CannotStart. */
export async function openShares(
  clusters: readonly NamedCluster[],
  settings: ShareSettings,
  log: Log,
): Promise<readonly OpenedShare[]> {
  const opening = clusters.map((cluster) => OPEN.share(cluster, settings, log));
  const shares = await Promise.all(opening).catch((error: unknown) => {
    throw clusters.length > 1 && error instanceof Error ? new CannotStart([error.message]) : error;
  });
  const keyed = shares.map(({ share, cluster }) => ({ name: share.clusterName, key: cluster.server }));
  const twins = twinsOf(keyed).map(
    ({ names, key }) => `${names} of BLASTGATE_CLUSTERS are one cluster (${key}): keep one name`,
  );
  if (twins.length > 0) throw new CannotStart(twins);
  return shares;
}

/** What the gates of all clusters have in common. */
export type SharedParts = Omit<Gate, keyof ClusterShare | 'policy'>;

/** A gate for each cluster over what they share; the first is the one that the doors are opened with. */
export function gatesOver(
  shared: SharedParts,
  shares: readonly OpenedShare[],
  writerOf: (share: OpenedShare, trials: Trials) => Gate['writer'],
): readonly [GateAt, ...GateAt[]] {
  const clusters = (): ClusterGates => ({
    all: all.map(({ gate }) => gate),
    names: shares.map(({ share }) => share.clusterName ?? ''),
  });
  const [first, ...others] = shares.map((one): GateAt => {
    // What is tried at one cluster is known there alone.
    const trials = createTrials();
    const gate: Gate = {
      ...shared,
      ...one.share,
      get policy() {
        return one.policy();
      },
      writer: writerOf(one, trials),
      ...(shares.length > 1 ? { clusters } : {}),
    };
    return { gate, share: one, trials };
  });
  if (first === undefined) throw new Error('a gate without a cluster (this is a bug)');
  const all: readonly [GateAt, ...GateAt[]] = [first, ...others];
  return all;
}
