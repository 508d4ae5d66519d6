// What a write makes of its objects → a unified diff of YAML, of the changed fields and what they stand in alone.
import { isObject, type Json, pointerTokens } from '../model/json.ts';
import type { FieldChange, ObjectChange, ProgramRun } from '../model/object-change.ts';
import { plainLine } from './escape.ts';

/** What stands at a place: a value, the fields below it, or the elements of a list by their keys. */
type Node =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'value'; readonly value: Json }
  | { readonly is: 'fields'; readonly below: Map<string, Node> }
  | { readonly is: 'list'; readonly below: Map<string, Node> };

type Side = 'before' | 'after';

/** Text that YAML reads as this very text without quotes. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n|~)$)[A-Za-z_/][\w./@-]*$/i;

const scalar = (value: Json): string => {
  if (typeof value !== 'string') return JSON.stringify(value);
  const line = plainLine(value);
  return PLAIN.test(line) ? line : JSON.stringify(line);
};

const isEmpty = (value: Json): boolean =>
  typeof value !== 'object' || value === null || Object.keys(value).length === 0;

/** The value as lines; the first stands behind its key or dash. */
const linesOf = (value: Json): readonly string[] => {
  if (typeof value === 'string' && value.includes('\n'))
    return [
      '|',
      ...value
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `  ${plainLine(line)}`),
    ];
  if (isEmpty(value)) return [scalar(value)];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((item) => itemLines(linesOf(item)));
  if (!isObject(value)) return [scalar(value)];
  return Object.entries(value).flatMap(([key, inner]) => fieldLines(key, inner, linesOf(inner)));
};

const itemLines = (lines: readonly string[]): readonly string[] =>
  lines.map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`));

const fieldLines = (key: string, value: Json, lines: readonly string[]): readonly string[] =>
  isEmpty(value)
    ? [`${scalar(key)}: ${lines[0]}`, ...lines.slice(1)]
    : [`${scalar(key)}:`, ...lines.map((line) => `  ${line}`)];

/** Keys that name an element by more than one field: only the first is shown. */
const COMPOSED = /^(containerPort|port|key)=([^/]*)\/.*$/;

/** "name=web" as the first line of its element. */
const keyLine = (key: string): string => {
  const at = key.replace(COMPOSED, '$1=$2').split('=');
  return `${at[0]}: ${scalar(at.slice(1).join('='))}`;
};

const nodeLines = (node: Node): readonly string[] => {
  switch (node.is) {
    case 'text':
      return [node.text];
    case 'value':
      return linesOf(node.value);
    case 'fields':
      return [...node.below].flatMap(([key, inner]) => {
        const lines = nodeLines(inner);
        const isLeaf = inner.is === 'text' || (inner.is === 'value' && isEmpty(inner.value));
        return isLeaf
          ? [`${scalar(key)}: ${lines[0]}`, ...lines.slice(1)]
          : [`${scalar(key)}:`, ...lines.map((line) => `  ${line}`)];
      });
    case 'list':
      return [...node.below].flatMap(([key, inner]) =>
        itemLines(inner.is === 'fields' ? [keyLine(key), ...nodeLines(inner)] : nodeLines(inner)),
      );
    default:
      return node satisfies never;
  }
};

/** What a field shows on one side; null: nothing is there. */
const leafOf = (field: FieldChange, side: Side): Node | null => {
  if (field.generated === true) return side === 'after' ? { is: 'text', text: '(the server decides)' } : null;
  if (field.hidden !== undefined) {
    const hash = field.hidden[side];
    return hash === null ? null : { is: 'text', text: `(hidden, ${hash.slice(0, 'hmac-sha256:'.length + 8)})` };
  }
  const value = field[side];
  return value === undefined ? null : { is: 'value', value };
};

/** The fields of one side as a tree, in the order of their paths. */
const treeOf = (fields: readonly FieldChange[], side: Side): Map<string, Node> => {
  const root = new Map<string, Node>();
  for (const field of fields) {
    const leaf = leafOf(field, side);
    if (leaf === null) continue;
    const keys = [...(field.keys ?? [])];
    const tokens = pointerTokens(field.path);
    let here = root;
    for (const [i, token] of tokens.entries()) {
      // The index of an element stands where its key does.
      const isElement = /^\d+$/.test(token) && keys.length > 0 && i > 0;
      const name = isElement ? (keys.shift() ?? token) : token;
      if (i === tokens.length - 1) {
        const found = here.get(name);
        if (found === undefined || leaf.is === 'value') here.set(name, leaf);
        continue;
      }
      const next = tokens[i + 1] ?? '';
      const is = /^\d+$/.test(next) && keys.length > 0 ? 'list' : 'fields';
      const found = here.get(name);
      const node: Node = found?.is === 'fields' || found?.is === 'list' ? found : { is, below: new Map() };
      here.set(name, node);
      here = node.below;
    }
  }
  return root;
};

const sideLines = (fields: readonly FieldChange[], side: Side): readonly string[] =>
  nodeLines({ is: 'fields', below: treeOf(fields, side) });

/** The longest common lines, by their places: small texts, so the plain table does. */
const unified = (before: readonly string[], after: readonly string[]): readonly string[] => {
  const [rows, columns] = [before.length, after.length];
  const common = Array.from({ length: rows + 1 }, () => new Array<number>(columns + 1).fill(0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = rows - 1; i >= 0; i -= 1)
    for (let j = columns - 1; j >= 0; j -= 1) {
      const row = common[i];
      if (row !== undefined)
        row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < rows || j < columns) {
    if (i < rows && j < columns && before[i] === after[j]) {
      lines.push(` ${before[i]}`);
      [i, j] = [i + 1, j + 1];
    } else if (j < columns && (i === rows || at(i, j + 1) > at(i + 1, j))) {
      lines.push(`+${after[j]}`);
      j += 1;
    } else {
      lines.push(`-${before[i]}`);
      i += 1;
    }
  }
  return lines;
};

/** Lines that one object shows at most: the whole difference stands in the spec. */
const SHOWN_LINES = 400;

/** The words of a program, one a line, so that each can be read as it is. */
const ofProgram = (name: string, { container, containerID, argv }: ProgramRun): readonly string[] => [
  `=== ${name}`,
  ...sideLines([{ path: '/run', after: { container, containerID, argv } }], 'after'),
];

const ofObject = ({ object, op, fields, run }: ObjectChange): readonly string[] => {
  const name = plainLine(object);
  if (run !== undefined) return ofProgram(name, run);
  const heads = [op === 'create' ? '--- /dev/null' : `--- ${name}`, op === 'delete' ? '+++ /dev/null' : `+++ ${name}`];
  if (op === 'delete' || op === 'run') return heads;
  const lines = unified(
    sideLines(fields, 'before').slice(0, SHOWN_LINES),
    sideLines(fields, 'after').slice(0, SHOWN_LINES),
  );
  return lines.length === 0 ? [] : [...heads, ...lines];
};

/** The changes as `kubectl diff` readers expect them, object by object; empty where nothing differs. */
export function changeDiff(changes: readonly ObjectChange[]): readonly string[] {
  return changes.flatMap(ofObject);
}
