// The table of Kubernetes' messages as text becomes, message by message as they are asked for, what each field is.
import { MESSAGES } from './messages.ts';

/** What stands in the JSON for a field that the bytes do not have, and for one that is empty, follows from these (Go: encoding/json). */
export interface Field {
  readonly number: number;
  /** Its key in JSON; "" where the fields of the message stand in the object itself. */
  readonly name: string;
  readonly many: 'one' | 'list' | 'map';
  /** A scalar (`string`, `bool`, `int32`, `int64`, `double`, `bytes`), or the name of a message. */
  readonly type: string;
  /** A pointer in Go: absent is another thing than zero. */
  readonly isPointer: boolean;
  readonly omitsEmpty: boolean;
  readonly omitsZero: boolean;
  readonly isInline: boolean;
}

export interface MessageShape {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly byNumber: ReadonlyMap<number, Field>;
}

/** Messages of Kubernetes whose JSON is not that of their fields: special-json.ts says what it is. */
const SPECIAL = `
Quantity 1:string:string*
Time 1:seconds:int64* 2:nanos:int32*
MicroTime 1:seconds:int64* 2:nanos:int32*
IntOrString 1:type:int64 2:intVal:int32 3:strVal:string
Raw 1:raw:bytes*
Strings 1:items:[string
SchemaOrBool 1:allows:bool 2:schema:apiextensions/v1.JSONSchemaProps*
SchemaOrArray 1:schema:apiextensions/v1.JSONSchemaProps* 2:jSONSchemas:[apiextensions/v1.JSONSchemaProps
SchemaOrStrings 1:schema:apiextensions/v1.JSONSchemaProps* 2:property:[string
`;

/** The rest of each line by its first word. */
interface Lines {
  readonly messages: ReadonlyMap<string, string>;
  /** The message of an object by `apiVersion kind`. */
  readonly kinds: ReadonlyMap<string, string>;
}

let lines: Lines | null = null;

const allLines = (): Lines => {
  const messages = new Map<string, string>();
  const kinds = new Map<string, string>();
  for (const line of `${MESSAGES}${SPECIAL}`.split('\n')) {
    const cut = line.startsWith('+') ? line.lastIndexOf(' ') : line.indexOf(' ');
    if (line.startsWith('+')) kinds.set(line.slice(1, cut), line.slice(cut + 1));
    else if (line !== '') messages.set(cut < 0 ? line : line.slice(0, cut), cut < 0 ? '' : line.slice(cut + 1));
  }
  return { messages, kinds };
};

const read = new Map<string, MessageShape>();

const FIELD = /^(\d+):([^:]*):([[{]?)([^?!&*]+)([?!&*]*)$/;

const fieldOf = (word: string, folder: string): Field => {
  const [, number = '', name = '', many = '', type = '', marks = ''] = FIELD.exec(word) ?? [];
  if (number === '') throw new Error(`the table of messages has ${word}: this is a bug`);
  return {
    number: Number(number),
    name,
    many: many === '[' ? 'list' : many === '{' ? 'map' : 'one',
    type: type.startsWith('.') ? folder + type : type,
    isPointer: marks.includes('*'),
    omitsEmpty: marks.includes('?'),
    omitsZero: marks.includes('!'),
    isInline: marks.includes('&'),
  };
};

/** The message of a name that stands in the table. */
export function messageOf(name: string): MessageShape {
  const known = read.get(name);
  if (known !== undefined) return known;
  lines ??= allLines();
  const line = lines.messages.get(name);
  if (line === undefined) throw new Error(`the table of messages has no ${name}: this is a bug`);
  const folder = name.slice(0, name.indexOf('.'));
  const fields = line === '' ? [] : line.split(' ').map((word) => fieldOf(word, folder));
  const message = { name, fields, byNumber: new Map(fields.map((field) => [field.number, field])) };
  read.set(name, message);
  return message;
}

/** The message in which objects of a kind travel; null for a kind that the table lacks. Every group version has DeleteOptions. */
export function messageOfKind(apiVersion: string, kind: string): MessageShape | null {
  lines ??= allLines();
  const name = lines.kinds.get(kind === 'DeleteOptions' ? 'v1 DeleteOptions' : `${apiVersion} ${kind}`);
  return name === undefined ? null : messageOf(name);
}

/** Every kind of the table, as `apiVersion kind`. */
export function messageKinds(): readonly string[] {
  lines ??= allLines();
  return [...lines.kinds.keys()];
}
