// One look at the objects of a remediation while they converge.

/** Why a container waits, as the kubelet names it. */
export interface PodTrouble {
  readonly pod: string;
  readonly container: string;
  /** CrashLoopBackOff, ImagePullBackOff, ErrImagePull, CreateContainerConfigError, … */
  readonly reason: string;
  readonly restarts: number;
}

/** What one object showed. `target` is as placedName says it: "deployment/web -n shop". */
export type Sample =
  /** Could not be asked: never healthy. */
  | { readonly seen: 'nothing'; readonly target: string; readonly why: string }
  /** A workload that should be there is not, or has another uid than the sealed one. */
  | { readonly seen: 'gone'; readonly target: string }
  /** The workload is there, but what was written to it is not any more: another has changed it since. */
  | { readonly seen: 'overwritten'; readonly target: string }
  /** An object that was deleted as approved is still there. */
  | { readonly seen: 'leaving'; readonly target: string }
  /** An object that was deleted as approved is away. */
  | { readonly seen: 'removed'; readonly target: string }
  | {
      readonly seen: 'workload';
      readonly target: string;
      readonly uid: string;
      readonly generation: number;
      /** null where the kind has none or its controller has not written a status yet. */
      readonly observedGeneration: number | null;
      readonly desired: number;
      readonly replicas: number;
      readonly updated: number;
      readonly ready: number;
      readonly available: number;
      readonly paused: boolean;
      /** Condition Progressing is False with reason ProgressDeadlineExceeded; verdict.ts reads it only with an observed generation. */
      readonly deadlineExceeded: boolean;
      /** Trouble of pods of the newest revision. */
      readonly troubles: readonly PodTrouble[];
    };

/** All samples of one moment; `at` is seconds since watching began: with the write, or anew after a gap. */
export interface Look {
  readonly at: number;
  readonly samples: readonly Sample[];
}
