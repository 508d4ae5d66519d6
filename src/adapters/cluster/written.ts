// What was written to an object → whether it still stands there, and what was left behind.
import { changedIn } from '../../core/action/difference.ts';
import type { Pair } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import type { FieldChange } from '../../core/model/object-change.ts';
import { type ObjectRef, placedName } from '../../core/model/object-ref.ts';
import type { Sample } from '../../core/remediation/sample.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { isOverwritten } from './change.ts';
import { type ClusterClient, getJson } from './client.ts';
import { at, listAt, numberAt, textAt } from './json-at.ts';
import { isPaused } from './live.ts';
import { autoscalerOf, isByAutoscaler, writerOf } from './other-writers.ts';

/** What was written to an object itself. */
export interface WatchedObject {
  /** It was made by the write. */
  readonly isNew: boolean;
  /** null: whichever has the name, it was made by the write. */
  readonly uid: string | null;
  /** What became of the change where the object is not simply as written; null: it is. */
  readonly changed: (object: JsonObject) => Promise<Sample | null>;
  readonly leftOver: (object: JsonObject) => Promise<readonly string[]>;
}

/** By an action with an executor of its own. */
export function writtenBy(client: ClusterClient, pair: Pair, signal: AbortSignal): WatchedObject {
  return {
    uid: pair.target.uid,
    isNew: false,
    changed: (object) => changedSince(client, pair.target, pair, object, signal),
    leftOver: (object) => claimsLeft(client, pair, object, signal),
  };
}

/** A write that was sealed as a difference: the fields that must still have their values. */
export interface Differing {
  readonly isNew: boolean;
  readonly object: ObjectRef;
  readonly uid: string | null;
  readonly fields: readonly FieldChange[];
  readonly side: 'before' | 'after';
  /** Reads what the fields are of, where that is not the object itself: its Scale. */
  readonly readApart: (() => Promise<JsonObject | null>) | null;
}

const isOfTemplate = ({ path }: FieldChange): boolean => path.startsWith('/spec/template');

/** Paused before anything of the new template was made: a rollout that somebody pauses on its way has pods of it. */
const isHeld = (object: JsonObject): boolean =>
  isPaused(object) && (numberAt(object, 'status', 'updatedReplicas') ?? 0) === 0;

/** By a write that was sealed as a difference. */
export function writtenAs({ object, uid, isNew, fields, side, readApart }: Differing): WatchedObject {
  return {
    uid,
    isNew,
    changed: async (found) => {
      // What is hidden can be compared only under its key; the writer does.
      const shown = fields.filter(({ hidden }) => hidden === undefined);
      const holder = (await readApart?.()) ?? found;
      const other = changedIn(holder, shown, side, () => '');
      const target = placedName(object);
      if (other.length > 0) return { seen: 'overwritten', target, by: writerOf(found, 'template') };
      return fields.some(isOfTemplate) && isHeld(found) ? { seen: 'held', target } : null;
    },
    leftOver: () => Promise.resolve([]),
  };
}

/** Two writes of one object. */
export function writtenTogether(one: WatchedObject, other: WatchedObject): WatchedObject {
  return {
    ...other,
    changed: async (object) => (await one.changed(object)) ?? other.changed(object),
    leftOver: async (object) => [...(await one.leftOver(object)), ...(await other.leftOver(object))],
  };
}

/** Nothing was written yet: the object is only looked at. */
export function notYetWritten(uid: string | null): WatchedObject {
  return { uid, isNew: false, changed: () => Promise.resolve(null), leftOver: () => Promise.resolve([]) };
}

/** What became of the change where the object is not simply as written; null: it is, and its pods are looked at. */
const changedSince = async (
  client: ClusterClient,
  ref: ObjectRef,
  { effect, target: sealed }: Pair,
  object: JsonObject,
  signal: AbortSignal,
): Promise<Sample | null> => {
  const target = placedName(ref);
  const { change } = effect;
  const over = isOverwritten(effect, object, sealed);
  if (change.to !== 'replicas') {
    if (over) return { seen: 'overwritten', target, by: writerOf(object, 'template') };
    const held = change.to === 'images' && isPaused(object) && at(sealed.preImage, 'paused') === true;
    return held ? { seen: 'held', target } : null;
  }
  if (over && !isByAutoscaler(object)) return { seen: 'overwritten', target, by: writerOf(object, 'replicas') };
  // At 0 an autoscaler rests, whatever its bounds.
  const wanted = change.replicas ?? 0;
  const autoscaler =
    over || wanted > 0 ? await autoscalerOf(client, ref, textAt(object, 'kind') ?? sealed.kind, signal) : null;
  if (over) return { seen: 'autoscaled', target, autoscaler: autoscaler?.says ?? 'horizontalpodautoscaler' };
  if (autoscaler === null || (wanted >= autoscaler.min && wanted <= autoscaler.max)) return null;
  return { seen: 'autoscaled', target, autoscaler: autoscaler.says };
};

/**
 * Claims of ordinals that a StatefulSet has no more once it is scaled back to what was sealed: Kubernetes keeps them
 * (persistentVolumeClaimRetentionPolicy), and nobody else will say so.
 */
const claimsLeft = async (
  client: ClusterClient,
  { effect, target: sealed }: Pair,
  object: JsonObject,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const { change } = effect;
  const templates = listAt(object, 'spec', 'volumeClaimTemplates').map((one) => textAt(one, 'metadata', 'name') ?? '');
  if (change.to !== 'replicas' || change.replicas !== sealed.replicas || templates.length === 0) return [];
  const from = (numberAt(object, 'spec', 'ordinals', 'start') ?? 0) + (change.replicas ?? 0);
  const path = `/api/v1/namespaces/${encodeURIComponent(sealed.namespace ?? '')}/persistentvolumeclaims`;
  try {
    const names = listAt(await client.send(getJson(path), signal), 'items').map(
      (one) => textAt(one, 'metadata', 'name') ?? '',
    );
    const isLeft = (name: string): boolean =>
      templates.some((template) => {
        const prefix = `${template}-${sealed.name}-`;
        const ordinal = name.slice(prefix.length);
        return name.startsWith(prefix) && /^\d+$/.test(ordinal) && Number(ordinal) >= from;
      });
    return names.filter(isLeft).map((name) => `persistentvolumeclaim/${name}`);
  } catch (error) {
    if (error instanceof AdapterError) return [];
    throw error;
  }
};
