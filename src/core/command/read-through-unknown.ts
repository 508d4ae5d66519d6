// Documents with words in them that are only known when they run: the rest of such a text is read all the same.
import type { Surroundings } from '../model/command.ts';
import type { Json } from '../model/json.ts';
import { isUnknown, isWhollyUnknown, replaceUnknown, UNKNOWN } from './shell/unknown.ts';

/** Stands in for the mark while a text is read: a letter for private use, which YAML takes as a letter. */
const STAND_IN = '\uE000';

/** No real object is nested deeper. */
const DEEPEST = 128;

/** Values that hold more than one word: where nothing of one is known, neither is what it makes of the object. */
const HOLDS_MORE =
  /^(?:metadata|spec|template|jobTemplate|(?:init|ephemeral)?[cC]ontainers?|command|args|env|volumes|securityContext|labels|annotations|finalizers|ownerReferences|rules|aggregationRule|subjects|roleRef|selector|match\w+|claimRef|webhooks|data|stringData|items|ports)$/;

/** The value with the mark again; undefined where a key is not known, more than a word is, or it is nested too deep. */
const restored = (key: string, value: Json, levels: number): Json | undefined => {
  if (typeof value === 'string') {
    const text = value.replaceAll(STAND_IN, UNKNOWN);
    return HOLDS_MORE.test(key) && isWhollyUnknown(text) ? undefined : text;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => restored('', item, levels - 1));
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  const entries = Object.entries(value).map(
    ([name, inner]: [string, Json]) => [name, restored(name, inner, levels - 1)] as const,
  );
  return entries.some(([name, inner]) => name.includes(STAND_IN) || inner === undefined)
    ? undefined
    : (Object.fromEntries(entries) as Json);
};

/** Which kind it is must be known, or nothing of it is. */
const namesItsKind = (document: Json): boolean => {
  if (typeof document === 'string') return !isUnknown(document);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return true;
  const { kind, apiVersion, items } = document as Readonly<Record<string, Json>>;
  if ([kind, apiVersion].some((said) => typeof said === 'string' && isUnknown(said))) return false;
  return !Array.isArray(items) || (items as Json[]).every(namesItsKind);
};

/** The same surroundings, whose documents may hold unknown words as values. Unknown keys and kinds are not read. */
export function readThroughUnknown(surroundings: Surroundings): Surroundings {
  const files = new Map([...surroundings.files].map(([path, text]) => [path, replaceUnknown(text, STAND_IN)] as const));
  return {
    ...surroundings,
    files,
    readDocuments: (text, as, budget) => {
      const read = surroundings.readDocuments(text, as, budget);
      const documents = read?.map((document) => restored('', document, DEEPEST)) ?? [undefined];
      return documents.every((document) => document !== undefined && namesItsKind(document))
        ? (documents as Json[])
        : null;
    },
  };
}
