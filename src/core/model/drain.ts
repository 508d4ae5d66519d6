// What kubectl drain was told of the pods that leave a node, by its flags (kubectl 1.36, pkg/drain/drain.go).

/** How the pods of drained nodes are chosen, and how long they may take to go. */
export interface DrainOptions {
  /** Pods that no controller returns go too (--force). */
  readonly force: boolean;
  /** Pods of DaemonSets stay where they are; without it they are a reason to refuse (--ignore-daemonsets). */
  readonly ignoreDaemonSets: boolean;
  /** Pods with emptyDir volumes go too (--delete-emptydir-data). */
  readonly deletesEmptyDirData: boolean;
  /** Seconds; null: what each pod asks for (--grace-period). */
  readonly gracePeriodSeconds: number | null;
  /** A pod that was to be gone so many seconds ago is left aside; 0: none is (--skip-wait-for-delete-timeout). */
  readonly skipWaitSeconds: number;
  /** How long the pods of one node may take to go before the gate gives up (--timeout). */
  readonly timeoutSeconds: number;
}

/** Where the command names none: kubectl would wait for ever, the gate does not. */
export const DRAIN_TIMEOUT_SECONDS = 600;
/** A longer time that a command names is cut to this: while a drain runs, what it touches is held. */
export const LONGEST_DRAIN_SECONDS = 3600;

/** Why kubectl would not drain a node at all. */
export const DRAIN_OBSTACLES = ['daemon-set', 'daemon-set-gone', 'empty-dir', 'no-controller'] as const;
export type DrainObstacle = (typeof DRAIN_OBSTACLES)[number];

/** Pods that kubectl would refuse to take from their nodes, all for one reason; "shop/web-1". */
export interface Undrainable {
  readonly why: DrainObstacle;
  readonly pods: readonly string[];
}
