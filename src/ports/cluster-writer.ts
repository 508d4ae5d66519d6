// Changing the cluster: the only port that does. It must never take anything but a permit.
import type { ExecutionPermit } from '../core/approval/permit.ts';

/**
 * What became of one write. `done` counts those that reached the cluster before trouble; `stale` names what was no
 * longer as sealed and means that nothing at all was written.
 */
export type WriteResult =
  | { readonly outcome: 'written'; readonly objects: readonly string[] }
  | {
      readonly outcome: 'stale';
      readonly code:
        | 'uid-changed'
        | 'pre-image-changed'
        | 'targets-changed'
        | 'other-cluster'
        | 'way-back-gone'
        | 'dry-run-refused';
      readonly why: string;
    }
  | { readonly outcome: 'refused'; readonly why: string; readonly written: number }
  | { readonly outcome: 'unheard'; readonly why: string };

export interface ClusterWriter {
  /** Server dry run of every step; nothing is persisted. */
  dryRun(permit: ExecutionPermit, signal: AbortSignal): Promise<WriteResult>;
  /** Reads each object again, compares uid and pre-image, then writes with the resourceVersion just read. */
  write(permit: ExecutionPermit, signal: AbortSignal): Promise<WriteResult>;
  /** After a write without an answer: is its effect there? `unknown` when the cluster cannot be asked or it cannot be told. */
  wasWritten(permit: ExecutionPermit, signal: AbortSignal): Promise<'all' | 'some' | 'none' | 'unknown'>;
}
