// Points in time and spans as a reader of a terminal takes them in.
import { ownValue } from '../../core/model/json.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** "45s", "12m", "5h", "3d": a span of seconds in the largest unit of which it has two or more; never negative. */
export function shortSpan(seconds: number): string {
  const whole = Math.max(0, seconds);
  if (whole < 2 * MINUTE) return `${Math.floor(whole)}s`;
  if (whole < 2 * HOUR) return `${Math.floor(whole / MINUTE)}m`;
  return whole < 2 * DAY ? `${Math.floor(whole / HOUR)}h` : `${Math.floor(whole / DAY)}d`;
}

/** How old an instant is at `now`, in milliseconds since the epoch; "-" for a text that is no time. */
export function ageOf(at: string, now: number): string {
  const then = Date.parse(at);
  return Number.isNaN(then) ? '-' : shortSpan((now - then) / 1000);
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: MINUTE, h: HOUR, d: DAY };

/** "30m", "12h", "7d" before `now`, or a time of its own (RFC 3339), as an instant; null for any other text. */
export function sinceOf(text: string, now: number): string | null {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== '') return new Date(now - Number(count) * (ownValue(UNITS, unit) ?? 0) * 1000).toISOString();
  const then = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(then) ? null : new Date(then).toISOString();
}
