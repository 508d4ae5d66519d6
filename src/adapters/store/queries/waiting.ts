// What waits for its turn, in SQL: whose todo is due, and how much is being written.
import { type ExpressionBuilder, type ExpressionWrapper, type Kysely, type SqlBool, sql } from 'kysely';
import type { Instant } from '../../../core/model/instant.ts';
import { type ClusterScope, ownName } from '../../../core/remediation/cluster-scope.ts';
import type { State } from '../../../core/remediation/state.ts';
import type { Lane } from '../../../ports/store.ts';
import { prepared } from './prepared.ts';
import type { Tables } from './tables.ts';

/** In the words of the index of what has begun: with a parameter in their place it would not be used. */
const LANES = {
  asked: sql<boolean>`state = 'awaiting-approval'`,
  begun: sql<boolean>`state <> 'awaiting-approval'`,
} as const satisfies Record<Lane, unknown>;

/** The condition that a remediation is of the scope. */
export function inScope(scope: ClusterScope) {
  return (eb: ExpressionBuilder<Tables, 'remediations'>): ExpressionWrapper<Tables, 'remediations', SqlBool> => {
    if (scope.kind === 'of') return eb('cluster', '=', scope.name);
    if (scope.kind === 'all' || scope.names.length === 0) return eb.and([]);
    return eb.or([eb('cluster', 'is', null), eb('cluster', 'not in', [...scope.names])]);
  };
}

/** The condition that a remediation is of the scope's cluster by its own name, or by none (isOfOwnCluster). */
export function ofOwnCluster(scope: ClusterScope) {
  return (eb: ExpressionBuilder<Tables, 'remediations'>): ExpressionWrapper<Tables, 'remediations', SqlBool> => {
    if (scope.kind === 'of') return eb('cluster', '=', scope.name);
    const own = ownName(scope);
    return own === null ? eb.and([]) : eb.or([eb('cluster', 'is', null), eb('cluster', '=', own)]);
  };
}

/** Those of the scope that have a todo, the one that has been due longest first. */
export function waiting(db: Kysely<Tables>, lane: Lane, scope: ClusterScope) {
  return db
    .selectFrom('remediations')
    .select(['id', 'body', 'revision', 'due'])
    .where('due', 'is not', null)
    .where(LANES[lane])
    .where(inScope(scope))
    .orderBy('due')
    .orderBy('created');
}

/** How many approved writes of the scope are being sent, or may be any moment: taken, and sent without an answer. */
export async function writesNow(db: Kysely<Tables>, taken: readonly string[], scope: ClusterScope): Promise<number> {
  const {
    rows: [row],
  } = await sentOf(db, scopeValuesOf(scope), scope.kind);
  const sent = row?.sent ?? 0;
  if (taken.length === 0) return sent;
  const { starting } = await db
    .selectFrom('remediations')
    .select(({ fn }) => fn.countAll<number>().as('starting'))
    .where('id', 'in', [...taken])
    .where('state', '=', 'approved')
    .where(inScope(scope))
    .executeTakeFirstOrThrow();
  return sent + starting;
}

const sentOf = prepared((db, values: ScopeValues, kind: ClusterScope['kind']) =>
  db
    .selectFrom('remediations')
    .select(({ fn }) => fn.countAll<number>().as('sent'))
    .where('state', 'in', ['executing', 'uncertain'] satisfies State[])
    .where(inScope(clusterScopeOf(values, kind))),
);

/** A scope as the values of a prepared query, whose shape is its kind. */
export type ScopeValues = { readonly name: string; readonly names: readonly string[] };

export function scopeValuesOf(scope: ClusterScope): ScopeValues {
  const names = scope.kind === 'but' ? scope.names : [];
  return { name: ownName(scope) ?? '', names };
}

export function clusterScopeOf({ name, names }: ScopeValues, kind: ClusterScope['kind']): ClusterScope {
  if (kind === 'all') return { kind };
  return kind === 'of' ? { kind, name } : { kind, names, own: name };
}

/** The earlier of two instants; null: there is none. */
export function earlier(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}
