// Which class a namespace belongs to, by its name (scoring section 3). It must never lower a class.
import { globs } from './glob.ts';

/** In the order in which patterns are tried; `other` is what none matches. */
export const NAMESPACE_CLASSES = ['control-plane', 'staging', 'production', 'development', 'other'] as const;
export type NamespaceClass = (typeof NAMESPACE_CLASSES)[number];

export type NamespaceClassifier = (namespace: string) => NamespaceClass;

/**
 * Makes the classifier: the first class with a matching pattern, raised to `lowest` where that multiplies more.
 * `*` (all namespaces, or one that is not known) is the control plane, whose multiplier is the highest.
 */
export const classifierOf = (
  namespaces: Readonly<Record<NamespaceClass, { readonly patterns: readonly string[] }>>,
  tenths: Readonly<Record<NamespaceClass, number>>,
  lowest: NamespaceClass | null,
): NamespaceClassifier => {
  const exact = new Map<string, NamespaceClass>();
  const tried = NAMESPACE_CLASSES.map((name) => {
    const wild = namespaces[name].patterns.filter((pattern) => /[*[]/.test(pattern));
    return { name, literals: new Set(namespaces[name].patterns), wild: globs(wild) };
  });
  const find = (namespace: string): NamespaceClass => {
    for (const { name, literals, wild } of tried) if (literals.has(namespace) || wild.test(namespace)) return name;
    return 'other';
  };
  exact.set('*', 'control-plane');
  exact.set('default', find('default'));
  return (namespace) => {
    const own = exact.get(namespace) ?? find(namespace);
    return lowest !== null && tenths[lowest] > tenths[own] ? lowest : own;
  };
};
