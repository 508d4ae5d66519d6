// The variables of OpenTelemetry that the gate knows → where its traces go.
import { hostOf, isLoopback } from '../../core/model/host.ts';
import type { Secret } from '../../ports/secret.ts';
import { type ReadVariable, secretOf } from './environment.ts';

/** A collector that takes OTLP over HTTP. */
export interface TraceSettings {
  /** With its path: "http://127.0.0.1:4318/v1/traces". */
  readonly url: string;
  /** "name=value,name=value"; null: none are sent. */
  readonly headers: Secret | null;
  readonly serviceName: string;
}

/** null where no collector is named. OpenTelemetry, "Environment variable specification": the address of traces wins and is taken as it is. */
export function readTraces(read: ReadVariable, problems: string[]): TraceSettings | null {
  const [base, exact] = [read('OTEL_EXPORTER_OTLP_ENDPOINT'), read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT')];
  const headers = read('OTEL_EXPORTER_OTLP_HEADERS');
  const name = exact === null ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
  const given = exact ?? base;
  if (given === null) return null;
  const url = URL.parse(given);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    problems.push(`${name} is not an http(s) address: "${given}"`);
    return null;
  }
  const protocol = read('OTEL_EXPORTER_OTLP_PROTOCOL') ?? 'http/json';
  if (!protocol.startsWith('http/'))
    problems.push(
      `OTEL_EXPORTER_OTLP_PROTOCOL is "${protocol}"; traces are sent by http/json, to port 4318 of most collectors`,
    );
  if (headers !== null && url.protocol === 'http:' && !isLoopback(hostOf(url)))
    problems.push(`${name} must be https where OTEL_EXPORTER_OTLP_HEADERS is set: they would travel in clear`);
  if (headers !== null && !/^[^=,]+=[^,]*(,[^=,]+=[^,]*)*$/.test(headers))
    problems.push('OTEL_EXPORTER_OTLP_HEADERS is not name=value,name=value');
  return {
    url: exact ?? `${given.replace(/\/+$/, '')}/v1/traces`,
    headers: secretOf(headers),
    serviceName: read('OTEL_SERVICE_NAME') ?? 'blastgate',
  };
}
