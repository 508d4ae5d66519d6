// The aggregate of outcomes as a table.

import type { JsonObject } from '../../core/model/json.ts';
import { plainLine } from '../../core/text/escape.ts';
import { fieldText } from '../json-field.ts';
import { columns } from '../terminal/paint.ts';

/** Reads the answer of GET /outcomes: one row per action and target. */
export function outcomeTable(body: JsonObject): string {
  const summary = Array.isArray(body['summary']) ? (body['summary'] as readonly JsonObject[]) : [];
  if (summary.length === 0) return 'no outcomes yet\n';
  const rows = summary.map((row) => [
    plainLine(fieldText(row['action'])),
    plainLine(fieldText(row['target'])),
    fieldText(row['runs']),
    fieldText(row['succeeded']),
    fieldText(row['rolledBack']),
    fieldText(row['failed']),
    row['secondsToApprove'] === null ? '-' : duration(Number(row['secondsToApprove'])),
  ]);
  return `${columns([['ACTION', 'TARGET', 'RUNS', 'SUCCEEDED', 'ROLLED BACK', 'FAILED', 'TO APPROVE'], ...rows]).join('\n')}\n`;
}

const duration = (seconds: number): string =>
  seconds < 120 ? `${seconds}s` : seconds < 7200 ? `${Math.round(seconds / 60)}m` : `${Math.round(seconds / 3600)}h`;
