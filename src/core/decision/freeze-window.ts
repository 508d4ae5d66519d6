// When a freeze is on → the window that a moment is in, and the next one. The time is given in; croner reads crons and knows zones.
import { Cron } from 'croner';
import type { FreezeTimes, FreezeWindow } from '../model/freeze-times.ts';
import { type Instant, instant } from '../model/instant.ts';

/** "2026-12-20T18:00", with seconds or an offset if need be. */
const WALL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?$/;
const OFFSET = /(?:Z|[+-]\d{2}:\d{2})$/;
/** Windows of one cron that overlap or touch are one: so many are joined at most, some two months of days. */
const MOST_JOINED = 64;

/** The window that is on at `now`; null: none. */
export function windowAt(times: FreezeTimes, now: Instant): FreezeWindow | null {
  const window = windowUntilAfter(times, now);
  return window !== null && window.from <= now ? window : null;
}

/** The first window that begins after `now`; null: there is none any more. */
export function nextWindow(times: FreezeTimes, now: Instant): FreezeWindow | null {
  const window = windowUntilAfter(times, now);
  if (window === null || window.from > now) return window;
  return beatOf(times) === null ? null : windowUntilAfter(times, window.until);
}

/** What is wrong with it, in which key (null: in all), in words that say what to write; null: nothing. */
export function freezeTimesProblem(
  times: FreezeTimes,
): { readonly key: string | null; readonly message: string } | null {
  const wrong = (key: string | null, message: string) => ({ key, message });
  if (!isZone(times.timezone))
    return wrong('timezone', 'write the name of a time zone: Asia/Taipei, Europe/Berlin, UTC');
  const [span, beat] = [spanOf(times), beatOf(times)];
  if ((span === null) === (beat === null)) return wrong(null, 'write from and to, or cron and minutes');
  if (beat !== null) {
    const isFive = beat.cron.trim().split(/\s+/).length === 5;
    return isFive && nextOf(beat, 0) !== null ? null : wrong('cron', CRON_HELP);
  }
  const [from, to] = [at(span?.from, times.timezone), lastAt(span?.to, times.timezone)];
  if (from === null) return wrong('from', TIME_HELP);
  if (to === null) return wrong('to', TIME_HELP);
  return from < to ? null : wrong('to', 'it must end after it begins');
}

interface Span {
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
}

/** null: it is not a single time, or says something of both. */
const spanOf = ({ from, to, cron, minutes, timezone }: FreezeTimes): Span | null =>
  from !== undefined && to !== undefined && cron === undefined && minutes === undefined ? { from, to, timezone } : null;

interface Beat {
  readonly cron: string;
  readonly minutes: number;
  readonly timezone: string;
}

const beatOf = ({ from, to, cron, minutes, timezone }: FreezeTimes): Beat | null =>
  cron !== undefined && minutes !== undefined && from === undefined && to === undefined
    ? { cron, minutes, timezone }
    : null;

/** What is said of a time that is none. */
export const TIME_HELP = 'write a time as it stands on the clock there: 2026-12-20T18:00';
const CRON_HELP = 'write five fields that some day fit: "0 18 * * 5" is each Friday at 18:00';

/** The window that is on at `now`, or else the next. */
const windowUntilAfter = (times: FreezeTimes, now: Instant): FreezeWindow | null => {
  const beat = beatOf(times);
  if (beat !== null) return beatWindow(beat, now);
  const span = spanOf(times);
  const [from, until] = [at(span?.from, times.timezone), lastAt(span?.to, times.timezone)];
  if (from === null || until === null || instant(until) <= now) return null;
  return { from: instant(from), until: instant(until) };
};

const beatWindow = (beat: Beat, now: Instant): FreezeWindow | null => {
  const length = beat.minutes * 60_000;
  // The earliest start that is not over by now; from there on whatever begins before the end so far makes it longer.
  const first = nextOf(beat, Date.parse(now) - length);
  if (first === null) return null;
  let [last, until] = [first, first + length];
  for (let joined = 0; joined < MOST_JOINED; joined += 1) {
    const next = nextOf(beat, last);
    if (next === null || next > until) break;
    [last, until] = [next, next + length];
  }
  return { from: instant(first), until: instant(until) };
};

/** Milliseconds of the first start after `after`; null: none, or nobody can read it. */
const nextOf = ({ cron, timezone }: Beat, after: number): number | null => {
  try {
    const found = new Cron(cron, { timezone, paused: true, mode: '5-part' }).nextRun(new Date(after));
    return found === null || found === undefined ? null : found.getTime();
  } catch {
    return null;
  }
};

/** A time that a clock skips when summer time begins is the one that it shows instead. */
const at = (text: string | undefined, timezone: string): number | null => {
  if (text === undefined || !WALL_TIME.test(text)) return null;
  if (OFFSET.test(text)) return Number.isNaN(Date.parse(text)) ? null : Date.parse(text);
  const seconds = text.length === 'yyyy-mm-ddThh:mm'.length ? `${text}:00` : text;
  // Feb 30 would roll over into March without a word.
  if (Number.isNaN(Date.parse(`${seconds}Z`)) || !instant(Date.parse(`${seconds}Z`)).startsWith(text)) return null;
  try {
    return new Cron(seconds, { timezone, paused: true }).nextRun(new Date(0))?.getTime() ?? null;
  } catch {
    return null;
  }
};

/** Of a time that a clock shows twice, when summer time ends, the second: what is frozen until then stays so through both. */
const lastAt = (text: string | undefined, timezone: string): number | null => {
  const first = at(text, timezone);
  if (text === undefined || first === null || OFFSET.test(text)) return first;
  const shown = new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  const again = CLOCK_STEPS_MS.map((step) => first + step).find((time) => shown.format(time) === shown.format(first));
  return again ?? first;
};

/** How far clocks are put back: an hour, half of one on Lord Howe Island. */
const CLOCK_STEPS_MS = [3_600_000, 1_800_000];

const isZone = (timezone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
};
