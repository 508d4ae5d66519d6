// Who works on what, until when: in memory, since the folder's lock makes this process the only one, and its end frees all.
import type { Instant } from '../../../core/model/instant.ts';

interface Lease {
  readonly until: Instant;
  readonly token: number;
  /** How often it was taken since it was last given back. */
  readonly times: number;
}

/** Leases by key; one that ran out may be taken by the next. */
export class Leases {
  readonly #leases = new Map<string, Lease>();
  #lastToken = 0;

  /** How many rows must be read at most to find one that nobody holds. */
  get size(): number {
    return this.#leases.size;
  }

  isHeld(key: string, now: Instant): boolean {
    const lease = this.#leases.get(key);
    return lease !== undefined && lease.until > now;
  }

  /** Takes it over from whoever had it. */
  take(key: string, until: Instant): Lease {
    this.#lastToken += 1;
    const lease = { until, token: this.#lastToken, times: (this.#leases.get(key)?.times ?? 0) + 1 };
    this.#leases.set(key, lease);
    return lease;
  }

  /** The same lease for longer; false: it is not the latest any more. */
  prolong(key: string, token: number, until: Instant): boolean {
    const lease = this.#leases.get(key);
    if (lease?.token !== token) return false;
    this.#leases.set(key, { ...lease, until });
    return true;
  }

  /** The token of the latest taker, and how often it was taken; null: given back, or never taken. */
  of(key: string): Lease | null {
    return this.#leases.get(key) ?? null;
  }

  giveBack(key: string): void {
    this.#leases.delete(key);
  }

  /** Whose leases have not run out. */
  held(now: Instant): readonly string[] {
    return [...this.#leases].filter(([, { until }]) => until > now).map(([key]) => key);
  }

  /** When the first of those that are held now runs out. */
  nextEnd(now: Instant): Instant | null {
    const ends = [...this.#leases.values()].map(({ until }) => until).filter((until) => until > now);
    return ends.toSorted()[0] ?? null;
  }
}

/** The first of the rows, in their order, that nobody holds; `read` gives the first so many of them. */
export async function firstFree<N extends string, R extends { readonly [name in N]: string }>(
  leases: Leases,
  now: Instant,
  key: N,
  read: (limit: number) => Promise<readonly R[]>,
): Promise<R | null> {
  for (;;) {
    const limit = leases.size + 1;
    const rows = await read(limit);
    const free = rows.find((row) => !leases.isHeld(row[key], now));
    // Others took all of them while they were read: there may be more.
    if (free !== undefined || rows.length < limit) return free ?? null;
  }
}
