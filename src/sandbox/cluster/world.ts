// What every part of the sandbox cluster shares: storage, clock, names by chance, and how long things take.
// The only place with chance; it decides nothing.
import { randomInt, randomUUID } from 'node:crypto';
import type { SandboxClock } from './clock.ts';
import type { Storage } from './storage.ts';

/** How long the simulated machinery takes, in milliseconds before `speed` divides them. */
export interface Durations {
  readonly schedule: number;
  readonly start: number;
  readonly ready: number;
  readonly terminate: number;
  /** From start to exit of a container that is named to crash. */
  readonly crash: number;
  /** First wait before a restart; doubled each time up to 32 times as long. */
  readonly backoff: number;
  /** Run time of a job's container. */
  readonly job: number;
}

export const DURATIONS: Durations = {
  schedule: 50,
  start: 700,
  ready: 600,
  terminate: 800,
  crash: 600,
  backoff: 2500,
  job: 1500,
};

export interface World {
  readonly storage: Storage;
  readonly clock: SandboxClock;
  readonly durations: Durations;
  /** Simulated seconds run this many times faster than the clock. */
  readonly speed: number;
}

/** Now, as Kubernetes writes times: RFC 3339 in whole seconds. */
export function timestamp(world: World, offsetMs = 0): string {
  return `${new Date(world.clock.now() + offsetMs).toISOString().slice(0, 19)}Z`;
}

const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

/** A random suffix of the letters that Kubernetes uses, because they form no words. */
export function randomSuffix(length: number): string {
  return Array.from({ length }, () => SAFE[randomInt(SAFE.length)]).join('');
}

export function newUid(): string {
  return randomUUID();
}

/** A short hash of any JSON value in Kubernetes' safe letters; same value, same hash, whatever the order of keys. */
export function safeHash(value: unknown): string {
  let hash = 0x811c9dc5;
  for (const char of canonical(value)) {
    hash ^= char.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return Array.from(String(hash), (digit) => SAFE[digit.charCodeAt(0) % SAFE.length]).join('');
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
    .join(',')}}`;
}
