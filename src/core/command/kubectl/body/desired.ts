// A body's edits → what it wants of the fields that judging compares with the cluster.
import { BUILT_IN } from '../../../model/built-in-resources.ts';
import type { Desired, LabelsChange, PodChange, RequestsChange } from '../../../model/desired.ts';
import { isObject, type Json, type JsonObject, ownValue, setOwnValue } from '../../../model/json.ts';
import { type BodyTarget, lastKey } from './body-reading.ts';
import { type Edit, isList, textOf } from './edit.ts';

/** What is said of one place and below it. `replaced`: what stood there before and is not said goes. */
interface Said {
  readonly how: 'merged' | 'replaced';
  /** Objects and lists put together again from what is said below; null where the place goes. */
  readonly value: Json;
}

/** Lists are whole by themselves: what is said inside one is no place of its own. */
const insideList = (at: string): boolean => at.includes('/*');

const put = (into: { [key: string]: Json }, path: readonly string[], value: Json): void => {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) setOwnValue(into, key, value);
  else {
    const inner = ownValue(into, key);
    const next: { [key: string]: Json } = inner !== undefined && isObject(inner) ? { ...inner } : {};
    put(next, rest, value);
    setOwnValue(into, key, next);
  }
};

/** "/a/b" within "/a", and every place within itself. */
const isWithin = (at: string, ancestor: string): boolean =>
  at.startsWith(ancestor) && (at.length === ancestor.length || at[ancestor.length] === '/');

/** What the edits say of a place; null where they do not touch it. An ancestor that goes or is replaced takes it along. */
const saidOf = (edits: readonly Edit[], place: string): Said | null => {
  let how: Said['how'] = 'merged';
  let touched = false;
  let value: Json = null;
  const built: { [key: string]: Json } = {};
  for (const { at, how: done, value: given } of edits) {
    if (isWithin(place, at)) {
      const kept = done === 'retained' && place !== at && isList(given) ? given : null;
      const lost = kept !== null && !kept.includes(place.slice(at.length + 1).split('/')[0] ?? '');
      if (done === 'removed' || done === 'replaced' || lost) [how, touched] = ['replaced', true];
      if (place === at && (done === 'set' || isList(given))) [touched, value] = [true, given];
    } else if (isWithin(at, place) && !insideList(at.slice(place.length))) {
      const path = at
        .slice(place.length + 1)
        .split('/')
        .map((segment) => lastKey(`/${segment}`));
      if (done === 'removed') put(built, path, null);
      else if (done === 'set' || isList(given)) put(built, path, given);
      else continue;
      touched = true;
    }
  }
  if (!touched) return null;
  return { how, value: Object.keys(built).length > 0 ? built : value };
};

const labelsOf = (said: Said | null): LabelsChange | null => {
  if (said === null) return null;
  const entries = isObject(said.value) ? Object.entries(said.value) : [];
  return {
    how: said.how,
    labels: Object.fromEntries(entries.map(([key, value]) => [key, typeof value === 'string' ? value : null])),
  };
};

const quantityOf = (value: Json | undefined): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null;

/** Requests of the containers that the body names; limits stand in for requests that are not said (Kubernetes defaults). */
const requestsOf = (edits: readonly Edit[]): readonly RequestsChange[] =>
  edits.flatMap(({ at, value }): readonly RequestsChange[] => {
    if (at !== PLACES.container || !isObject(value)) return [];
    const { resources } = value;
    if (!isObject(resources ?? null)) return [];
    // as: just looked at.
    const { requests } = resources as JsonObject;
    const asked: JsonObject = requests !== undefined && isObject(requests) ? requests : {};
    const [cpu, memory] = [quantityOf(asked['cpu']), quantityOf(asked['memory'])];
    return cpu === null && memory === null ? [] : [{ container: textOf(value['name']) || '*', cpu, memory }];
  });

/** Where the pods of a template are specified. */
const POD = '/spec/template/spec';

/** Where, of the fields of a pod that are compared, each stands. */
const PLACES = {
  nodeSelector: `${POD}/nodeSelector`,
  affinity: `${POD}/affinity`,
  tolerations: `${POD}/tolerations`,
  container: `${POD}/containers/*`,
} as const;

const COMPARED = new RegExp(`^${POD}/(?:(?:nodeSelector|affinity|tolerations)(?:/|$)|containers/[*]$)`);

const podChangeOf = (all: readonly Edit[]): PodChange | null => {
  const edits = all.filter(({ at }) => isWithin(POD, at) || COMPARED.test(at));
  if (edits.length === 0) return null;
  const nodeSelector = labelsOf(saidOf(edits, PLACES.nodeSelector));
  const affinity = saidOf(edits, PLACES.affinity);
  const tolerations = saidOf(edits, PLACES.tolerations);
  const requests = requestsOf(edits);
  if (nodeSelector === null && affinity === null && tolerations === null && requests.length === 0) return null;
  return {
    nodeSelector,
    affinity: affinity === null ? null : { how: affinity.how, value: affinity.value ?? {} },
    tolerations: tolerations === null ? null : isList(tolerations.value) ? tolerations.value : [],
    requests,
  };
};

const scalesOf = (edits: readonly Edit[]): Desired['scales'] => {
  const said = saidOf(edits, '/spec/scaleTargetRef')?.value ?? null;
  if (said === null || !isObject(said)) return null;
  const [apiVersion, kind, name] = [textOf(said['apiVersion']), textOf(said['kind']), textOf(said['name'])];
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  const known = BUILT_IN.find((one) => one.kind === kind && (one.group === group || apiVersion === ''));
  return name === '' || known === undefined ? null : { group: known.group, resource: known.name, name };
};

/** Kinds whose pods follow one template. */
const TEMPLATED: ReadonlySet<string> = new Set([
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicationcontrollers',
]);

/** null: nothing of the kind is touched, or the object is a new one that nothing can be compared with. */
export function desiredOf(
  edits: readonly Edit[],
  { key, mode, subresource }: Pick<BodyTarget, 'key' | 'mode' | 'subresource'>,
): Desired | null {
  if (subresource !== null) return null;
  const isNew = mode === 'create';
  const selector = key === 'services' && !isNew ? labelsOf(saidOf(edits, '/spec/selector')) : null;
  const scales = key === 'horizontalpodautoscalers.autoscaling' ? scalesOf(edits) : null;
  const pod = TEMPLATED.has(key) && !isNew ? podChangeOf(edits) : null;
  return selector === null && scales === null && pod === null ? null : { selector, scales, pod };
}
