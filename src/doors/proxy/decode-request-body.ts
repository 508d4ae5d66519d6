// The bytes of a request's body → the body as whoever judges reads it.
import type { RequestBody } from '../../core/model/api-request.ts';

/** JSON and YAML go on as their text, so that what stands twice in them is seen; of other content types nobody here knows the bytes. */
export function decodeRequestBody(contentType: string | null, body: Buffer): RequestBody {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? 'application/json';
  if (!/[/+](?:json|yaml)$/.test(type)) return { kind: 'opaque', bytes: body.length };
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(body) };
  } catch {
    return { kind: 'opaque', bytes: body.length };
  }
}
