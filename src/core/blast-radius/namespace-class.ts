// Which class a namespace belongs to, by its name (scoring section 3).
import { globs } from './glob.ts';

/** In the order in which patterns are tried; `other` is what none matches. */
export const NAMESPACE_CLASSES = ['control-plane', 'staging', 'production', 'development', 'other'] as const;
export type NamespaceClass = (typeof NAMESPACE_CLASSES)[number];

/** The class that a label names: a class itself, or what the patterns make of its value ("prod"); it never lowers one. */
export function raisedBy(
  environment: string,
  own: NamespaceClass,
  {
    classOf,
    tenths,
  }: { readonly classOf: NamespaceClassifier; readonly tenths: Readonly<Record<NamespaceClass, number>> },
): NamespaceClass {
  const labelled = NAMESPACE_CLASSES.find((name) => name === environment) ?? classOf(environment);
  return tenths[labelled] > tenths[own] ? labelled : own;
}

/** Namespaces come back again and again: this many are remembered, so that no flood of names fills the memory. */
const REMEMBERED = 1024;

export type NamespaceClassifier = (namespace: string) => NamespaceClass;

/**
 * Makes the classifier: the first class with a matching pattern, raised to `lowest` where that multiplies more.
 * `*` (all namespaces, or one that is not known) is the control plane, whose multiplier is the highest.
 */
export function classifierOf(
  namespaces: Readonly<Record<NamespaceClass, { readonly patterns: readonly string[] }>>,
  tenths: Readonly<Record<NamespaceClass, number>>,
  lowest: NamespaceClass | null,
): NamespaceClassifier {
  const tried = NAMESPACE_CLASSES.map((name) => {
    const wild = namespaces[name].patterns.filter((pattern) => /[*[]/.test(pattern));
    return { name, literals: new Set(namespaces[name].patterns), wild: globs(wild) };
  });
  const find = (namespace: string): NamespaceClass => {
    for (const { name, literals, wild } of tried) if (literals.has(namespace) || wild.test(namespace)) return name;
    return 'other';
  };
  const known = new Map<string, NamespaceClass>([['*', 'control-plane']]);
  const recall = (namespace: string): NamespaceClass => {
    const remembered = known.get(namespace);
    if (remembered !== undefined) return remembered;
    const found = find(namespace);
    if (known.size < REMEMBERED) known.set(namespace, found);
    return found;
  };
  return (namespace) => {
    const own = recall(namespace);
    return lowest !== null && tenths[lowest] > tenths[own] ? lowest : own;
  };
}
