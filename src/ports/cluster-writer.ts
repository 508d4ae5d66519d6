// Changing the cluster: the only port that does.

import type { ExecutionPermit, SealedWrite } from '../core/approval/permit.ts';
import type { ApiReply } from '../core/model/api-reply.ts';
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
  /** What the spec shows only as hashes, by hash: what is sent, and for the way back what was before. */
  readonly revealed?: ReadonlyMap<string, Json>;
  /** Whoever sent the request waits for the API server's own answer. */
  readonly wantsReply?: true;
  /** Parts of the write are known to have arrived: it is gone on with. */
  readonly goesOn?: true;
}

/** How far a write of several steps has come. */
export interface WriteProgress {
  readonly done: number;
  readonly of: number;
  /** What was done last, or what is waited for and why. */
  readonly subject: string;
  readonly waits: boolean;
}

/** What whoever asks for a write hears of it while it runs, and how it can be ended early. */
export interface WriteControl {
  /** Called at every step of a write that has several; must not throw. */
  readonly progressed: (progress: WriteProgress) => void;
  /** Aborted: what can be gone on with later sends nothing more and answers `unheard`. What takes a moment is finished. */
  readonly stop: AbortSignal;
}

/**
 * What became of a write; also what the record does not hold: what a program printed that has run to its end, and the API server's
 * answer to the last request that changes something.
 */
export type WriteAnswer = WriteResult & { readonly program?: ProgramRan; readonly heard?: ApiReply };

export interface ClusterWriter {
  /** Names a value that may not be shown: "hmac-sha256:…", the same for the same value and gate. */
  hash(value: Json): string;
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
  write(
    permit: ExecutionPermit,
    intent: WriteIntent,
    signal: AbortSignal,
    control?: WriteControl,
  ): Promise<WriteAnswer>;
  /**
   * After a write without an answer: is its effect there? `unknown` when the cluster cannot be asked or it cannot be told. Only
   * reads, so no permit is needed.
   */
  wasWritten(sent: SealedWrite, intent: WriteIntent, signal: AbortSignal): Promise<'all' | 'some' | 'none' | 'unknown'>;
}
