// A write → why the API server has no such path for it, or another object than its body is of; null: it may take it.
import type { Json } from '../model/json.ts';
import { type ObjectRequest, textIn } from './object-request.ts';

/** By the path alone, also of a deletion: what is carried out is written to the path that the API server has. */
export function misplacedPath({ path, kind, namespace }: ObjectRequest): string | null {
  if (path.prefix !== null) return `nothing writes behind /${path.prefix}/`;
  if (!path.isPlain) return 'the API server knows its words in small letters alone, and nothing behind a subresource';
  if (!kind.resource.namespaced && path.namespace !== null) return `${kind.resource.name} live in no namespace`;
  return path.name !== null && namespace === '*' ? 'the path names no namespace' : null;
}

/** By path and method, whatever its body holds. */
export function misplacedWrite(asked: ObjectRequest): string | null {
  const { path, namespace, reading } = asked;
  const { method } = reading;
  const wrong = misplacedPath(asked);
  if (wrong !== null) return wrong;
  if (path.subresource === null && (method === 'POST') !== (path.name === null))
    return method === 'POST'
      ? 'POST goes to a collection, and the path names an object'
      : `${method} needs a name in the path`;
  return path.name === null && namespace === '*' ? 'the path names no namespace' : null;
}

/** By its body, which names another object than the path. */
export function misplacedBody({ path, namespace, reading, kind }: ObjectRequest, body: Json): string | null {
  if (reading.patch === 'json') return null;
  const [own, place] = [textIn(body, 'metadata', 'name'), textIn(body, 'metadata', 'namespace')];
  if (path.name !== null && own !== null && own !== path.name) return `the body is of ${JSON.stringify(own)}`;
  if (place !== null && namespace !== '*' && place !== namespace)
    return `the body is of the namespace ${JSON.stringify(place)}`;
  const said = textIn(body, 'kind');
  const isOther = path.subresource === null && kind.known !== 'unknown' && said !== null && said !== kind.resource.kind;
  return isOther ? `the body is a ${said}, the path of ${kind.resource.name}` : null;
}
