// A write as it arrived → the text by which it is known when it arrives again: agent, incident and request, however it is spelled.
import { isObject, type Json, ownValue, setOwnValue } from '../../core/model/json.ts';
import { RESTARTED_AT } from '../../core/model/restart-stamp.ts';
import { mediaTypeOf } from '../../core/request/media-type.ts';
import type { ArrivedWrite } from './arrived-write.ts';

/** kubectl stamps the time of its call; run twice, it wants the same (kubectl 1.36, polymorphichelpers/objectrestarter.go). */
const STAMPED = ['spec', 'template', 'metadata', 'annotations', RESTARTED_AT];

/** JSON of the parts; the caller hashes it under the gate's key, since a body may hold secrets. `incident` null: the agent's own. */
export function requestKey(write: ArrivedWrite, incident: string | null): Json {
  const { method, target, contentType, body, identity } = write;
  const { proposer } = identity;
  const query = target.query
    .filter(([name]) => name !== 'timeout')
    .map(([name, value]) => [name, value])
    .toSorted(([a = '', b = ''], [c = '', d = '']) => (`${a}=${b}` < `${c}=${d}` ? -1 : 1));
  return {
    agent: `${proposer.kind} ${proposer.id}`,
    incident,
    method,
    path: [...target.segments],
    query,
    type: mediaTypeOf(contentType),
    body: comparable(body),
  };
}

/** A body of JSON by its value without the stamp; any other by its bytes. */
const comparable = (body: Buffer): Json => {
  try {
    // as: what JSON.parse gives is JSON.
    return withoutStamp(JSON.parse(body.toString('utf8')) as Json, STAMPED);
  } catch {
    return body.toString('base64');
  }
};

/** The same but for an empty text at the end of the path, where there is something. */
const withoutStamp = (value: Json, [name, ...rest]: readonly string[]): Json => {
  if (name === undefined) return '';
  const inner = isObject(value) ? ownValue(value, name) : undefined;
  if (!isObject(value) || inner === undefined) return value;
  const copy: Record<string, Json> = { ...value };
  setOwnValue(copy, name, withoutStamp(inner, rest));
  return copy;
};
