// The deletion of an object that was sealed by its pre-image, and its way back: made again from it.
import type { Revealed } from '../../core/action/difference.ts';
import { preImageOfDeletion, recreationOf } from '../../core/action/recreation.ts';
import type { Effect } from '../../core/model/effect.ts';
import { isObject, type JsonObject } from '../../core/model/json.ts';
import { type ObjectRef, placedName } from '../../core/model/object-ref.ts';
import type { ClusterClient, ClusterRequest } from './client.ts';
import { textAt } from './json-at.ts';
import { readExisting } from './mutation.ts';
import { type PlannedWrite, refuseWrite, type Sealed, stale, uidOf } from './planned-write.ts';

type Write = Pick<PlannedWrite, 'name' | 'check' | 'shows'>;

const isLeaving = (object: JsonObject): boolean => textAt(object, 'metadata', 'deletionTimestamp') !== null;

/** "hmac-sha256:…" of the whole object as it was sealed. */
const markOf = ({ change }: Sealed): string | null =>
  change.fields.find(({ path }) => path === '')?.hidden?.before ?? null;

/** The deletion of exactly this object, untouched since it was read. */
export function deletionRequest(path: string, object: JsonObject, { change }: Pick<Effect, 'change'>): ClusterRequest {
  const { gracePeriodSeconds = null, propagation = null } = change.to === 'absence' ? change : {};
  const value = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid: uidOf(object), resourceVersion: textAt(object, 'metadata', 'resourceVersion') },
    // Without a word of it kubectl leaves dependants to the garbage collector (kubectl 1.36: --cascade=background).
    propagationPolicy: propagation ?? 'Background',
    ...(gracePeriodSeconds === null ? {} : { gracePeriodSeconds }),
  };
  return { method: 'DELETE', path, query: {}, body: { type: 'application/json', value } };
}

/** The deletion that was approved. */
export function deletionWrite(client: ClusterClient, effect: Effect, object: ObjectRef, sealed: Sealed): Write {
  const name = placedName(object);
  return {
    name,
    check: async (signal) => {
      const now = await readExisting(client, { effect, object }, signal);
      if (now.object === null || now.path === null || uidOf(now.object) !== sealed.change.uid)
        return stale('uid-changed', `${name}: it is gone, or another object has its name`);
      if (isLeaving(now.object)) return { kind: 'done' };
      if (sealed.hash(preImageOfDeletion(now.object)) !== markOf(sealed))
        return stale('pre-image-changed', `${name}: it was changed since it was sealed`);
      return { kind: 'due', request: deletionRequest(now.path, now.object, effect), differs: () => null };
    },
    shows: async (signal) => {
      const now = await readExisting(client, { effect, object }, signal);
      return now.object === null || uidOf(now.object) !== sealed.change.uid || isLeaving(now.object);
    },
  };
}

/** Makes it again, unless it never went or somebody else has made one of its name. */
export function recreationWrite(
  client: ClusterClient,
  effect: Effect,
  object: ObjectRef,
  sealed: Sealed,
  revealed: Revealed,
): Write {
  const name = placedName(object);
  const preImage = revealed.get(markOf(sealed) ?? '');
  return {
    name,
    check: async (signal) => {
      const now = await readExisting(client, { effect, object }, signal);
      if (now.object !== null) {
        if (isLeaving(now.object))
          return refuseWrite(
            `${name}: it is still being deleted and waits for its finalizers; see kubectl get -o yaml, metadata.finalizers`,
          );
        return uidOf(now.object) === sealed.change.uid
          ? { kind: 'done' }
          : stale('pre-image-changed', `${name}: another object has its name by now`);
      }
      if (preImage === undefined || !isObject(preImage))
        return stale('way-back-gone', `${name}: what it was is not kept any more`);
      const body = { type: 'application/json', value: recreationOf(preImage) } as const;
      const request = { method: 'POST', path: now.collection, query: { fieldManager: 'blastgate' }, body } as const;
      return { kind: 'due', request, differs: () => null };
    },
    shows: async (signal) => {
      const now = await readExisting(client, { effect, object }, signal);
      return now.object !== null && !isLeaving(now.object);
    },
  };
}
