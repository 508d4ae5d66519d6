// The fields of Kubernetes' messages: what a body may hold, of which type, merged by which key, numbered how in protobuf.
// Reads the generated data, message by message, when somebody first asks.
import { MESSAGES, ROOTS } from './schema-data.ts';

/** s string, i integer, b boolean, y bytes, T and M times, Q quantity, I integer or string, R any JSON, m message. */
export type FieldType = 's' | 'i' | 'b' | 'y' | 'T' | 'M' | 'Q' | 'I' | 'R' | 'm';

export interface Field {
  /** Protobuf number; 0 for what protobuf does not carry. */
  readonly number: number;
  readonly type: FieldType;
  readonly shape: 'one' | 'list' | 'map';
  readonly message: () => Message | null;
  /** The key by which elements of a list merge; '' for lists merged as sets; null for lists that are replaced. */
  readonly mergeKey: string | null;
  /** An empty value (zero, no elements) means that the field was not given. */
  readonly omitsEmpty: boolean;
}

export interface Message {
  readonly name: string;
  /** Fields as JSON has them, with inlined messages laid open. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Messages whose fields JSON shows as this message's own, by protobuf number. */
  readonly inlined: ReadonlyMap<number, Message>;
  readonly numbers: ReadonlyMap<number, { readonly name: string; readonly field: Field }>;
}

const read = new Map<string, Message>();

/** The message of a body, or null when the schema does not hold it. */
export function messageFor(apiVersion: string, kind: string): Message | null {
  return find(ROOTS[`${apiVersion}/${kind}`] ?? '');
}

function find(name: string): Message | null {
  const text = MESSAGES[name];
  if (text === undefined) return null;
  const known = read.get(name) ?? parse(name, text);
  read.set(name, known);
  return known;
}

const PART = /^([^=]+)=(\d+):([\w.]+)((?:\[\]|\{\})*)(~)?(?:@(\w*))?$/;

function parse(name: string, text: string): Message {
  const fields = new Map<string, Field>();
  const inlined = new Map<number, Message>();
  const numbers = new Map<number, { readonly name: string; readonly field: Field }>();
  for (const part of text.split(' ')) {
    const [, json = '', number = '0', type = '', suffix = '', zero, key] = PART.exec(part) ?? [];
    if (json === '<') {
      const inner = find(type);
      if (inner === null) continue;
      inlined.set(Number(number), inner);
      for (const [innerName, field] of inner.fields) fields.set(innerName, field);
      continue;
    }
    const field: Field = {
      number: Number(number),
      type: type.includes('.') ? 'm' : (type as FieldType),
      shape: suffix === '' ? 'one' : suffix.endsWith('[]') ? 'list' : 'map',
      message: () => find(type),
      mergeKey: key ?? null,
      omitsEmpty: zero === '~',
    };
    fields.set(json, field);
    if (field.number > 0) numbers.set(field.number, { name: json, field });
  }
  return { name, fields, inlined, numbers };
}
