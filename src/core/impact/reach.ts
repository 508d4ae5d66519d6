// Where an action takes effect: workloads, namespaces, nodes (scoring section 5, budget).

import type { Effect } from '../model/effect.ts';
import type { RecentRun } from '../model/facts.ts';
import { isOfResource, type ObjectKey, objectOfKey } from '../model/object-ref.ts';
import type { Impact, Relation } from './impact.ts';

export type Reach = Pick<RecentRun, 'workloads' | 'namespaces' | 'nodes'>;

const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].toSorted();

/** What the action changes, or ends, each named once; an owned object counts as the outermost workload that owns it. */
export function reachOf({ nodes, edges }: Impact, effects: readonly Effect[]): Reach {
  const hit = nodes.filter(({ role }) => role === 'target' || role === 'goes').map(({ id }) => id);
  const into = (relation: Relation): ReadonlyMap<ObjectKey, readonly ObjectKey[]> => {
    const map = new Map<ObjectKey, ObjectKey[]>();
    for (const { from, to, relation: kind } of edges) {
      if (kind === relation) map.set(to, [...(map.get(to) ?? []), from]);
    }
    return map;
  };
  const [owners, hosts] = [into('owns'), into('runs')];
  const outermost = (id: ObjectKey, seen: readonly ObjectKey[]): ObjectKey => {
    const owner = owners.get(id)?.[0];
    return owner === undefined || seen.includes(owner) ? id : outermost(owner, [...seen, id]);
  };
  const isNode = (id: ObjectKey): boolean => isOfResource(id, 'nodes');
  const nodeNames = [...hit.filter(isNode), ...hit.flatMap((id) => hosts.get(id) ?? [])];
  return {
    workloads: sorted(hit.filter((id) => !isNode(id)).map((id) => outermost(id, []))),
    namespaces: sorted(
      [...hit.map((id) => objectOfKey(id).namespace), ...effects.map(({ namespace }) => namespace)].filter(
        (name) => name !== null,
      ),
    ),
    nodes: sorted(nodeNames.map((id) => objectOfKey(id).name)),
  };
}
