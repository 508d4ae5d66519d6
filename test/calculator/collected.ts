// What goes for good together with what a deed deletes: objects that lose their last owner, claims that a StatefulSet's
// retention policy deletes (section 7, with a cluster). It imports nothing of src.
import { drawsOf, ended, keyOf, limitedBy, limitOf, meant, wantedBy } from './outage.ts';
import type { Deed, Pod, Seen } from './seen.ts';

const podKey = ({ namespace, name }: Pod): string => `pods ${namespace}/${name}`;
const nameOf = ({ what, where, who }: Deed): string => `${what} ${where === null ? '' : `${where}/`}${who ?? '?'}`;

const keysOf = (deeds: readonly Deed[], seen: Seen): readonly string[] =>
  deeds.flatMap((deed) => [nameOf(deed), ...meant(deed, seen).map(keyOf)]);

/** Keys of everything that is gone in the end, link by link down the chain of owners. */
const goneWith = (deeds: readonly Deed[], seen: Seen): ReadonlySet<string> => {
  const { pods, dependents = [] } = seen.around;
  const deletions = deeds.filter(({ kind, marks }) => kind.startsWith('delete-') || marks.includes('deletes'));
  const kept = new Set(
    keysOf(
      deletions.filter(({ marks }) => marks.includes('orphan')),
      seen,
    ),
  );
  const gone = new Set([
    ...keysOf(
      deletions.filter(({ marks }) => !marks.includes('orphan')),
      seen,
    ),
    ...ended(deeds, seen).map(podKey),
    ...drawsOf(deeds, seen).flatMap(({ from }) => from.map(podKey)),
  ]);
  for (let before = -1; before < gone.size; ) {
    before = gone.size;
    for (const pod of pods) if (gone.has(pod.workload ?? '?') || gone.has(pod.controller ?? '?')) gone.add(podKey(pod));
    for (const { key, owners } of dependents) {
      const left = owners.filter((owner) => !kept.has(owner));
      if (left.length > 0 && left.every((owner) => gone.has(owner))) gone.add(key);
    }
  }
  return gone;
};

/** Whether a deed touches a protected object, or takes one along; `guarded` says which kinds nobody deletes. */
export const takesProtected = (deeds: readonly Deed[], seen: Seen, guarded: (what: string) => boolean): boolean => {
  const gone = goneWith(deeds, seen);
  const { workloads, dependents = [] } = seen.around;
  const scaledDown = (key: string, replicas: number | null): boolean =>
    deeds.some((deed) => {
      const aimed = meant(deed, seen).some((target) => keyOf(target) === key);
      const left = aimed ? wantedBy(deed) : limitedBy(deed, seen).includes(key) ? Number(limitOf(deed)) : null;
      return left !== null && replicas !== null && left < replicas;
    });
  return (
    dependents.some((one) => gone.has(one.key) && (one.protected || guarded(one.key.split(' ')[0] ?? ''))) ||
    workloads.some(
      ({ key, replicas, claimRetention }) =>
        (claimRetention?.whenDeleted === 'Delete' && gone.has(key)) ||
        (claimRetention?.whenScaled === 'Delete' && scaledDown(key, replicas)),
    ) ||
    deeds.some((deed) => meant(deed, seen).some((target) => target.protected))
  );
};
