// The impact picture as a tree of lines: what owns stands above what it owns, what depends on a thing below it.

import type { Impact } from '../impact/impact.ts';
import { plainLine } from './escape.ts';
import { labelOf, roleOf } from './impact-labels.ts';
import { type Group, outlineOf } from './impact-outline.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

/** Deeper levels begin a tree of their own; no real picture has as many. */
const DEEPEST = 32;

/** One line an object or group of pods: "├─ services shop/cart (breaks)". Empty for a picture of nothing. */
export function impactTree(impact: Impact, lang: Lang): readonly string[] {
  const { groups, edges } = outlineOf(impact);
  const byId = new Map<string, Group>(groups.map((group) => [group.id, group]));
  const below = Map.groupBy(edges, ({ from }) => from);
  const owned = new Set(edges.map(({ to }) => to));
  const lines: string[] = [];
  const printed = new Set<string>();
  const print = (group: Group, first: string, rest: string, level: number): void => {
    const role = roleOf(group, lang);
    const children = (level === DEEPEST ? [] : (below.get(group.id) ?? [])).flatMap(({ to }) => byId.get(to) ?? []);
    const again = printed.has(group.id) && children.length > 0;
    const notes = [role, again ? DICTIONARIES[lang].impact.above : null].filter((note) => note !== null);
    lines.push(
      plainLine(`${labelOf(group, lang)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`).replace(/^/, first),
    );
    if (again) return;
    printed.add(group.id);
    children.forEach((child, at) => {
      const last = at === children.length - 1;
      print(child, `${rest}${last ? '└─ ' : '├─ '}`, `${rest}${last ? '   ' : '│  '}`, level + 1);
    });
  };
  const isTarget = ({ members }: Group): boolean => members[0]?.role === 'target';
  const roots = groups.filter(({ id }) => !owned.has(id));
  for (const group of [...roots.filter(isTarget), ...roots.filter((root) => !isTarget(root))]) print(group, '', '', 0);
  for (const group of groups) if (!printed.has(group.id)) print(group, '', '', 0);
  return lines;
}
