// A write that was read whole → what is sent for it, as data, and which of it is secret.
import { isSecret, type Kind } from '../command/kubectl/effects/effect-builder.ts';
import { secretFields } from '../command/secrets/secret-fields.ts';
import type { Surroundings } from '../model/command.ts';
import { isObject, type Json } from '../model/json.ts';
import type { Mutation, TextByKey } from '../model/mutation.ts';
import { mediaTypeOf } from './media-type.ts';
import type { RequestReading } from './read-request.ts';

/** Parameters that decide what happens; the others say how it is answered. */
const DECIDING = ['fieldManager', 'force', 'fieldValidation'] as const;

const decidingOf = ({ query }: RequestReading): TextByKey =>
  Object.fromEntries(DECIDING.flatMap((name) => query.filter(([own, value]) => own === name && value !== '')));

/** Subresources whose answer is the object that is written, or its scale: what became of it can be compared. */
const COMPARABLE: ReadonlySet<string | null> = new Set([
  null,
  'status',
  'scale',
  'approval',
  'finalize',
  'ephemeralcontainers',
  'resize',
]);

/** A body without its kind is that of the path: only then is it known to be a Secret's. */
const named = (body: Json, { resource }: Kind): Json =>
  isObject(body) ? { apiVersion: 'v1', kind: resource.kind, ...body } : body;

const secretsOf = (
  body: Json,
  kind: Kind,
  isPatch: boolean,
  { readDocuments }: Surroundings,
): readonly string[] | null => {
  const locate = readDocuments.locate ?? null;
  const found = isPatch
    ? secretFields(body, isSecret(kind.resource), locate)
    : secretFields(named(body, kind), false, locate);
  return found === null || found.includes('') ? null : found.map((pointer) => `/body${pointer}`);
};

/** The request of a write. Contents in YAML are sent as JSON, which they are as well. */
const contentTypeOf = ({ method, contentType }: RequestReading): string =>
  method === 'PATCH' ? mediaTypeOf(contentType) : 'application/json';

/** What of a write is needed. */
export interface WriteRead {
  readonly reading: RequestReading;
  readonly kind: Kind;
  readonly subresource: string | null;
  readonly body: Json;
}

/**
 * The mutation of a write; null where nobody may carry it out by that: its kind is not known, its answer shows nothing of the
 * object, or its secrets cannot be told.
 */
export function sentByRequest(write: WriteRead, surroundings: Surroundings): Mutation | null {
  const { reading, kind, subresource, body } = write;
  const { method } = reading;
  if (method !== 'POST' && method !== 'PUT' && method !== 'PATCH') return null;
  const isCompared = method === 'POST' ? subresource === null : COMPARABLE.has(subresource);
  if (kind.known === 'unknown' || !isCompared) return null;
  const secrets = secretsOf(body, kind, method === 'PATCH' && reading.patch !== 'apply', surroundings);
  if (secrets === null) return null;
  const contentType = contentTypeOf(reading);
  const mutation: Mutation = { is: 'request', method, contentType, query: decidingOf(reading), body };
  return secrets.length === 0 ? mutation : { ...mutation, secrets };
}
