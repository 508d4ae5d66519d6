// Where an action takes effect: workloads, namespaces, nodes (scoring section 5, budget). It must never weigh them.
import type { Facts, RecentRun } from '../../facts.ts';
import { type ObjectKey, objectKey } from '../../neighbourhood.ts';
import type { JudgedEffect } from '../judged-effect.ts';
import type { Loss } from './outage.ts';

export type Reach = Pick<RecentRun, 'workloads' | 'namespaces' | 'nodes'>;

const sorted = (names: readonly (string | null)[]): readonly string[] =>
  [...new Set(names.filter((name) => name !== null))].toSorted();

/** What the effects touch, each named once, sorted; workloads by the outermost one that is known. */
export const reachOf = (
  writes: readonly JudgedEffect[],
  { targets, around }: Facts,
  losses: readonly Loss[],
): Reach => {
  const owners = new Map<ObjectKey, ObjectKey | null>(around.workloads.map(({ key, controller }) => [key, controller]));
  const outermost = (key: ObjectKey): ObjectKey => {
    const owner = owners.get(key) ?? null;
    return owner === null || owner === key ? key : outermost(owner);
  };
  const pods = losses.flatMap(({ among }) => among);
  const ends = new Set(pods.map(({ uid }) => uid));
  const own = targets
    .filter(({ resource, uid }) => resource !== 'nodes' && !ends.has(uid))
    .map((one) => outermost(objectKey(one)));
  return {
    workloads: sorted([
      ...own,
      ...pods.map((pod) => pod.workload ?? objectKey({ group: '', resource: 'pods', ...pod })),
    ]),
    namespaces: sorted([...writes.map(({ effect }) => effect.namespace), ...pods.map(({ namespace }) => namespace)]),
    nodes: sorted([
      ...targets.filter(({ resource, group }) => resource === 'nodes' && group === '').map(({ name }) => name),
      ...pods.map(({ node }) => node),
    ]),
  };
};
