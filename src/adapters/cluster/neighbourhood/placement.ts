// Which nodes would take a pod: node selector, required affinity, taints, and where its volumes can be reached
// (Kubernetes 1.36, scheduler).
import { type JsonObject, ownValue } from '../../../core/model/json.ts';
import { isMetBy } from '../../../core/model/neighbourhood.ts';
import type { KnownCluster } from '../cache/known-cluster.ts';
import { placementOf, requestsOf } from '../cache/trim-pod.ts';
import type { NodeTerm, Placement, Toleration, TrimmedNode, TrimmedPod } from '../cache/trimmed.ts';

type Expression = NodeTerm[number];

const holds = ({ on, key, operator, values }: Expression, node: TrimmedNode): boolean => {
  const value = on === 'name' ? (key === 'metadata.name' ? node.name : undefined) : ownValue(node.labels, key);
  switch (operator) {
    case 'In':
    case 'NotIn':
    case 'Exists':
    case 'DoesNotExist':
      return isMetBy({ operator, values }, value);
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
    Object.entries(placement.nodeSelector).every(([key, value]) => ownValue(node.labels, key) === value) &&
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

/** Taints that the pods of every DaemonSet tolerate (Kubernetes 1.36, daemon controller). */
const DAEMON_TOLERATIONS: readonly Toleration[] = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
  ['network-unavailable', 'NoSchedule'],
].map(([key = '', effect = '']) => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', value: '', effect }));

const ANYWHERE: Placement = { nodeSelector: {}, terms: null, tolerations: [] };

/** Nodes that admit a DaemonSet's pods, cordoned ones too; their room is not asked for, since no scheduler moves them elsewhere. */
export function nodesForDaemon(cluster: KnownCluster, spec: JsonObject): readonly string[] {
  const own = placementOf(spec) ?? ANYWHERE;
  const placement = { ...own, tolerations: [...own.tolerations, ...DAEMON_TOLERATIONS] };
  return namesOf([...cluster.nodes.all()].filter((node) => admits(node, placement)));
}

/** Schedulable nodes that admit the pod and have room for one, the pods that it replaces left out. */
export function nodesForPod(
  cluster: KnownCluster,
  spec: JsonObject,
  replaced: readonly TrimmedPod[],
): readonly string[] {
  const placement = placementOf(spec);
  const asked = requestsOf(spec);
  const hasRoom = ({ name, allocatable }: TrimmedNode): boolean => {
    const own = replaced.filter(({ node, finished }) => node === name && !finished);
    const freed = (what: 'cpuMillis' | 'memoryBytes'): number =>
      own.reduce((sum, { requests }) => sum + requests[what], 0);
    const load = cluster.loadOf(name);
    return (
      allocatable.pods - load.pods + own.length >= 1 &&
      allocatable.cpuMillis - load.cpuMillis + freed('cpuMillis') >= asked.cpuMillis &&
      allocatable.memoryBytes - load.memoryBytes + freed('memoryBytes') >= asked.memoryBytes
    );
  };
  return namesOf(
    [...cluster.nodes.all()].filter((node) => node.schedulable && admits(node, placement) && hasRoom(node)),
  );
}

const namesOf = (nodes: readonly TrimmedNode[]): readonly string[] => nodes.map(({ name }) => name).toSorted();
