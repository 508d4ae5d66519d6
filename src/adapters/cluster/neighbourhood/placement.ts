// Which nodes would take a pod: node selector, required affinity, taints, and where its volumes can be reached
// (Kubernetes 1.36, scheduler).
import type { KnownCluster } from '../cache/known-cluster.ts';
import type { NodeTerm, Placement, Toleration, TrimmedNode, TrimmedPod } from '../cache/trimmed.ts';

type Expression = NodeTerm[number];

const holds = ({ on, key, operator, values }: Expression, node: TrimmedNode): boolean => {
  const value = on === 'name' ? (key === 'metadata.name' ? node.name : undefined) : node.labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
};

/** One of the terms; a term without expressions admits nothing. */
const meets = (terms: readonly NodeTerm[] | null, node: TrimmedNode): boolean =>
  terms === null || terms.some((term) => term.length > 0 && term.every((one) => holds(one, node)));

const tolerates = (toleration: Toleration, taint: TrimmedNode['taints'][number]): boolean =>
  (toleration.effect === null || toleration.effect === taint.effect) &&
  (toleration.key === null ? toleration.operator === 'Exists' : toleration.key === taint.key) &&
  (toleration.operator === 'Exists' || toleration.value === taint.value);

const NOBODY: readonly Toleration[] = [];

const admits = (node: TrimmedNode, placement: Placement | null): boolean => {
  const tolerations = placement?.tolerations ?? NOBODY;
  const kept = node.taints.every(
    (taint) => taint.effect === 'PreferNoSchedule' || tolerations.some((one) => tolerates(one, taint)),
  );
  if (!kept || placement === null) return kept;
  return (
    Object.entries(placement.nodeSelector).every(([key, value]) => node.labels[key] === value) &&
    meets(placement.terms, node)
  );
};

/**
 * For each pod the other schedulable nodes that admit it, by name; null: every one does. Pods that ask for the same are
 * looked up once.
 */
export function admission(
  cluster: KnownCluster,
  nodes: readonly TrimmedNode[],
): (pod: TrimmedPod) => readonly string[] | null {
  const open = nodes.filter(({ schedulable }) => schedulable);
  const known = new Map<Placement | null, readonly TrimmedNode[]>();
  const admitting = (placement: Placement | null): readonly TrimmedNode[] => {
    const before = known.get(placement);
    if (before !== undefined) return before;
    const found = open.filter((node) => admits(node, placement));
    known.set(placement, found);
    return found;
  };
  return (pod) => {
    const volumes = pod.claims.flatMap((claim) => {
      const volume = cluster.claims.get(`${pod.namespace ?? ''}/${claim}`)?.volume ?? null;
      return volume === null ? [] : (cluster.volumes.get(volume) ?? []);
    });
    const admitted = admitting(pod.placement).filter((node) => volumes.every(({ terms }) => meets(terms, node)));
    if (admitted.length === open.length) return null;
    return admitted.filter(({ name }) => name !== pod.node).map(({ name }) => name);
  };
}
