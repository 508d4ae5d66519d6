// When a freeze is on, as the policy says it.
import type { Instant } from './instant.ts';

/** Once, `from` and `to` as the clock there shows them; or again and again, at each time of `cron` for so many minutes. */
export interface FreezeTimes {
  /** Name of the IANA time zone that they are meant in. */
  readonly timezone: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron?: string | undefined;
  readonly minutes?: number | undefined;
}

/** One time that it is on: `from` is in it, `until` is not. */
export interface FreezeWindow {
  readonly from: Instant;
  readonly until: Instant;
}
