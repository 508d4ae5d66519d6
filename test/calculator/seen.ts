// The facts of a golden case by their shape, as the second calculator reads them. It imports nothing of src.

/** One request: kind of scoring section 2, resource.group, namespace (null: cluster, "*": all), name, marks. */
export interface Deed {
  readonly kind: string;
  readonly what: string;
  readonly where: string | null;
  readonly who: string | null;
  /**
   * Codes of section 4, causes of section 6, marks of sections 2 and 7 (owner-reference, claim-ref, rules-emptied …), and
   * "creates", "deletes", "dry", "unknown", "custom", "finished-only"; keys: "label:k", "annotation:k", "template-label:k",
   * "template-annotation:k"; values: "to:3" replicas, "max:3" of an autoscaler and "scales:deployments.apps/web" what one
   * scales, "image:container", "selects:app=web&tier=x" the new selector of a Service.
   */
  readonly marks: readonly string[];
}

export interface Pod {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly controller: string | null;
  readonly workload: string | null;
  readonly node: string | null;
  readonly ready: boolean;
  readonly finished: boolean;
  readonly claims: readonly string[];
  readonly requests: { readonly cpuMillis: number; readonly memoryBytes: number };
  readonly admittedBy: readonly string[] | null;
}

interface Rolling {
  readonly type: string;
  readonly maxUnavailable: number | string | null;
  readonly maxSurge: number | string | null;
}

export interface Workload {
  readonly key: string;
  readonly controller: string | null;
  readonly replicas: number | null;
  readonly pods: number;
  readonly ready: number;
  readonly rollout: Rolling | null;
  readonly paused: boolean;
  /** What happens to the claims of a StatefulSet: "Delete" or "Retain". */
  readonly claimRetention?: { readonly whenDeleted: string; readonly whenScaled: string } | null | undefined;
  /** Nodes that would admit its pods once the action is done; left out: not asked. */
  readonly admittedAfter?: readonly string[] | null | undefined;
}

/** An object that is collected with its last owner. */
export interface Dependent {
  readonly key: string;
  /** Keys of the owners that exist. */
  readonly owners: readonly string[];
  readonly protected: boolean;
}

interface Placed {
  readonly namespace: string;
  readonly name: string;
}

export type Terms =
  | readonly { readonly key: string; readonly operator: string; readonly values: readonly string[] }[]
  | null;

/** The facts of a golden case, as far as they count. */
export interface Seen {
  readonly targets: readonly {
    readonly group: string;
    readonly resource: string;
    readonly namespace: string | null;
    readonly name: string;
    readonly uid: string;
    readonly replicas: number | null;
    readonly revision: number | null;
    readonly revisions: readonly number[];
    readonly controller: string | null;
    readonly protected: boolean;
    readonly preImage: unknown;
  }[];
  readonly around: {
    readonly pods: readonly Pod[];
    readonly workloads: readonly Workload[];
    readonly services: readonly (Placed & {
      readonly ready: number;
      readonly pods: readonly string[];
      readonly selector: Terms;
    })[];
    readonly budgets: readonly (Placed & {
      readonly pods: readonly string[];
      readonly selector: Terms;
      readonly disruptionsAllowed: number;
      readonly follows: string;
    })[];
    readonly policies: readonly (Placed & { readonly selector: Terms })[];
    readonly autoscalers: readonly (Placed & { readonly target: string; readonly min: number; readonly max: number })[];
    readonly nodes: readonly {
      readonly name: string;
      readonly schedulable: boolean;
      readonly free: { readonly cpuMillis: number; readonly memoryBytes: number; readonly pods: number };
    }[];
    readonly held: readonly { readonly object: string; readonly fields: readonly string[] }[];
    readonly namespaces: readonly { readonly name: string; readonly environment: string | null }[];
    readonly dependents?: readonly Dependent[] | undefined;
  };
  readonly missing: readonly { readonly why: string }[];
  readonly failures: readonly unknown[];
  readonly recent: readonly {
    readonly score: number;
    readonly workloads: readonly string[];
    readonly namespaces: readonly string[];
    readonly nodes: readonly string[];
  }[];
}
