// Faults that tests and the demo ask for: the next requests that match are delayed, refused or cut off.
// Plain data, so that another process can ask for them too; without a fault nothing here acts.
import type { HttpRequest } from './request.ts';
import { badRequest, StatusError } from './status-error.ts';

export type FaultKind =
  /** Answered only after `ms`. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Answered with this status and never carried out. */
  | { readonly kind: 'status'; readonly code: number; readonly retryAfterSeconds?: number; readonly message?: string }
  /** The connection ends before anything is carried out. */
  | { readonly kind: 'drop-before' }
  /** The write is carried out, and the connection ends without an answer. */
  | { readonly kind: 'drop-after' }
  /** The write is carried out, and nothing is answered until the client gives up. */
  | { readonly kind: 'hang-after' }
  /** Nothing is carried out and nothing is answered until the client gives up. */
  | { readonly kind: 'hang' };

export interface Fault {
  readonly fault: FaultKind;
  /** HTTP method; any when absent. */
  readonly method?: string;
  /** A part of path and query; any when absent. */
  readonly path?: string;
  /** Only dry runs, or only what would be persisted; either when absent. */
  readonly dryRun?: boolean;
  /** How many matching requests are hit (1). */
  readonly times?: number;
  /** How many matching requests pass before (0). */
  readonly skip?: number;
  /** Asked for in the moment in which this one first hits: what must follow at once, whoever is slow. */
  readonly next?: Fault;
}

export class Faults {
  #waiting: readonly { readonly fault: Fault; readonly skip: number; readonly times: number }[] = [];

  add(fault: Fault): void {
    this.#waiting = [...this.#waiting, { fault, skip: fault.skip ?? 0, times: fault.times ?? 1 }];
  }

  clear(): void {
    this.#waiting = [];
  }

  /** The fault that hits this request, which is thereby used up once; null when none does. */
  take(request: HttpRequest): FaultKind | null {
    const target = `${request.path}?${request.query.toString()}`;
    const at = this.#waiting.findIndex(
      ({ fault }) =>
        (fault.method === undefined || fault.method === request.method) &&
        (fault.dryRun === undefined || fault.dryRun === request.query.has('dryRun')) &&
        (fault.path === undefined || target.includes(fault.path)),
    );
    const found = this.#waiting[at];
    if (found === undefined) return null;
    const left = found.skip > 0 ? { ...found, skip: found.skip - 1 } : { ...found, times: found.times - 1 };
    this.#waiting = left.times > 0 ? this.#waiting.with(at, left) : this.#waiting.toSpliced(at, 1);
    if (found.skip > 0) return null;
    const { next, times = 1 } = found.fault;
    if (next !== undefined && found.times === times) this.add(next);
    return found.fault.fault;
  }
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  409: 'Conflict',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** The refusal that a status fault stands for. */
export function faultStatus(fault: Extract<FaultKind, { readonly kind: 'status' }>): StatusError {
  const { code, retryAfterSeconds, message = `injected fault: ${code}` } = fault;
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: REASONS[code] ?? 'Unknown',
    ...(retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } }),
    code,
  });
}

const KINDS = ['delay', 'status', 'drop-before', 'drop-after', 'hang-after', 'hang'];

/** A fault as another process sends it. */
export function readFault(value: unknown): Fault {
  const given = value as Fault;
  if (typeof value !== 'object' || value === null || !KINDS.includes(given.fault?.kind))
    throw badRequest(
      `a fault is {"fault": {"kind": "${KINDS.join('|')}", …}, "method"?, "path"?, "dryRun"?, "times"?, "skip"?}`,
    );
  return given;
}
