// How a bare request tells the API server to delete: DeleteOptions of its query, or of its body, which then counts alone.
import type { Trait } from '../../../model/effect.ts';
import type { Json } from '../../../model/json.ts';
import { asObject } from './manifests.ts';

/** Seconds of grace, null for the object's own; whether dependents stay. */
export interface DeleteOptions {
  readonly gracePeriodSeconds: number | null;
  readonly orphans: boolean;
}

const FALSE = new Set(['', '0', 'false']);

/** Of a request's query. */
export function optionsOfQuery(query: ReadonlyMap<string, string>): DeleteOptions {
  const grace = query.get('gracePeriodSeconds') ?? '';
  const orphanDependents = query.get('orphanDependents') ?? '';
  return {
    gracePeriodSeconds: /^[+-]?\d+$/.test(grace) ? Number(grace) : null,
    orphans: query.get('propagationPolicy') === 'Orphan' || !FALSE.has(orphanDependents.toLowerCase()),
  };
}

/** Of a request's body, or of the part of an eviction's. */
export function optionsOfBody(body: Json | undefined): DeleteOptions {
  const options = asObject(body);
  const grace = options?.['gracePeriodSeconds'];
  return {
    gracePeriodSeconds: typeof grace === 'number' ? grace : null,
    orphans: options?.['propagationPolicy'] === 'Orphan' || options?.['orphanDependents'] === true,
  };
}

/** The traits of a deletion with the options. A negative grace is one second (API reference, DeleteOptions). */
export function traitsOfOptions({ gracePeriodSeconds: grace, orphans }: DeleteOptions): readonly Trait[] {
  const traits: Trait[] = [];
  if (grace === 0) traits.push('grace-zero');
  else if (grace === 1 || (grace ?? 0) < 0) traits.push('grace-one');
  if (orphans) traits.push('orphan');
  return traits;
}
