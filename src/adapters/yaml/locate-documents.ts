// A text of manifests comes in, the values of its documents come out with the places where they stand in it.
import { newReadingBudget, type ReadingBudget } from '../../core/model/command.ts';
import type { LocatedValue } from '../../core/model/located-value.ts';
import type { Node } from './go-yaml/nodes.ts';
import { parseFirstDocument } from './go-yaml/parser.ts';
import { MAX_DOCUMENTS, Unreadable } from './go-yaml/unreadable.ts';

/** A line of "---" and perhaps a comment ends a document (apimachinery, YAMLReader). */
const MARK = /^---(?=[ \t]*(?:#.*)?$)/gm;

/**
 * The documents of a text; null where one cannot be read, or not as kubectl would. Line breaks are LF: whoever has others
 * takes the CR away first.
 */
export function locateDocuments(text: string): readonly LocatedValue[] | null {
  try {
    if (!text.isWellFormed()) return null;
    const budget = newReadingBudget();
    return partsOf(text).flatMap(({ part, at }) => documentOf(part, at, budget) ?? []);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

const BYTE_ORDER_MARK = '\ufeff';

const partsOf = (text: string): readonly { readonly part: string; readonly at: number }[] => {
  const starts = [0, ...[...text.matchAll(MARK)].map(({ index }) => index + 3)];
  if (starts.length > MAX_DOCUMENTS) throw new Unreadable('too many documents');
  return starts.map((at, number) => {
    const next = starts[number + 1];
    return { part: text.slice(at, next === undefined ? text.length : next - 3), at };
  });
};

const documentOf = (part: string, at: number, budget: ReadingBudget): LocatedValue | null => {
  // the reader leaves the mark out of its count
  const marked = part.startsWith(BYTE_ORDER_MARK) ? at + 1 : at;
  const node = parseFirstDocument(part, budget);
  return node === null ? null : located(node, part, marked, new Map());
};

/** An alias is the value of its anchor; one within itself is nothing that is read. */
const located = (node: Node, text: string, at: number, seen: Map<Node, LocatedValue>): LocatedValue => {
  if (node.kind === 'alias') {
    const value = seen.get(node.node);
    if (value === undefined) throw new Unreadable('an alias within what it stands for');
    return value;
  }
  const value = plainlyLocated(node, text, at, seen);
  seen.set(node, value);
  return value;
};

const plainlyLocated = (
  node: Exclude<Node, { readonly kind: 'alias' }>,
  text: string,
  at: number,
  seen: Map<Node, LocatedValue>,
): LocatedValue => {
  switch (node.kind) {
    case 'scalar': {
      const skipped = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
      const raw = text.slice(node.from + skipped, node.to + skipped).trimEnd();
      return { kind: 'scalar', value: node.value, from: at + node.from, to: at + node.from + raw.length };
    }
    case 'sequence':
      return { kind: 'list', items: node.items.map((item) => located(item, text, at, seen)) };
    case 'mapping': {
      const entries = [];
      for (let i = 0; i + 1 < node.entries.length; i += 2) {
        const [key, value] = [node.entries[i], node.entries[i + 1]];
        if (key === undefined || value === undefined) continue;
        entries.push({ key: located(key, text, at, seen), value: located(value, text, at, seen) });
      }
      return { kind: 'map', entries };
    }
    default:
      return node satisfies never;
  }
};
