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

const addTargets = (targets: Target[], type: string, names: readonly string[], custom: readonly Resource[]): void => {
  const kinds = resolveType(type, custom);
  for (const name of names) for (const { resource, known } of kinds) targets.push({ resource, known, name });
};

const addTypes = (targets: Target[], types: string, names: readonly string[], custom: readonly Resource[]): void => {
  for (const type of splitTypes(types)) addTargets(targets, type, names, custom);
};

const addBySlash = (targets: Target[], word: string, custom: readonly Resource[]): void => {
  const slash = word.indexOf('/');
  const name = word.slice(slash + 1);
  addTypes(targets, word.slice(0, slash), name === '' ? ANY : [name], custom);
};

const ANY: readonly string[] = ['*'];

/**
 * Targets of `TYPE`, `TYPE NAME…`, `TYPE1,TYPE2 [NAME…]` and `TYPE/NAME…` (parsing rules C1); [] for no arguments.
 * A kind alone has the name "*": what it means without a name is the verb's affair.
 */
export function resolveTargets(args: readonly string[], custom: readonly Resource[]): readonly Target[] {
  const [first] = args;
  const targets: Target[] = [];
  if (first === undefined) return targets;
  if (first.includes('/')) {
    for (const arg of args) if (arg.includes('/')) addBySlash(targets, arg, custom);
    return targets;
  }
  // TYPE and TYPE/NAME mixed is refused by kubectl, and judged by everything that is named.
  const names: string[] = [];
  for (let at = 1; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg.includes('/')) addBySlash(targets, arg, custom);
    else names.push(arg);
  }
  // what any number of words stands for are a kind and its names
  addTypes(targets, first, names.length > 0 ? names : isAnyNumber(first) ? [first] : ANY, custom);
  return targets;
}
