// The annotation that apply leaves behind: the object as it was applied, as one text.
import { isObject, type Json, type JsonObject } from './json.ts';
import { byText } from './text-order.ts';

/** Its key. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** JSON with the keys of objects in order, whatever they look like: JavaScript would put numbers first. */
const inOrder = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(inOrder).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([one], [other]) => byText(one, other));
  return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${inOrder(inner)}`).join(',')}}`;
};

/** JSON as Go writes it: letters of HTML are escaped too. */
export function goEscaped(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value as Go writes a map: keys in order, letters of HTML escaped. */
export function goJsonInOrder(value: Json): string {
  return goEscaped(inOrder(value));
}

const annotationsOf = (object: JsonObject): JsonObject => {
  const metadata = object['metadata'];
  const annotations = metadata !== undefined && isObject(metadata) ? metadata['annotations'] : undefined;
  return annotations !== undefined && isObject(annotations) ? annotations : {};
};

const withAnnotations = (object: JsonObject, annotations: JsonObject): JsonObject => {
  const metadata = object['metadata'];
  return { ...object, metadata: { ...(metadata !== undefined && isObject(metadata) ? metadata : {}), annotations } };
};

/** What the annotation of an object says; null where it has none. */
export function lastAppliedOf(object: JsonObject): string | null {
  const text = annotationsOf(object)[LAST_APPLIED];
  return typeof text === 'string' && text !== '' ? text : null;
}

/**
 * The object with the annotation that says what it is, as kubectl writes it: keys in order, annotations always there, a line
 * break at the end (kubectl 1.36, pkg/util/apply.go).
 */
export function withLastApplied(object: JsonObject): JsonObject {
  const { [LAST_APPLIED]: _before, ...annotations } = annotationsOf(object);
  const text = `${goJsonInOrder(withAnnotations(object, annotations))}\n`;
  return withAnnotations(object, { ...annotations, [LAST_APPLIED]: text });
}
