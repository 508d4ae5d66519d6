// What selects pods: services, disruption budgets, network policies.
import {
  type BudgetFact,
  isMet,
  type PolicyFact,
  type Selector,
  type ServiceFact,
} from '../../../core/model/neighbourhood.ts';
import { askedLabelsOf, type KnownCluster } from '../cache/known-cluster.ts';
import type { ObjectIndex } from '../cache/object-index.ts';
import type { KnownObject, TrimmedPod, TrimmedService } from '../cache/trimmed.ts';
import type { NeighbourhoodQuery } from './neighbourhood-query.ts';

export function place({ namespace, name }: Pick<KnownObject, 'namespace' | 'name'>): string {
  return `${namespace ?? ''}/${name}`;
}

/** Each once, by namespace and name. */
export function sorted<T extends KnownObject>(objects: Iterable<T>): readonly T[] {
  return [...new Set(objects)].toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

type Selecting = KnownObject & { readonly selector: Selector };

const selects = ({ selector, namespace }: Selecting, pod: TrimmedPod): boolean =>
  namespace === pod.namespace && selector?.every((term) => isMet(term, pod.labels)) === true;

/** Those that may select one of the pods, by the labels that the pods have; pods of a workload are looked up once. */
const candidates = <T extends Selecting>(
  index: ObjectIndex<T, 'namespace' | 'label'>,
  { relabelled }: NeighbourhoodQuery,
  pods: readonly TrimmedPod[],
): readonly T[] => {
  const labels = new Set(pods.flatMap(({ namespace, labels: own }) => askedLabelsOf(namespace, own)));
  return [
    ...[...labels].flatMap((label) => [...index.by('label', label)]),
    ...[...relabelled].flatMap((namespace) => [...index.by('namespace', namespace)]),
  ];
};

const serviceFact = (cluster: KnownCluster, service: TrimmedService, uids: ReadonlySet<string>): ServiceFact => {
  const endpoints = [...cluster.slices.by('service', place(service))].flatMap(({ ready }) => ready);
  const pods = endpoints.flatMap(({ pod }) => (pod !== null && uids.has(pod) ? [pod] : []));
  return {
    namespace: service.namespace ?? '',
    name: service.name,
    uid: service.uid,
    selector: service.selector,
    ready: new Set(endpoints.map(({ address, pod }) => pod ?? address)).size,
    pods: [...new Set(pods)].toSorted(),
  };
};

/** Services that select one of the pods or send to it, those that are targeted, and all where labels of pods change. */
export function servicesOf(
  cluster: KnownCluster,
  question: NeighbourhoodQuery,
  pods: readonly TrimmedPod[],
): readonly ServiceFact[] {
  const { targets, relabelled } = question;
  const targeted = targets
    .filter(({ group, resource }) => group === '' && resource === 'services')
    .flatMap((target) => cluster.services.get(place(target)) ?? []);
  const uids = new Set(pods.map(({ uid }) => uid));
  const sendsToOne = (service: TrimmedService): boolean =>
    service.selector === null &&
    [...cluster.slices.by('service', place(service))].some(({ ready }) =>
      ready.some(({ pod }) => pod !== null && uids.has(pod)),
    );
  const near = candidates(cluster.services, question, pods).filter(
    (service) =>
      relabelled.has(service.namespace ?? '') || pods.some((pod) => selects(service, pod)) || sendsToOne(service),
  );
  return sorted([...targeted, ...near]).map((service) => serviceFact(cluster, service, uids));
}

/** Budgets that select one of the pods, and all where labels of pods change. */
export function budgetsOf(
  cluster: KnownCluster,
  question: NeighbourhoodQuery,
  pods: readonly TrimmedPod[],
): readonly BudgetFact[] {
  return sorted(candidates(cluster.budgets, question, pods))
    .map((budget) => ({ budget, selected: pods.filter((pod) => selects(budget, pod)).map(({ uid }) => uid) }))
    .filter(({ budget, selected }) => selected.length > 0 || question.relabelled.has(budget.namespace ?? ''))
    .map(({ budget: { namespace, name, uid, selector, disruptionsAllowed, neverAllows, follows }, selected }) => ({
      namespace: namespace ?? '',
      name,
      uid,
      selector,
      disruptionsAllowed,
      ...(neverAllows ? { neverAllows } : {}),
      follows,
      pods: selected.toSorted(),
    }));
}

/** All policies where labels of pods change. */
export function policiesOf(cluster: KnownCluster, { relabelled }: NeighbourhoodQuery): readonly PolicyFact[] {
  return sorted([...relabelled].flatMap((namespace) => [...cluster.policies.by('namespace', namespace)])).map(
    ({ namespace, name, selector }) => ({ namespace: namespace ?? '', name, selector }),
  );
}
