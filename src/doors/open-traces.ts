// The collector of the settings becomes what hears of every saved step and sends its spans.
import { randomBytes } from 'node:crypto';
import { createSpanExporter } from '../adapters/traces/exporter.ts';
import { spansOf } from '../adapters/traces/spans.ts';
import type { TraceContext } from '../core/model/trace-context.ts';
import type { Log } from '../ports/log.ts';
import type { RemediationChange } from '../ports/store.ts';
import type { TraceSettings } from './settings/traces.ts';
import { versionOfPackage } from './version.ts';

export interface OpenedTraces {
  saved(changes: readonly RemediationChange[]): void;
  /** For a proposal that came without a trace. */
  newTrace(): TraceContext;
  /** As Prometheus text. */
  counts(): string;
  /** Sends what is left, for at most so long. */
  close(graceMs: number): Promise<void>;
}

/** Nothing is sent yet; a collector that does not answer stops nothing. */
export function openTraces(settings: TraceSettings, log: Log): OpenedTraces {
  const exporter = createSpanExporter({ ...settings, version: versionOfPackage() }, (why) =>
    log.warn('traces_not_sent', { error: why }),
  );
  return {
    saved: (changes) => exporter.add(changes.flatMap(spansOf)),
    newTrace: () => ({ traceId: randomBytes(16).toString('hex'), parentId: null, recorded: 'yes' }),
    counts: () => exporter.counts(),
    close: (graceMs) => exporter.close(graceMs),
  };
}
