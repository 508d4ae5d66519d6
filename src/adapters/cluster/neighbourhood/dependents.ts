// The objects that hard rules protect and that may lose their last owner, with what stands between (scoring section 7).
import type { MissingFact } from '../../../core/model/facts.ts';
import type { DependentFact } from '../../../core/model/neighbourhood.ts';
import { type ObjectKey, objectKey } from '../../../core/model/object-ref.ts';
import type { Answered } from '../cache/cluster-knowledge.ts';
import { partsOf } from '../cache/kinds.ts';
import type { Guarded, KnownCluster } from '../cache/known-cluster.ts';
import type { Owner } from '../cache/trimmed.ts';
import type { ClusterClient } from '../client.ts';
import { createOwnerFinder, type FoundOwner, type OwnedRef, type OwnerFinder, ownedRefOf } from './find-owner.ts';
import { keyOfReference } from './owners.ts';

/** What the effects may delete. */
export interface Deletable {
  /** Targets of effects that delete; the uid is null of one that could not be read. */
  readonly named: readonly (Omit<OwnedRef, 'uid'> & { readonly uid: string | null })[];
  /** Pods that end with the effects, or may. */
  readonly pods: readonly OwnedRef[];
}

/** A claim that a pod has for its own ephemeral volume is made to go with it. */
const isEphemeral = ({ kind, object }: Guarded, { pods }: KnownCluster): boolean => {
  const [owner, ...more] = object.owners;
  if (kind !== 'persistentvolumeclaims' || owner === undefined || more.length > 0) return false;
  const pod = pods.get(`${object.namespace ?? ''}/${owner.name}`);
  return pod?.uid === owner.uid && pod.ephemeral.includes(object.name);
};

/**
 * Objects of a namespace are owned by those of the same, or of none. What is of no namespace and names an owner in one is never
 * collected (Kubernetes 1.36), and counts all the same where that owner itself may be deleted.
 */
const candidatesOf = (cluster: KnownCluster, { named, pods }: Deletable): readonly Guarded[] => {
  const starts = [...named, ...pods];
  const startOf = startFinder({ named, pods });
  const places = named.some(({ namespace }) => namespace === null)
    ? cluster.guardedNamespaces()
    : new Set(starts.map(({ namespace }) => namespace ?? ''));
  const found = [...places].flatMap((place) => [...cluster.guardedIn(place)]);
  const unplaced = [...cluster.guardedIn('')].filter(({ object }) =>
    object.owners.some((owner) => startOf(owner, null) !== null),
  );
  return [...new Set([...found, ...unplaced])].filter((one) => !isEphemeral(one, cluster));
};

type StartFinder = (owner: Owner, namespace: string | null) => OwnedRef | null;

/** What an owner is of the objects that may be deleted, by its uid; one that could not be read goes by its name. */
const startFinder = ({ named, pods }: Deletable): StartFinder => {
  const byUid = new Map<string, OwnedRef>(pods.map((pod) => [pod.uid, pod]));
  const unread = new Map<ObjectKey, Omit<OwnedRef, 'uid'>>();
  for (const { uid, ...one } of named) {
    if (uid === null) unread.set(objectKey(one), one);
    else byUid.set(uid, { ...one, uid });
  }
  return (owner, namespace) => {
    const found = byUid.get(owner.uid);
    if (found !== undefined || unread.size === 0) return found ?? null;
    const one = unread.get(keyOfReference(owner, namespace)) ?? unread.get(keyOfReference(owner, null));
    return one === undefined ? null : { ...one, uid: owner.uid };
  };
};

/** It may lose its last owner; it keeps one; or one of its owners could not be read. */
type Fate = 'falls' | 'stays' | 'unread';

class Chains {
  readonly #finder: OwnerFinder;
  readonly #startOf: StartFinder;
  readonly #starts = new Set<string>();
  readonly #readsOwners: boolean;
  readonly #fates = new Map<string, Promise<Fate>>();
  readonly #facts = new Map<string, DependentFact>();

  constructor(finder: OwnerFinder, deletable: Deletable) {
    this.#finder = finder;
    this.#startOf = startFinder(deletable);
    // What a pod owns is made for it; an object of a kind that is not followed is asked for where something is deleted by name.
    this.#readsOwners = deletable.named.length > 0;
  }

  get facts(): readonly DependentFact[] {
    return [...this.#facts.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Each object is judged once. */
  fateOf(object: OwnedRef): Promise<Fate> {
    const before = this.#fates.get(object.uid);
    if (before !== undefined) return before;
    // Whoever asks again before it is judged goes around in a circle, which decides nothing here.
    this.#fates.set(object.uid, Promise.resolve('falls'));
    const judged = this.#judge(object);
    const fate = this.#starts.has(object.uid) ? judged.then((): Fate => 'falls') : judged;
    this.#fates.set(object.uid, fate);
    return fate;
  }

  async #judge(object: OwnedRef): Promise<Fate> {
    const { owners, ...rest } = object;
    const keys: string[] = [];
    let worst: Fate = 'falls';
    // Those that are asked for without a request come first: one that stays spares the others.
    for (const owner of owners.toSorted((a, b) => this.#cost(a, object) - this.#cost(b, object))) {
      const found = await this.#find(owner, object.namespace);
      if (found === 'gone') continue;
      const fate = typeof found === 'string' ? found : await this.fateOf(found);
      if (fate === 'stays') return 'stays';
      if (fate === 'unread') worst = 'unread';
      keys.push(typeof found === 'string' ? keyOfReference(owner, object.namespace) : objectKey(found));
    }
    if (keys.length === 0) return 'stays';
    this.#facts.set(object.uid, { ...rest, key: objectKey(object), owners: keys.toSorted() });
    return worst;
  }

  #cost(owner: Owner, { namespace }: OwnedRef): number {
    return this.#startOf(owner, namespace) !== null ? 0 : this.#finder.isFollowed(owner) ? 1 : 2;
  }

  async #find(owner: Owner, namespace: string | null): Promise<FoundOwner | 'stays'> {
    const start = this.#startOf(owner, namespace);
    if (start !== null) {
      this.#starts.add(start.uid);
      return start;
    }
    return this.#readsOwners || this.#finder.isFollowed(owner) ? this.#finder.find(owner, namespace) : 'stays';
  }
}

/** Sorted by key; `missing` names owners that could not be read, where what they own would go without them. */
export async function dependentsOf(
  client: ClusterClient,
  answered: Pick<Answered, 'cluster' | 'known'>,
  deletable: Deletable,
  signal: AbortSignal,
): Promise<{ readonly dependents: readonly DependentFact[]; readonly missing: readonly MissingFact[] }> {
  const candidates = candidatesOf(answered.cluster, deletable);
  if (candidates.length === 0) return { dependents: [], missing: [] };
  const finder = createOwnerFinder(client, answered, signal);
  const chains = new Chains(finder, deletable);
  let unread = false;
  for (const { kind, object } of candidates) {
    if ((await chains.fateOf(ownedRefOf(partsOf(kind), object))) === 'unread') unread = true;
  }
  return { dependents: chains.facts, missing: unread ? [...finder.missing.values()] : [] };
}
