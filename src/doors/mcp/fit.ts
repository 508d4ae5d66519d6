// JSON of any size → the same shape in at most so many bytes: long texts and lists are shortened, deep places left out.
import type { Json, JsonObject } from '../../core/model/json.ts';
import { cut } from '../../core/text/escape.ts';

interface Step {
  /** Code points of a text. */
  readonly text: number;
  /** Members of a list; of an object deep inside, four times as many. */
  readonly items: number;
  /** Places deeper than this become "…". */
  readonly depth: number;
}

/** From what hardly hurts to what always fits: the last leaves some 200 bytes a field. */
const STEPS: readonly Step[] = [
  { text: 4096, items: 64, depth: 12 },
  { text: 1024, items: 32, depth: 10 },
  { text: 512, items: 16, depth: 8 },
  { text: 256, items: 8, depth: 6 },
  { text: 128, items: 4, depth: 5 },
  { text: 64, items: 2, depth: 4 },
  { text: 32, items: 1, depth: 3 },
];

/** The fields of the answer itself and of what lies directly in it keep their names: readers rely on them. */
const KEPT_DEPTH = 1;

/** Bytes of the JSON, as it is sent. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/**
 * `value` where its JSON has at most `bytes`; else shortened until it has, with `truncated: true`. An object with more fields
 * than fit even so keeps the first of them.
 */
export function fit(value: JsonObject, bytes: number): JsonObject {
  if (jsonBytes(value) <= bytes) return value;
  for (const step of STEPS) {
    const shorter = { ...(shorten(value, step, 0) as JsonObject), truncated: true };
    if (jsonBytes(shorter) <= bytes) return shorter;
  }
  return firstFields(value, bytes);
}

const shorten = (value: Json, step: Step, depth: number): Json => {
  if (typeof value === 'string') return cut(value, step.text);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > step.depth) return '…';
  if (Array.isArray(value)) return value.slice(0, step.items).map((one) => shorten(one, step, depth + 1));
  const fields = Object.entries(value as JsonObject);
  const kept = depth <= KEPT_DEPTH ? fields : fields.slice(0, step.items * 4);
  return Object.fromEntries(kept.map(([name, one]) => [cut(name, step.text), shorten(one, step, depth + 1)]));
};

const LAST: Step = { text: 32, items: 0, depth: 1 };

const firstFields = (value: JsonObject, bytes: number): JsonObject => {
  let kept: JsonObject = { truncated: true };
  for (const [name, one] of Object.entries(value)) {
    const flat: Json = typeof one === 'object' && one !== null && !Array.isArray(one) ? {} : shorten(one, LAST, 0);
    const more = { ...kept, [cut(name, LAST.text)]: flat };
    if (jsonBytes(more) > bytes) return kept;
    kept = more;
  }
  return kept;
};
