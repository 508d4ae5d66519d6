// The garbage collector: dependents go when their last owner is gone, foreground deletion waits for them, orphaning
// lets them be. It follows ownerReferences and nothing else.
import type { Kind } from '../kinds.ts';
import type { KubeObject } from '../model.ts';
import { FOREGROUND, ORPHAN, removeObject } from '../removal.ts';
import type { Stored } from '../storage.ts';
import type { World } from '../world.ts';
import type { Controller } from './manager.ts';

export const garbageCollector: Controller = {
  name: 'gc',
  keys: ({ type, object }, world) => {
    const uid = object.metadata.uid ?? '';
    if (type === 'DELETED') {
      // Owners that wait for this dependent, and dependents that this owner leaves behind.
      const owners = (object.metadata.ownerReferences ?? []).map((one) => one.uid);
      return [...owners, ...world.storage.ownedBy(uid).map((one) => one.object.metadata.uid ?? '')];
    }
    return type === 'ADDED' || object.metadata.deletionTimestamp !== undefined ? [uid] : [];
  },
  reconcile: (world, uid) => {
    const found = world.storage.byUid(uid);
    if (found === null) return;
    const { finalizers = [], deletionTimestamp } = found.object.metadata;
    if (deletionTimestamp !== undefined && finalizers.includes(ORPHAN)) orphan(world, found);
    else if (deletionTimestamp !== undefined && finalizers.includes(FOREGROUND)) foreground(world, found);
    else collect(world, found);
  },
};

/** Removes an object all of whose owners are gone; one that still has some only loses the dead references. */
function collect(world: World, { kind, object }: Stored): void {
  const owners = object.metadata.ownerReferences ?? [];
  const alive = owners.filter((one) => world.storage.byUid(one.uid) !== null);
  if (owners.length === 0 || alive.length === owners.length) return;
  if (alive.length > 0) {
    world.storage.put(kind, { ...object, metadata: { ...object.metadata, ownerReferences: alive } });
    return;
  }
  if (object.metadata.deletionTimestamp === undefined) removeObject(world, kind, object, { propagation: 'Background' });
}

function orphan(world: World, { kind, object }: Stored): void {
  for (const dependent of world.storage.ownedBy(object.metadata.uid ?? '')) {
    const { ownerReferences = [] } = dependent.object.metadata;
    const left = ownerReferences.filter((one) => one.uid !== object.metadata.uid);
    const metadata = { ...dependent.object.metadata, ownerReferences: left };
    world.storage.put(dependent.kind, { ...dependent.object, metadata });
  }
  drop(world, kind, object, ORPHAN);
}

function foreground(world: World, { kind, object }: Stored): void {
  const dependents = world.storage.ownedBy(object.metadata.uid ?? '');
  for (const dependent of dependents) {
    if (dependent.object.metadata.deletionTimestamp === undefined)
      removeObject(world, dependent.kind, dependent.object, { propagation: 'Foreground' });
  }
  const blocking = world.storage
    .ownedBy(object.metadata.uid ?? '')
    .filter((one) =>
      (one.object.metadata.ownerReferences ?? []).some(
        (owner) => owner.uid === object.metadata.uid && owner.blockOwnerDeletion === true,
      ),
    );
  if (blocking.length === 0) drop(world, kind, object, FOREGROUND);
}

/** Takes a finalizer away; with the last one the object goes, a pod only when its grace is over. */
function drop(world: World, kind: Kind, object: KubeObject, finalizer: string): void {
  const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
  const saved = world.storage.put(kind, { ...object, metadata: { ...object.metadata, finalizers } });
  if (finalizers.length === 0 && (saved.metadata.deletionGracePeriodSeconds ?? 0) === 0)
    world.storage.remove(kind, saved);
}
