// Compiled JavaScript → the same program without indentation and without spaces that no reader needs. Lines stay as they are, and so do
// names: a stack trace still points to a line, and the package takes a sixteenth less.
import { parseSync } from 'vite';

/** What `parseSync` gives, as far as it is walked here: every part of the tree has a kind and a place. */
interface Part {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

function treeOf(code: string, name: string): unknown {
  const { program, errors } = parseSync(name, code);
  if (errors.length > 0) throw new Error(`${name}: ${errors.map(({ message }) => message).join('; ')}`);
  return program;
}

/** Texts inside the program whose spaces mean something: strings, regular expressions, templates. In the order of their places. */
function literalsOf(tree: unknown): readonly Part[] {
  const found: Part[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isPart(value) && (value.type === 'Literal' || value.type === 'TemplateElement')) found.push(value);
    else for (const inner of Object.values(value)) walk(inner);
  };
  walk(tree);
  return found.sort((one, other) => one.start - other.start);
}

const PLACES = new Set(['start', 'end']);

/** A tree without its places, to compare two of them. */
const shapeOf = (tree: unknown): string =>
  JSON.stringify(tree, (key, value: unknown) =>
    PLACES.has(key) ? undefined : typeof value === 'bigint' ? `${value}n` : value,
  );

const WORD = /[\w$\u0080-\uffff]/;

/** A space stays between two words, and where two signs would become another one (`a + +b`, `1 / /x/.y`). */
const spaceBetween = (left: string, right: string): string => {
  if (WORD.test(left) && WORD.test(right)) return ' ';
  return left === right && '+-/'.includes(left) ? ' ' : '';
};

/**
 * A module that has no comments, smaller.
 *
 * @param code JavaScript, as `tsc` writes it with `removeComments`.
 * @param name of the file, for messages; its ending says what language it is.
 * @throws Error when it is no JavaScript, or when what came out would be another program (both are parsed and compared).
 */
export function compactCode(code: string, name: string): string {
  const before = treeOf(code, name);
  const literals = literalsOf(before);
  let next = 0;
  const compact = code.replaceAll(/ +/g, (spaces, at: number) => {
    while ((literals[next]?.end ?? Number.POSITIVE_INFINITY) <= at) next++;
    const isText = (literals[next]?.start ?? Number.POSITIVE_INFINITY) <= at;
    return isText ? spaces : spaceBetween(code.charAt(at - 1), code.charAt(at + spaces.length));
  });
  if (shapeOf(treeOf(compact, name)) !== shapeOf(before))
    throw new Error(`${name}: without its spaces it is another program`);
  return compact;
}
