// Points in time as text that sorts: RFC 3339 in UTC with milliseconds. It must never ask what time it is now.

/** "2026-11-22T19:25:14.000Z": two of them compare as strings. */
export type Instant = string;

/** From milliseconds since the epoch, as the clock port gives them. */
export const instant = (ms: number): Instant => new Date(ms).toISOString();

/** The instant so many seconds later (earlier when negative). */
export const plusSeconds = (at: Instant, seconds: number): Instant => instant(Date.parse(at) + seconds * 1000);

/** Seconds from one instant to another, negative when `to` is the earlier one. */
export const secondsBetween = (from: Instant, to: Instant): number => (Date.parse(to) - Date.parse(from)) / 1000;
