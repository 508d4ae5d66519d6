// A text that is one JSON value comes in, the value comes out; a key that stands twice is refused, whoever would have read which.
import type { ReadingBudget } from '../../core/model/command.ts';
import type { Json } from '../../core/model/json.ts';
import { DuplicateKey, Unreadable } from '../yaml/go-yaml/unreadable.ts';
import { jsonAt } from '../yaml/json-text.ts';

/** The value of a text; throws Unreadable: no JSON, more than one value, beyond the limits, a number that would be rounded. */
export function jsonBody(text: string, budget: ReadingBudget): Json {
  const body = text.replace(/^[ \t\r\n]+/, '');
  const found = jsonAt(body, 0, budget);
  if (found === null || /[^ \t\r\n]/.test(body.slice(found.end))) throw new Unreadable('no JSON');
  // Of a key that stands twice JSON.parse keeps one.
  if (keysOf(found.value) !== found.keys) throw new DuplicateKey('a key stands twice');
  return found.value;
}

/** How many keys a value has; jsonAt has bounded how deep it is. */
const keysOf = (value: Json): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const isList = Array.isArray(value);
  const inner: readonly Json[] = isList ? value : Object.values(value);
  return inner.reduce((sum: number, one) => sum + keysOf(one), isList ? 0 : inner.length);
};
