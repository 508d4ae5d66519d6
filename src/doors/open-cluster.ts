// A kubeconfig, or a pod's account, becomes the ports of its cluster. Opened by open-peers.ts alone: test/layers/law.test.ts.
import { countPowers } from '../adapters/cluster/agent/grantors.ts';
import { proveAgent } from '../adapters/cluster/agent/prove-agent.ts';
import { readGuards } from '../adapters/cluster/agent/read-guards.ts';
import {
  type ClusterCache,
  createClusterCache,
  DEFAULT_CACHE_SETTINGS,
} from '../adapters/cluster/cache/cluster-cache.ts';
import { openCluster } from '../adapters/cluster/client.ts';
import { withDeniedWrites } from '../adapters/cluster/denied.ts';
import { type Discovered, discoverKinds } from '../adapters/cluster/discovery.ts';
import type { ClusterSource } from '../adapters/cluster/kubeconfig.ts';
import { clusterUid, createClusterReader } from '../adapters/cluster/reader.ts';
import { clusterRights } from '../adapters/cluster/rights.ts';
import { createClusterWriter } from '../adapters/cluster/writer.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { AgentProof, PowerCount } from '../core/model/agent-proof.ts';
import type { Json } from '../core/model/json.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';
import type { ClusterRights } from '../ports/cluster-rights.ts';
import type { ClusterWriter } from '../ports/cluster-writer.ts';
import type { Log } from '../ports/log.ts';
import type { NamedCluster } from './clusters-file.ts';
import type { Guards } from './follow-guards.ts';

export const DEFAULT_MAX_AGE_SECONDS = DEFAULT_CACHE_SETTINGS.maxAgeSeconds;

/** The reader that a running gate uses: what it follows is known already, and too old after `maxAgeSeconds`. */
export interface FollowedCluster {
  readonly reader: ClusterReader;
  readonly cache: Pick<ClusterCache, 'run' | 'health'>;
}

/** One cluster by one client. Methods that ask throw AdapterError. */
export interface OpenedCluster {
  /** "https://10.0.0.1:6443" */
  readonly server: string;
  /** The namespace of the configured context. */
  readonly namespace: string;
  readonly warnings: readonly string[];
  /** Asks the cluster for every fact anew. */
  readonly reader: ClusterReader;
  readonly writer: ClusterWriter;
  readonly rights: ClusterRights;
  /** The uid of kube-system, by which a cluster is known; null where it tells none. */
  uid(signal: AbortSignal): Promise<string | null>;
  /** Its clock in milliseconds since the epoch; null where it tells none. */
  readClock(signal: AbortSignal): Promise<number | null>;
  discoverKinds(signal: AbortSignal): Promise<Discovered>;
  /** What roles give to the subjects of each, to change the cluster with; throws where not all roles can be read. */
  countPowers(subjects: readonly (readonly string[])[], signal: AbortSignal): Promise<readonly PowerCount[]>;
  /** Whether the guards of deploy/ hold. */
  readGuards(signal: AbortSignal): Promise<Guards>;
  follow(maxAgeSeconds: number, log: Log): FollowedCluster;
}

/** `hash` names values that may not be shown (adapters/system/keyed-hash.ts). Nothing is sent yet. Throws an Error that says what to set. */
export async function connectCluster(source: ClusterSource, hash?: (value: Json) => string): Promise<OpenedCluster> {
  const client = await openCluster(source);
  const { server, namespace, warnings } = client;
  return {
    server,
    namespace,
    warnings,
    reader: createClusterReader(client),
    writer: createClusterWriter(client, hash),
    rights: clusterRights(client),
    uid: (signal) => clusterUid(client, signal),
    readClock: (signal) => client.readClock(signal),
    discoverKinds: (signal) => discoverKinds(client, signal),
    countPowers: (subjects, signal) => countPowers(client, subjects, signal),
    readGuards: (signal) => readGuards(client, signal),
    follow: (maxAgeSeconds, log) => {
      const cache = createClusterCache(client, systemClock, { maxAgeSeconds }, (kind, { message }) =>
        log.warn('cluster_cache_trouble', { kind, error: message }),
      );
      const reader = withDeniedWrites(createClusterReader(client, cache), client, () => systemClock.elapsed());
      return { reader, cache };
    },
  };
}

/** What the identity of one kubeconfig could change past the gate; the other reads what it may not. Throws an Error that says what to set. */
export async function proveAgentOf(
  agent: ClusterSource,
  observer: ClusterSource | null,
  signal: AbortSignal,
): Promise<AgentProof> {
  const asked = await openCluster(agent);
  return proveAgent(asked, observer === null ? null : await openCluster(observer), signal);
}

/** How its client finds it. */
export function sourceOf(access: NamedCluster['access']): ClusterSource {
  switch (access.kind) {
    case 'found':
      return { kubeconfig: access.kubeconfig, serviceHost: process.env['KUBERNETES_SERVICE_HOST'] ?? null };
    case 'kubeconfig': {
      const { path: kubeconfig, context } = access;
      return { kubeconfig, serviceHost: null, ...(context === null ? {} : { context }) };
    }
    case 'service-account':
      return { kubeconfig: null, serviceHost: null, account: access };
    default:
      return access satisfies never;
  }
}
