// Creating and changing objects with everything that Kubernetes does on the way: defaults, checks, uid, generation,
// resourceVersion. Used by the API and by the controllers; it never reads a request and never deletes by cascade.

import { assigned, firstStatus, TEMPLATE_GENERATION, withAnnotation } from './assigned.ts';
import { withDefaults } from './defaults.ts';
import { sameJson } from './json.ts';
import type { Kind } from './kinds.ts';
import { daemonSets, namespaces } from './kinds.ts';
import type { DaemonSet, KubeObject, Meta, Pod } from './model.ts';
import { alreadyExists, badRequest, conflict, forbidden, invalid, MODIFIED, notFound } from './status-error.ts';
import { problemsOf, problemsOfChange } from './validate.ts';
import { newUid, randomSuffix, timestamp, type World } from './world.ts';

/** `dry-run`: everything is checked and answered as if, and nothing is stored. */
export type Persistence = 'stored' | 'dry-run';

/** Stores a new object, or says with a StatusError why not. */
export function createObject<T extends KubeObject>(
  world: World,
  kind: Kind<T>,
  given: T,
  persistence: Persistence = 'stored',
): T {
  const { resourceVersion, deletionTimestamp: _d, deletionGracePeriodSeconds: _g, ...rest } = given.metadata;
  if (resourceVersion !== undefined && resourceVersion !== '')
    throw badRequest('resourceVersion should not be set on objects to be created');
  const name = rest.name || (rest.generateName === undefined ? '' : `${rest.generateName}${randomSuffix(5)}`);
  const metadata: Meta = {
    ...rest,
    name,
    uid: newUid(),
    creationTimestamp: timestamp(world),
    ...(kind.generation ? { generation: 1 } : {}),
  };
  requireNamespace(world, kind, metadata);
  const { status: _status, ...body } = given;
  const fresh = 'status' in kind.subresources ? ({ ...body, status: firstStatus(kind) } as unknown as T) : given;
  const complete = assigned(world, kind, withDefaults(kind, { ...fresh, metadata }));
  const problems = problemsOf(kind, complete);
  if (problems.length > 0) throw invalid(kind, name, problems);
  if (world.storage.get(kind, metadata.namespace ?? null, name) !== null) throw alreadyExists(kind, name);
  return persistence === 'stored' ? world.storage.put(kind, complete) : complete;
}

function requireNamespace(world: World, kind: Kind, metadata: Meta): void {
  if (!kind.namespaced) return;
  const namespace = metadata.namespace ?? '';
  const found = world.storage.get(namespaces, null, namespace);
  if (found === null) throw notFound(namespaces, namespace);
  if (found.metadata.deletionTimestamp !== undefined)
    throw forbidden(
      kind,
      metadata.name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
      [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    );
}

/** Which part of an object a write may change: Kubernetes keeps spec and status apart, and of a pod its ephemeral containers. */
export type Part = 'object' | 'status' | 'ephemeral-containers';

/** The old object with that part of the next. */
function mergedPart<T extends KubeObject>(old: T, next: T, part: Part, split: boolean): T {
  switch (part) {
    case 'status':
      return { ...old, status: next.status };
    case 'ephemeral-containers': {
      const { ephemeralContainers } = (next as unknown as Pod).spec;
      return { ...old, spec: { ...(old as unknown as Pod).spec, ephemeralContainers } };
    }
    case 'object':
      return { ...next, ...(split ? { status: old.status } : {}) };
    default:
      return part satisfies never;
  }
}

/**
 * Replaces `old` by `next` as a PUT does: the resourceVersion and uid that `next` names must still hold, what the system
 * owns is kept, the generation counts changes of the spec.
 */
export function updateObject<T extends KubeObject>(
  world: World,
  kind: Kind<T>,
  old: T,
  next: T,
  part: Part = 'object',
  persistence: Persistence = 'stored',
): T {
  checkVersion(kind, old, next.metadata);
  const split = 'status' in kind.subresources;
  const merged = mergedPart(old, next, part, split);
  const metadata = part === 'object' ? keptMetadata(old.metadata, next.metadata) : old.metadata;
  const filled = templateCounted(kind, old, withDefaults(kind, { ...merged, metadata }));
  const grown = kind.generation && part !== 'status' && !sameJson(desired(old), desired(filled));
  const complete: T = grown
    ? { ...filled, metadata: { ...filled.metadata, generation: (old.metadata.generation ?? 0) + 1 } }
    : filled;
  const changed = part === 'ephemeral-containers' ? [] : problemsOfChange(kind, old, complete);
  const problems = [...problemsOf(kind, complete), ...changed];
  if (problems.length > 0) throw invalid(kind, old.metadata.name, problems);
  if (persistence === 'dry-run') return complete;
  if (mayGoNow(complete)) {
    world.storage.remove(kind, world.storage.put(kind, complete));
    return complete;
  }
  return world.storage.put(kind, complete);
}

/** Daemon sets count the changes of their template in an annotation, for clients of long ago. */
function templateCounted<T extends KubeObject>(kind: Kind<T>, old: T, next: T): T {
  if (kind.resource !== daemonSets.resource) return next;
  const [before, after] = [old, next].map((one) => (one as KubeObject as DaemonSet).spec.template);
  const count = Number(old.metadata.annotations?.[TEMPLATE_GENERATION] ?? 1);
  return withAnnotation(next, TEMPLATE_GENERATION, String(sameJson(before, after) ? count : count + 1));
}

/** An object on its way out whose last finalizer is gone; a pod leaves only when its grace is over. */
function mayGoNow(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  const kept = object.kind === 'Namespace' ? ((object.spec as { finalizers?: unknown[] })?.finalizers ?? []) : [];
  return (
    deletionTimestamp !== undefined && finalizers.length === 0 && kept.length === 0 && deletionGracePeriodSeconds === 0
  );
}

function checkVersion(kind: Kind, old: KubeObject, wanted: Meta): void {
  const { resourceVersion, uid } = wanted;
  if (uid !== undefined && uid !== '' && uid !== old.metadata.uid)
    throw conflict(
      kind,
      old.metadata.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== old.metadata.resourceVersion)
    throw conflict(kind, old.metadata.name, MODIFIED);
}

/** A patch cannot ask for another uid as a PUT does: it would change a field that no object lets change (Kubernetes 1.36). */
export function checkPatched(kind: Kind, old: KubeObject, wanted: Meta): void {
  checkVersion(kind, old, { ...wanted, uid: old.metadata.uid });
  const { uid = '' } = wanted;
  if (uid === '' || uid === old.metadata.uid) return;
  const message = `Invalid value: ${JSON.stringify(uid)}: field is immutable`;
  throw invalid(kind, old.metadata.name, [{ reason: 'FieldValueInvalid', field: 'metadata.uid', message }]);
}

function keptMetadata(old: Meta, next: Meta): Meta {
  return {
    ...next,
    name: old.name,
    namespace: old.namespace,
    uid: old.uid,
    generateName: old.generateName,
    resourceVersion: old.resourceVersion,
    generation: old.generation,
    creationTimestamp: old.creationTimestamp,
    deletionTimestamp: old.deletionTimestamp,
    deletionGracePeriodSeconds: old.deletionGracePeriodSeconds,
  };
}

function desired(object: KubeObject): unknown {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return rest;
}

/** Stores a new status of an object as it is now; nothing happens when the object is gone or the status the same. */
export function putStatus<T extends KubeObject>(world: World, kind: Kind<T>, object: T, status: unknown): void {
  const current = world.storage.get(kind, object.metadata.namespace ?? null, object.metadata.name);
  if (current === null || current.metadata.uid !== object.metadata.uid) return;
  world.storage.put(kind, { ...current, status });
}

/** Stores a controller's change of an object; the generation counts it when the spec changed. */
export function putObject<T extends KubeObject>(world: World, kind: Kind<T>, next: T): T {
  const old = world.storage.get(kind, next.metadata.namespace ?? null, next.metadata.name);
  if (old === null) return next;
  const grown = kind.generation && !sameJson(desired(old), desired(next));
  const metadata = grown ? { ...next.metadata, generation: (old.metadata.generation ?? 0) + 1 } : next.metadata;
  return world.storage.put(kind, { ...next, metadata });
}
