// JSON and text of others → what may stand in a model's context: nothing in it is steered by, hidden, or taken for markup.
import type { Json, JsonObject } from '../../core/model/json.ts';
import { codeSpan, cut, plainLine, visible } from '../../core/text/escape.ts';

/** Shown as `visible` shows what is unseen; angle brackets too, since clients wrap results in tags. */
export function inertText(text: string): string {
  return visible(text).replace(/[<>]/g, (char) => (char === '<' ? '\\u{3C}' : '\\u{3E}'));
}

/** Every string and every name of a field, however deep. */
export function inertJson(value: Json): Json {
  if (typeof value === 'string') return inertText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inertJson);
  return inertObject(value as JsonObject);
}

/** The same of an object. A field called `__proto__` is one like any other. */
export function inertObject(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [inertText(name), inertJson(one)]));
}

/** Longer words of others are cut in the line of text; the structured content has them. */
const MOST_POINTS = 200;

/** Words of others in our line of text: one code span, so that they read as a quotation and nothing more. */
export function fenced(text: string): string {
  return codeSpan(cut(plainLine(inertText(text)), MOST_POINTS));
}
