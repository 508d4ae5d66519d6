// Which pods go, and how many at the same time (scoring section 5).
import type { ActionKind, Effect } from '../model/effect.ts';
import type { TargetFact } from '../model/facts.ts';
import type { Neighbourhood, PodFact, WorkloadFact } from '../model/neighbourhood.ts';
import { isOfResource, type ObjectKey, objectKey, touchedBy } from '../model/object-ref.ts';
import { unavailableAtOnce } from './rollout.ts';

/** An effect as far as it decides which pods go: a judged one, or one that is only shown. */
export interface Doer {
  readonly effect: Effect;
  /** An effective dry run is a read. */
  readonly kind: ActionKind;
  readonly writes: boolean;
}

/** What the effects take from one workload; pods of no workload make a loss each. */
export interface Loss {
  /** null: a bare pod. */
  readonly workload: ObjectKey | null;
  readonly fact: WorkloadFact | null;
  /** The pods among which the ones that go are; finished ones are none of them. */
  readonly among: readonly PodFact[];
  /** How many go at the same time. */
  readonly atOnce: number;
  /** How many of those are ready now, at worst. */
  readonly ready: number;
  /** removed: replicas or the whole workload; replaced: others come after them. */
  readonly how: 'removed' | 'replaced';
}

const ready = (pods: readonly PodFact[]): number => pods.filter((pod) => pod.ready).length;

const isDaemon = ({ controller }: PodFact): boolean => isOfResource(controller, 'daemonsets.apps');
const isStatic = ({ controller }: PodFact): boolean => isOfResource(controller, 'nodes');

/** Names of the nodes that an effect empties: drained, deleted, or tainted NoExecute. */
const emptied = ({ effect, kind }: Doer, targets: readonly TargetFact[]): ReadonlySet<string> => {
  const empties =
    effect.group === '' &&
    effect.resource === 'nodes' &&
    (kind === 'drain' || kind === 'delete-object' || effect.traits.includes('no-execute'));
  if (!empties) return new Set();
  const seen = touchedBy(effect, targets).map(({ name }) => name);
  return new Set(effect.name === null || effect.name === '*' ? seen : [effect.name]);
};

const endsPods = ({ effect }: Doer): boolean =>
  effect.group === '' &&
  effect.resource === 'pods' &&
  (effect.subresource === 'eviction' ||
    (effect.subresource === null && (effect.verb === 'delete' || effect.verb === 'deletecollection')));

/** The pods that an effect names or finds on a node; a drain leaves those of DaemonSets and static ones where they are. */
const podsThatEnd = (
  judged: readonly Doer[],
  targets: readonly TargetFact[],
  pods: readonly PodFact[],
): readonly PodFact[] => {
  const going = new Set<PodFact>();
  const named = pods.map((pod) => ({ group: '', resource: 'pods', namespace: pod.namespace, name: pod.name, pod }));
  const narrowed = judged.some(
    ({ kind, effect }) => kind === 'drain' && effect.resource === 'pods' && effect.selector !== null,
  );
  const aimedAt = new Set(targets.filter(({ resource }) => resource === 'pods').map(({ uid }) => uid));
  for (const one of judged) {
    if (!one.writes) continue;
    const nodes = emptied(one, targets);
    if (endsPods(one) && one.kind !== 'drain')
      for (const { pod } of touchedBy(one.effect, named)) if (!pod.finished && aimedAt.has(pod.uid)) going.add(pod);
    if (nodes.size === 0) continue;
    for (const pod of pods) {
      if (pod.finished) continue;
      if (pod.node === null || !nodes.has(pod.node) || isStatic(pod)) continue;
      if (one.kind !== 'drain' || (!isDaemon(pod) && (!narrowed || aimedAt.has(pod.uid)))) going.add(pod);
    }
  }
  return [...going];
};

const ROLLS: ReadonlySet<string> = new Set(['set-config', 'patch', 'apply']);

/** Whether the template changes or may change, so that every pod is replaced; a paused workload waits. */
const rollsOut = ({ effect, kind }: Doer, { paused }: WorkloadFact): boolean => {
  if (kind === 'rollout-pause') return paused && !effect.traits.includes('pause');
  if (paused) return false;
  const { to } = effect.change;
  return (
    to === 'restart' ||
    to === 'images' ||
    to === 'revision' ||
    ((to === 'other' || to === 'several') && ROLLS.has(kind))
  );
};

const ordinalOf = ({ name }: PodFact): number => Number(/-(\d+)$/.exec(name)?.[1] ?? -1);

/** What scaling down takes: the highest ordinals of a StatefulSet; elsewhere pods that are not ready first (Kubernetes 1.36). */
const scaledDown = (among: readonly PodFact[], fact: WorkloadFact, removed: number): Loss => {
  const loss = { workload: fact.key, fact, how: 'removed' } as const;
  if (isOfResource(fact.key, 'statefulsets.apps')) {
    const last = among.toSorted((a, b) => ordinalOf(b) - ordinalOf(a)).slice(0, removed);
    return { ...loss, among: last, atOnce: removed, ready: ready(last) };
  }
  const idle = fact.pods - fact.ready;
  return { ...loss, among, atOnce: removed, ready: Math.min(ready(among), Math.max(0, removed - idle)) };
};

/** A rollout waits for pods that are not ready; a StatefulSet takes the highest ordinal, ready or not. */
const replaced = (among: readonly PodFact[], fact: WorkloadFact): Loss => {
  const atOnce = Math.min(unavailableAtOnce(fact), fact.pods);
  const idle =
    isOfResource(fact.key, 'statefulsets.apps') || fact.rollout?.type === 'Recreate' ? 0 : fact.pods - fact.ready;
  return {
    workload: fact.key,
    fact,
    among,
    atOnce,
    ready: Math.min(ready(among), Math.max(0, atOnce - idle)),
    how: 'replaced',
  };
};

/** Replicas that go when a workload gets this many; 0 when none do or the number is not known. */
export function replicasRemoved({ effect }: Doer, now: number | null): number {
  const wanted = 'replicas' in effect.change ? effect.change.replicas : null;
  return wanted === null || now === null ? 0 : Math.max(0, now - wanted);
}

/** A workload goes with its pods, unless they are left behind as orphans. */
export function deletesAll({ effect, kind }: Doer): boolean {
  return (
    kind === 'delete-object' &&
    effect.subresource === null &&
    !effect.traits.includes('orphan') &&
    (effect.verb === 'delete' || effect.verb === 'deletecollection')
  );
}

/** A Job that is suspended, or may run nothing at the same time, stops its pods at once (Kubernetes 1.36, job controller). */
const stopsJob = ({ effect }: Doer): boolean =>
  effect.group === 'batch' && effect.resource === 'jobs' && effect.traits.includes('scale-to-zero');

/** Pods of a DaemonSet on nodes that no longer admit them are deleted at once, whatever its update strategy (Kubernetes 1.36). */
const shutOut = (among: readonly PodFact[], { key, admittedAfter }: WorkloadFact): readonly PodFact[] =>
  key.startsWith('daemonsets.apps ') && admittedAfter !== null
    ? among.filter(({ node }) => node !== null && !admittedAfter.includes(node))
    : [];

const ofWorkload = (one: Doer, fact: WorkloadFact, pods: readonly PodFact[]): readonly Loss[] => {
  const among = pods.filter(
    ({ finished, workload, controller }) => !finished && (workload === fact.key || controller === fact.key),
  );
  const gone = (going: readonly PodFact[], atOnce: number): Loss => ({
    workload: fact.key,
    fact,
    among: going,
    atOnce,
    ready: ready(going),
    how: 'removed',
  });
  if (deletesAll(one) || stopsJob(one)) return [gone(among, fact.pods)];
  const removed = replicasRemoved(one, fact.replicas);
  if (removed > 0) return [scaledDown(among, fact, removed)];
  const out = shutOut(among, fact);
  return [
    ...(out.length > 0 ? [gone(out, out.length)] : []),
    ...(rollsOut(one, fact) && fact.rollout !== null ? [replaced(among, fact)] : []),
  ];
};

/** Losses of named pods, one for each workload. */
const ofPods = (going: readonly PodFact[], workloads: ReadonlyMap<ObjectKey, WorkloadFact>): readonly Loss[] =>
  [...Map.groupBy(going, ({ workload, uid }) => workload ?? uid).values()].map((among): Loss => {
    const workload = among[0]?.workload ?? null;
    const fact = workload === null ? null : (workloads.get(workload) ?? null);
    return { workload, fact, among, atOnce: among.length, ready: ready(among), how: 'replaced' };
  });

/** Everything that the effects of one part take, workload by workload. Reads and rehearsals take nothing. */
export function lossesOf(
  judged: readonly Doer[],
  targets: readonly TargetFact[],
  neighbourhood: Neighbourhood,
): readonly Loss[] {
  const workloads = new Map(neighbourhood.workloads.map((workload) => [workload.key, workload]));
  const losses: Loss[] = [...ofPods(podsThatEnd(judged, targets, neighbourhood.pods), workloads)];
  for (const one of judged) {
    if (!one.writes) continue;
    for (const target of touchedBy(one.effect, targets)) {
      const fact = workloads.get(objectKey(target));
      const its = fact === undefined ? [] : ofWorkload(one, fact, neighbourhood.pods);
      losses.push(...its.filter((loss) => loss.atOnce + loss.among.length > 0));
    }
  }
  return losses;
}

/** How many of these pods the losses may take at the same time, counting only ready ones. */
export function readyLost(losses: readonly Loss[], uids: ReadonlySet<string>): number {
  let lost = 0;
  for (const { among, ready: most } of losses) {
    lost += Math.min(most, among.filter((pod) => pod.ready && uids.has(pod.uid)).length);
  }
  return Math.min(lost, uids.size);
}
