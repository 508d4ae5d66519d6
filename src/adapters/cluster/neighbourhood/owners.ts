// Who brings a pod back, and what it belongs to in the end.

import { BUILT_IN } from '../../../core/model/built-in-resources.ts';
import { type ObjectKey, objectKey, resourceKey } from '../../../core/model/object-ref.ts';
import { isKindName, isWorkloadKind, partsOf, WORKLOAD_KINDS, type WorkloadKind } from '../cache/kinds.ts';
import type { KnownCluster } from '../cache/known-cluster.ts';
import type { Owner, TrimmedPod, TrimmedWorkload } from '../cache/trimmed.ts';

/** A workload with the kind that it is of. */
export interface Placed {
  readonly kind: WorkloadKind;
  readonly workload: TrimmedWorkload;
}

export function keyOfWorkload({ kind, workload }: Placed): ObjectKey {
  return objectKey({ ...partsOf(kind), ...workload });
}

/** The plural of a built-in kind; a kind of the cluster's own keeps its name in lower case. */
const resourceOf = ({ group, kind }: Pick<Owner, 'group' | 'kind'>): string =>
  BUILT_IN.find((known) => known.group === group && known.kind === kind)?.name ?? kind.toLowerCase();

/** "deployments.apps" of a reference, as facts name kinds. */
export function kindNameOf(owner: Pick<Owner, 'group' | 'kind'>): string {
  return resourceKey({ group: owner.group, resource: resourceOf(owner) });
}

/** "deployments.apps shop/web" of a reference within a namespace. */
export function keyOfReference(reference: Pick<Owner, 'group' | 'kind' | 'name'>, namespace: string | null): ObjectKey {
  return objectKey({ group: reference.group, resource: resourceOf(reference), namespace, name: reference.name });
}

const found = (cluster: KnownCluster, owner: Owner): Placed | 'gone' | 'unwatched' => {
  const kind = kindNameOf(owner);
  if (!isWorkloadKind(kind)) return 'unwatched';
  for (const workload of cluster.workloads(kind).by('uid', owner.uid)) return { kind, workload };
  return 'gone';
};

/** From the nearest controller outwards; owners of kinds that are not watched end the chain. */
export function ownersOf(cluster: KnownCluster, object: TrimmedPod | TrimmedWorkload): readonly Placed[] {
  const chain: Placed[] = [];
  for (let owner = object.owner; owner !== null && chain.length < 8; ) {
    const next = found(cluster, owner);
    if (next === 'gone' || next === 'unwatched') break;
    chain.push(next);
    owner = next.workload.owner;
  }
  return chain;
}

/** Key of the controller; null where there is none or it is gone. One of a kind that is not watched is believed. */
export function controllerOf(
  cluster: KnownCluster,
  { owner, namespace }: TrimmedPod | TrimmedWorkload,
): ObjectKey | null {
  if (owner === null) return null;
  const next = found(cluster, owner);
  if (next === 'gone') return null;
  const isNode = owner.group === '' && owner.kind === 'Node';
  return keyOfReference(owner, isNode ? null : namespace);
}

/** The outermost owner of a pod. */
export function outermostOf(cluster: KnownCluster, pod: TrimmedPod): ObjectKey | null {
  const outermost = ownersOf(cluster, pod).at(-1)?.workload ?? pod;
  const above = outermost.owner?.kind === 'Node' ? null : controllerOf(cluster, outermost);
  if (above !== null) return above;
  const last = ownersOf(cluster, pod).at(-1);
  return last === undefined ? controllerOf(cluster, pod) : keyOfWorkload(last);
}

/** Every pod below a workload: its own and those of the workloads that it owns. */
export function podsBelow(cluster: KnownCluster, uid: string): readonly TrimmedPod[] {
  return [
    ...cluster.pods.by('owner', uid),
    ...WORKLOAD_KINDS.flatMap((kind) =>
      [...cluster.workloads(kind).by('owner', uid)].flatMap((child) => podsBelow(cluster, child.uid)),
    ),
  ];
}

/** A workload by the group, plural, namespace and name of a target; null where it is none, or is not known. */
export function workloadAt(
  cluster: KnownCluster,
  object: {
    readonly group: string;
    readonly resource: string;
    readonly namespace: string | null;
    readonly name: string;
  },
): Placed | null {
  const kind = resourceKey(object);
  if (!isKindName(kind) || !isWorkloadKind(kind)) return null;
  const workload = cluster.workloads(kind).get(`${object.namespace ?? ''}/${object.name}`);
  return workload === null ? null : { kind, workload };
}
