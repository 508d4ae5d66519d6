// A cluster → what is there, by uid: who owns it, and whether it is a pod that is ready. Compared before and after.
import type { ControlPlane } from '../servers/kubernetes.ts';
import { COLLECTIONS, pathOf } from './world.ts';

export interface Seen {
  readonly uid: string;
  readonly kind: string;
  readonly resource: string;
  readonly group: string;
  readonly namespace: string | null;
  readonly name: string;
  /** Uids of its owners. */
  readonly owners: readonly string[];
  readonly ready: boolean;
}

export type Snapshot = ReadonlyMap<string, Seen>;

interface ApiObject {
  readonly metadata: {
    readonly uid: string;
    readonly name: string;
    readonly namespace?: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** A cluster-scoped object of a namespace that was used before and is on its way out. */
const isOfAnother = (name: string, namespace: string): boolean => {
  const of = /^f\d+(?=-|$)/.exec(name)?.[0];
  return of !== undefined && of !== namespace;
};

/** Everything of the namespace, and the cluster-scoped objects. What is on its way out is gone. */
export const snapshotOf = async (plane: ControlPlane, namespace: string): Promise<Snapshot> => {
  const lists = await Promise.all(
    COLLECTIONS.map(async (collection) => {
      const { status, body } = await plane.request('admin', 'GET', pathOf(collection, namespace));
      if (status !== 200) throw new Error(`${pathOf(collection, namespace)}: ${status}`);
      // as: a list of the API server
      const { items } = body as { readonly items: readonly ApiObject[] };
      return items
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined && !isOfAnother(metadata.name, namespace))
        .map(
          ({ metadata, status: state }): Seen => ({
            uid: metadata.uid,
            kind: collection.kind,
            resource: collection.resource,
            group: collection.apiVersion.includes('/') ? (collection.apiVersion.split('/')[0] ?? '') : '',
            namespace: metadata.namespace ?? null,
            name: metadata.name,
            owners: (metadata.ownerReferences ?? []).map(({ uid }) => uid),
            ready: state?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
          }),
        );
    }),
  );
  return new Map(lists.flat().map((one) => [one.uid, one]));
};

/** What was there and is no more. */
export const goneBetween = (before: Snapshot, after: Snapshot): readonly Seen[] =>
  [...before.values()].filter(({ uid }) => !after.has(uid));

/** The object and everything that owns it, as far as the snapshot knows. */
export const chainOf = (one: Seen, snapshot: Snapshot, seen: ReadonlySet<string> = new Set()): readonly Seen[] =>
  seen.has(one.uid)
    ? []
    : [
        one,
        ...one.owners.flatMap((uid) => {
          const owner = snapshot.get(uid);
          return owner === undefined ? [] : chainOf(owner, snapshot, new Set([...seen, one.uid]));
        }),
      ];
