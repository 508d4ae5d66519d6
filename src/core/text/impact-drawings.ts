// The impact picture in the languages of drawings, Mermaid and Graphviz.

import type { Impact, ImpactRole } from '../impact/impact.ts';
import { visible } from './escape.ts';
import { labelOf, roleOf } from './impact-labels.ts';
import { type Group, type Outline, outlineOf } from './impact-outline.ts';
import type { Lang } from './words/lang.ts';

/** More than these are not drawn in an issue: nobody could read it. */
const DRAWN = 60;

/** Everything but plain letters, digits and the marks of object names as its number: Mermaid and HTML read nothing into it. */
const mermaidText = (text: string): string =>
  Array.from(text, (char) => (/[\p{L}\p{N} ./,_-]/u.test(char) ? char : `#${char.codePointAt(0) ?? 0};`)).join('');

const titleOf = (group: Group, lang: Lang): string => {
  const role = roleOf(group, lang);
  return visible(role === null ? labelOf(group, lang) : `${labelOf(group, lang)} (${role})`);
};

const COLOURS: Readonly<Record<ImpactRole, string | null>> = {
  target: '#f4a261',
  goes: '#e76f51',
  breaks: '#d62828',
  near: null,
};

const colourOf = ({ members }: Group): string | null => COLOURS[members[0]?.role ?? 'near'];

/** The graver objects first, so that cutting loses the ones that only stand near. */
const cutTo = (outline: Outline, limit: number): Outline => {
  const grave = ({ members }: Group): number => (members[0]?.role === 'near' ? 1 : 0);
  const groups = outline.groups.toSorted((a, b) => grave(a) - grave(b)).slice(0, limit);
  const ids = new Set(groups.map(({ id }) => id));
  return { groups, edges: outline.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)) };
};

/** A Mermaid flowchart, one line a node or edge; null for a picture of nothing. At most 60 nodes. */
export function impactMermaid(impact: Impact, lang: Lang): string | null {
  const { groups, edges } = cutTo(outlineOf(impact), DRAWN);
  if (groups.length === 0) return null;
  const ids = new Map(groups.map(({ id }, at) => [id, `n${at}`]));
  return [
    'flowchart TD',
    ...groups.map((group) => `  ${ids.get(group.id) ?? ''}["${mermaidText(titleOf(group, lang))}"]`),
    ...edges.map(({ from, to, relation }) => `  ${ids.get(from) ?? ''} -->|${relation}| ${ids.get(to) ?? ''}`),
    ...groups.flatMap((group) => {
      const colour = colourOf(group);
      return colour === null ? [] : [`  style ${ids.get(group.id) ?? ''} stroke:${colour},stroke-width:3px`];
    }),
  ].join('\n');
}

const dotText = (text: string): string => `"${visible(text).replace(/[\\"]/g, '\\$&').replace(/\n/g, ' ')}"`;

/** A Graphviz digraph. */
export function impactDot(impact: Impact, lang: Lang): string {
  const { groups, edges } = outlineOf(impact);
  return [
    'digraph impact {',
    '  rankdir=LR;',
    '  node [shape=box];',
    ...groups.map((group) => {
      const colour = colourOf(group);
      return `  ${dotText(group.id)} [label=${dotText(titleOf(group, lang))}${colour === null ? '' : `, color="${colour}", penwidth=3`}];`;
    }),
    ...edges.map(({ from, to, relation }) => `  ${dotText(from)} -> ${dotText(to)} [label="${relation}"];`),
    '}',
    '',
  ].join('\n');
}
