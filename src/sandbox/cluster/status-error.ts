// Refusals of the sandbox's API server as Kubernetes words them: a Status body with code, reason and details.
// It only builds errors; whoever throws one decides that the request is refused.
import type { Kind } from './kinds.ts';
import { qualifiedResource } from './kinds.ts';
import type { KubeObject } from './model.ts';

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusBody {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Record<string, never>;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason?: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly causes?: readonly Cause[];
    readonly retryAfterSeconds?: number;
  };
  readonly code: number;
}

/** A refusal on its way to the client; `body` is exactly what is sent. */
export class StatusError extends Error {
  readonly body: StatusBody;
  constructor(body: StatusBody) {
    super(body.message);
    this.name = 'StatusError';
    this.body = body;
  }
}

function status(
  code: number,
  reason: string | null,
  message: string,
  details?: NonNullable<StatusBody['details']>,
): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === null ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
}

function about(kind: Kind, name: string): { name: string; group?: string; kind: string } {
  return { name, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.resource };
}

export function notFound(kind: Kind, name: string): StatusError {
  return status(404, 'NotFound', `${qualifiedResource(kind)} "${name}" not found`, about(kind, name));
}

/** What a path outside the API answers: Kubernetes says it without a Status reason of an object. */
export function noSuchResource(): StatusError {
  return status(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(kind: Kind, name: string): StatusError {
  return status(409, 'AlreadyExists', `${qualifiedResource(kind)} "${name}" already exists`, about(kind, name));
}

/** A write that lost against a newer version, or whose precondition does not hold. */
export function conflict(kind: Kind, name: string, why: string): StatusError {
  return status(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedResource(kind)} "${name}": ${why}`,
    about(kind, name),
  );
}

/** A delete whose precondition does not hold: Kubernetes names the kind here, not the resource. */
export function failedPrecondition(
  kind: Kind,
  object: KubeObject,
  field: 'UID' | 'ResourceVersion',
  wanted: string,
  found: string | undefined,
  perhaps: string,
): StatusError {
  const typed = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const { name } = object.metadata;
  const why = `the ${field} in the precondition (${wanted}) does not match the ${field} in record (${found}). The object might have been ${perhaps}`;
  return status(409, 'Conflict', `Operation cannot be fulfilled on ${typed} "${name}": ${why}`, {
    name,
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.kind,
  });
}

export const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export interface FieldProblem {
  readonly reason:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueForbidden'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate';
  readonly field: string;
  readonly message: string;
}

/** 422 with one cause per field; `kind` is the object's kind, as Kubernetes prints it (`Deployment.apps`). */
export function invalid(kind: Kind, name: string, problems: readonly FieldProblem[]): StatusError {
  const typed = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const lines = problems.map((problem) => `${problem.field}: ${problem.message}`);
  const told = lines.length === 1 ? (lines[0] ?? '') : `[${lines.join(', ')}]`;
  return status(422, 'Invalid', `${typed} "${name}" is invalid: ${told}`, {
    name,
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.kind,
    causes: problems.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}

export function unsupportedDryRun(options: string, named: readonly string[]): StatusError {
  const message = `Unsupported value: ${JSON.stringify(named)}: supported values: "All"`;
  return status(422, 'Invalid', `${options}.meta.k8s.io "" is invalid: dryRun: ${message}`, {
    group: 'meta.k8s.io',
    kind: options,
    causes: [{ reason: 'FieldValueNotSupported', message, field: 'dryRun' }],
  });
}

export function badRequest(message: string): StatusError {
  return status(400, 'BadRequest', message);
}

export function unauthorized(): StatusError {
  return status(401, 'Unauthorized', 'Unauthorized');
}

export function forbidden(kind: Kind, name: string, why: string, causes?: readonly Cause[]): StatusError {
  return status(403, 'Forbidden', `${qualifiedResource(kind)} "${name}" is forbidden: ${why}`, {
    ...about(kind, name),
    ...(causes === undefined ? {} : { causes }),
  });
}

export function methodNotAllowed(): StatusError {
  return status(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  return status(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/** A patch of a media type that no patch has. */
export function unsupportedPatch(): StatusError {
  return status(415, 'UnsupportedMediaType', '415: Unsupported Media Type');
}

export function notAcceptable(accepted: readonly string[]): StatusError {
  return status(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${accepted.join(', ')}`);
}

export function expired(message: string): StatusError {
  return status(410, 'Expired', message);
}

export function tooLarge(): StatusError {
  return status(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728');
}

export function tooManyRequests(message: string, causes?: readonly Cause[], retryAfterSeconds?: number): StatusError {
  return status(429, 'TooManyRequests', message, {
    ...(causes === undefined ? {} : { causes }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

export function internalError(message: string): StatusError {
  return status(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ reason: '', message } as Cause],
  });
}

/** Kubernetes answers this one without a reason. */
export function severalBudgets(): StatusError {
  const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
  return status(500, null, message);
}

/** The sandbox knows what is asked and does not do it: said aloud instead of pretending. */
export function notImplemented(what: string): StatusError {
  return status(501, 'NotImplemented', `the sandbox cluster does not implement ${what}`);
}

/** Asked for a resourceVersion that this server has not reached. */
export function tooLargeVersion(asked: number, current: number): StatusError {
  return status(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}
