// Rows of values → CSV (RFC 4180) that no spreadsheet takes for a formula (OWASP, CSV injection).

/** What a spreadsheet would compute, or a tab or line end that leads to such. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A number stays one; any other text that would be computed begins with an apostrophe. */
const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
};

export function csvLine(values: readonly unknown[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}
