// The cluster as it is kept by watching it: every kind followed, its age known.
import type { MissingFact } from '../../../core/model/facts.ts';
import type { AdapterError } from '../../../ports/adapter-error.ts';
import type { SteadyClock } from '../../../ports/clock.ts';
import type { ClusterClient } from '../client.ts';
import { deniedIn } from '../rights.ts';
import type { Answered, ClusterKnowledge, Wanted } from './cluster-knowledge.ts';
import { type Followed, followKind, type Pace } from './follow-kind.ts';
import { type Freshness, isBefore, lacking, secondsSince, UNREAD } from './freshness.ts';
import { KIND_NAMES, type KindName } from './kinds.ts';
import { KnownCluster } from './known-cluster.ts';
import { watchWorld } from './world.ts';

export interface CacheSettings {
  /** Beyond this age a kind counts as a missing fact, too-old. */
  readonly maxAgeSeconds: number;
}

export const DEFAULT_CACHE_SETTINGS: CacheSettings = { maxAgeSeconds: 60 };

/** How well each kind is known, for metrics and readiness. */
export interface KindHealth {
  readonly kind: KindName;
  readonly ageSeconds: number | null;
  readonly lacking: MissingFact['why'] | null;
}

export interface ClusterCache extends ClusterKnowledge {
  /** Follows every kind until the signal ends it. */
  run(signal: AbortSignal): Promise<void>;
  health(): readonly KindHealth[];
  readonly cluster: KnownCluster;
}

/** Milliseconds that a question waits for a first list, or for a watch to catch up with what was read directly. */
const WAIT_MS = 3_000;
/** Seconds between the relists of two kinds, so that they do not all come at once. */
const APART_SECONDS = 3;

/** Three watches fit into the age limit, so that one may be missed. */
const paceFor = (maxAgeSeconds: number, place: number): Pace => ({
  watch: Math.max(3, Math.floor(maxAgeSeconds / 3)),
  patience: 5,
  relist: { least: 60 + place * APART_SECONDS, most: 600 + place * APART_SECONDS, objectsPerSecond: 10 },
  retry: { first: 0.25, most: 10, refused: 60 },
});

/** Nothing is asked of the cluster until `run`. `onTrouble` hears of a failure when it is not the one before. */
export function createClusterCache(
  client: ClusterClient,
  clock: SteadyClock,
  { maxAgeSeconds }: CacheSettings,
  onTrouble: (kind: KindName, error: AdapterError) => void,
): ClusterCache {
  const cluster = new KnownCluster();
  const world = watchWorld(client);
  const freshnesses = new Map<KindName, Freshness>(KIND_NAMES.map((kind) => [kind, UNREAD]));
  /** What is of a world that is gone counts as never read, from the moment in which one kind has noticed. */
  const freshnessOf = (kind: KindName): Freshness => {
    const freshness = freshnesses.get(kind) ?? UNREAD;
    return freshness.world === world.now() ? freshness : { ...UNREAD, trouble: freshness.trouble };
  };
  const waiting = new Set<() => void>();
  const told = new Map<KindName, string>();

  const followedFor = (kind: KindName, place: number): Followed => ({
    client,
    clock,
    cluster,
    world,
    pace: paceFor(maxAgeSeconds, place),
    onFreshness: (freshness) => {
      freshnesses.set(kind, freshness);
      if (freshness.trouble === null) told.delete(kind);
      for (const look of waiting) look();
    },
    onTrouble: (error) => {
      if (told.get(kind) !== error.message) onTrouble(kind, error);
      told.set(kind, error.message);
    },
  });

  /** Known well enough for the question, or in trouble: more waiting would not help. */
  const isSettled = (kind: KindName, atLeast: string | undefined): boolean => {
    const { asOf, version, trouble } = freshnessOf(kind);
    if (trouble !== null) return true;
    return asOf !== null && (atLeast === undefined || !isBefore(version ?? '', atLeast));
  };

  const settle = async ({ needed, atLeast }: Wanted, signal: AbortSignal): Promise<void> => {
    const settled = (): boolean => needed.every((kind) => isSettled(kind, atLeast.get(kind)));
    if (settled()) return;
    const over = new AbortController();
    const look = (): void => {
      if (settled()) over.abort();
    };
    waiting.add(look);
    await clock.sleep(WAIT_MS, AbortSignal.any([signal, over.signal]));
    waiting.delete(look);
  };

  const lackingOf = (kind: KindName, atLeast: string | undefined): MissingFact['why'] | null => {
    const freshness = freshnessOf(kind);
    const why = lacking(freshness, maxAgeSeconds, clock);
    if (why !== null) return why;
    return atLeast !== undefined && isBefore(freshness.version ?? '', atLeast) ? 'too-old' : null;
  };

  const ageOf = (kind: KindName): number | null => {
    const { asOf } = freshnessOf(kind);
    return asOf === null ? null : secondsSince(asOf, clock);
  };

  return {
    cluster,
    run: async (signal) => {
      await Promise.all(KIND_NAMES.map((kind, place) => followKind(kind, followedFor(kind, place), signal)));
    },
    ask: async (wanted, signal): Promise<Answered> => {
      await settle(wanted, signal);
      const missing = wanted.needed.flatMap((kind): readonly MissingFact[] => {
        const why = lackingOf(kind, wanted.atLeast.get(kind));
        if (why === null) return [];
        const right = why === 'forbidden' ? deniedIn(told.get(kind) ?? '') : null;
        return [{ resource: kind, object: null, part: null, right, why }];
      });
      const ages = wanted.needed.map(ageOf);
      const known = ages.filter((age) => age !== null);
      const reliable = KIND_NAMES.filter((kind) => lackingOf(kind, wanted.atLeast.get(kind)) === null);
      const age = known.length < ages.length ? null : Math.ceil(Math.max(0, ...known));
      return { cluster, known: new Set(reliable), missing, ageSeconds: age };
    },
    health: () => KIND_NAMES.map((kind) => ({ kind, ageSeconds: ageOf(kind), lacking: lackingOf(kind, undefined) })),
  };
}
