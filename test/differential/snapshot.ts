// A namespace → what a command has left in it: every object but those that controllers make, without what is the server's own.
import type { ClusterClient } from '../../src/adapters/cluster/client.ts';
import { getJson } from '../../src/adapters/cluster/client.ts';
import { collectionPath } from '../../src/adapters/cluster/resource-path.ts';
import type { Json, JsonObject } from '../../src/core/model/json.ts';
import { isObject } from '../../src/core/model/json.ts';
import { CLUSTER_WIDE, NS } from './objects.ts';
import { resourceOf } from './row.ts';

/** "/apis/apps/v1/namespaces/shop/deployments". */
export const pathOf = (key: string, namespace: string): string => {
  const { group, name, versions } = resourceOf(key);
  const prefix = group === '' ? '/api/v1' : `/apis/${group}/${versions[0] ?? 'v1'}`;
  return collectionPath(prefix, name, CLUSTER_WIDE.has(key) ? null : namespace);
};

/** Keys that the server, a controller or the scheduler sets, each time anew or each in its own time. */
const THEIRS: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'managedFields',
  'generation',
  'clusterIP',
  'clusterIPs',
  'nodeName',
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
  'node.alpha.kubernetes.io/ttl',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'topology.kubernetes.io/zone',
]);
/** Values that are another each time, though whether they are there is the command's. */
const EACH_ITS_OWN: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/restartedAt',
  'nodePort',
  'healthCheckNodePort',
]);

const isTheirs = (value: Json): boolean =>
  isObject(value) && (String(value['key'] ?? '').startsWith('node.kubernetes.io/') || value['mountPath'] === ACCOUNT);
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

const ownOf = (value: Json): Json => {
  if (Array.isArray(value)) return (value as readonly Json[]).filter((one) => !isTheirs(one)).map(ownOf);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !THEIRS.has(key))
      .map(([key, inner]): [string, Json] => [key, EACH_ITS_OWN.has(key) ? 'ITS-OWN' : ownOf(inner)])
      // Taints, tolerations and labels that are only the server's leave an empty list or map behind.
      .filter(
        ([key, inner]) => !((key === 'taints' || key === 'annotations') && Object.keys(inner ?? {}).length === 0),
      ),
  );
};

/** What stands in an object that a person or program asked for. */
const leftOf = (object: JsonObject, namespace: string, isCustom: boolean): Json => {
  const { status, ...rest } = object;
  const said = isCustom && status !== undefined ? { ...rest, status } : rest;
  const text = JSON.stringify(ownOf(said))
    .replaceAll(namespace, NS)
    .replaceAll(/kube-api-access-\w+/g, 'kube-api-access');
  return JSON.parse(text) as Json;
};

/** Made by controllers, and by the server for every namespace. */
const isMade = (kind: string, name: string, metadata: JsonObject): boolean =>
  ((kind === 'pods' || kind === 'replicasets.apps') && Array.isArray(metadata['ownerReferences'])) ||
  (kind === 'serviceaccounts' && name === 'default') ||
  (kind === 'configmaps' && name === 'kube-root-ca.crt');

/** "deployments.apps web" → the object; one that the server named goes by its prefix. */
export type Snapshot = ReadonlyMap<string, Json>;

/** What stands there of these kinds; of the whole cluster what begins with the namespace's name. */
export const snapshotOf = async (
  client: ClusterClient,
  namespace: string,
  kinds: Iterable<string>,
  signal: AbortSignal,
): Promise<Snapshot> => {
  const found = new Map<string, Json>();
  for (const kind of kinds) {
    const { items } = await client.send(getJson(pathOf(kind, namespace)), signal);
    for (const item of items as readonly JsonObject[]) {
      const metadata = item['metadata'] as JsonObject;
      const name = String(metadata['name']);
      if (CLUSTER_WIDE.has(kind) && !name.startsWith(`${namespace}-`)) continue;
      if (isMade(kind, name, metadata)) continue;
      const prefix = metadata['generateName'];
      const left = leftOf(item, namespace, resourceOf(kind).group === 'example.com');
      const text = JSON.stringify(left);
      found.set(
        `${kind} ${typeof prefix === 'string' ? `${prefix}*` : name.replace(namespace, NS)}`,
        typeof prefix === 'string' ? (JSON.parse(text.replaceAll(name, `${prefix}*`)) as Json) : left,
      );
    }
  }
  return found;
};

/** Lines that say where the two differ; none: they are equal. */
export const differencesOf = (ours: Snapshot, theirs: Snapshot): readonly string[] =>
  [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key) => differ(key, ours.get(key), theirs.get(key)));

const shown = (value: Json | undefined): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 300);

const differ = (path: string, ours: Json | undefined, theirs: Json | undefined): readonly string[] => {
  if (isObject(ours) && isObject(theirs))
    return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((key) =>
      differ(`${path}/${key}`, ours[key], theirs[key]),
    );
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length)
    return (ours as readonly Json[]).flatMap((one, at) =>
      differ(`${path}/${at}`, one, (theirs as readonly Json[])[at]),
    );
  return JSON.stringify(ours) === JSON.stringify(theirs)
    ? []
    : [`${path}: by the gate ${shown(ours)}, by kubectl ${shown(theirs)}`];
};
