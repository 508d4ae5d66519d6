// Asking the cluster.
import type { Effect } from '../core/model/effect.ts';
import type { Facts, TargetFact } from '../core/model/facts.ts';
import type { ObjectChange } from '../core/model/object-change.ts';
import type { Sample } from '../core/remediation/sample.ts';

/** What a cluster can be asked for; failures of asking stand in `missing`, a dead cluster included. */
export type ClusterFacts = Omit<Facts, 'failures' | 'recent' | 'rehearsal'>;

/** What is watched: effects of a spec or steps of its way back, with what was sealed of their objects. */
export interface WatchedWrite {
  readonly effects: readonly Effect[];
  readonly targets: readonly TargetFact[];
  readonly changes: readonly ObjectChange[];
  /** Of the spec, and its effects: an object that the server would name is known by the name that they give it. */
  readonly made: { readonly digest: string; readonly effects: readonly Effect[] };
  /** false: it is about to be written, and only how the objects do now is asked. */
  readonly isWritten: boolean;
  /** Of a program that was run: whether its pod was ready just before. Absent: it was. */
  readonly wasReady?: boolean;
}

export interface ClusterReader {
  /** The facts that judging and sealing these effects needs; selectors expanded. Never throws for a fact that is missing. */
  readFacts(effects: readonly Effect[], signal: AbortSignal): Promise<ClusterFacts>;
  /**
   * One look at each object: whether it is as it was written, and how it does (a deleted pod's controller, and the pods that use an
   * object that does nothing by itself).
   */
  sample(watched: WatchedWrite, signal: AbortSignal): Promise<readonly Sample[]>;
}
