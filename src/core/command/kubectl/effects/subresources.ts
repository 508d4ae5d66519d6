// What a path of the API reaches beside the object itself, whatever the verb: one table for --raw and for requests.
import type { ActionKind } from '../../../model/effect.ts';

/** Subresources through which any verb reaches into a pod, a node or what listens behind a service. */
export const STREAMS: ReadonlyMap<string, ActionKind> = new Map([
  ['proxy', 'sensitive-read'],
  ['exec', 'exec'],
  ['attach', 'exec'],
  ['portforward', 'tunnel'],
]);

/** What reading these shows belongs to the object. */
export const PLAIN_SUBRESOURCES: ReadonlySet<string | null> = new Set([null, 'log', 'status', 'scale']);

/** What a write to a subresource is, whatever its body says. */
export const SUBRESOURCE_KINDS: ReadonlyMap<string, ActionKind> = new Map([
  ...STREAMS,
  ['eviction', 'delete-pod'],
  ['token', 'grant'],
  ['approval', 'grant'],
  ['ephemeralcontainers', 'exec'],
  ['binding', 'patch'],
]);

const KNOWN_READS = /^\/(?:healthz|livez|readyz|version|metrics|openapi|apis?|configz|\.well-known)(?:\/|$)|^\/$/;

/** Whether reading a path that belongs to no kind is known to be the read that it says. */
export function isKnownRead(path: string): boolean {
  return KNOWN_READS.test(path);
}

/** As Go reads a boolean in a query (strconv.ParseBool). */
export function isTrue(value: string): boolean {
  return /^(?:1|t|true)$/i.test(value);
}
