// The bytes of a message become the JSON that Go's encoder prints for it. Whatever the table does not know is refused, not skipped.
import type { ReadingBudget } from '../../../core/model/command.ts';
import { isObject, type Json, type JsonObject, MAX_DEPTH, setOwnValue } from '../../../core/model/json.ts';
import { type Field, type MessageShape, messageOf } from './message-table.ts';
import { SPECIAL_JSON } from './special-json.ts';
import { Undecodable } from './undecodable.ts';
import {
  bytesOf,
  type Piece,
  readBool,
  readDouble,
  readInt32,
  readInt64,
  readPiece,
  readTag,
  utf8Of,
  WIRE,
} from './wire.ts';

/** What one reading takes from and is bounded by. */
export interface Reading {
  readonly budget: ReadingBudget;
  /** The value of a text that is JSON; throws Undecodable. */
  readonly json: (text: string) => Json;
}

type JsonRecord = { [key: string]: Json };

/** How a type is written, read, and what stands for it when nothing is: for a message that is the one of no fields. */
interface Scalar {
  readonly wire: number;
  readonly read: (piece: Piece) => Json;
  /** What `omitempty` leaves out. */
  readonly empty: Json;
  readonly absent: Json;
}

const SCALARS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ['string', { wire: WIRE.length, read: (piece) => utf8Of(readPiece(piece)), empty: '', absent: '' }],
  [
    'bytes',
    { wire: WIRE.length, read: (piece) => bytesOf(readPiece(piece)).toString('base64'), empty: '', absent: null },
  ],
  ['bool', { wire: WIRE.varint, read: readBool, empty: false, absent: false }],
  ['int32', { wire: WIRE.varint, read: readInt32, empty: 0, absent: 0 }],
  ['int64', { wire: WIRE.varint, read: readInt64, empty: 0, absent: 0 }],
  ['double', { wire: WIRE.fixed64, read: readDouble, empty: 0, absent: 0 }],
]);

/** The JSON of a message; null instead of bytes: of one that was not written. Throws Undecodable. */
export function readMessage(message: MessageShape, piece: Piece | null, reading: Reading, depth = 0): Json {
  if (depth > MAX_DEPTH) throw new Undecodable('limits', 'nested too deep');
  if (message.name === 'Raw') return rawJson(message, piece, reading);
  const given = piece === null ? NOTHING : fieldsOf(message, piece, reading, depth);
  const record = recordOf(message, given, reading, depth);
  const special = SPECIAL_JSON.get(message.name);
  return special === undefined ? record : special(record);
}

const NOTHING: ReadonlyMap<number, Json> = new Map();

/** JSON in bytes: RawExtension, FieldsV1 and the JSON of apiextensions. */
const rawJson = (message: MessageShape, piece: Piece | null, { budget, json }: Reading): Json => {
  let value: Json = null;
  spendOne(budget);
  while (piece !== null && piece.at < piece.end) {
    const { number, wire } = readTag(piece);
    checkField(message, message.byNumber.get(number), number, wire);
    if (value !== null) throw new Undecodable('invalid', `${message.name} is written twice`);
    value = json(utf8Of(readPiece(piece)));
  }
  return value;
};

const spendOne = (budget: ReadingBudget): void => {
  if (--budget.nodes < 0) throw new Undecodable('limits', 'too many values');
};

/** A map is written as a list of messages with a key (1) and a value (2). */
const wireOf = ({ many, type }: Field): number =>
  many === 'map' ? WIRE.length : (SCALARS.get(type)?.wire ?? WIRE.length);

function checkField(
  message: MessageShape,
  field: Field | undefined,
  number: number,
  wire: number,
): asserts field is Field {
  if (field === undefined) throw new Undecodable('unknown-field', `${message.name} has no field ${number}`);
  if (wire !== wireOf(field))
    throw new Undecodable('invalid', `${message.name} has its field ${number} written in another way`);
}

/** What stands in the bytes, by the number of the field. A list is one value, and so is a map. */
const fieldsOf = (message: MessageShape, piece: Piece, reading: Reading, depth: number): ReadonlyMap<number, Json> => {
  const given = new Map<number, Json>();
  while (piece.at < piece.end) {
    const { number, wire } = readTag(piece);
    const field = message.byNumber.get(number);
    checkField(message, field, number, wire);
    spendOne(reading.budget);
    if (field.many === 'map') {
      // as: what this function has put there.
      const record = (given.get(number) ?? {}) as JsonRecord;
      given.set(number, record);
      readEntry(record, field, readPiece(piece), reading, depth + 2);
    } else if (field.many === 'list') {
      // as: what this function has put there.
      const list = (given.get(number) ?? []) as Json[];
      given.set(number, list);
      list.push(readValue(field.type, piece, reading, depth + 2));
    } else {
      if (given.has(number)) throw new Undecodable('invalid', `${message.name} has its field ${number} twice`);
      given.set(number, readValue(field.type, piece, reading, depth + (field.isInline ? 0 : 1)));
    }
  }
  return given;
};

const readValue = (type: string, piece: Piece, reading: Reading, depth: number): Json => {
  const scalar = SCALARS.get(type);
  return scalar === undefined ? readMessage(messageOf(type), readPiece(piece), reading, depth) : scalar.read(piece);
};

/** An entry of a map; a key that stands twice is refused, as in JSON. */
const readEntry = (record: JsonRecord, { type }: Field, entry: Piece, reading: Reading, depth: number): void => {
  let key: string | null = null;
  let value: Json | undefined;
  while (entry.at < entry.end) {
    const { number, wire } = readTag(entry);
    if (number === 1 && wire === WIRE.length && key === null) key = utf8Of(readPiece(entry));
    else if (number === 2 && wire === (SCALARS.get(type)?.wire ?? WIRE.length) && value === undefined)
      value = readValue(type, entry, reading, depth);
    else throw new Undecodable('invalid', `an entry of a map has its field ${number}`);
  }
  // Go writes no value for nil bytes, and reads that as empty ones
  if (value === undefined && type === 'bytes') value = '';
  if (key === null || value === undefined)
    throw new Undecodable('invalid', 'an entry of a map lacks its key or its value');
  if (Object.hasOwn(record, key)) throw new Undecodable('invalid', `a map has ${JSON.stringify(key)} twice`);
  setOwnValue(record, key, value);
};

/** The object as Go prints it: its fields in their order, absent ones as their type and marks say. */
const recordOf = (
  message: MessageShape,
  given: ReadonlyMap<number, Json>,
  reading: Reading,
  depth: number,
): JsonObject => {
  const record: JsonRecord = {};
  for (const field of message.fields) {
    const found = given.get(field.number);
    const value = found === undefined ? absentValue(field, reading, depth) : found;
    if (value === undefined || isLeftOut(field, value)) continue;
    if (!field.isInline) setOwnValue(record, field.name, value);
    else if (isObject(value)) for (const [name, inner] of Object.entries(value)) setOwnValue(record, name, inner);
  }
  return record;
};

/** What stands for a field that was not written; undefined: nothing. */
const absentValue = (field: Field, reading: Reading, depth: number): Json | undefined => {
  if (field.isPointer || field.many !== 'one') return field.omitsEmpty || field.isInline ? undefined : null;
  const scalar = SCALARS.get(field.type);
  if (scalar !== undefined) return field.omitsEmpty ? undefined : scalar.absent;
  spendOne(reading.budget);
  return readMessage(messageOf(field.type), null, reading, depth + 1);
};

/** `omitempty` leaves out what is empty, but no pointer and no message; `omitzero` (times alone have it) the zero time. */
const isLeftOut = ({ omitsZero, omitsEmpty, isPointer, many, type }: Field, value: Json): boolean =>
  (omitsZero && value === null) || (omitsEmpty && !isPointer && many === 'one' && SCALARS.get(type)?.empty === value);
