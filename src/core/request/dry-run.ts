// Whether a request is only tried: by its query, or by its body where the API server looks there.
import { asObject } from '../command/kubectl/effects/manifests.ts';
import { STREAMS } from '../command/kubectl/effects/subresources.ts';
import type { ApiPath } from '../model/api-path.ts';
import type { Json } from '../model/json.ts';
import type { RequestMethod, RequestReading } from './read-request.ts';

/** The one value that the API server takes (DeleteOptions, CreateOptions, UpdateOptions, PatchOptions). */
const isAll = (value: Json | undefined): boolean => Array.isArray(value) && value.length === 1 && value[0] === 'All';

/**
 * `server` where nothing would be persisted. A DELETE with a body is told by that body alone; an eviction by either, since the API
 * server refuses one that says both and not the same. A stream and a token are never tried.
 */
export function dryRunOf(
  { method, query, body, doubts }: RequestReading & { readonly method: RequestMethod },
  { subresource, prefix }: Pick<ApiPath, 'subresource' | 'prefix'>,
): 'none' | 'server' {
  if (prefix !== null || subresource === 'token' || STREAMS.has(subresource ?? '')) return 'none';
  // what is in doubt counts as done
  if (method === 'GET' || method === 'HEAD' || doubts.length > 0) return 'none';
  const inQuery = query.some(([name, value]) => name === 'dryRun' && value === 'All');
  const value = body.kind === 'seen' ? asObject(body.value) : null;
  if (method === 'DELETE' && body.kind !== 'none') return isAll(value?.['dryRun']) ? 'server' : 'none';
  if (subresource !== 'eviction') return inQuery ? 'server' : 'none';
  return inQuery || isAll(asObject(value?.['deleteOptions'])?.['dryRun']) ? 'server' : 'none';
}
