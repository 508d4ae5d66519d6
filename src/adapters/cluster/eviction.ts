// One pod that leaves its node → the request for it, and what the API server's dry run of it says.
import type { DrainOptions } from '../../core/model/drain.ts';
import type { Effect } from '../../core/model/effect.ts';
import type { ObjectRef } from '../../core/model/object-ref.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { asDryRun } from './as-dry-run.ts';
import type { ClusterClient, ClusterRequest } from './client.ts';
import { objectPath } from './resource-path.ts';

/** A pod by the uid that was sealed. */
export interface SealedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/**
 * The request that kubectl 1.36 sends for it (pkg/drain, EvictPod and DeletePod), bound to the uid: a pod that has taken the name
 * in between is another.
 */
export function evictionRequest(
  { verb }: Pick<Effect, 'verb'>,
  { gracePeriodSeconds }: DrainOptions,
  { namespace, name, uid }: SealedPod,
): ClusterRequest {
  const options = { preconditions: { uid }, ...(gracePeriodSeconds === null ? {} : { gracePeriodSeconds }) };
  const path = objectPath('/api/v1', 'pods', namespace, name);
  if (verb === 'delete') {
    const value = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
    return { method: 'DELETE', path, query: {}, body: { type: 'application/json', value } };
  }
  const value = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions: options };
  return { method: 'POST', path: `${path}/eviction`, query: {}, body: { type: 'application/json', value } };
}

/** The pod is gone, or another has its name. */
export function isAway(error: AdapterError): boolean {
  return error.status === 404 || error.status === 409;
}

/** As the API server words it of a pod that no eviction can ever take (Kubernetes 1.36, eviction.go); its status is a 500. */
const NEVER = /more than one PodDisruptionBudget/;
/** A namespace that is being deleted takes its pods along by itself. */
const ENDS_ITSELF = /because it is being terminated/;

/** Asked again later it may be granted: a budget, a busy server, a namespace on its way out. */
export function isForNow(error: AdapterError): boolean {
  if (error.status === 429) return true;
  return error.status === 403 && ENDS_ITSELF.test(error.message);
}

/** Nobody knows whether it arrived, so it is asked again; the uid keeps it from being done twice. */
export function isUnheard(error: AdapterError): boolean {
  return error.kind !== 'refused' || ((error.status ?? 500) >= 500 && !NEVER.test(error.message));
}

/** Tries whether the pod could be evicted, now or later. Throws AdapterError where it could not, or where nobody says. */
export async function tryEviction(
  client: ClusterClient,
  effect: Effect,
  object: ObjectRef,
  uid: string,
  signal: AbortSignal,
): Promise<void> {
  if (effect.change.to !== 'eviction') throw new Error(`${effect.kind} evicts nothing (this is a bug)`);
  const pod = { namespace: object.namespace ?? '', name: object.name ?? '', uid };
  try {
    await client.send(asDryRun(evictionRequest(effect, effect.change, pod)), signal);
  } catch (error) {
    if (error instanceof AdapterError && (isAway(error) || isForNow(error))) return;
    if (error instanceof AdapterError && NEVER.test(error.message))
      throw new AdapterError('refused', error.message, { status: 422 });
    throw error;
  }
}
