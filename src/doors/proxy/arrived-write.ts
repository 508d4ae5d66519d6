// A request that writes → the write as it has arrived, the incidents that it may belong to, and what of it is judged.
import type { ApiRequest, RequestBody } from '../../core/model/api-request.ts';
import { readTraceParent, type TraceContext } from '../../core/model/trace-context.ts';
import type { Identity } from '../identity.ts';
import type { ProxyRequest } from './exchange.ts';
import { type RequestTarget, writeTarget } from './request-target.ts';
import type { ResourcePath } from './route.ts';
import type { ProxyAnswer } from './status.ts';

/** A write as it has arrived, for whoever asks the gate. */
export interface ArrivedWrite {
  readonly method: string;
  readonly target: RequestTarget;
  readonly resource: ResourcePath;
  readonly contentType: string | null;
  readonly body: Buffer;
  readonly identity: Identity;
  /** Asked again just before it is stored. */
  readonly mayStill: () => boolean;
  /** The process of the client, as it says: shown, and told apart by, never trusted. */
  readonly session: string | null;
  /** Of the client, where it has one. */
  readonly trace?: TraceContext | null;
}

export interface AnsweredWrite extends ProxyAnswer {
  /** Called once the answer has been handed over whole. */
  readonly delivered?: () => void;
}

/** The body as whoever judges reads it. */
export type DecodeBody = (contentType: string | null, body: Buffer) => RequestBody;

export function arrivedWrite(
  { method = '', headers }: ProxyRequest,
  read: Pick<ArrivedWrite, 'target' | 'resource' | 'body' | 'identity' | 'mayStill'>,
): ArrivedWrite {
  return {
    ...read,
    method,
    contentType: headers['content-type'] ?? null,
    session: sessionOf(headers['kubectl-session']),
    trace: readTraceParent([headers['traceparent']].flat()[0]),
  };
}

/** What kubectl sends is a UUID; anything longer or stranger is nobody's. */
const sessionOf = (value: string | readonly string[] | undefined): string | null =>
  typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : null;

/** The incident of the address; else the agent's own of the day, and of the day before, which a wait may have begun in. */
export function incidentsOf(
  { target, identity }: ArrivedWrite,
  now: number,
): readonly [incident: string, earlier: string | null] {
  if (target.incident !== null) return [target.incident, null];
  const [today, yesterday] = [now, now - 86_400_000].map(
    (at) => `adhoc-${identity.proposer.id.slice(0, 49)}-${new Date(at).toISOString().slice(0, 10).replaceAll('-', '')}`,
  );
  return [today ?? '', yesterday ?? null];
}

/** The write as whoever judges reads it. */
export function judgedRequest({ method, target, contentType, body }: ArrivedWrite, decode: DecodeBody): ApiRequest {
  return {
    method,
    path: writeTarget({ ...target, query: [] }),
    query: target.query,
    contentType,
    body: body.length === 0 ? { kind: 'none' } : decode(contentType, body),
  };
}
