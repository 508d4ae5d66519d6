// Request bodies as far as comparing needs them: JSON and YAML whole, protobuf whole where the gate reads it, else its names and its dry run. It must
// never fail: a body that cannot be read is null.

import { parse } from 'yaml';
import { decodeBody as decodeWhole } from '../../src/adapters/request-body/decode-body.ts';
import type { Json, JsonObject } from '../../src/core/model/json.ts';

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

interface Field {
  readonly number: number;
  readonly value: Buffer;
}

/** The fields with a length of one message; others are skipped. Null when it is no message. */
const fieldsOf = (bytes: Buffer): readonly Field[] | null => {
  const found: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const tag = varint();
    const type = tag % 8;
    if (type === 0) varint();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else if (type === 2) {
      const length = varint();
      if (at + length > bytes.length) return null;
      found.push({ number: (tag - 2) / 8, value: bytes.subarray(at, at + length) });
      at += length;
    } else return null;
  }
  return found;
};

const textAt = (fields: readonly Field[] | null, number: number): string =>
  fields?.find((field) => field.number === number)?.value.toString('utf8') ?? '';

const messageAt = (fields: readonly Field[] | null, number: number): readonly Field[] | null => {
  const value = fields?.find((field) => field.number === number)?.value;
  return value === undefined ? null : fieldsOf(value);
};

/** runtime.Unknown: its kind, and of the object metadata.name, metadata.generateName and the dry run of DeleteOptions. */
const decodeProtobuf = (bytes: Buffer): JsonObject | null => {
  if (!bytes.subarray(0, 4).equals(MAGIC)) return null;
  const envelope = fieldsOf(bytes.subarray(4));
  const type = messageAt(envelope, 1);
  const kind = textAt(type, 2);
  const raw = messageAt(envelope, 2);
  const typed = { apiVersion: textAt(type, 1), kind };
  const dryRuns = (options: readonly Field[] | null): readonly string[] =>
    (options ?? []).filter(({ number }) => number === 5).map(({ value }) => value.toString('utf8'));
  if (kind === 'DeleteOptions') {
    const dryRun = dryRuns(raw);
    return dryRun.length === 0 ? typed : { ...typed, dryRun };
  }
  const metadata = messageAt(raw, 1);
  const named: JsonObject = { ...typed, metadata: { name: textAt(metadata, 1) } };
  const dryRun = kind === 'Eviction' ? dryRuns(messageAt(raw, 2)) : [];
  return dryRun.length === 0 ? named : { ...named, deleteOptions: { dryRun } };
};

/** What a body says; null when there is none or it cannot be read. */
export const decodeBody = (bytes: Buffer, contentType: string): Json => {
  if (bytes.length === 0) return null;
  if (contentType.includes('protobuf')) {
    const whole = decodeWhole(contentType, bytes);
    return whole.kind === 'value' ? whole.value : decodeProtobuf(bytes);
  }
  try {
    return contentType.includes('yaml')
      ? (parse(bytes.toString('utf8')) as Json)
      : (JSON.parse(bytes.toString('utf8')) as Json);
  } catch {
    return null;
  }
};
