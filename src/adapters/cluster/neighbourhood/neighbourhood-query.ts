// Which kinds must be known beside the objects that the effects touch.
import { deletesDependents } from '../../../core/impact/collateral.ts';
import type { LabelsChange } from '../../../core/model/desired.ts';
import { type Effect, writesOf } from '../../../core/model/effect.ts';
import { controllerOfTarget, type TargetFact } from '../../../core/model/facts.ts';
import { resourceKey, touchedBy } from '../../../core/model/object-ref.ts';
import type { Wanted } from '../cache/cluster-knowledge.ts';
import { isWorkloadKind, type KindName, OWNED_KINDS, WORKLOAD_KINDS } from '../cache/kinds.ts';

/** An object by name, as an effect names it. */
interface ObjectPlace {
  readonly group: string;
  readonly resource: string;
  readonly namespace: string | null;
  readonly name: string;
}

type Deleted = Pick<TargetFact, 'group' | 'resource' | 'namespace'>;

export interface Reselected {
  readonly namespace: string | null;
  readonly name: string;
  readonly selector: LabelsChange;
}

/** What the effects do to their surroundings. */
export interface NeighbourhoodQuery {
  readonly effects: readonly Effect[];
  readonly targets: readonly TargetFact[];
  /** Nodes that lose their pods, by name. */
  readonly emptied: ReadonlySet<string>;
  /** What effects delete by name or selector: its dependents may go with it. */
  readonly deleted: readonly Deleted[];
  /** Namespaces whose pods get other labels. */
  readonly relabelled: ReadonlySet<string>;
  /** Workloads that an autoscaler among the effects scales. */
  readonly scaled: readonly ObjectPlace[];
  /** Services that select others. */
  readonly reselected: readonly Reselected[];
  /** Where the pods of a template may run changes, or may change. */
  readonly replaces: boolean;
  /** Namespaces that the effects speak of, by name; a Namespace itself counts. */
  readonly namespaces: ReadonlySet<string>;
}

const isNode = ({ group, resource }: { readonly group: string; readonly resource: string }): boolean =>
  group === '' && resource === 'nodes';

/** Drained, deleted, or tainted NoExecute. */
const empties = (effect: Effect): boolean =>
  isNode(effect) && (effect.kind === 'drain' || effect.verb === 'delete' || effect.traits.includes('no-execute'));

const isNamed = ({ name, namespace }: Effect): boolean => name !== null && name !== '*' && namespace !== '*';

export function neighbourhoodQueryOf(effects: readonly Effect[], targets: readonly TargetFact[]): NeighbourhoodQuery {
  const writes = writesOf(effects);
  const deleting = writes.filter(deletesDependents);
  const gone = new Set(deleting.flatMap((one) => touchedBy(one, targets)));
  const chooses = (effect: Effect, name: string): boolean => effect.name === '*' || effect.name === name;
  const nodes = targets.filter(
    (target) => isNode(target) && writes.some((one) => empties(one) && chooses(one, target.name)),
  );
  const relabelling = writes.some((one) => one.group === '' && one.resource === 'pods' && one.labelKeys.length > 0);
  const pods = targets.filter(({ group, resource }) => group === '' && resource === 'pods');
  const named = [...writes.map(({ namespace }) => namespace), ...targets.map(({ namespace }) => namespace)];
  const themselves = [...writes, ...targets].filter(({ group, resource }) => group === '' && resource === 'namespaces');
  return {
    effects: writes,
    targets,
    // What could not be read is deleted all the same.
    deleted: [...targets.filter((target) => gone.has(target)), ...deleting.filter(isNamed)],
    scaled: writes.flatMap(({ desired, namespace }) => {
      const scales = desired?.scales ?? null;
      return scales === null ? [] : [{ ...scales, namespace }];
    }),
    reselected: writes.flatMap((one) => {
      const selector = one.desired?.selector ?? null;
      const touched = selector === null ? [] : touchedBy(one, targets);
      return touched.flatMap(({ namespace, name }) => (selector === null ? [] : [{ namespace, name, selector }]));
    }),
    replaces: writes.some(({ desired }) => (desired?.pod ?? null) !== null),
    emptied: new Set(nodes.map(({ name }) => name)),
    relabelled: new Set(relabelling ? pods.flatMap(({ namespace }) => namespace ?? []) : []),
    namespaces: new Set(
      [...named, ...themselves.map(({ name }) => name)].flatMap((name) =>
        name === null || name === '*' ? [] : [name],
      ),
    ),
  };
}

/** The neighbours of pods besides their workloads: who counts on them, what they hold. */
const AROUND_PODS: readonly KindName[] = [
  'pods',
  'services',
  'endpointslices.discovery.k8s.io',
  'poddisruptionbudgets.policy',
  'horizontalpodautoscalers.autoscaling',
  'persistentvolumeclaims',
];

/** The workloads between a pod and the outermost one, by the Kind of any of them. */
const FAMILIES: ReadonlyMap<string, readonly KindName[]> = new Map([
  ['Deployment', ['deployments.apps', 'replicasets.apps']],
  ['ReplicaSet', ['deployments.apps', 'replicasets.apps']],
  ['StatefulSet', ['statefulsets.apps']],
  ['DaemonSet', ['daemonsets.apps']],
  ['ReplicationController', ['replicationcontrollers']],
  ['Job', ['jobs.batch']],
  ['CronJob', ['cronjobs.batch', 'jobs.batch']],
]);
const ANY_FAMILY: readonly KindName[] = [
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
];

/** The kinds that one target asks for. */
const kindsAroundTarget = (target: TargetFact): readonly KindName[] => {
  const name = resourceKey(target);
  if (isWorkloadKind(name)) return [...AROUND_PODS, ...(FAMILIES.get(target.kind) ?? [])];
  if (name === 'pods') return [...AROUND_PODS, ...(FAMILIES.get(controllerOfTarget(target)?.kind ?? '') ?? [])];
  if (name === 'horizontalpodautoscalers.autoscaling') return [...AROUND_PODS, ...ANY_FAMILY];
  return name === 'services' ? ['services', 'endpointslices.discovery.k8s.io'] : [];
};

/** Nothing is decided by these alone: they are shown, or end a chain of owners. */
const SHOWN: readonly KindName[] = ['ingresses.networking.k8s.io', 'cronjobs.batch', 'replicationcontrollers'];

const NAMESPACED_OWNED: readonly KindName[] = ['persistentvolumeclaims', 'pods', ...WORKLOAD_KINDS];

/** Kinds that may go with a target: a pod owns claims, an object of no namespace anything. */
const kindsBelow = ({ group, resource, namespace }: Deleted): readonly KindName[] => {
  const kinds = namespace === null ? [...OWNED_KINDS] : NAMESPACED_OWNED;
  return group === '' && resource === 'pods'
    ? ['persistentvolumeclaims']
    : kinds.filter((kind) => !SHOWN.includes(kind));
};

export function kindsFor(query: NeighbourhoodQuery): Pick<Wanted, 'needed' | 'shown'> {
  const { targets, deleted, scaled, reselected, replaces, emptied, relabelled } = query;
  const beside = targets.flatMap(kindsAroundTarget);
  const needed = new Set<KindName>([
    'namespaces',
    ...beside,
    ...deleted.flatMap(kindsBelow),
    ...(scaled.length > 0 ? [...AROUND_PODS, ...ANY_FAMILY] : []),
    ...(reselected.length > 0 ? (['pods'] as const) : []),
    ...(replaces ? (['nodes'] as const) : []),
    ...(relabelled.size > 0 ? (['networkpolicies.networking.k8s.io'] as const) : []),
    ...(emptied.size > 0 ? ([...AROUND_PODS, ...ANY_FAMILY, 'nodes', 'persistentvolumes'] as const) : []),
  ]);
  const shown = [...(needed.has('services') ? SHOWN : []), ...(deleted.length > 0 ? OWNED_KINDS : [])];
  return { needed: [...needed], shown: shown.filter((kind) => !needed.has(kind)) };
}

/** Namespaces to look into; null: all, since a node's pods are anybody's, and so is what an object of no namespace owns. */
export function placesFor({ emptied, effects, deleted, namespaces }: NeighbourhoodQuery): readonly string[] | null {
  if (deleted.some(({ namespace }) => namespace === null)) return null;
  if (emptied.size > 0 || effects.some(({ namespace }) => namespace === '*')) return null;
  return [...namespaces].toSorted();
}
