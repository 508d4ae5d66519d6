// Reads the protobuf bodies that newer kubectl and client-go send, into the JSON that the rest of the sandbox speaks.
// Reading only: answers are always JSON, which those clients accept.
import type { Json, JsonObject } from './model.ts';
import { type Field, type Message, messageFor } from './schema.ts';
import { badRequest } from './status-error.ts';

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

interface Wire {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** The fields of one message on the wire, in order. */
function* wires(bytes: Buffer): Generator<Wire> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined || shift > 63n) throw badRequest('the protobuf body is cut off');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
  };
  const take = (length: number): Buffer => {
    if (length < 0 || at + length > bytes.length) throw badRequest('the protobuf body is cut off');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const type = tag & 7;
    if (type === 0) yield { number: tag >> 3, value: varint() };
    else if (type === 2) yield { number: tag >> 3, value: take(Number(varint())) };
    else if (type === 1 || type === 5) take(type === 1 ? 8 : 4);
    else throw badRequest(`the protobuf body holds a field of unknown wire type ${type}`);
  }
}

function one(bytes: Buffer, number: number): bigint | Buffer | undefined {
  return [...wires(bytes)].findLast((wire) => wire.number === number)?.value;
}

function text(value: bigint | Buffer | undefined): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : '';
}

/** A body of application/vnd.kubernetes.protobuf as a JSON object. */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, 4).equals(MAGIC)) throw badRequest('the protobuf body does not begin as Kubernetes writes it');
  const envelope = body.subarray(4);
  const type = one(envelope, 1);
  const apiVersion = Buffer.isBuffer(type) ? text(one(type, 1)) : '';
  const kind = Buffer.isBuffer(type) ? text(one(type, 2)) : '';
  const message = messageFor(apiVersion, kind);
  if (message === null) throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}" in the sandbox`);
  const raw = one(envelope, 2);
  return { apiVersion, kind, ...(Buffer.isBuffer(raw) ? decode(raw, message) : {}) };
}

function decode(bytes: Buffer, message: Message): JsonObject {
  const result: Record<string, Json | undefined> = {};
  for (const { number, value } of wires(bytes)) {
    const inner = message.inlined.get(number);
    if (inner !== undefined && Buffer.isBuffer(value)) {
      Object.assign(result, decode(value, inner));
      continue;
    }
    const found = message.numbers.get(number);
    if (found !== undefined) put(result, found.name, found.field, value);
  }
  return result;
}

function put(result: Record<string, Json | undefined>, name: string, field: Field, value: bigint | Buffer): void {
  const known = result[name];
  if (field.shape === 'map' && Buffer.isBuffer(value)) {
    const entry = read(field, one(value, 2) ?? Buffer.alloc(0));
    result[name] = { ...(known as JsonObject | undefined), [text(one(value, 1))]: entry };
    return;
  }
  const single = read(field, value);
  if (field.shape === 'list') result[name] = [...((known as readonly Json[] | undefined) ?? []), single ?? null];
  else if (!(field.omitsEmpty && (single === '' || single === 0 || single === false))) result[name] = single;
}

function read(field: Field, value: bigint | Buffer): Json | undefined {
  if (!Buffer.isBuffer(value)) return field.type === 'b' ? value !== 0n : Number(value);
  switch (field.type) {
    case 's':
      return value.toString('utf8');
    case 'y':
      return value.toString('base64');
    case 'i':
      return 0;
    case 'b':
      return false;
    case 'T':
    case 'M':
      return time(value);
    case 'Q':
      return text(one(value, 1));
    case 'I':
      return one(value, 1) === 1n ? text(one(value, 3)) : Number(one(value, 2) ?? 0n);
    case 'R':
      return JSON.parse(text(one(value, 1)) || 'null') as Json;
    case 'm': {
      const message = field.message();
      return message === null ? undefined : decode(value, message);
    }
    default:
      return field.type satisfies never;
  }
}

function time(value: Buffer): string | undefined {
  const seconds = one(value, 1);
  return typeof seconds === 'bigint' ? `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z` : undefined;
}
