// The body of a request to the Kubernetes API comes in as it was sent, the value that it stands for comes out, or why it stays opaque.
import { isUtf8 } from 'node:buffer';
import type { OpaqueReason, RequestBody } from '../../core/model/api-request.ts';
import { newReadingBudget, type ReadingBudget } from '../../core/model/command.ts';
import { isDeeperThan, type Json, MAX_DEPTH } from '../../core/model/json.ts';
import { DuplicateKey, spend, Unreadable } from '../yaml/go-yaml/unreadable.ts';
import { beginsWithBrace, onlyDocument } from '../yaml/manifests.ts';
import { jsonBody } from './json-body.ts';
import { decodeObject } from './protobuf/decode-object.ts';
import { Undecodable } from './protobuf/undecodable.ts';

/** The body as whoever judges it reads it: a value, or opaque; never its text. */
export type DecodedBody = Exclude<RequestBody, { readonly kind: 'text' }>;

type Format = 'json' | 'yaml' | 'protobuf' | 'cbor';

/** The formats of the API server by their media types; without a header it reads JSON. */
const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['', 'json'],
  ['application/json', 'json'],
  ['application/json-patch+json', 'json'],
  ['application/merge-patch+json', 'json'],
  ['application/strategic-merge-patch+json', 'json'],
  ['application/yaml', 'yaml'],
  ['application/apply-patch+yaml', 'yaml'],
  ['application/vnd.kubernetes.protobuf', 'protobuf'],
  ['application/cbor', 'cbor'],
  ['application/apply-patch+cbor', 'cbor'],
]);

/** As read-documents.ts counts: long texts of few nodes take their time as well. */
const CHARACTERS_OF_A_NODE = 16;

const yamlBody = (text: string, budget: ReadingBudget): Json => {
  // kubectl and client-go send JSON under this name.
  if (beginsWithBrace(text)) return jsonBody(text, budget);
  spend(budget, Math.ceil(text.length / CHARACTERS_OF_A_NODE));
  return onlyDocument(text, budget);
};

/** JSON within protobuf. */
const innerJson = (text: string, budget: ReadingBudget): Json => {
  try {
    return jsonBody(text, budget);
  } catch (error) {
    throw error instanceof Unreadable ? new Undecodable('invalid', error.message) : error;
  }
};

const opaque = (bytes: Buffer, why: OpaqueReason, detail: string): DecodedBody => ({
  kind: 'opaque',
  bytes: bytes.length,
  why,
  detail,
});

const protobufBody = (bytes: Buffer, budget: ReadingBudget): DecodedBody => {
  const read = decodeObject(bytes, { budget, json: (text) => innerJson(text, budget) });
  if (read.kind === 'object') return { kind: 'value', value: read.value };
  const isUnknown = read.code === 'unknown-kind' || read.code === 'unknown-field';
  return opaque(bytes, isUnknown ? 'unknown-protobuf' : 'unreadable', read.detail);
};

const textBody = (bytes: Buffer, format: 'json' | 'yaml', budget: ReadingBudget): DecodedBody => {
  if (!isUtf8(bytes)) return opaque(bytes, 'unreadable', 'no UTF-8');
  try {
    const text = bytes.toString('utf8');
    const value = format === 'json' ? jsonBody(text, budget) : yamlBody(text, budget);
    return isDeeperThan(value, MAX_DEPTH) ? opaque(bytes, 'unreadable', 'nested too deep') : { kind: 'value', value };
  } catch (error) {
    if (error instanceof DuplicateKey) return opaque(bytes, 'duplicate-key', error.message);
    if (error instanceof Unreadable) return opaque(bytes, 'unreadable', error.message);
    throw error;
  }
};

/**
 * Reads the body of a request by its Content-Type (null: no such header) as the API server would, or says why nobody can. What is
 * read once is sent on as the value that was read, never as these bytes. Total: it throws for no body, and its time and memory
 * are bounded by the bytes and the budget.
 */
export function decodeBody(
  contentType: string | null,
  bytes: Buffer,
  budget: ReadingBudget = newReadingBudget(),
): DecodedBody {
  if (bytes.length === 0) return { kind: 'none' };
  const mediaType = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const format = FORMATS.get(mediaType);
  switch (format) {
    case undefined:
      return opaque(bytes, 'content-type', mediaType);
    case 'cbor':
      return opaque(bytes, 'cbor', mediaType);
    case 'protobuf':
      return protobufBody(bytes, budget);
    case 'json':
    case 'yaml':
      return textBody(bytes, format, budget);
    default:
      return format satisfies never;
  }
}
