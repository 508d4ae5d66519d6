// A write whose answer nobody has kept → what the API server would say of it now: the object as it is, by the agent's own reading.
import type { IncomingMessage } from 'node:http';
import { isObject, type Json, type JsonObject } from '../../core/model/json.ts';
import type { ResourcePath } from './route.ts';

/** Answers that are larger are no single object's (etcd takes 1.5 MiB). */
const MOST_BYTES = 16 * 1024 * 1024;

/** The whole JSON object of an answer; null: it is none, or too large. */
export async function jsonObjectOf(answer: IncomingMessage): Promise<JsonObject | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) {
      answer.destroy();
      return null;
    }
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** As the API server answers what leaves no object behind (metav1.Status). */
export function successStatus({
  group,
  resource,
  name,
}: Pick<ResourcePath, 'group' | 'resource' | 'name'>): JsonObject {
  const details = { ...(name === null ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

/** Whoever may change a Secret through the gate may still not read it: what it holds stays out of the answer. */
export function withoutSecrets(body: Json): Json {
  if (!isObject(body) || body['kind'] !== 'Secret') return body;
  const { data: _, stringData: __, metadata, ...rest } = body;
  return { ...rest, metadata: isObject(metadata) ? withoutLastApplied(metadata) : {} };
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const withoutLastApplied = (metadata: JsonObject): JsonObject => {
  const { annotations } = metadata;
  if (!isObject(annotations)) return metadata;
  return {
    ...metadata,
    annotations: Object.fromEntries(Object.entries(annotations).filter(([name]) => name !== LAST_APPLIED)),
  };
};
