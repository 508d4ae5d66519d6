// One look at the objects of a remediation while they converge.

/** What a status can say beside being healthy; the verdict says it with the same code. */
export const HEALTH_CODES = [
  'healthy',
  'nothing-to-wait-for',
  'not-observed',
  'not-ready',
  'trouble',
  'running',
  'run-failed',
  'suspended',
  'no-endpoints',
  'cannot-scale',
  'resizing',
  'resize-pending',
  'resize-failed',
] as const;
export type HealthCode = (typeof HEALTH_CODES)[number];

/** Why a container waits, as the kubelet names it. */
export interface PodTrouble {
  readonly pod: string;
  readonly container: string;
  /** CrashLoopBackOff, ImagePullBackOff, ErrImagePull, CreateContainerConfigError, … */
  readonly reason: string;
  readonly restarts: number;
  /** What the kubelet says of it, where that says more than the reason: which image, which secret. */
  readonly message?: string;
}

/** Why pods do not come, as a condition or an event says it. */
export interface Hindrance {
  /** "replicaset/web-5d8f", "pod/web-5d8f-x7k2p" */
  readonly object: string;
  /** FailedCreate, Unschedulable, FailedMount, … */
  readonly reason: string;
  readonly message: string;
}

/** What Kubernetes itself says of a rollout. */
export interface RolloutStatus {
  /** Ready pods of the newest revision. */
  readonly updatedReady: number;
  /** spec.progressDeadlineSeconds; null where the kind has none. */
  readonly progressDeadlineSeconds: number | null;
  readonly minReadySeconds: number;
  /** The passed deadline is of what this gate wrote, not of the rollout before; null: it cannot be told. */
  readonly exceededSinceWrite: boolean | null;
  /** Pods cannot be created at all: condition ReplicaFailure, or events where the kind has none (quota, admission). */
  readonly refusesPods: boolean;
  readonly hindrances: readonly Hindrance[];
}

/** What the status of an object says of its health, for every kind that does not roll out pods. */
export interface Health {
  /**
   * `running`: as it should be while it runs, and worth waiting for until it ends. `lasting` fails only once it has lasted;
   * `certain` fails at once.
   */
  readonly is: 'healthy' | 'running' | 'moving' | 'lasting' | 'certain';
  readonly code: HealthCode;
  /** What was seen of it, in the words of the cluster: "BackoffLimitExceeded: Job has reached …"; null where the code says all. */
  readonly says: string | null;
  /** How many of what it counts are ready (pods, endpoints, completions); null where it counts nothing. */
  readonly ready: number | null;
  /** No write of this kind heals it or makes it so (a node's kubelet): only that it has become so is held against a write. */
  readonly isBystander?: true;
}

/** What one object showed. `target` is as placedName says it: "deployment/web -n shop". */
export type Sample =
  /** Could not be asked: never healthy. `of`: a check of the policy gave no answer that says yes or no. */
  | { readonly seen: 'nothing'; readonly target: string; readonly why: string; readonly of?: 'check' }
  /** A workload that should be there is not, or has another uid than the sealed one. */
  | { readonly seen: 'gone'; readonly target: string }
  /** The workload is there, but what was written to it is not any more: another has changed it since. */
  | {
      readonly seen: 'overwritten';
      readonly target: string;
      /** Who, as managedFields name it; null where they do not say. Absent in looks that were stored before it was asked for. */
      readonly by?: string | null;
    }
  /** A HorizontalPodAutoscaler has changed the replicas that were written, or will, since they are outside of its bounds. */
  | { readonly seen: 'autoscaled'; readonly target: string; readonly autoscaler: string }
  /** The template is as written; the rollout was paused when it was sealed and is so still: no pod is waited for. */
  | { readonly seen: 'held'; readonly target: string }
  /** The object is as it was written, and nothing of that is acted upon: labels, annotations. */
  | { readonly seen: 'written'; readonly target: string }
  /** The container in which a program ran is the same, and its pod is no worse than before. */
  | { readonly seen: 'intact'; readonly target: string }
  /** The container in which a program ran has ended or was started anew since. */
  | { readonly seen: 'container-lost'; readonly target: string; readonly container: string }
  /** The pod in which a program ran was ready before, and is not now. */
  | { readonly seen: 'unready'; readonly target: string }
  /** The object is as it was written, and its status was read. */
  | { readonly seen: 'object'; readonly target: string; readonly health: Health }
  /** A check of the policy was asked, and `says` what it answered. */
  | { readonly seen: 'check'; readonly target: string; readonly is: 'passed' | 'failed'; readonly says: string }
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
      /** Absent in looks that were stored before it was asked for. */
      readonly rollout?: RolloutStatus;
      /** Claims that a StatefulSet left behind when it was scaled back: "persistentvolumeclaim/data-db-3". */
      readonly leftOver?: readonly string[];
    };

/** All samples of one moment; `at` is seconds since watching began: with the write, or anew after a gap. */
export interface Look {
  readonly at: number;
  readonly samples: readonly Sample[];
  /** How far everything has come (look-of.ts). Absent in looks that were stored before it was kept. */
  readonly progress?: Progress;
}

/** The furthest that the objects of a watch have come together, and since when. */
export interface Progress {
  /** Seconds since watching began, as `at` of a look; 0 where nothing has moved yet. */
  readonly since: number;
  /** A count that only rises while a rollout moves (markOf in look-of.ts); null before every controller has seen the write. */
  readonly mark: number | null;
}
