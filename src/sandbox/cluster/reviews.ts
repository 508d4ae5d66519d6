// Questions about the caller: who am I, may I. The sandbox has no roles: whoever may connect may do everything it serves.

import { parseJson } from './bodies.ts';
import { isObject } from './json.ts';
import type { Answer, ApiRequest } from './request.ts';
import { badRequest } from './status-error.ts';

/** Answers a SelfSubjectReview or a SelfSubjectAccessReview; nothing is stored. */
export function answerReview(request: ApiRequest): Answer {
  const body = parseJson(request.http.body);
  if (!isObject(body)) throw badRequest('the body is no object');
  const status =
    request.kind.resource === 'selfsubjectreviews'
      ? { userInfo: { username: 'sandbox-admin', groups: ['system:masters', 'system:authenticated'] } }
      : { allowed: true, reason: 'the sandbox has no roles: whoever may connect may do everything' };
  const answer = { ...body, kind: request.kind.kind, apiVersion: request.apiVersion, status };
  return { type: 'json', code: 201, body: answer };
}
