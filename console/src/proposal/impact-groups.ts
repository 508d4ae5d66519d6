// The outline of an impact picture, made small enough to be read: what only stands near is folded by kind. Pure.
import type { ImpactEdge, ImpactNode, ImpactRole } from '../../../src/core/impact/impact.ts';
import { countOf, type Group, type Outline, someOf } from '../../../src/core/text/impact-outline.ts';
import type { Words } from '../words/en.ts';

/** The gravest first. */
export const ROLE_ORDER: readonly ImpactRole[] = ['breaks', 'goes', 'target', 'near'];

/** A picture of more groups than these is folded. */
const READABLE = 40;

export function groupRole({ members }: Group): ImpactRole {
  return members[0]?.role ?? 'near';
}

/** "deployments.apps shop/web", with "× 3" where it stands for three, and "× 1 of 3" where one of them goes. */
export function groupName({ id, members }: Group, words: Words): string {
  const count = countOf(members);
  const some = someOf(members);
  if (count <= 1) return id;
  return `${id} × ${some === null ? count : words.proposal.someOf(some, count)}`;
}

const kindOf = (id: string): string => id.split(' ')[0] ?? id;

/** Near groups of one kind as one, where there are too many to be read; what ends, breaks or is named always stands alone. */
export function foldNear(outline: Outline): { readonly outline: Outline; readonly count: number } {
  if (outline.groups.length <= READABLE) return { outline, count: 0 };
  const near = outline.groups.filter((group) => groupRole(group) === 'near');
  const into = new Map<string, string>();
  const folded = [...Map.groupBy(near, ({ id }) => kindOf(id))].flatMap(([kind, groups]): readonly Group[] => {
    if (groups.length <= 2) return groups;
    const id = `${kind} *`;
    for (const group of groups) into.set(group.id, id);
    const members: readonly ImpactNode[] = groups.flatMap((group) => group.members);
    return [{ id, members }];
  });
  const edges = new Map<string, ImpactEdge>();
  for (const { from, to, relation } of outline.edges) {
    const edge = { from: into.get(from) ?? from, to: into.get(to) ?? to, relation };
    if (edge.from !== edge.to) edges.set(`${edge.from}\u0000${edge.to}\u0000${relation}`, edge);
  }
  const groups = [...outline.groups.filter((group) => groupRole(group) !== 'near'), ...folded];
  return { outline: { groups, edges: [...edges.values()] }, count: into.size };
}
