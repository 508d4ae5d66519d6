// The same knowledge from lists that are read for one question and then forgotten.
import type { MissingFact } from '../../../core/model/facts.ts';
import type { JsonObject } from '../../../core/model/json.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { inBatches } from '../batch.ts';
import { type ClusterClient, getJson } from '../client.ts';
import { missingFact } from '../find-objects.ts';
import { pagesOf } from '../list-pages.ts';
import type { Answered, ClusterKnowledge } from './cluster-knowledge.ts';
import { CLUSTER_SCOPED, formOf, type KindName, listPath } from './kinds.ts';
import { KnownCluster } from './known-cluster.ts';

/** The Namespaces themselves, one by one: whoever may work in one may not list them all. */
const readNamespaces = async (
  client: ClusterClient,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly JsonObject[]> => {
  const found = await inBatches(names, async (name): Promise<readonly JsonObject[]> => {
    try {
      return [await client.send(getJson(`${listPath('namespaces', null)}/${encodeURIComponent(name)}`), signal)];
    } catch (error) {
      if (error instanceof AdapterError && error.status === 404) return [];
      throw error;
    }
  });
  return found.flat();
};

/** Reads what is wanted, namespace by namespace where they are few. */
export function readOnce(client: ClusterClient): ClusterKnowledge {
  return {
    ask: async ({ needed, shown, namespaces }, signal): Promise<Answered> => {
      const cluster = new KnownCluster();
      const known = new Set<KindName>();
      const asked = await inBatches([...needed, ...shown], async (kind): Promise<readonly MissingFact[]> => {
        const places = CLUSTER_SCOPED.has(kind) ? [null] : (namespaces ?? [null]);
        const list = cluster.takeIn(kind);
        try {
          if (kind === 'namespaces' && namespaces !== null) list.add(await readNamespaces(client, namespaces, signal));
          else
            for (const place of places)
              for await (const { items } of pagesOf(client, listPath(kind, place), {}, signal, formOf(kind)))
                list.add(items);
          list.finish();
          known.add(kind);
          return [];
        } catch (error) {
          if (!(error instanceof AdapterError)) throw error;
          return needed.includes(kind) ? [missingFact({ resource: kind, object: null, part: null }, error)] : [];
        }
      });
      return { cluster, known, missing: asked.flat(), ageSeconds: 0 };
    },
  };
}
