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

/**
 * Whoever may change a Secret through the gate may still not read it: what it holds stays out of the answer, and so do its annotations,
 * where tools keep what they have applied.
 */
export function withoutSecrets(body: Json): Json {
  if (!isObject(body)) return body;
  const { kind, items } = body;
  if (kind === 'SecretList' && Array.isArray(items))
    return { ...body, items: (items as readonly Json[]).map((item) => withoutContent(item)) };
  return kind === 'Secret' ? withoutContent(body) : body;
}

const withoutContent = (secret: Json): Json => {
  if (!isObject(secret)) return {};
  const { data: _, stringData: __, metadata, ...rest } = secret;
  if (!isObject(metadata)) return { ...rest, metadata: {} };
  const { annotations: ___, ...others } = metadata;
  return { ...rest, metadata: others };
};
