// Stateful sets: pods with lasting names in order, their claims, and updates from the highest ordinal down.
import { claims, pods, statefulSets } from '../kinds.ts';
import type { ControllerRevision, KubeObject, Pod, StatefulSet } from '../model.ts';
import { isActive, isAvailable, isReady, podsOf } from '../pods.ts';
import { removeObject } from '../removal.ts';
import type { World } from '../world.ts';
import { createObject, putStatus } from '../writes.ts';
import { ensureRevision, forgetRevisions, hashOf, revisionsOf } from './history.ts';
import { type Controller, keyOf, ownerKeys, splitKey } from './manager.ts';
import { createPod } from './owned.ts';

const REVISION_LABEL = 'controller-revision-hash';

export const statefulSetController: Controller = {
  name: 'statefulset',
  keys: ({ kind, object }) => {
    if (kind === statefulSets) return [keyOf(object)];
    return kind === pods ? ownerKeys(object, 'StatefulSet') : [];
  },
  reconcile: (world, key) => {
    const { namespace, name } = splitKey(key);
    const set = world.storage.get(statefulSets, namespace, name);
    if (set === null) return;
    const update = ensureRevision(world, set);
    const current = currentRevision(world, set, update);
    if (set.metadata.deletionTimestamp === undefined) manage(world, set, current, update);
    report(world, set, current, update);
  },
};

/** The revision that pods had before the present update; the update itself once all pods have it. */
function currentRevision(world: World, set: StatefulSet, update: ControllerRevision): ControllerRevision {
  const name = set.status?.currentRevision;
  return revisionsOf(world, set).find((one) => one.metadata.name === name) ?? update;
}

function ordinalOf(pod: Pod): number {
  return Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));
}

function isSettled(world: World, set: StatefulSet, pod: Pod): boolean {
  return isActive(pod) && isAvailable(world, pod, set.spec.minReadySeconds ?? 0);
}

function manage(world: World, set: StatefulSet, current: ControllerRevision, update: ControllerRevision): void {
  const wanted = set.spec.replicas ?? 1;
  const parallel = set.spec.podManagementPolicy === 'Parallel';
  const byOrdinal = new Map(podsOf(world, set).map((pod) => [ordinalOf(pod), pod]));
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined) create(world, set, ordinal, ordinal >= partition ? update : current);
    else if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') removeObject(world, pods, pod);
    if (!parallel && (pod === undefined || !isSettled(world, set, pod))) return;
  }
  const surplus = [...byOrdinal].filter(([ordinal]) => ordinal >= wanted).sort(([a], [b]) => b - a);
  for (const [, pod] of surplus) {
    if (pod.metadata.deletionTimestamp === undefined) removeObject(world, pods, pod);
    if (!parallel) return;
  }
  if (set.spec.updateStrategy?.type === 'OnDelete') return;
  updateNext(world, set, byOrdinal, update, partition);
}

/** Deletes the highest pod that is of an old revision, while all above it are settled. */
function updateNext(
  world: World,
  set: StatefulSet,
  byOrdinal: ReadonlyMap<number, Pod>,
  update: ControllerRevision,
  partition: number,
): void {
  for (const ordinal of [...byOrdinal.keys()].sort((a, b) => b - a)) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined || ordinal < partition) return;
    if (pod.metadata.labels?.[REVISION_LABEL] !== update.metadata.name) {
      if (pod.metadata.deletionTimestamp === undefined) removeObject(world, pods, pod);
      return;
    }
    if (!isSettled(world, set, pod)) return;
  }
}

function create(world: World, set: StatefulSet, ordinal: number, revision: ControllerRevision): void {
  const name = `${set.metadata.name}-${ordinal}`;
  if (world.storage.get(pods, set.metadata.namespace ?? '', name) !== null) return;
  for (const template of set.spec.volumeClaimTemplates ?? [])
    ensureClaim(world, set, `${template.metadata.name}-${name}`, template);
  const volumes = (set.spec.volumeClaimTemplates ?? []).map((template) => ({
    name: template.metadata.name ?? '',
    persistentVolumeClaim: { claimName: `${template.metadata.name}-${name}` },
  }));
  const labels = {
    [REVISION_LABEL]: revision.metadata.name,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
  };
  createPod(
    world,
    set,
    templateOf(set, revision),
    { name, labels },
    {
      hostname: name,
      subdomain: set.spec.serviceName,
      volumes: [...(set.spec.template.spec.volumes ?? []), ...volumes],
    },
  );
}

/** The template of a revision: what its data holds, without the directive that kubectl needs. */
function templateOf(set: StatefulSet, revision: ControllerRevision): StatefulSet['spec']['template'] {
  const { spec } = revision.data as {
    readonly spec?: { readonly template?: StatefulSet['spec']['template'] & { readonly $patch?: string } };
  };
  if (spec?.template === undefined) return set.spec.template;
  const { $patch: _directive, ...template } = spec.template;
  return template;
}

function ensureClaim(world: World, set: StatefulSet, name: string, template: { readonly spec: unknown }): void {
  if (world.storage.get(claims, set.metadata.namespace ?? '', name) !== null) return;
  createObject<KubeObject>(world, claims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: set.metadata.namespace, labels: set.spec.selector.matchLabels },
    spec: template.spec,
  });
}

function report(world: World, set: StatefulSet, current: ControllerRevision, update: ControllerRevision): void {
  const all = podsOf(world, set).filter(isActive);
  const of = (revision: ControllerRevision): number =>
    all.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === revision.metadata.name).length;
  const ready = all.filter(isReady);
  const updated = of(update);
  const done = updated === (set.spec.replicas ?? 1) && ready.length === updated && all.length === updated;
  const now = done ? update : current;
  putStatus(world, statefulSets, set, {
    observedGeneration: set.metadata.generation,
    replicas: all.length,
    ...(ready.length > 0 ? { readyReplicas: ready.length } : {}),
    ...(of(now) > 0 ? { currentReplicas: of(now) } : {}),
    ...(updated > 0 ? { updatedReplicas: updated } : {}),
    currentRevision: now.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: 0,
    availableReplicas: ready.filter((pod) => isAvailable(world, pod, set.spec.minReadySeconds ?? 0)).length,
  });
  const used = all.map((pod) => pod.metadata.labels?.[REVISION_LABEL] ?? '');
  forgetRevisions(world, set, new Set([...used, now.metadata.name, update.metadata.name, hashOf(update)]));
}
