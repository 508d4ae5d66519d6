// The header `traceparent` → where a proposal belongs in the trace of whoever made it (W3C Trace Context, level 1).

export interface TraceContext {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** The span that it was made in, 16 hex digits; null: the trace begins here. */
  readonly parentId: string | null;
  /** Whether the trace is recorded by those who take part in it. */
  readonly recorded: 'yes' | 'no';
}

const ZEROS = /^0+$/;

/** null where the header is missing or is not one; a later version than 00 is read by its first four parts, as the standard says. */
export function readTraceParent(header: string | null | undefined): TraceContext | null {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(header?.trim() ?? '');
  const [, version = 'ff', traceId = '', parentId = '', flags = '', more] = match ?? [];
  if (match === null || version === 'ff' || ZEROS.test(traceId) || ZEROS.test(parentId)) return null;
  if (version === '00' && more !== undefined) return null;
  return { traceId, parentId, recorded: (Number.parseInt(flags, 16) & 1) === 1 ? 'yes' : 'no' };
}
