// Reads a policy file, and says of everything that is wrong where it stands and what to do. It must never fill a gap.
import { Alias, isMap, isNode, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import type { PolicyDocument } from '../../core/blast-radius/policy.ts';
import { POLICY_SCHEMA } from './policy-schema.ts';

/** One thing that is wrong; lines and columns count from 1. */
export interface PolicyProblem {
  readonly line: number;
  readonly column: number;
  /** "tiers.auto"; "" for the file. */
  readonly at: string;
  readonly message: string;
}

export type PolicyResult =
  | { readonly ok: true; readonly policy: PolicyDocument }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Keys that operators look for, and why they are not here. */
const LAW: Readonly<Record<string, string>> = {
  floors: 'floors are law and cannot be configured: remove it',
  floor: 'floors are law and cannot be configured: remove it',
  coreRules: 'the core hard rules are law and cannot be configured: remove it',
};

type Path = readonly PropertyKey[];
const textOf = (path: Path): string => path.map(String).join('.');

/** The policy, or everything that is wrong with it, in the order of the file. */
export const readPolicy = (text: string): PolicyResult => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true });
  const at = (offset: number, path: Path, message: string): PolicyProblem => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, at: textOf(path), message };
  };
  const unread = [...document.errors, ...document.warnings].map(({ pos, message }) =>
    at(pos[0], [], `${message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? 'not YAML'}: correct the YAML`),
  );
  visit(document, {
    Alias: (_key, alias) => {
      unread.push(at(offsetOf(alias), [], 'an alias (*name) is not read here: write the value out'));
    },
  });
  if (unread.length > 0) return { ok: false, problems: unread };
  const parsed = POLICY_SCHEMA.safeParse(document.toJS());
  if (parsed.success) return { ok: true, policy: parsed.data };
  const root = isNode(document.contents) ? document.contents : null;
  const problems = parsed.error.issues.flatMap((issue) =>
    saysOf(issue, root).map(({ path, message, place }) =>
      at(place === 'key' ? offsetOfKey(root, path) : offsetOf(nodeAt(root, path)), path, message),
    ),
  );
  return { ok: false, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
};

interface Said {
  readonly path: Path;
  readonly message: string;
  readonly place: 'key' | 'value';
}

const saysOf = (issue: z.core.$ZodIssue, root: Node | null): readonly Said[] => {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      place: 'key',
      message: Object.hasOwn(LAW, key) ? (LAW[key] ?? '') : unknownKey(key, path),
    }));
  }
  if (isMissing(root, path)) {
    return [{ path, place: 'value', message: 'is missing: write it, an absent value has no default' }];
  }
  return [{ path, place: 'value', message: issue.message }];
};

const isMissing = (root: Node | null, path: Path): boolean => {
  const parent = nodeAt(root, path.slice(0, -1));
  return path.length > 0 && isMap(parent) && !parent.has(path.at(-1));
};

const unknownKey = (key: string, path: Path): string =>
  path[0] === 'hardRules'
    ? `${key} is no rule that policy may change (core hard rules are law): remove it`
    : `unknown key ${key}: remove it or correct its spelling`;

const offsetOf = (node: unknown): number => (isNode(node) || node instanceof Alias ? (node.range?.[0] ?? 0) : 0);

/** The node at the path; where the path ends early, the innermost node that is there. */
const nodeAt = (root: Node | null, path: Path): Node | null => {
  let node = root;
  for (const step of path) {
    const next: unknown = isMap(node) ? node.get(step, true) : child(node, step);
    if (!isNode(next)) return node;
    node = next;
  }
  return node;
};

const child = (node: Node | null, step: PropertyKey): unknown =>
  node !== null && 'items' in node && typeof step === 'number' ? (node.items as readonly unknown[])[step] : null;

const offsetOfKey = (root: Node | null, path: Path): number => {
  const parent = nodeAt(root, path.slice(0, -1));
  const key = path.at(-1);
  if (!isMap(parent)) return offsetOf(parent);
  const pair = parent.items.find((item) => isNode(item.key) && 'value' in item.key && item.key.value === key);
  return offsetOf(pair?.key ?? parent);
};
