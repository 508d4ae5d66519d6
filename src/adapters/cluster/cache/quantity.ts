// Kubernetes quantities such as "250m", "1.5Gi" or "1e3" as whole numbers.

const SUFFIX: ReadonlyMap<string, number> = new Map([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
]);

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

/** The quantity in units of `unit` (0.001: thousandths), rounded up; 0 where there is none or it cannot be read. */
export function quantity(value: unknown, unit: number): number {
  const match = QUANTITY.exec(typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '');
  if (match === null) return 0;
  const [, number = '', exponent = '0', suffix = ''] = match;
  const factor = (SUFFIX.get(suffix) ?? 1) * 10 ** Number(exponent);
  // Binary fractions must not turn 100m into 101: a billionth of a unit is no request.
  return Math.ceil((Number(number) * factor) / unit - 1e-9);
}
