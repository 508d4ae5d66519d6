// Points in time as text that sorts: RFC 3339 in UTC with milliseconds.

/** "2026-11-22T19:25:14.000Z": two of them compare as strings. */
export type Instant = string;

/** From milliseconds since the epoch, as the clock port gives them. */
export function instant(ms: number): Instant {
  return new Date(ms).toISOString();
}

/** The instant without its milliseconds, as people read it: "2026-11-22T19:25:14Z". */
export function toTheSecond(at: Instant): string {
  return at.replace(/\.\d+Z$/, 'Z');
}

/** The instant so many seconds later (earlier when negative). */
export function plusSeconds(at: Instant, seconds: number): Instant {
  return instant(Date.parse(at) + seconds * 1000);
}

/** Seconds from one instant to another, negative when `to` is the earlier one. */
export function secondsBetween(from: Instant, to: Instant): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
