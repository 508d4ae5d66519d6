// The deletion of an object that was sealed by its pre-image, and its way back: made again from it.
import { setTimeout as pause } from 'node:timers/promises';
import { holdsIn, type Revealed } from '../../core/action/difference.ts';
import { preImageOfDeletion, recreationOf } from '../../core/action/recreation.ts';
import { ANEW_SECONDS } from '../../core/action/write-steps.ts';
import type { Effect } from '../../core/model/effect.ts';
import { isObject, type JsonObject } from '../../core/model/json.ts';
import type { ObjectChange } from '../../core/model/object-change.ts';
import { type ObjectRef, placedName } from '../../core/model/object-ref.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ClusterClient, ClusterRequest } from './client.ts';
import { textAt } from './json-at.ts';
import { readExisting } from './mutation.ts';
import { type PlannedWrite, refuseWrite, type Sealed, stale, uidOf } from './planned-write.ts';
import { wroteIt } from './wrote-it.ts';

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

/** How often it is looked whether an object is gone, and for how long: the pod of a replace has 30 s of grace. */
const POLL_MS = 200;
const PATIENCE_MS = ANEW_SECONDS * 1000;

/** Once no object stands in the way of one that is made. Throws AdapterError where one stays. */
export async function awaitFree(
  client: ClusterClient,
  step: { readonly effect: Effect; readonly object: ObjectRef },
  mayStay: (object: JsonObject) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const { object } = await readExisting(client, step, signal);
    if (object === null || mayStay(object)) return;
    if (performance.now() > until)
      throw new AdapterError('refused', `${placedName(step.object)}: it is still being deleted`, { status: 409 });
    await pause(POLL_MS, undefined, { signal });
  }
}

/** Whether it is what was made in the place of the one that is wanted back. */
const isMade = (object: JsonObject, { hash, managers }: Sealed, made: ObjectChange | null): boolean =>
  made !== null && wroteIt(object, managers) && holdsIn(object, made.fields, 'after', hash);

/** Makes it again, unless it never went or somebody else has made one of its name; `made`: what goes from its place first. */
export function recreationWrite(
  client: ClusterClient,
  effect: Effect,
  object: ObjectRef,
  sealed: Sealed,
  revealed: Revealed,
  made: ObjectChange | null,
): Write {
  const name = placedName(object);
  const preImage = revealed.get(markOf(sealed) ?? '');
  return {
    name,
    check: async (signal) => {
      const now = await readExisting(client, { effect, object }, signal);
      if (now.object !== null && !isMade(now.object, sealed, made)) {
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
      return now.object !== null && !isLeaving(now.object) && !isMade(now.object, sealed, made);
    },
  };
}
