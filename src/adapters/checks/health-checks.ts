// The checks of a policy, asked of Prometheus and of the addresses that it names.
import { comparisonOf, type HealthCheck } from '../../core/model/health-check.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { CheckAnswer, HealthChecks } from '../../ports/health-checks.ts';
import { limitedGet } from './limited-get.ts';
import { type PrometheusAt, valuesOf } from './prometheus.ts';

/** Every series must be as it should: one that is not makes it fail. Nothing, or no number, says neither yes nor no. */
const askPrometheus = async (
  prometheus: PrometheusAt | null,
  { promql, is }: Extract<HealthCheck, { readonly promql: string }>,
  signal: AbortSignal,
): Promise<CheckAnswer> => {
  if (prometheus === null) throw new AdapterError('no-answer', 'the policy names no prometheus');
  const holds = comparisonOf(is);
  if (holds === null) throw new AdapterError('no-answer', `"${is}" compares nothing`);
  const values = await valuesOf(prometheus, promql, signal);
  if (values.length === 0) throw new AdapterError('invalid-answer', 'the query found no series');
  const wrong = values.find((one) => !Number.isNaN(one) && !holds(one));
  if (wrong !== undefined) return { is: 'failed', says: `${wrong}` };
  if (values.some(Number.isNaN)) throw new AdapterError('invalid-answer', 'the value is no number (NaN)');
  return { is: 'passed', says: `${values[0]}` };
};

/**
 * `prometheus`: the address that the policy of now names, null where it names none; `tokenFile`: of the bearer token that it wants,
 * if any.
 */
export function createHealthChecks(prometheus: () => string | null, tokenFile: string | null = null): HealthChecks {
  const at = (): PrometheusAt | null => {
    const address = prometheus();
    return address === null ? null : { address: address.replace(/\/+$/, ''), tokenFile };
  };
  return {
    ask: async (check, signal) => {
      if ('promql' in check) return askPrometheus(at(), check, signal);
      const { status } = await limitedGet(check.http, 'ignored', signal);
      return { is: status === check.status ? 'passed' : 'failed', says: `${status}` };
    },
  };
}
