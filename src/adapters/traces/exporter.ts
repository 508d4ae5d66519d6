// Spans → a collector, by OTLP over HTTP as JSON (opentelemetry-proto 1.x, collector/trace/v1). In batches, within a time, and never in the way: what
// a collector does not take is dropped and counted.
import type { Secret } from '../../ports/secret.ts';
import type { TraceSpan } from './spans.ts';

export interface CollectorSettings {
  /** Where traces are sent, with its path: "http://127.0.0.1:4318/v1/traces". */
  readonly url: string;
  /** "name=value,name=value", percent-encoded; null: none. */
  readonly headers: Secret | null;
  readonly serviceName: string;
  readonly version: string;
}

export interface SpanExporter {
  /** Never waits and never throws. */
  add(spans: readonly TraceSpan[]): void;
  /** As Prometheus text. */
  counts(): string;
  /** Sends what is left, for at most so long. */
  close(graceMs: number): Promise<void>;
}

/** Spans. As the SDKs of OpenTelemetry have it (OTEL_BSP_MAX_QUEUE_SIZE, OTEL_BSP_MAX_EXPORT_BATCH_SIZE, OTEL_BSP_SCHEDULE_DELAY). */
const LIMITS = { queue: 2048, batch: 512, everyMs: 5_000, timeoutMs: 10_000, tries: 3 } as const;
/** What is worth another try (OTLP specification, "Retryable response codes"). */
const LATER: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const attributesOf = (attributes: TraceSpan['attributes']) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
  }));

const nanos = (milliseconds: number): string => `${Math.round(milliseconds)}000000`;

const INTERNAL = 1;
const STATUS = { ok: 1, error: 2 } as const;

/** The body of one request. */
export function otlpRequest(
  spans: readonly TraceSpan[],
  settings: Pick<CollectorSettings, 'serviceName' | 'version'>,
): object {
  const { serviceName, version } = settings;
  const resource = { 'service.name': serviceName, 'service.version': version };
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [
          {
            scope: { name: 'blastgate', version },
            spans: spans.map((span) => ({
              traceId: span.traceId,
              spanId: span.spanId,
              ...(span.parentId === null ? {} : { parentSpanId: span.parentId }),
              name: span.name,
              kind: INTERNAL,
              startTimeUnixNano: nanos(span.begun),
              endTimeUnixNano: nanos(span.ended),
              attributes: attributesOf(span.attributes),
              events: span.events.map(({ name, at, attributes }) => ({
                name,
                timeUnixNano: nanos(at),
                attributes: attributesOf(attributes),
              })),
              status: { code: STATUS[span.status] },
            })),
          },
        ],
      },
    ],
  };
}

/** As OTEL_EXPORTER_OTLP_HEADERS has them. */
const headersOf = (headers: Secret | null): Record<string, string> =>
  Object.fromEntries(
    (headers?.reveal() ?? '').split(',').flatMap((pair) => {
      const [name = '', ...value] = pair.split('=');
      return name.trim() === '' ? [] : [[name.trim().toLowerCase(), decodeURIComponent(value.join('=').trim())]];
    }),
  );

/** `troubled` hears once when sending begins to fail. */
export function createSpanExporter(settings: CollectorSettings, troubled: (why: string) => void): SpanExporter {
  const queue: TraceSpan[] = [];
  const counts = { sent: 0, dropped: 0 };
  const headers = { ...headersOf(settings.headers), 'content-type': 'application/json' };
  const ending = new AbortController();
  let isTroubled = false;
  let timer: NodeJS.Timeout | null = null;
  let underWay: Promise<void> | null = null;

  const post = async (spans: readonly TraceSpan[]): Promise<'sent' | 'later' | 'never'> => {
    const response = await fetch(settings.url, {
      method: 'POST',
      headers,
      body: JSON.stringify(otlpRequest(spans, settings)),
      redirect: 'error',
      signal: AbortSignal.any([AbortSignal.timeout(LIMITS.timeoutMs), ending.signal]),
    });
    await response.body?.cancel();
    if (response.ok) return 'sent';
    why = `HTTP ${response.status}`;
    return LATER.has(response.status) ? 'later' : 'never';
  };
  let why = '';

  const send = async (spans: readonly TraceSpan[]): Promise<void> => {
    for (let at = 1; at <= LIMITS.tries; at += 1) {
      const end = await post(spans).catch((error: unknown) => {
        why = error instanceof Error ? error.message : 'unknown';
        return 'later' as const;
      });
      if (end === 'sent') {
        counts.sent += spans.length;
        isTroubled = false;
        return;
      }
      if (end === 'never' || at === LIMITS.tries || ending.signal.aborted) break;
      await new Promise((done) => setTimeout(done, 2 ** at * 250).unref());
    }
    counts.dropped += spans.length;
    if (!isTroubled) troubled(why);
    isTroubled = true;
  };

  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    underWay ??= (async () => {
      while (queue.length > 0) await send(queue.splice(0, LIMITS.batch));
    })().finally(() => {
      underWay = null;
    });
    return underWay;
  };

  return {
    add: (spans) => {
      const room = LIMITS.queue - queue.length;
      queue.push(...spans.slice(0, room));
      counts.dropped += Math.max(0, spans.length - room);
      if (queue.length >= LIMITS.batch) void flush();
      else if (queue.length > 0) timer ??= setTimeout(() => void flush(), LIMITS.everyMs).unref();
    },
    counts: () =>
      [
        '# HELP blastgate_spans_total Spans of traces: sent to the collector, or dropped since it did not take them.',
        '# TYPE blastgate_spans_total counter',
        `blastgate_spans_total{result="sent"} ${counts.sent}`,
        `blastgate_spans_total{result="dropped"} ${counts.dropped}`,
        '',
      ].join('\n'),
    close: async (graceMs) => {
      const over = setTimeout(() => ending.abort(), graceMs);
      await flush();
      // What was added while the last batch was under way.
      await flush();
      clearTimeout(over);
    },
  };
}
