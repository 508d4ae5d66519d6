// Every other kind as it is kept.
import type { JsonObject } from '../../../core/model/json.ts';
import type { ClaimRetention, Rollout } from '../../../core/model/neighbourhood.ts';
import { at, listAt, numberAt, objectAt, textAt } from '../json-at.ts';
import type { InternPool } from './intern.ts';
import { quantity } from './quantity.ts';
import { controllerAmong, groupOf, knownOf, labelSelector, mapSelector, ownedOf } from './trim-meta.ts';
import { labelsOf, nodeTerms } from './trim-pod.ts';
import type {
  OwnedObject,
  TrimmedAutoscaler,
  TrimmedBudget,
  TrimmedClaim,
  TrimmedIngress,
  TrimmedNamespace,
  TrimmedNode,
  TrimmedPolicy,
  TrimmedService,
  TrimmedSlice,
  TrimmedVolume,
  TrimmedWorkload,
} from './trimmed.ts';

const countOrShare = (value: unknown): number | string | null =>
  typeof value === 'number' || typeof value === 'string' ? value : null;

const ROLLOUTS: readonly Rollout['type'][] = ['RollingUpdate', 'Recreate', 'OnDelete'];

/** `strategy` of a Deployment, `updateStrategy` of the others; null for kinds that have neither. */
const rolloutOf = (spec: JsonObject): Rollout | null => {
  const strategy = objectAt(spec, 'strategy' in spec ? 'strategy' : 'updateStrategy');
  const type = ROLLOUTS.find((known) => known === strategy['type']);
  if (type === undefined) return null;
  const rolling = objectAt(strategy, 'rollingUpdate');
  return {
    type,
    maxUnavailable: countOrShare(rolling['maxUnavailable']),
    maxSurge: countOrShare(rolling['maxSurge']),
  };
};

/** What a StatefulSet that does not retain all its claims says of them; both are Retain where nothing is said. */
export function claimRetentionOf(object: JsonObject): ClaimRetention | null {
  const policy = objectAt(object, 'spec', 'persistentVolumeClaimRetentionPolicy');
  const said = (when: string): 'Retain' | 'Delete' => (policy[when] === 'Delete' ? 'Delete' : 'Retain');
  const [whenDeleted, whenScaled] = [said('whenDeleted'), said('whenScaled')];
  return whenDeleted === 'Retain' && whenScaled === 'Retain' ? null : { whenDeleted, whenScaled };
}

const workload = (object: JsonObject, pool: InternPool, replicas: number | null): TrimmedWorkload => {
  const spec = objectAt(object, 'spec');
  const owned = ownedOf(object, pool);
  return {
    ...owned,
    owner: controllerAmong(owned.owners),
    replicas,
    claimRetention: pool.value(claimRetentionOf(object)),
    rollout: pool.value(rolloutOf(spec)),
    paused: spec['paused'] === true || spec['suspend'] === true,
  };
};

export function trimReplicated(object: JsonObject, pool: InternPool): TrimmedWorkload {
  return workload(object, pool, numberAt(object, 'spec', 'replicas'));
}

export function trimDaemonSet(object: JsonObject, pool: InternPool): TrimmedWorkload {
  return workload(object, pool, numberAt(object, 'status', 'desiredNumberScheduled'));
}

export function trimJob(object: JsonObject, pool: InternPool): TrimmedWorkload {
  return workload(object, pool, null);
}

export function trimService(object: JsonObject, pool: InternPool): TrimmedService {
  return {
    ...knownOf(object, pool),
    selector: mapSelector(at(object, 'spec', 'selector')),
  };
}

/** An endpoint whose readiness is not told counts as ready (Kubernetes API, EndpointConditions). */
export function trimSlice(object: JsonObject, pool: InternPool): TrimmedSlice {
  return {
    ...knownOf(object, pool),
    service: textAt(object, 'metadata', 'labels', 'kubernetes.io/service-name'),
    ready: listAt(object, 'endpoints').flatMap((endpoint) => {
      const [address] = Array.isArray(endpoint['addresses']) ? endpoint['addresses'] : [];
      if (at(endpoint, 'conditions', 'ready') === false || typeof address !== 'string') return [];
      return [
        { address, pod: textAt(endpoint, 'targetRef', 'kind') === 'Pod' ? textAt(endpoint, 'targetRef', 'uid') : null },
      ];
    }),
  };
}

/** A fixed minAvailable stays as it is when replicas go; a share, or maxUnavailable, goes with them. */
const followsOf = (spec: JsonObject): TrimmedBudget['follows'] =>
  typeof spec['minAvailable'] === 'number' || /^\d+$/.test(textAt(spec, 'minAvailable') ?? '') ? 'nothing' : 'replicas';

/** As many pods must be healthy as there should be (status.expectedPods, status.desiredHealthy). */
const asksForAll = (object: JsonObject): boolean => {
  const [expected, desired] = [
    numberAt(object, 'status', 'expectedPods'),
    numberAt(object, 'status', 'desiredHealthy'),
  ];
  return expected !== null && desired !== null && expected > 0 && desired >= expected;
};

/** What a budget allows counts only while its status speaks of what stands in it now. */
export function trimBudget(object: JsonObject, pool: InternPool): TrimmedBudget {
  const current = numberAt(object, 'status', 'observedGeneration') === numberAt(object, 'metadata', 'generation');
  return {
    ...knownOf(object, pool),
    selector: labelSelector(at(object, 'spec', 'selector')),
    disruptionsAllowed: current ? (numberAt(object, 'status', 'disruptionsAllowed') ?? 0) : 0,
    neverAllows: current && asksForAll(object),
    follows: followsOf(objectAt(object, 'spec')),
  };
}

export function trimPolicy(object: JsonObject, pool: InternPool): TrimmedPolicy {
  return {
    ...knownOf(object, pool),
    selector: labelSelector(objectAt(object, 'spec', 'podSelector')),
  };
}

export function trimAutoscaler(object: JsonObject, pool: InternPool): TrimmedAutoscaler {
  const target = objectAt(object, 'spec', 'scaleTargetRef');
  return {
    ...knownOf(object, pool),
    target: {
      group: groupOf(textAt(target, 'apiVersion') ?? ''),
      kind: textAt(target, 'kind') ?? '',
      name: textAt(target, 'name') ?? '',
    },
    min: numberAt(object, 'spec', 'minReplicas') ?? 1,
    max: numberAt(object, 'spec', 'maxReplicas') ?? 0,
  };
}

export function trimNode(object: JsonObject, pool: InternPool): TrimmedNode {
  const ready = listAt(object, 'status', 'conditions').some(
    (one) => one['type'] === 'Ready' && one['status'] === 'True',
  );
  const allocatable = objectAt(object, 'status', 'allocatable');
  const leaving = textAt(object, 'metadata', 'deletionTimestamp') !== null;
  return {
    ...knownOf(object, pool),
    schedulable: ready && !leaving && at(object, 'spec', 'unschedulable') !== true,
    labels: labelsOf(object),
    taints: listAt(object, 'spec', 'taints').map((taint) => ({
      key: textAt(taint, 'key') ?? '',
      value: textAt(taint, 'value') ?? '',
      effect: textAt(taint, 'effect') ?? '',
    })),
    allocatable: {
      cpuMillis: quantity(allocatable['cpu'], 0.001),
      memoryBytes: quantity(allocatable['memory'], 1),
      pods: quantity(allocatable['pods'], 1),
    },
  };
}

export function trimIngress(object: JsonObject, pool: InternPool): TrimmedIngress {
  const backends = [
    objectAt(object, 'spec', 'defaultBackend'),
    ...listAt(object, 'spec', 'rules').flatMap((rule) =>
      listAt(rule, 'http', 'paths').map((path) => objectAt(path, 'backend')),
    ),
  ];
  const services = backends.flatMap((backend) => textAt(backend, 'service', 'name') ?? []);
  return { ...knownOf(object, pool), services: [...new Set(services)].toSorted() };
}

export function trimClaim(object: JsonObject, pool: InternPool): TrimmedClaim {
  return {
    ...ownedOf(object, pool),
    volume: textAt(object, 'spec', 'volumeName') || null,
  };
}

export function trimVolume(object: JsonObject, pool: InternPool): TrimmedVolume {
  return {
    ...ownedOf(object, pool),
    terms: pool.value(nodeTerms(at(object, 'spec', 'nodeAffinity', 'required'))),
  };
}

export function trimNamespace(object: JsonObject, pool: InternPool): TrimmedNamespace {
  return {
    ...ownedOf(object, pool),
    environment: textAt(object, 'metadata', 'labels', 'blastgate.io/environment'),
  };
}

/** Kinds of which only the metadata is read: what owns them, and whether they are marked. */
export function trimOwned(object: JsonObject, pool: InternPool): OwnedObject {
  return ownedOf(object, pool);
}
