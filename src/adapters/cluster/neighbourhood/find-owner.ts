// Finds what an ownerReference names: among what is known of the cluster, else by reading that one object.
import { BUILT_IN } from '../../../core/model/built-in-resources.ts';
import type { MissingFact } from '../../../core/model/facts.ts';
import type { JsonObject } from '../../../core/model/json.ts';
import type { ObjectKey } from '../../../core/model/object-ref.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { Answered } from '../cache/cluster-knowledge.ts';
import { isKindName, OWNED_KINDS, partsOf } from '../cache/kinds.ts';
import { ownerReferencesOf } from '../cache/trim-meta.ts';
import type { OwnedObject, Owner } from '../cache/trimmed.ts';
import { type ClusterClient, getJson } from '../client.ts';
import { missingFact } from '../find-objects.ts';
import { at, listAt, textAt } from '../json-at.ts';
import { builtInPrefix, type KindRef, objectPath } from '../resource-path.ts';
import { keyOfReference, kindNameOf } from './owners.ts';

/** An object with the owners that it names, some of which may be gone. */
export interface OwnedRef extends KindRef {
  readonly namespace: string | null;
  readonly name: string;
  readonly uid: string;
  readonly owners: readonly Owner[];
  readonly protected: boolean;
}

/** unread: it could not be asked for; `missing` says why. */
export type FoundOwner = OwnedRef | 'gone' | 'unread';

export function ownedRefOf(kind: KindRef, { namespace, name, uid, owners, protected: marked }: OwnedObject): OwnedRef {
  return { ...kind, namespace, name, uid, owners, protected: marked };
}

/** Objects that are read by themselves for one question; what is owned by more kinds that are not followed is not told. */
const MOST_READS = 64;

export interface OwnerFinder {
  /** Whether finding it needs no request. */
  isFollowed(owner: Owner): boolean;
  find(owner: Owner, namespace: string | null): Promise<FoundOwner>;
  /** What could not be read, in the order of asking. */
  readonly missing: ReadonlyMap<ObjectKey, MissingFact>;
}

/** For one question: each owner is read once. */
export function createOwnerFinder(
  client: ClusterClient,
  { cluster, known }: Pick<Answered, 'cluster' | 'known'>,
  signal: AbortSignal,
): OwnerFinder {
  const asked = new Map<string, Promise<FoundOwner>>();
  const kinds = new Map<string, Promise<readonly JsonObject[]>>();
  const missing = new Map<ObjectKey, MissingFact>();

  /** Plural and scope of a kind that is not built in, from the cluster's discovery. Throws AdapterError. */
  const discover = async ({ group, version, kind }: Owner): Promise<{ plural: string; namespaced: boolean } | null> => {
    const path = `/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`;
    const listed = kinds.get(path) ?? client.send(getJson(path), signal).then((answer) => listAt(answer, 'resources'));
    kinds.set(path, listed);
    const found = (await listed).find((one) => one['kind'] === kind && !(textAt(one, 'name') ?? '/').includes('/'));
    return found === undefined
      ? null
      : { plural: textAt(found, 'name') ?? '', namespaced: at(found, 'namespaced') === true };
  };

  const read = async (owner: Owner, namespace: string | null): Promise<FoundOwner> => {
    const { group, version, kind, name, uid } = owner;
    const builtIn = BUILT_IN.find((one) => one.group === group && one.kind === kind);
    const place =
      builtIn === undefined ? await discover(owner) : { plural: builtIn.name, namespaced: builtIn.namespaced };
    if (place === null) return 'gone';
    const ref = { group, resource: place.plural, namespace: place.namespaced ? namespace : null, name };
    const prefix = builtInPrefix(ref) ?? `/apis/${group}/${version}`;
    const path = objectPath(prefix, ref.resource, ref.namespace, name);
    const object = await client.send(getJson(path, {}, 'metadata'), signal);
    if (textAt(object, 'metadata', 'uid') !== uid) return 'gone';
    const marked = textAt(object, 'metadata', 'annotations', 'blastgate.io/protected') === 'true';
    return { ...ref, uid, owners: ownerReferencesOf(object), protected: marked };
  };

  const tryRead = async (owner: Owner, namespace: string | null): Promise<FoundOwner> => {
    const key = keyOfReference(owner, namespace);
    try {
      if (asked.size > MOST_READS) throw new AdapterError('no-answer', `more than ${MOST_READS} owners to be read`);
      return await read(owner, namespace);
    } catch (error) {
      const fact = missingFact({ resource: kindNameOf(owner), object: key, part: null }, error);
      if (fact.why === 'not-found') return 'gone';
      missing.set(key, fact);
      return 'unread';
    }
  };

  const amongKnown = (owner: Owner, namespace: string | null): OwnedRef | null => {
    const kind = kindNameOf(owner);
    if (!isKindName(kind)) return null;
    const object = cluster.owned(kind, namespace, owner.name);
    return object?.uid === owner.uid ? ownedRefOf(partsOf(kind), object) : null;
  };

  const isFollowed = (owner: Owner): boolean => {
    const kind = kindNameOf(owner);
    return isKindName(kind) && known.has(kind) && OWNED_KINDS.has(kind);
  };

  return {
    isFollowed,
    missing,
    find: (owner, namespace) => {
      const found = amongKnown(owner, namespace);
      if (found !== null) return Promise.resolve(found);
      if (isFollowed(owner)) return Promise.resolve('gone');
      const before = asked.get(owner.uid) ?? tryRead(owner, namespace);
      asked.set(owner.uid, before);
      return before;
    },
  };
}
