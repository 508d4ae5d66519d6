// One look at a workload while it converges. It must never hold a judgement: verdict.ts judges.

/** Why a container waits, as the kubelet names it. */
export interface PodTrouble {
  readonly pod: string;
  readonly container: string;
  /** CrashLoopBackOff, ImagePullBackOff, ErrImagePull, CreateContainerConfigError, … */
  readonly reason: string;
  readonly restarts: number;
}

/** Numbers are null where the object has none. `at` is seconds since the write that is being verified. */
export type Sample =
  | { readonly seen: 'nothing'; readonly at: number; readonly why: string } // could not be asked
  | { readonly seen: 'gone'; readonly at: number; readonly target: string }
  | {
      readonly seen: 'workload';
      readonly at: number;
      readonly target: string;
      readonly uid: string;
      readonly generation: number;
      readonly observedGeneration: number | null;
      readonly desired: number;
      readonly replicas: number;
      readonly updated: number;
      readonly ready: number;
      readonly available: number;
      readonly paused: boolean;
      /** status condition Progressing with reason ProgressDeadlineExceeded for the observed generation. */
      readonly deadlineExceeded: boolean;
      /** Trouble of pods of the newest revision. */
      readonly troubles: readonly PodTrouble[];
    };
