// "deploy/web app=web:2 other-" → the words that name objects and the words that change them; "a=b" → key and value.
import type { JsonObject } from '../../../model/json.ts';

/** Words before the first pair name objects, the rest are pairs. */
export interface SplitWords {
  readonly resources: readonly string[];
  readonly pairs: readonly string[];
}

/** A pair has an "=" inside it or ends in "-" (cmdutil.GetResourcesAndPairs, kubectl 1.36). */
const isPair = (word: string): boolean => word.indexOf('=') > 0 || (word.endsWith('-') && word !== '-');

/** Splits arguments as label, annotate, taint and set do. */
export function splitPairs(args: readonly string[]): SplitWords {
  const first = args.findIndex(isPair);
  return first < 0 ? { resources: args, pairs: [] } : { resources: args.slice(0, first), pairs: args.slice(first) };
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
