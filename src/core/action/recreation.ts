// An object as it stood before it was deleted → what is sealed of it, and what is sent to make it again.
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { fieldsOf } from './changed-object.ts';

const without = (object: JsonObject, ...keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/** What people gave it: without its status and the server's bookkeeping, which move by themselves. */
export function preImageOfDeletion(object: JsonObject): JsonObject {
  const metadata = without(fieldsOf(object['metadata']), 'managedFields', 'resourceVersion', 'generation', 'selfLink');
  return { ...without(object, 'status'), metadata };
}

/** Labels that the API server makes of a Job's uid and name, which a new Job gets anew (Kubernetes API: Job, manualSelector). */
const GENERATED = ['controller-uid', 'job-name'].flatMap((label) => [label, `batch.kubernetes.io/${label}`]);

const jobAnew = (spec: JsonObject): JsonObject => {
  if (spec['manualSelector'] === true) return spec;
  const template = fieldsOf(spec['template']);
  const metadata = fieldsOf(template['metadata']);
  const labels = without(fieldsOf(metadata['labels']), ...GENERATED);
  return { ...without(spec, 'selector'), template: { ...template, metadata: { ...metadata, labels } } };
};

/** The object to be created in its place; the server gives it a new uid and a new time. */
export function recreationOf(preImage: JsonObject): JsonObject {
  const kept = without(
    fieldsOf(preImage['metadata']),
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  );
  const isJob = preImage['kind'] === 'Job';
  const labels: Json = isJob ? without(fieldsOf(kept['labels']), ...GENERATED) : (kept['labels'] ?? {});
  const metadata = kept['labels'] === undefined ? kept : { ...kept, labels };
  const spec = preImage['spec'];
  return { ...preImage, metadata, ...(isJob && isObject(spec) ? { spec: jobAnew(spec) } : {}) };
}

/** The same under a name that nobody has, for a dry run while the object still stands. */
export function rehearsalOfRecreation(preImage: JsonObject): JsonObject {
  return underAnotherName(recreationOf(preImage));
}

/** An object under a name that nobody has, without what only one object can have. */
export function underAnotherName(object: JsonObject): JsonObject {
  const metadata = fieldsOf(object['metadata']);
  const spec = object['spec'];
  const own = isObject(spec) ? without(spec, 'clusterIP', 'clusterIPs', 'healthCheckNodePort') : spec;
  const { name: given } = metadata;
  const name = rehearsalName(given);
  const ports = isObject(own) && Array.isArray(own['ports']) ? (own['ports'] as readonly Json[]) : null;
  const free = ports?.map((port) => (isObject(port) ? without(port, 'nodePort') : port));
  return {
    ...object,
    metadata: { ...metadata, name },
    ...(isObject(own) ? { spec: free === undefined ? own : { ...own, ports: free } } : {}),
  };
}

const rehearsalName = (name: Json | undefined): string =>
  `${typeof name === 'string' ? name.slice(0, 40) : ''}-rehearsal`;

/** What the server answered of such an object, under the name that it is to have: the server makes labels of names, too. */
export function underItsName(answer: JsonObject, name: string): JsonObject {
  const rehearsed = rehearsalName(name);
  const renamed = (value: Json): Json => {
    if (value === rehearsed) return name;
    if (Array.isArray(value)) return (value as readonly Json[]).map(renamed);
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamed(inner)]))
      : value;
  };
  return fieldsOf(renamed(answer));
}
