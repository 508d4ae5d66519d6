// Clusters by their names, and what tells which each is → names that lead to one cluster.
import type { Log } from '../ports/log.ts';

/** `key`: an address, or the uid of kube-system; null: not known, which is no other's. */
export interface KeyedCluster {
  readonly name: string | null;
  readonly key: string | null;
}

/** Names of one cluster would each have their own class, budgets, breaker and pause: whoever proposes would choose among them. */
export function twinsOf(
  clusters: readonly KeyedCluster[],
): readonly { readonly names: string; readonly key: string }[] {
  const groups = Map.groupBy(
    clusters.filter(({ key }) => key !== null),
    ({ key }) => key ?? '',
  );
  return [...groups]
    .filter(([, same]) => same.length > 1)
    .map(([key, same]) => ({ key, names: same.map(({ name }) => name ?? '').join(' and ') }));
}

const PATIENCE_MS = 10_000;

/** A cluster that can be asked for the uid of kube-system. */
export interface ClusterWithUid {
  readonly name: string | null;
  uid(signal: AbortSignal): Promise<string | null>;
}

/** Asks each once after the start, since one cluster has many addresses; which cannot be asked is said elsewhere. */
export async function logTwins(clusters: readonly ClusterWithUid[], log: Log, stop: AbortSignal): Promise<void> {
  if (clusters.length < 2) return;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]);
  const keyed = clusters.map(async (one) => ({ name: one.name, key: await one.uid(signal).catch(() => null) }));
  for (const { names, key } of twinsOf(await Promise.all(keyed))) log.error('cluster_named_twice', { names, uid: key });
}
