// Objects of Kubernetes as client-go writes them in both of its forms, and bytes of the protobuf wire format made by hand.
import { readFileSync } from 'node:fs';
import type { JsonObject } from '../../src/core/model/json.ts';

/** One object, as protobuf and as JSON. */
export interface TwoForms {
  readonly bytes: Buffer;
  readonly json: JsonObject;
}

/** The objects of lines that go-client has printed (test/servers/go-client). */
export function objectsOf(lines: string): readonly TwoForms[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      // as: the program writes it so.
      const { bytes, json } = JSON.parse(line) as { readonly bytes: string; readonly json: JsonObject };
      return { bytes: Buffer.from(bytes, 'base64'), json };
    });
}

/** One object of each common kind (test/fixtures/protobuf). */
export function commonObjects(): readonly TwoForms[] {
  return objectsOf(readFileSync(new URL('../fixtures/protobuf/objects.jsonl', import.meta.url), 'utf8'));
}

/** A number as the wire format writes it: seven bits a byte, of 64 bits where it is negative. */
export function varint(value: bigint | number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A field that is a number. */
export function number(field: number, value: bigint | number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

/** A field that is a text, bytes or a message. */
export function piece(field: number, ...content: readonly (string | Buffer)[]): Buffer {
  const bytes = Buffer.concat(content.map((one) => (typeof one === 'string' ? Buffer.from(one) : one)));
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

/** A body: the object of a kind with these fields. */
export function body(apiVersion: string, kind: string, ...fields: readonly Buffer[]): Buffer {
  const typeMeta = piece(1, piece(1, apiVersion), piece(2, kind));
  return Buffer.concat([Buffer.from('k8s\0'), typeMeta, piece(2, ...fields), piece(3), piece(4)]);
}

/** The same bytes with something in them changed, cut off, put in or repeated; `chance` is from 0 up to 1. */
export function damaged(bytes: Buffer, chance: () => number): Buffer {
  const below = (end: number): number => Math.floor(chance() * end);
  const at = below(bytes.length);
  const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (below(6)) {
    case 0:
      return before;
    case 1:
      return Buffer.concat([before, Buffer.from([below(256)]), behind.subarray(1)]);
    case 2:
      return Buffer.concat([before, Buffer.from([below(256)]), behind]);
    case 3:
      return Buffer.concat([before, behind.subarray(1 + below(8))]);
    case 4:
      return Buffer.concat([before, behind.subarray(0, below(20)), behind]);
    default: {
      // one bit, where small numbers and lengths are likely to stay what they are
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (1 << below(8));
      return copy;
    }
  }
}
