// How the second calculator takes a plain command line apart: words, flags, targets. It imports nothing of src.
import { kindOf } from './kinds.ts';

const SHORT: Readonly<Record<string, string>> = {
  n: 'namespace',
  l: 'selector',
  A: 'all-namespaces',
  o: 'output',
  c: 'container',
};
const WITH_VALUE =
  'namespace selector field-selector grace-period replicas cascade output min max image to-revision from-literal tcp port type ' +
  'clusterrole role serviceaccount user group verb resource container limits requests timeout for restart cpu-percent since tail schedule hard';
const SWITCHES =
  'all all-namespaces force now overwrite ignore-daemonsets delete-emptydir-data ignore-not-found watch show-labels previous';

/** A command line, taken apart. */
export interface Read {
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
  /** After "--", or null. */
  readonly inner: readonly string[] | null;
}

/** Plain words only: any quote or sign that a shell would read gives null. */
export const read = (command: string): Read | null => {
  if (!/^[A-Za-z0-9_@%+=:,./! -]+$/.test(command)) return null;
  const all = command.split(' ').filter((word) => word !== '');
  const dash = all.indexOf('--');
  const inner = dash < 0 ? null : all.slice(dash + 1);
  const words: string[] = [];
  const flags = new Map<string, string>();
  const queue = dash < 0 ? [...all] : all.slice(0, dash);
  while (queue.length > 0) {
    const word = queue.shift() ?? '';
    const long = /^--([a-z-]+)(?:=(.*))?$/.exec(word);
    const short = /^-([A-Za-z])(?:=?(.+))?$/.exec(word);
    if (long === null && short === null) {
      if (word.startsWith('-')) return null;
      words.push(word);
      continue;
    }
    const name = long === null ? SHORT[short?.[1] ?? ''] : long[1];
    const given = long === null ? short?.[2] : long[2];
    if (name === undefined || flags.has(name)) return null;
    if (name === 'dry-run') flags.set(name, given ?? 'unchanged');
    else if (WITH_VALUE.split(' ').includes(name)) {
      const value = given ?? queue.shift();
      if (value === undefined) return null;
      flags.set(name, value);
    } else if (SWITCHES.split(' ').includes(name)) {
      if (given !== undefined) return null;
      flags.set(name, 'true');
    } else return null;
  }
  return { words, flags, inner };
};

export interface Target {
  readonly what: string;
  readonly scope: 'namespaced' | 'cluster';
  /** null: the kind alone. */
  readonly name: string | null;
}

/** `pod a b`, `pod/a svc/b`, `pods,svc`, `pod`. */
export const targetsOf = (words: readonly string[]): readonly Target[] | null => {
  const [first, ...names] = words;
  if (first === undefined) return null;
  const targets: Target[] = [];
  const add = (kind: string, name: string | null): boolean => {
    const row = kindOf(kind);
    if (row === null || (name !== null && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name))) return false;
    targets.push({ what: row[1], scope: row[2], name });
    return true;
  };
  if (first.includes('/')) {
    for (const word of words) {
      const [kind, name, more] = word.split('/');
      if (kind === undefined || name === undefined || more !== undefined || !add(kind, name)) return null;
    }
    return targets;
  }
  for (const kind of first.split(',')) {
    for (const name of names.length === 0 ? [null] : names) if (!add(kind, name)) return null;
  }
  return targets;
};

/** Marks of how the objects are chosen; null for a choice that is not plain. */
export const choiceOf = (flags: Read['flags']): readonly string[] | null => {
  const marks: string[] = [];
  if (flags.has('all-namespaces')) marks.push('all-namespaces');
  if (flags.has('all')) marks.push('all');
  const selector = flags.get('selector');
  if (selector !== undefined) {
    if (!/^[a-z0-9./-]+=[a-z0-9.-]+(,[a-z0-9./-]+=[a-z0-9.-]+)*$/.test(selector)) return null;
    marks.push('selector');
  }
  const field = flags.get('field-selector');
  if (field !== undefined) {
    marks.push('selector');
    if (/^status\.phase=(Failed|Succeeded)$/.test(field)) marks.push('finished-only');
    else if (!/^[a-zA-Z.]+=[a-zA-Z0-9.-]+$/.test(field)) return null;
  }
  if (flags.has('dry-run')) {
    const value = flags.get('dry-run');
    if (value === 'client' || value === 'server') marks.push('dry');
    else if (value !== 'none') return null;
  }
  return marks;
};
