// The resource arguments of a command ("deploy web", "po,svc -l …", "deploy/a sts/b") become targets, as cli-runtime's
// builder reads them. It must never refuse: what kubectl refuses is said by usage.ts, here the rest is read as if it ran.
import type { Known } from '../effect.ts';
import { resolveCategory, resolveResource, unknownResource } from './resolve.ts';
import type { Resource } from './resource.ts';

/** One thing that a command names: a kind, and an object of it or "*" where only the kind is named. */
export interface Target {
  readonly resource: Resource;
  readonly known: Known;
  readonly name: string;
}

/** Every kind that one word of the type position stands for: a kind, the members of a category, or an unknown kind. */
export const resolveType = (
  word: string,
  custom: readonly Resource[],
): readonly { readonly resource: Resource; readonly known: Known }[] => {
  const one = resolveResource(word, custom);
  if (one !== null) return [one];
  const members = resolveCategory(word, custom);
  return members.length > 0 ? members : [{ resource: unknownResource(word), known: 'unknown' }];
};

/** "a,b,a" → a, b: kubectl drops repeated types. */
export const splitTypes = (word: string): readonly string[] =>
  word.includes(',') ? [...new Set(word.split(','))] : [word];

const targetsOf = (type: string, names: readonly string[], custom: readonly Resource[]): readonly Target[] => {
  const kinds = resolveType(type, custom);
  return names.flatMap((name) => kinds.map(({ resource, known }): Target => ({ resource, known, name })));
};

const bySlash = (word: string, custom: readonly Resource[]): readonly Target[] => {
  const slash = word.indexOf('/');
  const name = word.slice(slash + 1);
  return splitTypes(word.slice(0, slash)).flatMap((type) => targetsOf(type, [name === '' ? '*' : name], custom));
};

/**
 * Targets of `TYPE`, `TYPE NAME…`, `TYPE1,TYPE2 [NAME…]` and `TYPE/NAME…` (parsing rules C1); [] for no arguments.
 * A kind alone has the name "*": what it means without a name is the verb's affair.
 */
export const resolveTargets = (args: readonly string[], custom: readonly Resource[]): readonly Target[] => {
  const [first, ...names] = args;
  if (first === undefined) return [];
  const slashes = args.some((arg) => arg.includes('/'));
  if (!slashes) {
    const wanted = names.length === 0 ? ['*'] : names;
    return splitTypes(first).flatMap((type) => targetsOf(type, wanted, custom));
  }
  if (first.includes('/')) return args.filter((arg) => arg.includes('/')).flatMap((arg) => bySlash(arg, custom));
  // TYPE and TYPE/NAME mixed: kubectl refuses it; judged by everything that is named.
  const plain = names.filter((arg) => !arg.includes('/'));
  return [
    ...splitTypes(first).flatMap((type) => targetsOf(type, plain.length === 0 ? ['*'] : plain, custom)),
    ...names.filter((arg) => arg.includes('/')).flatMap((arg) => bySlash(arg, custom)),
  ];
};
