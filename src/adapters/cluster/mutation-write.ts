// A write that was sealed as a difference, and its way back: compared field by field, whatever the action.
import { createHash } from 'node:crypto';
import { withoutBinding } from '../../core/action/binding-labels.ts';
import { changedIn, holdsIn, type Revealed } from '../../core/action/difference.ts';
import type { Effect } from '../../core/model/effect.ts';
import { isObject, type JsonObject } from '../../core/model/json.ts';
import type { Mutation } from '../../core/model/mutation.ts';
import { type ObjectRef, placedName } from '../../core/model/object-ref.ts';
import { describeMutationRefusal } from '../../core/text/describe.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ClusterClient } from './client.ts';
import { deletionRequest } from './deletion-write.ts';
import { listAt, textAt } from './json-at.ts';
import { type Existing, type Mutating, readExisting, requestBack, requestOf, withoutOld } from './mutation.ts';
import { type PlannedWrite, refuseWrite, type Sealed, stale, uidOf, type WriteCheck } from './planned-write.ts';
import { wroteIt } from './wrote-it.ts';

type Write = Pick<PlannedWrite, 'name' | 'check' | 'shows'>;

/** "shop-x" of generateName, with ten letters of the digest in place of the server's five; `nth` of several of one prefix. */
export function generatedName(prefix: string, digest: string, nth: number | undefined): string {
  return `${prefix}${createHash('sha256')
    .update(`${digest}${nth ?? ''}`)
    .digest('hex')
    .slice(0, 10)}`;
}

/** The body of what is made, null of anything else. */
const madeObject = ({ mutation }: Mutating['effect']): JsonObject | null => {
  if (mutation.is === 'create') return mutation.object;
  return mutation.is === 'request' && mutation.method === 'POST' && isObject(mutation.body) ? mutation.body : null;
};

const withObject = (mutation: Mutation, object: JsonObject): Mutation =>
  mutation.is === 'request'
    ? { ...mutation, body: object }
    : mutation.is === 'create'
      ? { ...mutation, object }
      : mutation;

/** An object that the server would name gets the name from the gate; `nth` of several. */
export function namedByGate<T extends Mutating>(write: T, digest: string, nth: number | undefined): T {
  const { effect, object } = write;
  const made = madeObject(effect);
  if (object.name !== null || made === null) return write;
  const { generateName = '', ...metadata } = (made['metadata'] ?? {}) as JsonObject;
  const name = generatedName(typeof generateName === 'string' ? generateName : '', digest, nth);
  const mutation = withObject(effect.mutation, { ...made, metadata: { ...metadata, generateName, name } });
  return { ...write, effect: { ...effect, mutation }, object: { ...object, name } };
}

/** Who wrote last, this gate and the keepers of its status aside; null where managedFields do not say. */
const otherWriter = (object: JsonObject): string | null => {
  const others = listAt(object, 'metadata', 'managedFields')
    .filter((entry) => entry['manager'] !== 'blastgate' && entry['subresource'] !== 'status')
    .toSorted((one, other) => ((textAt(one, 'time') ?? '') < (textAt(other, 'time') ?? '') ? -1 : 1));
  return textAt(others.at(-1), 'manager');
};

const DONE: WriteCheck = { kind: 'done' };

/** Not there yet: nobody else may have made it in the meantime. */
const checkMade = (name: string, { object }: Existing, { change, hash, managers }: Sealed): WriteCheck | null => {
  if (object === null) return null;
  return holdsIn(object, change.fields, 'after', hash) && wroteIt(object, managers)
    ? DONE
    : stale('pre-image-changed', `${name}: ${otherWriter(object) ?? 'somebody else'} has made it in the meantime`);
};

/** True for the object that goes before its name is free. */
const isReplaced = (object: JsonObject | null, { replaces }: Sealed): boolean =>
  object !== null && replaces !== null && uidOf(object) === replaces;

const checkChanged = (name: string, { object }: Existing, { change, hash }: Sealed): WriteCheck | null => {
  if (object === null || uidOf(object) !== change.uid)
    return stale('uid-changed', `${name}: it is gone, or another object has its name`);
  // Without a difference only a server-side apply was approved: it moves the ownership of fields.
  if (change.fields.length > 0 && holdsIn(object, change.fields, 'after', hash)) return DONE;
  const moved = changedIn(object, change.fields, 'before', hash);
  return moved.length === 0
    ? null
    : stale('pre-image-changed', `${name}: ${moved.join(', ')} changed since it was sealed`);
};

/** Nobody has written to it since this gate did; in the same second the other counts as later. */
const lastWasOurs = (object: JsonObject): boolean => {
  const entries = listAt(object, 'metadata', 'managedFields').filter((entry) => entry['subresource'] !== 'status');
  const latest = (ours: boolean): string =>
    entries
      .filter((entry) => (entry['manager'] === 'blastgate') === ours)
      .map((entry) => textAt(entry, 'time') ?? '')
      .reduce((one, other) => (one < other ? other : one), '');
  return latest(true) > latest(false);
};

/** An admission webhook made something else of the write than of its dry run: neither as it was, nor as it was approved. */
const isOursOtherwise = (object: JsonObject, { change, hash }: Sealed): boolean =>
  change.op === 'update' && !holdsIn(object, change.fields, 'before', hash) && lastWasOurs(object);

/** The write that was approved. */
export function mutationWrite(client: ClusterClient, wanted: Mutating, given: Sealed): Write {
  const write = namedByGate(wanted, given.digest, given.change.write);
  const sealed = { ...given, change: withoutBinding(given.change) };
  const { change, hash } = sealed;
  const name = placedName(write.object);
  const read = async (signal: AbortSignal): Promise<Existing> => {
    const now = await readExisting(client, write, signal);
    return isReplaced(now.object, sealed) ? withoutOld(now) : now;
  };
  return {
    name,
    check: async (signal) => {
      const now = await read(signal);
      const check = change.op === 'create' ? checkMade(name, now, sealed) : checkChanged(name, now, sealed);
      if (check !== null) return check;
      const asked = requestOf(write, now);
      if (!asked.ok) return refuseWrite(describeMutationRefusal(asked.why, name, 'en'));
      if (asked.request === null) return DONE;
      return {
        kind: 'due',
        request: asked.request,
        differs: (answer) => {
          const other = changedIn(answer, change.fields, 'after', hash);
          return other.length === 0 ? null : `${name}: the API server made something else of ${other.join(', ')}`;
        },
      };
    },
    shows: async (signal) => {
      const { object, isUnreadable } = await read(signal);
      if (isUnreadable) throw new AdapterError('refused', `${name} may not be read`, { status: 403 });
      if (object === null) return false;
      const isSame = change.op === 'create' ? wroteIt(object, sealed.managers) : uidOf(object) === change.uid;
      return isSame && (holdsIn(object, change.fields, 'after', hash) || isOursOtherwise(object, sealed));
    },
  };
}

/** The way back: only over what the forward write left, whatever a webhook made of it, and only to what was sealed. */
export function writeBack(
  client: ClusterClient,
  effect: Effect,
  object: ObjectRef,
  sealed: Sealed,
  revealed: Revealed,
): Write {
  const { hash } = sealed;
  const change = withoutBinding(sealed.change);
  const name = placedName(object);
  const isGone = (now: JsonObject | null): boolean =>
    now === null || textAt(now, 'metadata', 'deletionTimestamp') !== null || isReplaced(now, sealed);
  // In the place of another: once that is back, it is what stands there.
  const isBack = (now: JsonObject | null): boolean =>
    isGone(now) || (now !== null && sealed.replaces !== null && !holdsIn(now, change.fields, 'after', hash));
  return {
    name,
    check: async (signal) => {
      const now = await readExisting(client, { effect, object }, signal);
      if (change.op === 'create' && isGone(now.object)) return DONE;
      if (now.object === null || (change.op === 'update' && uidOf(now.object) !== change.uid))
        return stale('uid-changed', `${name}: it is gone, or another object has its name`);
      if (change.op === 'update' && holdsIn(now.object, change.fields, 'before', hash)) return DONE;
      const isAsLeft = holdsIn(now.object, change.fields, 'after', hash) || isOursOtherwise(now.object, sealed);
      if ((change.op === 'create' && !wroteIt(now.object, sealed.managers)) || !isAsLeft)
        return stale(
          'pre-image-changed',
          `${name}: ${otherWriter(now.object) ?? 'somebody else'} changed it after the write`,
        );
      if (change.op === 'create' && now.path !== null)
        return { kind: 'due', request: deletionRequest(now.path, now.object, effect), differs: () => null };
      const request = requestBack(change, now, revealed);
      return request === null
        ? stale('way-back-gone', `${name}: what it was before cannot be given back`)
        : { kind: 'due', request, differs: () => null };
    },
    shows: async (signal) => {
      const now = await readExisting(client, { effect, object }, signal);
      if (change.op === 'create') return isBack(now.object);
      return (
        now.object !== null && uidOf(now.object) === change.uid && holdsIn(now.object, change.fields, 'before', hash)
      );
    },
  };
}
