// A parsed record of an audit log → the request that it tells of, as audit.k8s.io/v1 writes it; null where it tells of none.
import { isObject, type Json, type JsonObject, ownValue } from '../model/json.ts';

/** The body of a request: as the log has it, none at all, or left out of the log (level Metadata, or truncated). */
export type LoggedBody =
  | { readonly kind: 'given'; readonly value: Json }
  | { readonly kind: 'none' }
  | { readonly kind: 'not-logged' };

/** One record: a request at one stage of its life. */
export interface LoggedEvent {
  /** The same for every stage of one request; empty where the log has none. */
  readonly id: string;
  readonly stage: string;
  readonly verb: string;
  /** Path and query, as they were sent. */
  readonly uri: string;
  /** Who it counts for: the impersonated user where there is one. */
  readonly actor: string;
  /** Who sent it in the name of `actor`; null where that was the actor itself. */
  readonly through: string | null;
  /** HTTP status of the answer; null before there is one, or where the log does not say. */
  readonly code: number | null;
  /** When it arrived, as the log has it (RFC 3339); empty where it does not say. */
  readonly at: string;
  readonly body: LoggedBody;
}

/** Verbs whose requests cannot be without a body. */
const NEED_BODY: ReadonlySet<string> = new Set(['create', 'update', 'patch']);

const text = (object: JsonObject, key: string): string => {
  const value = ownValue(object, key);
  return typeof value === 'string' ? value : '';
};

const nameOf = (value: Json | undefined): string => (isObject(value) ? text(value, 'username') : '');

/** A record that was too long for the log's back end has lost its bodies, whatever its level. */
const isTruncated = (event: JsonObject): boolean => {
  const annotations = ownValue(event, 'annotations');
  return isObject(annotations) && ownValue(annotations, 'audit.k8s.io/truncated') !== undefined;
};

const bodyOf = (event: JsonObject, verb: string): LoggedBody => {
  const value = ownValue(event, 'requestObject');
  if (value !== undefined && value !== null) return { kind: 'given', value };
  const logsBodies = /^Request(Response)?$/.test(text(event, 'level')) && !isTruncated(event);
  return { kind: logsBodies && !NEED_BODY.has(verb) ? 'none' : 'not-logged' };
};

/** Reads one record. What the server leaves out of it (empty fields) is read as empty. */
export function readLoggedEvent(record: Json): LoggedEvent | null {
  if (!isObject(record) || !text(record, 'apiVersion').startsWith('audit.k8s.io/')) return null;
  const [verb, uri, sender] = [text(record, 'verb'), text(record, 'requestURI'), nameOf(ownValue(record, 'user'))];
  if (text(record, 'kind') !== 'Event' || verb === '' || uri === '') return null;
  const impersonated = nameOf(ownValue(record, 'impersonatedUser'));
  const status = ownValue(record, 'responseStatus');
  const code = isObject(status) ? ownValue(status, 'code') : undefined;
  return {
    id: text(record, 'auditID'),
    stage: text(record, 'stage'),
    verb,
    uri,
    actor: impersonated === '' ? sender : impersonated,
    through: impersonated === '' ? null : sender,
    code: typeof code === 'number' ? code : null,
    at: text(record, 'requestReceivedTimestamp'),
    body: bodyOf(record, verb),
  };
}

/** The records of one parsed value: of a list each of them, else the value itself. */
export function recordsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  const items = isObject(value) ? ownValue(value, 'items') : undefined;
  return Array.isArray(items) ? (items as readonly Json[]) : [value];
}
