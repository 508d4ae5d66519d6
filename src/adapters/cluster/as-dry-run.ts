// A request that changes something → the same as a dry run on the server.
import type { JsonObject } from '../../core/model/json.ts';
import type { ClusterRequest } from './client.ts';

/** A DELETE with options reads it there alone. */
export function asDryRun(request: ClusterRequest): ClusterRequest {
  if (request.method !== 'DELETE' || request.body === null)
    return { ...request, query: { ...request.query, dryRun: 'All' } };
  const value = { ...(request.body.value as JsonObject), dryRun: ['All'] };
  return { ...request, body: { ...request.body, value } };
}
