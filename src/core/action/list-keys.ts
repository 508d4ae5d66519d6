// Which lists of Kubernetes objects are maps in truth: their elements have a name, and their order tells nothing.
import { isObject, type Json, type JsonObject, ownValue } from '../model/json.ts';

/** Merge keys by the name of the list (Kubernetes API 1.36, x-kubernetes-patch-merge-key and x-kubernetes-list-map-keys). */
const MERGE_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['containers', ['name']],
  ['initContainers', ['name']],
  ['ephemeralContainers', ['name']],
  ['env', ['name']],
  ['volumes', ['name']],
  ['volumeMounts', ['mountPath']],
  ['volumeDevices', ['devicePath']],
  ['imagePullSecrets', ['name']],
  ['secrets', ['name']],
  ['hostAliases', ['ip']],
  ['ports', ['containerPort', 'port']],
  ['conditions', ['type']],
  ['ownerReferences', ['uid']],
  ['webhooks', ['name']],
  ['topologySpreadConstraints', ['topologyKey']],
  // A list without keys to the API server, and yet a taint is told by key and effect (kubectl taint); controllers add theirs.
  ['taints', ['key']],
]);

/** An element of a list by its merge key, with the place where it stands. */
export interface KeyedElement {
  /** "name=web"; of ports with their protocol, of taints with their effect: "containerPort=80/UDP", "key=spot/NoSchedule". */
  readonly key: string;
  readonly index: number;
  readonly value: JsonObject;
}

const keyOf = (element: JsonObject, fields: readonly string[]): string | null => {
  for (const field of fields) {
    const value = ownValue(element, field);
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const { protocol, effect } = element;
    const part = protocol ?? effect;
    return `${field}=${value}${typeof part === 'string' ? `/${part}` : ''}`;
  }
  return null;
};

/** The elements of the list `name` by their keys; null where it has none, or two have the same: then it is one value. */
export function keyedElements(name: string, list: Json): readonly KeyedElement[] | null {
  const fields = MERGE_KEYS.get(name);
  if (fields === undefined || !Array.isArray(list)) return null;
  const found: KeyedElement[] = [];
  for (const [index, value] of (list as readonly Json[]).entries()) {
    const key = isObject(value) ? keyOf(value, fields) : null;
    if (key === null || !isObject(value)) return null;
    found.push({ key, index, value });
  }
  return new Set(found.map(({ key }) => key)).size === found.length ? found : null;
}
