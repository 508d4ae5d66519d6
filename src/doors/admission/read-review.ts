// The JSON of an AdmissionReview (admission.k8s.io/v1) → the request in it, and the answer in the same form.
import { isObject, type Json, type JsonObject } from '../../core/model/json.ts';
import type { ReviewedRequest } from '../../core/model/reviewed-request.ts';
import type { Admitted } from '../../flow/requests/admit.ts';

export interface ReadReview {
  readonly uid: string;
  /** Whose request it is, as the API server knows them. */
  readonly user: string;
  readonly request: ReviewedRequest;
}

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);
const objectOf = (value: Json | undefined): JsonObject | null => (isObject(value) ? value : null);

const OPERATIONS = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const;

/** null: it is no review of this version. */
export function readReview(body: unknown): ReadReview | null {
  const asked = isObject(body) && body['apiVersion'] === 'admission.k8s.io/v1' ? objectOf(body['request']) : null;
  const resource = objectOf(asked?.['resource']);
  const [uid, plural, user] = [
    textOf(asked?.['uid']),
    textOf(resource?.['resource']),
    textOf(objectOf(asked?.['userInfo'])?.['username']),
  ];
  const operation = OPERATIONS.find((one) => one === asked?.['operation']);
  if (asked === null || uid === null || plural === null || user === null || operation === undefined) return null;
  const object = objectOf(asked['object']);
  const named = textOf(asked['name']) ?? textOf(objectOf(object?.['metadata'])?.['name']);
  // A Namespace is in no namespace, although its reviews say that it is in itself.
  const isNamespace = plural === 'namespaces' && (textOf(resource?.['group']) ?? '') === '';
  return {
    uid,
    user,
    request: {
      operation,
      group: textOf(resource?.['group']) ?? '',
      resource: plural,
      subresource: textOf(asked['subResource']),
      namespace: isNamespace ? null : textOf(asked['namespace']),
      name: named,
      object,
      oldObject: objectOf(asked['oldObject']),
      options: objectOf(asked['options']) ?? {},
      dryRun: asked['dryRun'] === true,
    },
  };
}

/** The answer to the review of that uid. */
export function reviewAnswer(uid: string, admitted: Admitted): JsonObject {
  const refused = admitted.ok ? {} : { status: { code: 403, reason: 'Forbidden', message: admitted.why } };
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: {
      uid,
      allowed: admitted.ok,
      ...refused,
      ...(admitted.ok && admitted.proposal !== null ? { auditAnnotations: { proposal: admitted.proposal } } : {}),
    },
  };
}
