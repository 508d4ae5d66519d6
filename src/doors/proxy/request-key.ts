// A write as it arrived → the text by which it is known when it arrives again: agent, incident and request, however it is spelled.
import { isObject, type Json, type JsonObject, setOwnValue } from '../../core/model/json.ts';
import type { ArrivedWrite } from './proxy.ts';

/** kubectl stamps the time of its call; run twice, it wants the same (kubectl 1.36, polymorphichelpers/objectrestarter.go). */
const STAMP = 'kubectl.kubernetes.io/restartedAt';

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
    type: contentType?.split(';')[0]?.trim().toLowerCase() ?? null,
    body: comparable(body),
  };
}

/** A body of JSON by its value without the stamp; any other by its bytes. */
const comparable = (body: Buffer): Json => {
  try {
    // as: what JSON.parse gives is JSON.
    return withoutStamps(JSON.parse(body.toString('utf8')) as Json);
  } catch {
    return body.toString('base64');
  }
};

const withoutStamps = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(withoutStamps);
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const [name, inner] of Object.entries(value))
    setOwnValue(copy as Record<string, Json>, name, name === STAMP ? '' : withoutStamps(inner as Json));
  return copy;
};
