// Which groups of the API other servers answer (APIService): what they make of a dry run, nobody here knows.
import { BUILT_IN } from '../../core/model/built-in-resources.ts';
import { isObject } from '../../core/model/json.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { type ClusterClient, getJson } from './client.ts';
import { at, listAt, textAt } from './json-at.ts';

/** How long it is believed. */
const BELIEVED_MS = 30_000;
const OWN: ReadonlySet<string> = new Set(BUILT_IN.map(({ group }) => group));
const KNOWN = new WeakMap<ClusterClient, { readonly groups: Promise<ReadonlySet<string>>; readonly until: number }>();

const ask = async (client: ClusterClient, signal: AbortSignal): Promise<ReadonlySet<string>> => {
  try {
    const services = listAt(await client.send(getJson('/apis/apiregistration.k8s.io/v1/apiservices'), signal), 'items');
    const elsewhere = services.filter((one) => isObject(at(one, 'spec', 'service')));
    return new Set(elsewhere.flatMap((one) => textAt(one, 'spec', 'group') ?? []));
  } catch (error) {
    // Without an aggregator there is no other server.
    if (error instanceof AdapterError && error.status === 404) return new Set();
    throw error;
  }
};

/**
 * Whether a server other than the API server answers for the group; it may take a dry run for the write itself (the proxies of
 * OpenShift and KubeVirt do). Of what Kubernetes itself serves nothing is asked. Throws AdapterError where it cannot be known.
 */
export async function isServedElsewhere(client: ClusterClient, group: string, signal: AbortSignal): Promise<boolean> {
  if (OWN.has(group)) return false;
  const before = KNOWN.get(client);
  if (before !== undefined && performance.now() < before.until) return (await before.groups).has(group);
  const groups = ask(client, signal);
  KNOWN.set(client, { groups, until: performance.now() + BELIEVED_MS });
  groups.catch(() => KNOWN.delete(client));
  return (await groups).has(group);
}
