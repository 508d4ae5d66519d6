// Which disruption budgets and services a loss of pods breaks. It knows no points: blast-radius/evidence prices it.

import { changedLabels } from '../model/desired.ts';
import type { Effect } from '../model/effect.ts';
import { ownValue } from '../model/json.ts';
import type { BudgetFact, Neighbourhood, PodFact, Selector, ServiceFact } from '../model/neighbourhood.ts';
import { touches } from '../model/object-ref.ts';
import { type Loss, readyLost } from './outage.ts';

/** PodDisruptionBudgets that would be violated; one that follows the replicas does not mind when they are taken away. */
export function violatedBudgets(neighbourhood: Neighbourhood, losses: readonly Loss[]): readonly BudgetFact[] {
  return neighbourhood.budgets.filter(({ pods, disruptionsAllowed, follows }) => {
    const counted = follows === 'replicas' ? losses.filter(({ how }) => how === 'replaced') : losses;
    return readyLost(counted, new Set(pods)) > disruptionsAllowed;
  });
}

const mentions = (selector: Selector, keys: ReadonlySet<string>): boolean =>
  selector?.some(({ key }) => keys.has(key)) === true;

/** Pods that a change of their labels takes out of what selects them: "-" and changed keys that a selector asks for. */
const relabelled = (effects: readonly Effect[], pods: readonly PodFact[], selector: Selector): readonly PodFact[] =>
  effects
    .filter(({ traits, resource, group }) => traits.includes('membership') && resource === 'pods' && group === '')
    .flatMap((effect) => {
      const keys = new Set(effect.labelKeys.map((key) => key.replace(/-$/, '')));
      if (!mentions(selector, keys) && !keys.has('*')) return [];
      return pods.filter((pod) => touches(effect, { group: '', resource: 'pods', ...pod }));
    });

/** Whether a write gives the service a selector that no ready pod answers to. */
const losesAll = (service: ServiceFact, effects: readonly Effect[], pods: readonly PodFact[]): boolean =>
  effects.some((effect) => {
    const change = effect.desired?.selector ?? null;
    if (change === null || !touches(effect, { group: '', resource: 'services', ...service })) return false;
    const selector = Object.entries(changedLabels(equalities(service.selector), change));
    // Without a selector its endpoints stay as they are: somebody else writes them then (Kubernetes API, ServiceSpec).
    if (selector.length === 0) return false;
    return !pods.some(
      (pod) =>
        pod.namespace === service.namespace &&
        pod.ready &&
        selector.every(([key, value]) => ownValue(pod.labels, key) === value),
    );
  });

/** A Service selects by plain labels. */
const equalities = (selector: Selector): { readonly [key: string]: string } =>
  Object.fromEntries((selector ?? []).map(({ key, values }) => [key, values[0] ?? '']));

/** Ready endpoints that a service loses at the same time. */
const endpointsLost = (
  service: ServiceFact,
  effects: readonly Effect[],
  losses: readonly Loss[],
  pods: readonly PodFact[],
): number => {
  const own = new Set(service.pods);
  const moved = relabelled(effects, pods, service.selector).filter(({ uid }) => own.has(uid));
  const gone = effects.some(
    (effect) =>
      effect.verb === 'delete' &&
      effect.kind === 'delete-object' &&
      touches(effect, { group: '', resource: 'services', ...service }),
  );
  return gone || losesAll(service, effects, pods)
    ? service.ready
    : Math.min(service.ready, readyLost(losses, own) + moved.length);
};

/** Services that are left without ready endpoints, those deleted included. */
export function darkServices(
  effects: readonly Effect[],
  { services, pods }: Neighbourhood,
  losses: readonly Loss[],
): readonly ServiceFact[] {
  return services.filter(
    (service) => service.ready > 0 && endpointsLost(service, effects, losses, pods) >= service.ready,
  );
}
