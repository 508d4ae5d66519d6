// Who somebody of the gate is in the cluster.
import type { Identity } from '../identity.ts';
import type { ClusterIdentity } from '../upstream.ts';

/** The group is the one that deploy/guard.yaml keeps from writing; reading is granted to it, or to the user alone. */
export function inCluster({ proposer }: Identity): ClusterIdentity {
  return { user: `blastgate:${proposer.kind}:${proposer.id}`, groups: ['blastgate:agents'] };
}
