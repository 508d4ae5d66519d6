// The impact picture with pods that are alike drawn as one, for people and drawings.
import type { Impact, ImpactEdge, ImpactNode } from '../impact/impact.ts';

/** One or several objects that stand in the same relations. */
export interface Group {
  readonly id: string;
  readonly members: readonly ImpactNode[];
}

export interface Outline {
  readonly groups: readonly Group[];
  readonly edges: readonly ImpactEdge[];
}

const isPod = ({ id }: ImpactNode): boolean => id.startsWith('pods ');

/** Pods with the same role and the same neighbours become one group; where a pod runs only counts on nodes that are hit. */
export function outlineOf({ nodes, edges }: Impact): Outline {
  const hitNodes = new Set(
    nodes.filter(({ id, role }) => id.startsWith('nodes ') && role === 'target').map(({ id }) => id),
  );
  const kept = edges.filter(({ relation, from }) => relation !== 'runs' || hitNodes.has(from));
  const relations = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to, relation } of kept) {
    relations.get(from)?.push(`> ${relation} ${to}`);
    relations.get(to)?.push(`< ${relation} ${from}`);
  }
  const shown = nodes.filter(
    (node) => !node.id.startsWith('nodes ') || hitNodes.has(node.id) || (relations.get(node.id) ?? []).length > 0,
  );
  const alike = Map.groupBy(shown, (node) =>
    isPod(node) ? `pods ${node.role} ${(relations.get(node.id) ?? []).toSorted().join('\n')}` : node.id,
  );
  const groupOf = new Map<string, string>();
  const groups = [...alike.values()].map((members): Group => {
    const id = members[0]?.id ?? '';
    for (const member of members) groupOf.set(member.id, id);
    return { id, members };
  });
  const joined = new Map<string, ImpactEdge>();
  for (const { from, to, relation } of kept) {
    const edge: ImpactEdge = { from: groupOf.get(from) ?? from, to: groupOf.get(to) ?? to, relation };
    joined.set(`${edge.from}\u0000${edge.to}\u0000${relation}`, edge);
  }
  return { groups, edges: [...joined.values()] };
}

/** How many objects these stand for. */
export function countOf(members: Group['members']): number {
  return members.reduce((sum, { count }) => sum + count, 0);
}

/** How many of these go, where the others stay; null: all of them, or none. */
export function someOf(members: Group['members']): number | null {
  const going = members.reduce((sum, one) => sum + (one.going ?? one.count), 0);
  return members[0]?.role !== 'goes' || going >= countOf(members) ? null : going;
}
