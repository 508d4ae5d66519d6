// Holds bodies against the schema: unknown fields are found and left out, wrong types are refused, nulls count as absent.
// Pure; what is done about unknown fields (fieldValidation) is the caller's to say.
import { isObject } from './json.ts';
import type { Json, JsonObject } from './model.ts';
import { type Field, type Message, messageFor } from './schema.ts';
import { badRequest } from './status-error.ts';

export interface Checked {
  readonly object: JsonObject;
  /** Paths of fields that the kind does not have. */
  readonly unknown: readonly string[];
}

/** The object with what its kind knows, and what it does not; a value of a wrong type throws 400. */
export function checkFields(apiVersion: string, kind: string, object: JsonObject): Checked {
  const message = messageFor(apiVersion, kind);
  if (message === null) return { object, unknown: [] };
  const unknown: string[] = [];
  const version = apiVersion.split('/').at(-1);
  const refuse = (path: string, found: string, wanted: string): never => {
    throw badRequest(
      `${kind} in version "${version}" cannot be handled as a ${kind}: json: cannot unmarshal ${found} into Go struct field ${kind}.${path} of type ${wanted}`,
    );
  };
  return { object: prune(object, message, '', { unknown, refuse }), unknown };
}

interface Findings {
  readonly unknown: string[];
  readonly refuse: (path: string, found: string, wanted: string) => never;
}

function prune(object: JsonObject, message: Message, path: string, findings: Findings): JsonObject {
  const result: Record<string, Json | undefined> = {};
  for (const [key, value] of Object.entries(object)) {
    const field = message.fields.get(key);
    const here = path === '' ? key : `${path}.${key}`;
    if (field === undefined) findings.unknown.push(here);
    else if (value !== null && value !== undefined) {
      const kept = shaped(value, field, here, findings);
      if (!field.omitsEmpty || !isEmpty(kept)) result[key] = kept;
    }
  }
  return result;
}

function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) ? Object.keys(value).length === 0 : value === '' || value === 0 || value === false;
}

function shaped(value: Json, field: Field, path: string, findings: Findings): Json {
  if (field.shape === 'one') return single(value, field, path, findings);
  if (field.shape === 'list') {
    if (!Array.isArray(value)) return findings.refuse(path, nameOf(value), `[]${TYPES[field.type]}`);
    return value.map((item: Json, at) => single(item, field, `${path}[${at}]`, findings));
  }
  if (!isObject(value)) return findings.refuse(path, nameOf(value), `map[string]${TYPES[field.type]}`);
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, single(inner ?? null, field, `${path}.${key}`, findings)]),
  );
}

const TYPES: Readonly<Record<Field['type'], string>> = {
  s: 'string',
  i: 'int32',
  b: 'bool',
  y: '[]uint8',
  T: 'time.Time',
  M: 'time.Time',
  Q: 'resource.Quantity',
  I: 'intstr.IntOrString',
  R: 'object',
  m: 'object',
};

function fits(value: Json, field: Field): boolean {
  switch (field.type) {
    case 's':
    case 'y':
    case 'T':
    case 'M':
      return typeof value === 'string' || value === null;
    case 'i':
      return typeof value === 'number' && Number.isInteger(value);
    case 'b':
      return typeof value === 'boolean';
    case 'Q':
    case 'I':
      return typeof value === 'string' || typeof value === 'number';
    case 'R':
      return true;
    case 'm':
      return isObject(value);
    default:
      return field.type satisfies never;
  }
}

function single(value: Json, field: Field, path: string, findings: Findings): Json {
  if (!fits(value, field)) return findings.refuse(path, nameOf(value), TYPES[field.type]);
  if (field.type === 'Q' && typeof value === 'number') return String(value);
  const message = field.type === 'm' ? field.message() : null;
  return message !== null && isObject(value) ? prune(value, message, path, findings) : value;
}

function nameOf(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return value === null ? 'null' : typeof value;
}
