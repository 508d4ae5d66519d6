// Errors as RFC 9457 problem documents with our codes.
import type { Context } from 'hono';
import type { Refusal, RefusalCode } from '../../core/model/refusal.ts';
import { describeRefusal } from '../../core/text/describe.ts';

/** Codes that only this door gives, beside the refusals. */
const DOOR_CODES = {
  'bad-request': { status: 400, title: 'The request is not well formed.' },
  unauthorized: { status: 401, title: 'A valid bearer token is needed.' },
  'not-found-here': { status: 404, title: 'There is nothing at this address.' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method.' },
  'body-too-large': { status: 413, title: 'The body is larger than 1 MiB.' },
  'store-failed': { status: 503, title: 'The gate could not use its database; nothing was changed.' },
  broken: { status: 500, title: 'Something broke inside the gate.' },
} as const;
export type DoorCode = keyof typeof DOOR_CODES;

/** The HTTP status of each refusal that a request can meet; anything else is 422: understood, and turned away. */
const STATUS: { readonly [C in RefusalCode]?: number } = {
  'rate-limited': 429,
  'no-right': 403,
  'own-proposal': 403,
  'unknown-person': 403,
  'no-such-proposal': 404,
  'already-voted': 409,
  'wrong-digest': 409,
  'digest-required': 409,
  'not-open': 409,
  expired: 409,
  paused: 409,
  'too-large': 413,
  'bad-incident': 422,
};

const send = (c: Context, status: number, body: Record<string, unknown>): Response => {
  if (status === 401) c.header('www-authenticate', 'Bearer');
  if (status === 429) c.header('retry-after', '60');
  return c.body(
    JSON.stringify({ type: `https://blastgate.dev/problems/${String(body['code'])}`, status, ...body }),
    status as 400,
    {
      'content-type': 'application/problem+json',
    },
  );
};

export function refusalProblem(c: Context, refusal: Refusal): Response {
  const { code, message, remedy } = describeRefusal(refusal, 'en');
  return send(c, STATUS[code] ?? 422, { title: message, detail: message, code, remedy });
}

export function problem(c: Context, code: DoorCode, detail: string): Response {
  const { status, title } = DOOR_CODES[code];
  return send(c, status, { title, detail, code });
}
