// A write that the gate has decided about → what the API server itself says of it: its no to a dry run, or the object as it is.
import type { IncomingMessage } from 'node:http';
import type { ApiReply } from '../../core/model/api-reply.ts';
import type { Json } from '../../core/model/json.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import type { Upstream } from '../upstream.ts';
import type { ArrivedWrite } from './arrived-write.ts';
import { inCluster } from './in-cluster.ts';
import { writeDryRun, writeTarget } from './request-target.ts';
import { jsonObjectOf, successStatus } from './written-object.ts';

/** A write, where the API server is asked about it until the client has gone. */
export interface WriteAtApi {
  readonly upstream: Upstream;
  readonly write: ArrivedWrite;
  readonly gone: AbortSignal;
}

/** Refusals that the API server would give too, in words of its own. */
const isOfApi = (code: string | null): boolean => code === 'not-found' || code === 'dry-run-refused';

/** What is no client's own fault is not told as such: rights and webhooks concern the gate's account. */
const OWN_FAULTS: ReadonlySet<number> = new Set([400, 404, 405, 409, 410, 413, 415, 422]);

/** The API server's own no to what the gate has refused with this code, by a dry run; null: it does not say that the client is wrong. */
export async function ownRefusal({ upstream, write, gone }: WriteAtApi, code: string | null): Promise<ApiReply | null> {
  if (!isOfApi(code)) return null;
  const { method, target, contentType, body } = write;
  const request = {
    method,
    path: writeDryRun(target),
    headers: { accept: 'application/json', ...(contentType === null ? {} : { 'content-type': contentType }) },
    // The options of a deletion stand in its query or in its body, never in both.
    body: method === 'DELETE' || body.length === 0 ? null : body,
  };
  const reply = await replyTo(() => upstream.dryRun(request, gone));
  return reply !== null && OWN_FAULTS.has(reply.status) ? reply : null;
}

/** Where the gate has refused a change of what is so already: the object as it is; null: it is another refusal, or may not be read. */
export async function unchangedObject(at: WriteAtApi, code: string | null): Promise<ApiReply | null> {
  const { method, target, resource } = at.write;
  if (code !== 'nothing-to-do' || (method !== 'PATCH' && method !== 'PUT') || resource.resource === 'secrets')
    return null;
  const found = await readAt(at, target.segments);
  return found?.status === 200 ? found : null;
}

/** After a restart, or where the answer of the write was lost: what the write has left. */
export async function readBack(at: WriteAtApi, { spec }: Remediation): Promise<ApiReply | null> {
  const { method, target, resource } = at.write;
  if (resource.subresource === 'eviction' || resource.subresource === 'binding')
    return replyWith(201, successStatus(resource));
  if (resource.resource === 'secrets') return null;
  const made = method === 'POST' ? nameOf(spec.changes?.[0]?.object ?? '') : null;
  if (method === 'POST' && made === null) return null;
  const found = await readAt(at, made === null ? target.segments : [...target.segments, made]);
  if (method === 'DELETE' && (resource.name === null || found?.status === 404))
    return replyWith(200, successStatus(resource));
  return found?.status === 200 ? { ...found, status: method === 'POST' ? 201 : 200 } : null;
}

const replyWith = (status: number, body: Json): ApiReply => ({ status, auditId: null, body });

/** The name in an object key: "deployments.apps shop/web". */
const nameOf = (object: string): string | null => /([^/ ]+)$/.exec(object)?.[1] ?? null;

/** One GET by the agent's own reading. */
const readAt = ({ upstream, write, gone }: WriteAtApi, segments: readonly string[]): Promise<ApiReply | null> => {
  const path = writeTarget({ ...write.target, segments, query: [] });
  const request = { method: 'GET', path, headers: { accept: 'application/json' }, body: null };
  return replyTo(() => upstream.read(request, inCluster(write.identity), gone));
};

/** null where nobody answers, or what is answered is no JSON. */
const replyTo = async (send: () => Promise<IncomingMessage>): Promise<ApiReply | null> => {
  try {
    const answer = await send();
    const body = await jsonObjectOf(answer);
    const id = answer.headers['audit-id'];
    const auditId = typeof id === 'string' ? id : null;
    return body === null ? null : { status: answer.statusCode ?? 0, auditId, body };
  } catch {
    return null;
  }
};
