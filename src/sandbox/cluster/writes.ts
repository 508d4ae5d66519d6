// Creating and changing objects with everything that Kubernetes does on the way: defaults, checks, uid, generation,
// resourceVersion. Used by the API and by the controllers; it never reads a request and never deletes by cascade.

import { withDefaults } from './defaults.ts';
import { sameJson } from './json.ts';
import type { Kind } from './kinds.ts';
import { jobs, namespaces, services } from './kinds.ts';
import type { Job, Json, KubeObject, Meta, Service } from './model.ts';
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
  const fresh = 'status' in kind.subresources ? ({ ...body, ...firstStatus(kind) } as unknown as T) : given;
  const complete = assigned(world, kind, withDefaults(kind, { ...fresh, metadata }));
  const problems = problemsOf(kind, complete);
  if (problems.length > 0) throw invalid(kind, name, problems);
  if (world.storage.get(kind, metadata.namespace ?? null, name) !== null) throw alreadyExists(kind, name);
  return persistence === 'stored' ? world.storage.put(kind, complete) : complete;
}

function firstStatus(kind: Kind): { readonly status: Json } {
  if (kind.resource === 'pods') return { status: { phase: 'Pending', qosClass: 'BestEffort' } };
  if (kind.resource === 'persistentvolumeclaims') return { status: { phase: 'Pending' } };
  if (kind.resource === 'services' || kind.resource === 'ingresses') return { status: { loadBalancer: {} } };
  return { status: {} };
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

/** What the API server itself chooses for a new object: addresses of services, the selector of jobs. */
function assigned<T extends KubeObject>(world: World, kind: Kind<T>, object: T): T {
  if (kind.resource === services.resource) return withAddress(world, object);
  return kind.resource === jobs.resource ? withSelector(object) : object;
}

/** A job selects its pods by its own uid. */
function withSelector<T extends KubeObject>(object: T): T {
  const { spec } = object as KubeObject as Job;
  if (spec.selector !== undefined) return object;
  const { uid = '', name } = object.metadata;
  const chosen = { 'batch.kubernetes.io/controller-uid': uid };
  const labels = {
    ...spec.template.metadata?.labels,
    ...chosen,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const template = { ...spec.template, metadata: { ...spec.template.metadata, labels } };
  return { ...object, spec: { ...spec, selector: { matchLabels: chosen }, template } };
}

function withAddress<T extends KubeObject>(world: World, object: T): T {
  const { spec } = object as KubeObject as Service;
  if (spec.type === 'ExternalName') return object;
  const taken = world.storage
    .list(services)
    .flatMap((one) => [
      ...(one.spec.clusterIPs ?? []),
      ...(one.spec.ports ?? []).map((port) => String(port.nodePort ?? '')),
    ]);
  const clusterIP = spec.clusterIP ?? firstFree((at) => `10.96.${Math.floor(at / 250)}.${(at % 250) + 1}`, taken);
  const exposed = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const used = [...taken];
  const ports = (spec.ports ?? []).map((port) => {
    if (!exposed || port.nodePort !== undefined) return port;
    const nodePort = firstFree((at) => String(30000 + at), used);
    used.push(nodePort);
    return { ...port, nodePort: Number(nodePort) };
  });
  return { ...object, spec: { ...spec, clusterIP, clusterIPs: [clusterIP], ports } };
}

function firstFree(candidate: (at: number) => string, taken: readonly string[]): string {
  let at = 1;
  while (taken.includes(candidate(at))) at += 1;
  return candidate(at);
}

/** Which part of an object a write may change: Kubernetes keeps spec and status apart. */
export type Part = 'object' | 'status';

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
  const merged: T =
    part === 'status' ? { ...old, status: next.status } : { ...next, ...(split ? { status: old.status } : {}) };
  const metadata = part === 'status' ? old.metadata : keptMetadata(old.metadata, next.metadata);
  const filled = withDefaults(kind, { ...merged, metadata });
  const grown = kind.generation && part === 'object' && !sameJson(desired(old), desired(filled));
  const complete: T = grown
    ? { ...filled, metadata: { ...metadata, generation: (old.metadata.generation ?? 0) + 1 } }
    : filled;
  const problems = [...problemsOf(kind, complete), ...problemsOfChange(kind, old, complete)];
  if (problems.length > 0) throw invalid(kind, old.metadata.name, problems);
  if (persistence === 'dry-run') return complete;
  if (mayGoNow(complete)) {
    world.storage.remove(kind, world.storage.put(kind, complete));
    return complete;
  }
  return world.storage.put(kind, complete);
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
