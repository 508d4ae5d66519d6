// The API server's no to a write of a Secret → the same without what the Secret holds: of a patch that it cannot take it shows the whole
// object, and of a field that is wrong the value (Kubernetes 1.36, field.Invalid).
import { isObject, type Json, type JsonObject } from './json.ts';

const OF_SECRETS = /^\/api\/v1\/(?:namespaces\/[^/]+\/)?secrets(?:\/|$)/;

/** 404 and 409 name the object alone. */
const TELLING: ReadonlySet<number> = new Set([400, 422]);

/** Whether an answer to this write may show what a Secret holds. `path` without its query. */
export function showsSecret(path: string, status: number): boolean {
  return isTelling(status) && OF_SECRETS.test(path);
}

/** Whether a no with this status may repeat what was sent or what there was. */
export function isTelling(status: number): boolean {
  return TELLING.has(status);
}

const fieldsOf = (body: Json): readonly string[] => {
  const causes = isObject(body) && isObject(body['details']) ? body['details']['causes'] : null;
  if (!Array.isArray(causes)) return [];
  return (causes as readonly Json[]).flatMap((cause) =>
    isObject(cause) && typeof cause['field'] === 'string' && cause['field'] !== ''
      ? [cause['field'].slice(0, 100)]
      : [],
  );
};

/** A Status that says as much as may be said: its reason, and which fields are wrong. */
export function statusWithoutSecret(body: Json, status: number): JsonObject {
  const reason = isObject(body) && typeof body['reason'] === 'string' ? body['reason'] : 'Invalid';
  const fields = fieldsOf(body);
  const about = fields.length === 0 ? '' : ` (${[...new Set(fields)].join(', ')})`;
  const message = `the API server does not take this write of a Secret${about}; its words may show what the Secret holds`;
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code: status };
}
