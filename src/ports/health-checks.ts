// Asking what the policy's checks ask: Prometheus, and addresses of services.
import type { HealthCheck } from '../core/model/health-check.ts';

/** `says`: what was answered, as a verdict shows it: "0.12", "503". */
export interface CheckAnswer {
  readonly is: 'passed' | 'failed';
  readonly says: string;
}

export interface HealthChecks {
  /** Throws AdapterError where the peer cannot be asked, or its answer says neither yes nor no. */
  ask(check: HealthCheck, signal: AbortSignal): Promise<CheckAnswer>;
}
