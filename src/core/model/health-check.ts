// A check of the policy: what is asked beside the cluster, and what the answer must be.

/** A query of Prometheus with what its value must be ("< 0.05"), or an address with the status it must answer. */
export type HealthCheck =
  | { readonly promql: string; readonly is: string }
  | { readonly http: string; readonly status: number };

const OPERATORS = {
  '<': (value: number, bound: number) => value < bound,
  '<=': (value: number, bound: number) => value <= bound,
  '>': (value: number, bound: number) => value > bound,
  '>=': (value: number, bound: number) => value >= bound,
  '==': (value: number, bound: number) => value === bound,
  '!=': (value: number, bound: number) => value !== bound,
} as const;

/** Whether a value is as it must be. */
export type Comparison = (value: number) => boolean;

const COMPARISON = /^\s*(<=|>=|==|!=|<|>)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*$/;

/** "< 0.05", ">= 1", "== 0": an operator and a number; null for anything else. */
export function comparisonOf(text: string): Comparison | null {
  const [, operator, number] = COMPARISON.exec(text) ?? [];
  if (operator === undefined || number === undefined) return null;
  // as: the expression matches no other operators.
  const compare = OPERATORS[operator as keyof typeof OPERATORS];
  const bound = Number(number);
  return Number.isFinite(bound) ? (value) => compare(value, bound) : null;
}

/** As verdicts and plans name it: "promql up == 1", "http https://shop.example/healthz 200". */
export function checkName(check: HealthCheck): string {
  return 'promql' in check ? `promql ${check.promql} ${check.is}` : `http ${check.http} ${check.status}`;
}

/** Whether two are the same question with the same answer. */
export function sameCheck(one: HealthCheck, other: HealthCheck): boolean {
  return checkName(one) === checkName(other) && 'promql' in one === 'promql' in other;
}
