// Resource arguments ("deploy web", "po,svc -l …", "deploy/a sts/b") become targets, as cli-runtime's builder has it.
import type { Known } from '../../model/effect.ts';
import type { Resource } from '../../model/resource.ts';
import { isAnyNumber } from '../shell/unknown.ts';
import { resolveCategory, resolveResource, unknownResource } from './resolve.ts';

/** One thing that a command names: a kind, and an object of it or "*" where only the kind is named. */
export interface Target {
  readonly resource: Resource;
  readonly known: Known;
  readonly name: string;
}

/** Every kind that one word of the type position stands for: a kind, the members of a category, or an unknown kind. */
export function resolveType(
  word: string,
  custom: readonly Resource[],
): readonly { readonly resource: Resource; readonly known: Known }[] {
  const one = resolveResource(word, custom);
  if (one !== null) return [one];
  const members = resolveCategory(word, custom);
  return members.length > 0 ? members : [{ resource: unknownResource(word), known: 'unknown' }];
}

/** "a,b,a" → a, b: kubectl drops repeated types. */
export function splitTypes(word: string): readonly string[] {
  return word.includes(',') ? [...new Set(word.split(','))] : [word];
}

/** Each name of each kind that the word of a type stands for. */
const targetsOfType = (type: string, names: readonly string[], custom: readonly Resource[]): readonly Target[] => {
  const one = resolveResource(type, custom);
  if (one !== null) return names.map((name) => ({ resource: one.resource, known: one.known, name }));
  const kinds = resolveType(type, custom);
  return names.flatMap((name) => kinds.map(({ resource, known }) => ({ resource, known, name })));
};

const targetsOfTypes = (types: string, names: readonly string[], custom: readonly Resource[]): readonly Target[] =>
  types.includes(',')
    ? splitTypes(types).flatMap((type) => targetsOfType(type, names, custom))
    : targetsOfType(types, names, custom);

const ANY: readonly string[] = ['*'];

const hasSlash = (word: string): boolean => word.includes('/');

/** The targets of TYPE/NAME; none of a word without a slash. */
const targetsBySlash = (word: string, custom: readonly Resource[]): readonly Target[] => {
  const slash = word.indexOf('/');
  if (slash < 0) return [];
  const name = word.slice(slash + 1);
  return targetsOfTypes(word.slice(0, slash), name === '' ? ANY : [name], custom);
};

/**
 * Targets of `TYPE`, `TYPE NAME…`, `TYPE1,TYPE2 [NAME…]` and `TYPE/NAME…` (parsing rules C1); [] for no arguments.
 * A kind alone has the name "*": what it means without a name is the verb's affair.
 */
export function resolveTargets(args: readonly string[], custom: readonly Resource[]): readonly Target[] {
  const first = args[0];
  if (first === undefined) return [];
  if (hasSlash(first))
    return args.length === 1 ? targetsBySlash(first, custom) : args.flatMap((arg) => targetsBySlash(arg, custom));
  // TYPE and TYPE/NAME mixed is refused by kubectl, and judged by everything that is named.
  const rest = args.slice(1);
  const isMixed = rest.some(hasSlash);
  const given = isMixed ? rest.filter((word) => !hasSlash(word)) : rest;
  // what any number of words stands for are a kind and its names
  const names = given.length > 0 ? given : isAnyNumber(first) ? [first] : ANY;
  const named = targetsOfTypes(first, names, custom);
  return isMixed ? [...rest.flatMap((word) => targetsBySlash(word, custom)), ...named] : named;
}
