// A pod as it is kept.
import type { Json, JsonObject } from '../../../core/model/json.ts';
import type { Resources } from '../../../core/model/neighbourhood.ts';
import { at, listAt, objectAt, textAt, textMapAt } from '../json-at.ts';
import type { InternPool } from './intern.ts';
import { quantity } from './quantity.ts';
import { controllerAmong, ownedOf, textsAt } from './trim-meta.ts';
import type { Labels, NodeTerm, Placement, Toleration, TrimmedPod } from './trimmed.ts';

const NOTHING: Resources = { cpuMillis: 0, memoryBytes: 0 };

const resources = (value: JsonObject): Resources => ({
  cpuMillis: quantity(value['cpu'], 0.001),
  memoryBytes: quantity(value['memory'], 1),
});

const plus = (a: Resources, b: Resources): Resources => ({
  cpuMillis: a.cpuMillis + b.cpuMillis,
  memoryBytes: a.memoryBytes + b.memoryBytes,
});

const larger = (a: Resources, b: Resources): Resources => ({
  cpuMillis: Math.max(a.cpuMillis, b.cpuMillis),
  memoryBytes: Math.max(a.memoryBytes, b.memoryBytes),
});

/**
 * All containers together, or the largest init container beside the sidecars that started before it, whichever is more;
 * the pod's own requests in place of both where it states them; and its overhead (Kubernetes 1.36, resource.PodRequests).
 */
export function requestsOf(spec: JsonObject): Resources {
  let running = NOTHING;
  for (const one of listAt(spec, 'containers'))
    running = plus(running, resources(objectAt(one, 'resources', 'requests')));
  let sidecars = NOTHING;
  let starting = NOTHING;
  for (const one of listAt(spec, 'initContainers')) {
    const asked = resources(objectAt(one, 'resources', 'requests'));
    starting = larger(starting, plus(sidecars, asked));
    if (one['restartPolicy'] === 'Always') sidecars = plus(sidecars, asked);
  }
  const counted = larger(plus(running, sidecars), starting);
  const own = objectAt(spec, 'resources', 'requests');
  const stated = resources(own);
  const asked = {
    cpuMillis: own['cpu'] === undefined ? counted.cpuMillis : stated.cpuMillis,
    memoryBytes: own['memory'] === undefined ? counted.memoryBytes : stated.memoryBytes,
  };
  return plus(asked, resources(objectAt(spec, 'overhead')));
}

const expressionsOf = (term: JsonObject): NodeTerm => {
  const read = (list: 'matchExpressions' | 'matchFields', on: 'label' | 'name') =>
    listAt(term, list).map((one) => ({
      on,
      key: textAt(one, 'key') ?? '',
      operator: textAt(one, 'operator') ?? '',
      values: textsAt(one, 'values'),
    }));
  return [...read('matchExpressions', 'label'), ...read('matchFields', 'name')];
};

/** The terms of a required node affinity, one of which must hold; null where none is asked for. */
export function nodeTerms(required: Json | undefined): readonly NodeTerm[] | null {
  return at(required, 'nodeSelectorTerms') === undefined
    ? null
    : listAt(required, 'nodeSelectorTerms').map(expressionsOf);
}

/** Every pod is given these two; they keep it on a node that fails, and lead it to none. */
const GIVEN = new Set(['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']);

const tolerationsOf = (spec: JsonObject): readonly Toleration[] =>
  listAt(spec, 'tolerations').flatMap((one) => {
    const [key, effect] = [textAt(one, 'key') || null, textAt(one, 'effect') || null];
    if (key !== null && GIVEN.has(key) && effect === 'NoExecute') return [];
    const operator = textAt(one, 'operator') === 'Exists' ? ('Exists' as const) : ('Equal' as const);
    return [{ key, operator, value: textAt(one, 'value') ?? '', effect }];
  });

/** null: it asks for no node and tolerates nothing. */
export function placementOf(spec: JsonObject): Placement | null {
  const nodeSelector = textMapAt(spec, 'nodeSelector');
  const terms = nodeTerms(at(spec, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'));
  const tolerations = tolerationsOf(spec);
  if (Object.keys(nodeSelector).length === 0 && terms === null && tolerations.length === 0) return null;
  return { nodeSelector, terms, tolerations };
}

const isReady = (object: JsonObject): boolean =>
  textAt(object, 'metadata', 'deletionTimestamp') === null &&
  listAt(object, 'status', 'conditions').some((one) => one['type'] === 'Ready' && one['status'] === 'True');

const NO_CLAIMS: readonly string[] = [];

/** Claims of generic ephemeral volumes are made for the pod and named after it and the volume. */
const ephemeralOf = (spec: JsonObject, pod: string): readonly string[] => {
  const claims = listAt(spec, 'volumes').flatMap((volume) =>
    volume['ephemeral'] === undefined ? [] : [`${pod}-${textAt(volume, 'name') ?? ''}`],
  );
  return claims.length === 0 ? NO_CLAIMS : claims;
};

/** Claims by name, the ephemeral ones last. */
const claimsOf = (spec: JsonObject, ephemeral: readonly string[]): readonly string[] => {
  const named = listAt(spec, 'volumes').flatMap((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName') ?? []);
  return named.length === 0 ? ephemeral : [...named, ...ephemeral];
};

export function labelsOf(object: JsonObject): Labels {
  return textMapAt(object, 'metadata', 'labels');
}

const isFinished = (object: JsonObject): boolean => {
  const phase = textAt(object, 'status', 'phase');
  return phase === 'Succeeded' || phase === 'Failed';
};

export function trimPod(object: JsonObject, pool: InternPool): TrimmedPod {
  const spec = objectAt(object, 'spec');
  const known = ownedOf(object, pool);
  const ephemeral = ephemeralOf(spec, known.name);
  const node = textAt(spec, 'nodeName') || null;
  return {
    ...known,
    labels: pool.value(labelsOf(object)),
    owner: controllerAmong(known.owners),
    node: node === null ? null : pool.text(node),
    ready: isReady(object),
    finished: isFinished(object),
    claims: claimsOf(spec, ephemeral),
    ephemeral,
    requests: pool.value(requestsOf(spec)),
    placement: pool.value(placementOf(spec)),
  };
}
