// Records of an audit log, as an API server writes them.
import type { Json, JsonObject } from '../../src/core/model/json.ts';

/** An answered request of an agent, or what `more` makes of it. */
export function loggedRecord(more: JsonObject = {}): Json {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Request',
    auditID: 'b0a1',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/pods/web-1',
    verb: 'delete',
    user: { username: 'healer', groups: ['blastgate:agents'] },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: '2026-11-20T10:00:00.000000Z',
    ...more,
  };
}
