// The doors of a proxy → the one that an address means, or the refusal that says why there is none.
import type { Refusal } from '../../core/model/refusal.ts';
import type { Upstream } from '../upstream.ts';
import type { AnsweredWrite, ArrivedWrite } from './arrived-write.ts';
import type { ProxyCounts } from './counts.ts';
import type { RequestTarget } from './request-target.ts';
import type { ShadowWrites } from './shadow.ts';
import { type ProxyAnswer, refusalAnswer, refusalAsText } from './status.ts';

/** What stands behind the address of one cluster. */
export interface ProxyDoor {
  /** As the log names it; null: nobody named it. */
  readonly cluster: string | null;
  readonly upstream: Upstream;
  readonly write: (arrived: ArrivedWrite, gone: AbortSignal) => Promise<AnsweredWrite>;
  /** Absent: every write is decided. */
  readonly shadow?: ShadowWrites;
  readonly counts: ProxyCounts;
}

export type FoundDoor =
  | { readonly ok: true; readonly door: ProxyDoor }
  | { readonly ok: false; readonly refusal: Refusal };

/** A name has 63 characters at most; what is longer is cut where it is shown and logged. */
const LONGEST_SHOWN = 100;

/**
 * `unnamed`: where an address without a cluster leads; null: it must name one. `names`: of all clusters that the gate looks after,
 * also those that no door is for.
 */
export function createDoorOf(
  doors: readonly ProxyDoor[],
  unnamed: ProxyDoor | null,
  names: readonly string[],
): (cluster: string | null) => FoundDoor {
  const byName = new Map(doors.map((door) => [door.cluster, door] as const));
  const open = [...byName.keys()].join(', ');
  return (cluster) => {
    const door = cluster === null ? unnamed : (byName.get(cluster) ?? null);
    if (door !== null) return { ok: true, door };
    if (cluster === null) return { ok: false, refusal: { code: 'cluster-required', about: open } };
    const code = names.includes(cluster) ? 'cluster-unproxied' : 'unknown-cluster';
    return { ok: false, refusal: { code, about: cluster.slice(0, LONGEST_SHOWN) } };
  };
}

/** kubectl takes a 404 of discovery for an API server without kinds, and says so in its place. */
export function noDoorAnswer(refusal: Refusal, { segments: [root = '', ...more] }: RequestTarget): ProxyAnswer {
  const isDiscovery = (root === 'api' || root === 'apis') && more.length === 0;
  return isDiscovery ? refusalAsText(refusal, 'en', 403) : refusalAnswer(refusal, 'en', { status: 403 });
}

/** As the log names its cluster; null: no door is known yet. */
export function clusterField(door: ProxyDoor | null): { readonly cluster?: string } {
  return door === null || door.cluster === null ? {} : { cluster: door.cluster };
}
