// What a question about a neighbourhood is answered from: kept by watching, or read once.
import type { MissingFact } from '../../../core/model/facts.ts';
import type { KindName } from './kinds.ts';
import type { KnownCluster } from './known-cluster.ts';

/** What is asked for. */
export interface Wanted {
  /** Each is a fact that a write needs. */
  readonly needed: readonly KindName[];
  /** Shown where they are known: they are neither waited for nor missed. */
  readonly shown: readonly KindName[];
  /** Namespaces that matter; null: all. What is known may hold more. */
  readonly namespaces: readonly string[] | null;
  /** Versions that must be known already, of objects that were read by themselves. */
  readonly atLeast: ReadonlyMap<KindName, string>;
}

export interface Answered {
  readonly cluster: KnownCluster;
  /** Kinds of which all objects are known, in the namespaces that were asked for. */
  readonly known: ReadonlySet<KindName>;
  /** Needed kinds that cannot be relied on now, and why. */
  readonly missing: readonly MissingFact[];
  /** Age of the oldest of the needed kinds; null: of one nothing is known at all. */
  readonly ageSeconds: number | null;
}

export interface ClusterKnowledge {
  /** Never rejects; waits a short while for what is about to be known. */
  ask(wanted: Wanted, signal: AbortSignal): Promise<Answered>;
}
