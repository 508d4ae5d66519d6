// The doors of a proxy → the one that an address means, or the refusal that says why there is none.
import type { FoundDoor, ProxyDoor } from './proxy.ts';

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
