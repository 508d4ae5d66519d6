// Which rights the gate needs in the cluster, which of them it lacks, and where it holds them.
import { resourceKey } from '../core/model/object-ref.ts';

/** The ClusterRoles of deploy/rbac.yaml: one to read, one for each kind of action. */
export type PublishedRole =
  | 'blastgate-reader'
  | 'blastgate-delete-pod'
  | 'blastgate-drain'
  | 'blastgate-scale'
  | 'blastgate-rollout'
  | 'blastgate-change'
  | 'blastgate-configmaps'
  | 'blastgate-nodes'
  | 'blastgate-create'
  | 'blastgate-delete'
  | 'blastgate-exec'
  | 'blastgate-debug'
  | 'blastgate-replace'
  | 'blastgate-secrets'
  | 'blastgate-reconcile';

/** Roles that nothing binds until an operator does: they read or grant what others must not. */
export const ROLES_ON_DEMAND: ReadonlySet<PublishedRole> = new Set(['blastgate-secrets', 'blastgate-reconcile']);

/** One rule of RBAC: a verb on a resource, in all namespaces unless it is bound in some. */
export interface NeededRight {
  readonly role: PublishedRole;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** '' for the resource itself. */
  readonly subresource: string;
  /** What does not work without it. */
  readonly for: string;
}

export interface ClusterRights {
  readonly needed: readonly NeededRight[];
  /** Those of `needed` that the cluster denies in all namespaces together. Throws AdapterError when it cannot be asked. */
  missing(signal: AbortSignal): Promise<readonly NeededRight[]>;
  /** Namespaces where all of these rights are held, sorted. Throws AdapterError when it cannot be asked. */
  namespacesWith(rights: readonly NeededRight[], signal: AbortSignal): Promise<readonly string[]>;
}

/** "deployments.apps/scale" */
export function resourceOf({ subresource, ...right }: NeededRight): string {
  return `${resourceKey(right)}${subresource === '' ? '' : `/${subresource}`}`;
}
