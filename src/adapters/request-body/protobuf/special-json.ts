// Fields of the messages that have a JSON of their own come in, that JSON comes out, as Kubernetes writes it.
import type { Json } from '../../../core/model/json.ts';
import { Undecodable } from './undecodable.ts';

/** The fields of one message by their names in the table; absent pointers are null. */
type Fields = { readonly [name: string]: Json };

/** apimachinery pkg/api/resource: what ParseQuantity takes. The text stays as it is: the API server reads it in JSON too. */
const QUANTITY = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

const quantity = ({ string }: Fields): Json => {
  if (string === null) return '0';
  if (typeof string !== 'string' || !QUANTITY.test(string)) throw new Undecodable('invalid', 'no quantity');
  return string;
};

/** 0001-01-01T00:00:00Z, the zero time of Go, and the second behind the year 9999. */
const [FIRST_SECOND, END_SECOND] = [-62_135_596_800, 253_402_300_800];

/** "2026-11-26T20:00:00", in UTC; null for no time. Nothing written is no time, zero seconds are 1970. */
const timeText = ({ seconds, nanos }: Fields): string | null => {
  if (seconds === null && nanos === null) return null;
  const at = Number(seconds ?? 0);
  if (at < FIRST_SECOND || at >= END_SECOND) throw new Undecodable('invalid', 'a time outside of the years 1 to 9999');
  // toISOString: years before 1000 have their zeros
  return new Date(at * 1000).toISOString().slice(0, -'.000Z'.length);
};

/** meta/v1 Time: whole seconds, whatever is written besides; the zero time is null. */
const time = (fields: Fields): Json => {
  const text = timeText(fields);
  return text === null || fields['seconds'] === FIRST_SECOND ? null : `${text}Z`;
};

/** meta/v1 MicroTime: cut to microseconds. */
const microTime = (fields: Fields): Json => {
  const text = timeText(fields);
  const nanos = Number(fields['nanos'] ?? 0);
  if (nanos < 0 || nanos >= 1e9) throw new Undecodable('invalid', 'nanoseconds beyond a second');
  const micros = Math.floor(nanos / 1000);
  if (text === null || (fields['seconds'] === FIRST_SECOND && nanos === 0)) return null;
  return `${text}.${String(micros).padStart(6, '0')}Z`;
};

const intOrString = ({ type = null, intVal = null, strVal = null }: Fields): Json => {
  if (type === 0) return intVal;
  if (type === 1) return strVal;
  throw new Undecodable('invalid', 'neither number nor text');
};

const schemaOrBool = ({ allows = null, schema = null }: Fields): Json => schema ?? allows;

const schemaOrArray = ({ schema = null, jSONSchemas = null }: Fields): Json => jSONSchemas ?? schema;

const schemaOrStrings = ({ schema = null, property = null }: Fields): Json => property ?? schema;

/** By the name in the table. `Raw` is not here: its bytes are JSON already (read-message.ts). */
export const SPECIAL_JSON: ReadonlyMap<string, (fields: Fields) => Json> = new Map([
  ['Quantity', quantity],
  ['Time', time],
  ['MicroTime', microTime],
  ['IntOrString', intOrString],
  // stands in maps alone, where Go reads it as a list that is there
  ['Strings', ({ items = null }: Fields): Json => items ?? []],
  ['SchemaOrBool', schemaOrBool],
  ['SchemaOrArray', schemaOrArray],
  ['SchemaOrStrings', schemaOrStrings],
]);
