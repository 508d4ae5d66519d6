// Moments and durations in the reader's language and zone: relative on the page, absolute on hover.
import { type ReactElement, useCallback, useSyncExternalStore } from 'react';
import { type Lang, useLang } from '../words/words.ts';

interface Ticker {
  now: number;
  readonly listeners: Set<() => void>;
}

/** One clock for all that ask as often: a list of rows does not need a timer each. */
const TICKERS = new Map<number, Ticker>();

const tickerOf = (every: number): Ticker => {
  const known = TICKERS.get(every);
  if (known !== undefined) return known;
  const ticker: Ticker = { now: Date.now(), listeners: new Set() };
  TICKERS.set(every, ticker);
  setInterval(() => {
    ticker.now = Date.now();
    for (const listener of ticker.listeners) listener();
  }, every);
  return ticker;
};

/** Milliseconds now, told anew every `every` milliseconds. */
export function useNow(every: number): number {
  const ticker = tickerOf(every);
  const subscribe = useCallback(
    (tell: () => void) => {
      ticker.listeners.add(tell);
      return () => ticker.listeners.delete(tell);
    },
    [ticker],
  );
  return useSyncExternalStore(subscribe, () => ticker.now);
}

/** Formatters are costly to make and the same for every row. */
const kept = <T,>(make: (lang: Lang) => T): ((lang: Lang) => T) => {
  const made = new Map<Lang, T>();
  return (lang) => {
    const one = made.get(lang) ?? make(lang);
    made.set(lang, one);
    return one;
  };
};
const RELATIVE = kept((lang) => new Intl.RelativeTimeFormat(lang, { numeric: 'auto', style: 'short' }));
const ABSOLUTE = kept((lang) => new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'long' }));
const OF_DAY = kept(
  (lang) => new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }),
);

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "3 minutes ago" of milliseconds that have passed; less than a second is now. */
export function agoText(ms: number, lang: Lang): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ['second', 1];
  return RELATIVE(lang).format(-Math.floor(seconds / size), unit);
}

/** "3:59:07" of milliseconds, never below zero. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** "2.4 s", "5 min", "3 h" of milliseconds. */
export function spanText(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

export function absoluteText(at: string, lang: Lang): string {
  return ABSOLUTE(lang).format(new Date(at));
}

/** How long ago it was; the moment itself on hover. */
export function Ago({ at }: { at: string }): ReactElement {
  const lang = useLang();
  const now = useNow(10_000);
  return (
    <time dateTime={at} title={absoluteText(at, lang)}>
      {agoText(now - Date.parse(at), lang)}
    </time>
  );
}

/** The time of day; date and zone on hover. */
export function Clock({ at }: { at: string }): ReactElement {
  const lang = useLang();
  return (
    <time dateTime={at} title={absoluteText(at, lang)}>
      {OF_DAY(lang).format(new Date(at))}
    </time>
  );
}
