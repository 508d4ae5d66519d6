// Changing the cluster: the only port that does.

import type { ExecutionPermit } from '../core/approval/permit.ts';
import type { Effect } from '../core/model/effect.ts';
import type { TargetFact } from '../core/model/facts.ts';
import type { Json } from '../core/model/json.ts';
import type { Rehearsal } from '../core/model/object-change.ts';
import type { ProgramRan } from '../core/model/program-output.ts';
import type { WriteResult } from '../core/remediation/event.ts';

/**
 * The stored intent that precedes a write. `at` is its instant, RFC 3339: a restart stamps exactly this instant on the
 * template, so that after a crash it can be told whether this write arrived. The same intent, the same bytes.
 */
export interface WriteIntent {
  readonly at: string;
  /** For the way back: what its spec shows only as hashes, by hash. */
  readonly revealed?: ReadonlyMap<string, Json>;
}

/** What became of a write; of a program that has run to its end also what it printed, which the record does not hold. */
export type WriteAnswer = WriteResult & { readonly program?: ProgramRan };

export interface ClusterWriter {
  /**
   * What the API server's dry runs of these effects would leave of their objects; nothing is persisted, so no permit is
   * needed. Never throws for what the cluster says or fails to say.
   */
  rehearse(effects: readonly Effect[], targets: readonly TargetFact[], signal: AbortSignal): Promise<Rehearsal>;
  /** Server dry run of every step; nothing is persisted. */
  dryRun(permit: ExecutionPermit, intent: WriteIntent, signal: AbortSignal): Promise<WriteResult>;
  /**
   * Reads each object again, compares cluster, set, uid and pre-image, then writes with the resourceVersion just read.
   * A workload that already is as approved is not written again, so an unfinished write may be repeated. A program is run once
   * each time: whoever asks again runs it again.
   */
  write(permit: ExecutionPermit, intent: WriteIntent, signal: AbortSignal): Promise<WriteAnswer>;
  /** After a write without an answer: is its effect there? `unknown` when the cluster cannot be asked or it cannot be told. */
  wasWritten(
    permit: ExecutionPermit,
    intent: WriteIntent,
    signal: AbortSignal,
  ): Promise<'all' | 'some' | 'none' | 'unknown'>;
}
