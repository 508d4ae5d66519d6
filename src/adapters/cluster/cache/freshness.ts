// How well one kind is known: as of when, up to which version, and what went wrong since.
import type { MissingFact } from '../../../core/model/facts.ts';
import type { SteadyClock } from '../../../ports/clock.ts';

/** A moment on both clocks. */
export interface Moment {
  readonly date: number;
  readonly elapsed: number;
}

export function momentOf(clock: SteadyClock): Moment {
  return { date: clock.now(), elapsed: clock.elapsed() };
}

/** Seconds since then by whichever clock tells more: a date that is set back makes nothing young. */
export function secondsSince(then: Moment, clock: SteadyClock): number {
  return Math.max(clock.elapsed() - then.elapsed, clock.now() - then.date, 0) / 1000;
}

export interface Freshness {
  /** The last moment at which everything was known; null: never yet. */
  readonly asOf: Moment | null;
  /** The resourceVersion that is known; null: a list must be read. */
  readonly version: string | null;
  /** The world that was listed (world.ts): what is of another one is not known. */
  readonly world: number;
  /** The error of the last attempt; null: all is well. */
  readonly trouble: MissingFact['why'] | null;
}

export const UNREAD: Freshness = { asOf: null, version: null, world: 0, trouble: null };

/** Why a fact of this kind cannot be relied on now; null: it can. */
export function lacking(
  { asOf, trouble }: Freshness,
  maxAgeSeconds: number,
  clock: SteadyClock,
): MissingFact['why'] | null {
  if (trouble === 'forbidden') return 'forbidden';
  if (asOf === null) return trouble ?? 'too-old';
  return secondsSince(asOf, clock) > maxAgeSeconds ? 'too-old' : null;
}

/** Versions are compared as the numbers that they are (Kubernetes 1.35, comparable resource versions); others never. */
const asNumber = (version: string): bigint | null => (/^[1-9]\d*$/.test(version) ? BigInt(version) : null);

/** Whether `version` is from before `other`; false where that cannot be told. */
export function isBefore(version: string, other: string): boolean {
  const [a, b] = [asNumber(version), asNumber(other)];
  return a !== null && b !== null && a < b;
}
