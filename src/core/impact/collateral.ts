// What goes by itself when the effects run: the claims that a StatefulSet does not retain, and the objects that the garbage
// collector deletes with their last owner (scoring section 7). It knows no rules: blast-radius judges each as a deletion.
import type { Effect } from '../model/effect.ts';
import type { TargetFact } from '../model/facts.ts';
import type { DependentFact, Neighbourhood, WorkloadFact } from '../model/neighbourhood.ts';
import { type ObjectKey, objectKey, touchedBy, touches } from '../model/object-ref.ts';
import type { Doer, Loss } from './outage.ts';
import { replicaChangesOf } from './replica-changes.ts';

/** An object that the effects do not name and that goes with one that they do. */
export interface Collateral {
  readonly group: string;
  readonly resource: string;
  readonly namespace: string | null;
  /** "*": claims of a StatefulSet whose pods are not known. */
  readonly name: string;
  readonly uid: string | null;
  /** What it goes with. */
  readonly owners: readonly ObjectKey[];
}

type Place = Pick<Collateral, 'namespace' | 'name'>;

const PODS = { group: '', resource: 'pods' } as const;
const CLAIMS = { group: '', resource: 'persistentvolumeclaims' } as const;

/** Deleted, evicted, or given an owner that may not exist, which is its garbage collection (scoring section 2). */
export function deletesDependents({ verb, subresource, traits }: Effect): boolean {
  const deletes = subresource === null && (verb === 'delete' || verb === 'deletecollection');
  return deletes || subresource === 'eviction' || traits.includes('owner-reference');
}

interface Deleted {
  readonly gone: ReadonlySet<ObjectKey>;
  /** Taken out of the owners of their dependents before they go (--cascade=orphan). */
  readonly orphaning: ReadonlySet<ObjectKey>;
}

const deletedBy = (writes: readonly Doer[], targets: readonly TargetFact[], losses: readonly Loss[]): Deleted => {
  const gone = new Set(losses.flatMap(({ among }) => among.map((pod) => objectKey({ ...PODS, ...pod }))));
  const orphaning = new Set<ObjectKey>();
  for (const { effect } of writes) {
    if (!deletesDependents(effect)) continue;
    const keys = effect.traits.includes('orphan') ? orphaning : gone;
    for (const target of touchedBy(effect, targets)) keys.add(objectKey(target));
    // One that could not be read is deleted all the same.
    if (effect.name !== null && effect.name !== '*' && effect.namespace !== '*') keys.add(objectKey(effect));
  }
  return { gone, orphaning };
};

/** Dependents that lose their last owner, link by link; an owner that orphans is none any more. */
const collectedWith = (
  { gone, orphaning }: Deleted,
  dependents: readonly DependentFact[],
): readonly DependentFact[] => {
  const fallen = new Set(gone);
  const collected: DependentFact[] = [];
  const left = new Map(
    dependents
      .filter(({ key }) => !fallen.has(key))
      .map((one) => [one, one.owners.filter((owner) => !orphaning.has(owner))]),
  );
  for (let before = -1; before < fallen.size; ) {
    before = fallen.size;
    for (const [one, owners] of left) {
      if (owners.length === 0 || !owners.every((owner) => fallen.has(owner))) continue;
      left.delete(one);
      fallen.add(one.key);
      collected.push(one);
    }
  }
  return collected;
};

/** The write that makes a StatefulSet delete claims: by its deletion, by scaling it down or to a number that could not be read. */
const loosenedBy = (
  { key, claimRetention }: WorkloadFact,
  gone: ReadonlySet<ObjectKey>,
  writes: readonly Doer[],
  targets: readonly TargetFact[],
  neighbourhood: Neighbourhood,
): Doer | null => {
  if (claimRetention?.whenDeleted === 'Delete' && gone.has(key)) return writes[0] ?? null;
  if (claimRetention?.whenScaled !== 'Delete') return null;
  const scales = (one: Doer): boolean => {
    const { change } = one.effect;
    const unread = change.to === 'replicas' && change.replicas === null;
    if (unread && targets.some((target) => objectKey(target) === key && touches(one.effect, target))) return true;
    // Gone as a whole it is not scaled down.
    return (
      !deletesDependents(one.effect) &&
      replicaChangesOf(one, targets, neighbourhood).some((it) => it.key === key && it.left < it.now)
    );
  };
  return writes.find(scales) ?? null;
};

/** The claims that a StatefulSet has made for its pods that go, named TEMPLATE-POD. */
const claimsOf = (
  { key }: WorkloadFact,
  { effect }: Doer,
  losses: readonly Loss[],
  { claims }: Neighbourhood,
): readonly Collateral[] => {
  const named = losses
    .filter(({ workload }) => workload === key)
    .flatMap(({ among }) => among)
    .flatMap((pod) =>
      pod.claims
        .filter((claim) => claim.endsWith(`-${pod.name}`))
        .map((name): Place => ({ namespace: pod.namespace, name })),
    );
  const unnamed: Place = { namespace: effect.namespace, name: '*' };
  return (named.length === 0 ? [unnamed] : named).map(({ namespace, name }) => ({
    ...CLAIMS,
    namespace,
    name,
    uid: claims.find((claim) => claim.namespace === namespace && claim.name === name)?.uid ?? null,
    owners: [key],
  }));
};

/** Everything that goes along with what the effects delete, evict or scale down; each object once. */
export function collateralOf(
  doers: readonly Doer[],
  targets: readonly TargetFact[],
  neighbourhood: Neighbourhood,
  losses: readonly Loss[],
): readonly Collateral[] {
  const writes = doers.filter((one) => one.writes);
  const { dependents } = neighbourhood;
  const loose = neighbourhood.workloads.filter(({ claimRetention }) => claimRetention !== null);
  if (loose.length + dependents.length === 0) return [];
  const deleted = deletedBy(writes, targets, losses);
  const collected = collectedWith(deleted, dependents);
  const gone = new Set([...deleted.gone, ...collected.map(({ key }) => key)]);
  const claims = loose.flatMap((set) => {
    const by = loosenedBy(set, gone, writes, targets, neighbourhood);
    return by === null ? [] : claimsOf(set, by, losses, neighbourhood);
  });
  return [...new Map([...claims, ...collected].map((one) => [objectKey(one), one])).values()];
}
