// One cluster → what of a gate is this cluster's own, with the loops that keep what is known of it.
import { createHealthChecks } from '../adapters/checks/health-checks.ts';
import type { ClusterSource } from '../adapters/cluster/kubeconfig.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { type Policy, type PolicyDocument, policyOf } from '../core/blast-radius/policy.ts';
import type { Json } from '../core/model/json.ts';
import type { Gate } from '../flow/gate.ts';
import { createKnownRuns } from '../flow/requests/recent-runs.ts';
import type { Log } from '../ports/log.ts';
import type { NamedCluster } from './clusters-file.ts';
import { followKinds } from './follow-kinds.ts';
import { connectCluster, type FollowedCluster, type OpenedCluster, sourceOf } from './open-cluster.ts';

/** What of a gate is one cluster's own; everything else is shared by all of them. */
export type ClusterShare = Pick<Gate, 'reader' | 'writer' | 'checks' | 'clusterName' | 'context' | 'knownRuns'>;

export interface OpenedShare {
  readonly share: ClusterShare;
  /** The policy of now with what is this cluster's own: the same object as long as it is the same. */
  readonly policy: () => Policy;
  readonly cluster: OpenedCluster;
  readonly source: ClusterSource;
  readonly health: FollowedCluster['cache']['health'];
  /** Keeps what is known of the cluster until the signal ends; a cluster in trouble keeps nobody else waiting. */
  keep(signal: AbortSignal): Promise<void>;
}

export interface ShareSettings {
  /** The policy of now. */
  readonly document: () => PolicyDocument;
  readonly prometheusTokenFile: string | null;
  readonly evidenceMaxAgeSeconds: number;
  /** Names values that may not be shown; one key for all clusters. */
  readonly hash: (value: Json) => string;
}

/** Nothing is sent yet. Throws an Error that names the cluster and says what to set. */
export async function openShare(named: NamedCluster, settings: ShareSettings, log: Log): Promise<OpenedShare> {
  const { name } = named;
  const source = sourceOf(named.access);
  const cluster = await connectCluster(source, settings.hash).catch((error: unknown) => {
    if (name === null || !(error instanceof Error)) throw error;
    throw new Error(`the cluster ${name}: ${error.message}`);
  });
  const own = name === null ? log : about(log, name);
  for (const warning of cluster.warnings) own.warn('cluster_warning', { warning });
  const kinds = followKinds((signal) => cluster.discoverKinds(signal), systemClock, own);
  const { reader, cache } = cluster.follow(settings.evidenceMaxAgeSeconds, own);
  const policy = policyOfCluster(named, settings.document);
  return {
    share: {
      reader,
      writer: cluster.writer,
      checks: createHealthChecks(() => policy().document.prometheus ?? null, settings.prometheusTokenFile),
      clusterName: name,
      context: {
        namespace: cluster.namespace,
        get customResources() {
          return kinds.now();
        },
        lookForKinds: () => kinds.refreshNow(),
      },
      knownRuns: createKnownRuns(),
    },
    policy,
    cluster,
    source,
    health: () => cache.health(),
    keep: async (signal) => {
      await Promise.all([kinds.refresh(signal), cache.run(signal)]);
    },
  };
}

/** Made ready once for each policy that is taken. */
const policyOfCluster = (
  { name, policyOf: ownOf }: Pick<NamedCluster, 'name' | 'policyOf'>,
  document: () => PolicyDocument,
): (() => Policy) => {
  let [from, made]: [PolicyDocument | null, Policy | null] = [null, null];
  return () => {
    const now = document();
    if (made === null || from !== now) [from, made] = [now, policyOf(ownOf(now), name)];
    return made;
  };
};

/** Each line says which cluster it is about. */
const about = (log: Log, cluster: string): Log => ({
  info: (event, fields) => log.info(event, { cluster, ...fields }),
  warn: (event, fields) => log.warn(event, { cluster, ...fields }),
  error: (event, fields) => log.error(event, { cluster, ...fields }),
});
