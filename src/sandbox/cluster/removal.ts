// Deleting objects: preconditions, grace for pods, finalizers, and the mark that tells the garbage collector what to do
// with dependents. It removes one object; the cascade is the garbage collector's.
import type { Kind } from './kinds.ts';
import { namespaces, pods } from './kinds.ts';
import type { KubeObject, Pod } from './model.ts';
import { failedPrecondition } from './status-error.ts';
import { timestamp, type World } from './world.ts';
import type { Persistence } from './writes.ts';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

export interface RemovalOptions {
  readonly graceSeconds?: number | undefined;
  readonly propagation?: Propagation | undefined;
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
  readonly persistence?: Persistence;
}

export interface Removal {
  /** `gone`: it is no longer there; `going`: marked, somebody else finishes. */
  readonly state: 'gone' | 'going';
  readonly object: KubeObject;
}

/** Deletes one object as the API's DELETE does, or throws 409 when a precondition does not hold. */
export function removeObject(world: World, kind: Kind, object: KubeObject, options: RemovalOptions = {}): Removal {
  checkPreconditions(kind, object, options);
  const grace = graceOf(kind, object, options);
  const finalizers = finalizersAfter(object, options);
  const waits = finalizers.length > 0 || grace > 0 || kind.resource === namespaces.resource;
  if (!waits) {
    if (options.persistence !== 'dry-run') world.storage.remove(kind, object);
    return { state: 'gone', object };
  }
  const marked = marking(world, kind, object, grace, finalizers);
  const saved = options.persistence === 'dry-run' ? marked : world.storage.put(kind, marked);
  return { state: 'going', object: saved };
}

function checkPreconditions(kind: Kind, object: KubeObject, options: RemovalOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { uid: knownUid, resourceVersion: knownVersion } = object.metadata;
  if (uid !== undefined && uid !== knownUid)
    throw failedPrecondition(kind, object, 'UID', uid, knownUid, 'deleted and then recreated');
  if (resourceVersion !== undefined && resourceVersion !== knownVersion)
    throw failedPrecondition(kind, object, 'ResourceVersion', resourceVersion, knownVersion, 'modified');
}

/** Seconds that a pod gets to end; nothing else has grace, nor has a pod that does not run. */
function graceOf(kind: Kind, object: KubeObject, options: RemovalOptions): number {
  if (kind.resource !== pods.resource) return 0;
  const { spec, status } = object as Pod;
  if (spec.nodeName === undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
  const asked = options.graceSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  const running = object.metadata.deletionGracePeriodSeconds;
  return object.metadata.deletionTimestamp === undefined || running === undefined ? asked : Math.min(asked, running);
}

function finalizersAfter(object: KubeObject, options: RemovalOptions): readonly string[] {
  const others = (object.metadata.finalizers ?? []).filter((one) => one !== FOREGROUND && one !== ORPHAN);
  if (options.propagation === 'Foreground') return [...others, FOREGROUND];
  if (options.propagation === 'Orphan') return [...others, ORPHAN];
  return options.propagation === 'Background' ? others : (object.metadata.finalizers ?? []);
}

function marking(
  world: World,
  kind: Kind,
  object: KubeObject,
  grace: number,
  finalizers: readonly string[],
): KubeObject {
  const { generation, deletionTimestamp } = object.metadata;
  const known = deletionTimestamp !== undefined;
  const shortened = known && grace < (object.metadata.deletionGracePeriodSeconds ?? 0);
  const metadata = {
    ...object.metadata,
    ...(finalizers.length > 0 ? { finalizers } : {}),
    deletionTimestamp: known && !shortened ? deletionTimestamp : timestamp(world, grace * 1000),
    deletionGracePeriodSeconds: grace,
    ...(kind.generation && !known ? { generation: (generation ?? 0) + 1 } : {}),
  };
  return kind.resource === namespaces.resource
    ? { ...object, metadata: { ...metadata, deletionGracePeriodSeconds: undefined }, status: { phase: 'Terminating' } }
    : { ...object, metadata };
}
