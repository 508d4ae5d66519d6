// What effects send, with their secrets → the same with a hash in the place of each, as it may be kept and shown; and back.
import type { Effect } from '../model/effect.ts';
import { isObject, type Json, type JsonObject, ownValue, pointerTokens, setOwnValue } from '../model/json.ts';
import type { Mutation } from '../model/mutation.ts';
import type { Rehearsal } from '../model/object-change.ts';
import type { Revealed } from './difference.ts';

/** The value with another in the place that the tokens lead to; as it is where they lead nowhere. */
const replacedAt = (value: Json, tokens: readonly string[], change: (found: Json) => Json): Json => {
  const [token, ...rest] = tokens;
  if (token === undefined) return change(value);
  if (Array.isArray(value)) {
    const list: readonly Json[] = value;
    const inner = list[Number(token)];
    return inner === undefined ? value : list.with(Number(token), replacedAt(inner, rest, change));
  }
  const inner = isObject(value) ? ownValue(value, token) : undefined;
  if (!isObject(value) || inner === undefined) return value;
  const copy: { [key: string]: Json } = { ...value };
  setOwnValue(copy, token, replacedAt(inner, rest, change));
  return copy;
};

const changedMutation = (mutation: Mutation, secrets: readonly string[], change: (found: Json) => Json): Mutation =>
  // as: a mutation is JSON; a value in it may stand as its hash until it is revealed.
  secrets.reduce<Json>(
    (value, pointer) => replacedAt(value, pointerTokens(pointer), change),
    mutation as unknown as Json,
  ) as unknown as Mutation;

const withContent = (effect: Effect, change: (mutation: Mutation) => Mutation): Effect =>
  effect.mutation === undefined ? effect : { ...effect, mutation: change(effect.mutation) };

/** Pointers of the texts that hold one of these. */
const holding = (value: Json, texts: readonly string[], pointer: string): readonly string[] => {
  if (typeof value === 'string') return texts.some((text) => value.includes(text)) ? [pointer] : [];
  if (Array.isArray(value)) return value.flatMap((one: Json, at) => holding(one, texts, `${pointer}/${at}`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    holding(inner, texts, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
};

/** A shorter text stands in too many others by chance. */
const SHORTEST = 4;

/** All its secrets: those at their places, and whatever else has a text that is hidden in the command. Outer places win. */
const secretsOf = (mutation: Mutation, hiddenTexts: readonly string[]): readonly string[] => {
  const texts = hiddenTexts.filter((text) => text.length >= SHORTEST);
  const { secrets = [], ...content } = mutation;
  // as: it is made of texts, numbers, lists and plain objects
  const found = texts.length === 0 ? [] : holding(content as unknown as Json, texts, '');
  const all = [...new Set([...secrets, ...found])];
  return all.filter((one) => !all.some((other) => one.startsWith(`${other}/`)));
};

/**
 * The effects as a spec may have them: `hash` in the place of each secret, and its value by hash, for whoever keeps it.
 * `hiddenTexts`: what is cut out of the command that is shown.
 */
export function hideContent(
  effects: readonly Effect[],
  hiddenTexts: readonly string[],
  hash: (value: Json) => string,
): { readonly effects: readonly Effect[]; readonly hidden: Rehearsal['hidden'] } {
  const hidden = new Map<string, Json>();
  const hide = (mutation: Mutation): Mutation => {
    const secrets = secretsOf(mutation, hiddenTexts);
    if (secrets.length === 0) return mutation;
    return changedMutation({ ...mutation, secrets }, secrets, (found) => {
      const name = hash(found);
      hidden.set(name, found);
      return name;
    });
  };
  return { effects: effects.map((effect) => withContent(effect, hide)), hidden: [...hidden] };
}

/** The values at the places of its secrets: hashes, of an effect that was hidden. */
const valuesOf = ({ mutation }: Effect): readonly Json[] => {
  const values: Json[] = [];
  if (mutation !== undefined)
    changedMutation(mutation, mutation.secrets ?? [], (found) => {
      values.push(found);
      return found;
    });
  return values;
};

/** The hashes that stand in effects that were hidden. */
export function hashesOf(effects: readonly Effect[]): readonly string[] {
  return [...new Set(effects.flatMap(valuesOf).filter((value) => typeof value === 'string'))];
}

/** What is sent, from what was sealed; null where a value is not known. Only at the places that were hidden is anything put back. */
export function revealContent(effect: Effect, revealed: Revealed): Effect | null {
  let isWhole = true;
  const open = (found: Json): Json => {
    const value = typeof found === 'string' ? revealed.get(found) : undefined;
    if (value === undefined) isWhole = false;
    return value ?? null;
  };
  const whole = withContent(effect, (mutation) => changedMutation(mutation, mutation.secrets ?? [], open));
  return isWhole ? whole : null;
}

/** Every text and number in a value, as text. */
export function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value as JsonObject).flatMap(textsIn) : [];
}

/** The secret texts of what an effect sends. */
export function secretTextsOf(effect: Effect): readonly string[] {
  return valuesOf(effect).flatMap(textsIn);
}
