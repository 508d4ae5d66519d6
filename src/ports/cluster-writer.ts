// Changing the cluster: the only port that does.

import type { ExecutionPermit } from '../core/approval/permit.ts';
import type { WriteResult } from '../core/remediation/event.ts';

/**
 * The stored intent that precedes a write. `at` is its instant, RFC 3339: a restart stamps exactly this instant on the
 * template, so that after a crash it can be told whether this write arrived. The same intent, the same bytes.
 */
export interface WriteIntent {
  readonly at: string;
}

export interface ClusterWriter {
  /** Server dry run of every step; nothing is persisted. */
  dryRun(permit: ExecutionPermit, intent: WriteIntent, signal: AbortSignal): Promise<WriteResult>;
  /**
   * Reads each object again, compares cluster, set, uid and pre-image, then writes with the resourceVersion just read.
   * A workload that already is as approved is not written again, so an unfinished write may be repeated.
   */
  write(permit: ExecutionPermit, intent: WriteIntent, signal: AbortSignal): Promise<WriteResult>;
  /** After a write without an answer: is its effect there? `unknown` when the cluster cannot be asked or it cannot be told. */
  wasWritten(
    permit: ExecutionPermit,
    intent: WriteIntent,
    signal: AbortSignal,
  ): Promise<'all' | 'some' | 'none' | 'unknown'>;
}
