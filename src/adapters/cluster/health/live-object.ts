// What every reader of health works with: one object as it was just read, and the cluster to ask for more.
import type { JsonObject } from '../../../core/model/json.ts';
import type { ObjectRef } from '../../../core/model/object-ref.ts';
import type { Health, Sample } from '../../../core/remediation/sample.ts';
import type { ClusterClient } from '../client.ts';
import { listAt, textAt } from '../json-at.ts';
import { shortened } from '../rollout-status.ts';

export interface LiveObject {
  readonly client: ClusterClient;
  readonly ref: ObjectRef;
  readonly object: JsonObject;
  /** Made by the write that is watched: nothing stood behind it before. */
  readonly isNew: boolean;
  readonly signal: AbortSignal;
}

type WithoutTarget<S> = S extends Sample ? Omit<S, 'target'> : never;

/** A sample before it is said of which object it is. */
export type Seen = WithoutTarget<Extract<Sample, { readonly seen: 'workload' | 'object' }>>;

/** Reads the health of one kind. Throws AdapterError where the cluster cannot be asked. */
export type HealthReader = (live: LiveObject) => Promise<Seen>;

/** Health that the object's own JSON tells. */
export function byStatus(read: (object: JsonObject, isNew: boolean) => Health): HealthReader {
  return ({ object, isNew }) => Promise.resolve({ seen: 'object', health: read(object, isNew) });
}

export function health(is: Health['is'], code: Health['code'], says: string | null = null): Health {
  return { is, code, says, ready: null };
}

export const HEALTHY: Health = health('healthy', 'healthy');

export interface Condition {
  readonly isTrue: boolean;
  readonly isFalse: boolean;
  /** "BackoffLimitExceeded: Job has reached the specified backoff limit" */
  readonly says: string;
  readonly condition: JsonObject;
}

/** The condition of that type; null where the status has none. */
export function conditionOf(object: JsonObject, type: string): Condition | null {
  const condition = listAt(object, 'status', 'conditions').find((one) => one['type'] === type);
  if (condition === undefined) return null;
  const said = [textAt(condition, 'reason'), textAt(condition, 'message')].filter((one) => one !== null && one !== '');
  return {
    isTrue: condition['status'] === 'True',
    isFalse: condition['status'] === 'False',
    says: shortened(said.length === 0 ? `${type} is ${textAt(condition, 'status') ?? 'Unknown'}` : said.join(': ')),
    condition,
  };
}

/** "/api/v1/namespaces/shop/pods" */
export function podsPath(namespace: string | null): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace ?? '')}/pods`;
}
