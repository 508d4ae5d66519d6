// Arguments with objects first and changes after them ("deploy web app=1 tier-") are cut in two, as kubectl does it.
import type { JsonObject } from '../../model/json.ts';

/** Objects, then changes; `stray` is the first word that stands among the changes and is none, null when all is well. */
export interface CutArgs {
  readonly resources: readonly string[];
  readonly pairs: readonly string[];
  readonly stray: string | null;
}

const cutBy = (args: readonly string[], isPair: (arg: string) => boolean): CutArgs => {
  const found = args.findIndex(isPair);
  const first = found < 0 ? args.length : found;
  const pairs = args.slice(first);
  return { resources: args.slice(0, first), pairs, stray: pairs.find((arg) => !isPair(arg)) ?? null };
};

/** label, annotate, set image: "k=v" or "k-". */
export function cutPairs(args: readonly string[]): CutArgs {
  return cutBy(args, (arg) => arg.indexOf('=') > 0 || (arg.endsWith('-') && arg !== '-'));
}

/** set env: "K=v", "K-" or "-" (read from standard input). */
export function cutEnv(args: readonly string[]): CutArgs {
  return cutBy(args, (arg) => arg.indexOf('=') > 0 || arg.endsWith('-'));
}

/** taint: "k=v:Effect", "k:Effect", "k-" and the like. */
export function cutTaints(args: readonly string[]): CutArgs {
  return cutBy(args, (arg) => arg.includes('=') || arg.includes(':') || arg.endsWith('-'));
}

/** set serviceaccount and set selector: the last word is the change. */
export function cutLast(args: readonly string[]): CutArgs {
  return {
    resources: args.slice(0, -1),
    pairs: args.slice(-1),
    stray: null,
  };
}

/** "key=value" cut at its first "="; a word without one is a key without value. */
const keyAndValue = (pair: string): readonly [key: string, value: string] => {
  const equals = pair.indexOf('=');
  return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
};

/** Pairs as the environment of a container. */
export function variablesOf(pairs: readonly string[]): readonly JsonObject[] {
  return pairs.map(keyAndValue).map(([name, value]) => ({ name, value }));
}

/** Pairs as the object that kubectl makes of them. */
export function objectOfPairs(pairs: readonly string[]): JsonObject {
  return Object.fromEntries(pairs.map(keyAndValue));
}
