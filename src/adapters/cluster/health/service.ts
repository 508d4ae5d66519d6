// A Service → how many ready endpoints stand behind it, by its EndpointSlices.
import type { JsonObject } from '../../../core/model/json.ts';
import type { Health } from '../../../core/remediation/sample.ts';
import { at, listAt, objectAt, textAt } from '../json-at.ts';
import { pagesOf } from '../list-pages.ts';
import { HEALTHY, type HealthReader, health } from './live-object.ts';

/** Ready addresses of one slice; a condition that is not set counts as ready (Kubernetes API, EndpointConditions). */
const readyIn = (slice: JsonObject): readonly string[] =>
  listAt(slice, 'endpoints').flatMap((endpoint) => {
    if (at(endpoint, 'conditions', 'ready') === false) return [];
    const addresses = at(endpoint, 'addresses');
    const first = Array.isArray(addresses) && typeof addresses[0] === 'string' ? addresses[0] : '';
    return [textAt(endpoint, 'targetRef', 'uid') ?? first];
  });

/** Without a selector somebody else keeps its endpoints, and nothing can be said. */
const hasSelector = (object: JsonObject): boolean =>
  Object.keys(objectAt(object, 'spec', 'selector')).length > 0 && textAt(object, 'spec', 'type') !== 'ExternalName';

export const serviceHealth: HealthReader = async ({ client, object, isNew, signal }) => {
  const of = (one: Health) => ({ seen: 'object', health: one }) as const;
  if (!hasSelector(object)) return of(health('healthy', 'nothing-to-wait-for'));
  const namespace = encodeURIComponent(textAt(object, 'metadata', 'namespace') ?? '');
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const labelSelector = `kubernetes.io/service-name=${textAt(object, 'metadata', 'name') ?? ''}`;
  const found = new Set<string>();
  for await (const { items } of pagesOf(client, path, { labelSelector }, signal))
    for (const one of items.flatMap(readyIn)) found.add(one);
  if (found.size > 0) return of({ ...HEALTHY, ready: found.size });
  // One that was just made may stand before its pods do: nothing was taken away.
  return of({ ...health(isNew ? 'healthy' : 'lasting', 'no-endpoints'), ready: 0 });
};
