// Reads one YAML document against a schema and says of everything that is wrong where it stands.
import { isMap, isNode, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { wordsOfIssue } from './problem-words.ts';

/** One thing that is wrong; lines and columns count from 1. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  /** "tiers.auto"; "" for the file. */
  readonly at: string;
  /** What is wrong and what to do; it names the key. */
  readonly message: string;
}

export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] };

type Path = readonly PropertyKey[];
const textOf = (path: Path): string => path.map(String).join('.');

/**
 * The value, or everything that is wrong with it in the order of the file.
 *
 * @param unknownKey what to say of a key that the schema does not have.
 */
export function readChecked<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  unknownKey: (key: string, parent: readonly PropertyKey[]) => string,
): Checked<z.output<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true });
  const at = (offset: number, path: Path, message: string): Problem => {
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
  const parsed = schema.safeParse(document.toJS(), { error: wordsOfIssue });
  if (parsed.success) return { ok: true, value: parsed.data };
  const root = isNode(document.contents) ? document.contents : null;
  const problems = parsed.error.issues.flatMap((issue) =>
    saysOf(issue, root, unknownKey).map(({ path, message, place }) =>
      at(place === 'key' ? offsetOfKey(root, path) : offsetOf(nodeAt(root, path)), path, message),
    ),
  );
  return { ok: false, problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

interface Said {
  readonly path: Path;
  readonly message: string;
  readonly place: 'key' | 'value';
}

const saysOf = (
  issue: z.core.$ZodIssue,
  root: Node | null,
  unknownKey: (key: string, parent: Path) => string,
): readonly Said[] => {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      place: 'key',
      message: unknownKey(key, path),
    }));
  }
  if (isMissing(root, path)) {
    return [{ path, place: 'value', message: `${textOf(path)} is missing: write it, an absent value has no default` }];
  }
  const where = path.length === 0 ? 'the file' : textOf(path);
  return [{ path, place: 'value', message: `${where}: ${issue.message}` }];
};

const isMissing = (root: Node | null, path: Path): boolean => {
  const parent = nodeAt(root, path.slice(0, -1));
  return path.length > 0 && isMap(parent) && !parent.has(path.at(-1));
};

const offsetOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

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
