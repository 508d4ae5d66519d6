// Which remediations a gate works on, by the name of the cluster that they were sealed for.
import type { DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';

/**
 * One without a name, and one whose cluster nobody looks after any more, is of `but` alone. `own`: the name of the gate's cluster, null
 * where it has none; absent, no other gate is beside it.
 */
export type ClusterScope =
  | { readonly kind: 'all'; readonly own?: string | null }
  | { readonly kind: 'of'; readonly name: string }
  | { readonly kind: 'but'; readonly names: readonly string[]; readonly own: string };

export function isInScope(scope: ClusterScope, { cluster }: Pick<DeclarativeSpec, 'cluster'>): boolean {
  if (scope.kind === 'all') return true;
  const name = cluster.name ?? '';
  return scope.kind === 'of' ? scope.name === name : !scope.names.includes(name);
}

/** The name of the scope's own cluster; null: it has none. */
export function ownName(scope: ClusterScope): string | null {
  return scope.kind === 'of' ? scope.name : (scope.own ?? null);
}

/**
 * Whether it is of the scope's cluster by its own name, or by none. Stricter than the scope: what was sealed for a cluster under another
 * name is another cluster's, though the first of the file looks after it when that name has gone.
 */
export function isOfOwnCluster(scope: ClusterScope, spec: Pick<DeclarativeSpec, 'cluster'>): boolean {
  if (!isInScope(scope, spec)) return false;
  const own = ownName(scope);
  const { name } = spec.cluster;
  return name === null || own === null || name === own;
}
