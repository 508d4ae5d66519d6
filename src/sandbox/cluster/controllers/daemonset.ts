// Daemon sets: one pod on every node that takes it, replaced node by node within maxUnavailable.
import { daemonSets, nodes, pods } from '../kinds.ts';
import type { ControllerRevision, DaemonSet, Node, Pod } from '../model.ts';
import { isActive, isReady, podsOf } from '../pods.ts';
import { removeObject } from '../removal.ts';
import type { World } from '../world.ts';
import { putStatus } from '../writes.ts';
import { ensureRevision, forgetRevisions, hashOf } from './history.ts';
import { type Controller, keyOf, ownerKeys, splitKey } from './manager.ts';
import { createPod, scaled } from './owned.ts';

const REVISION_LABEL = 'controller-revision-hash';
/** What every daemon pod tolerates: nodes that are cordoned, not ready, or short of something. */
const TOLERATED = ['not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map(
  (name) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect: name === 'not-ready' || name === 'unreachable' ? 'NoExecute' : 'NoSchedule',
  }),
);

export const daemonSetController: Controller = {
  name: 'daemonset',
  keys: ({ kind, object }, world) => {
    if (kind === daemonSets) return [keyOf(object)];
    if (kind === nodes) return world.storage.list(daemonSets).map(keyOf);
    return kind === pods ? ownerKeys(object, 'DaemonSet') : [];
  },
  reconcile: (world, key) => {
    const { namespace, name } = splitKey(key);
    const set = world.storage.get(daemonSets, namespace, name);
    if (set === null) return;
    const update = ensureRevision(world, set);
    if (set.metadata.deletionTimestamp === undefined) manage(world, set, update);
    report(world, set, update);
  },
};

function takes(set: DaemonSet, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  const tolerations = set.spec.template.spec.tolerations ?? [];
  const tolerated = (node.spec.taints ?? []).every(
    (taint) =>
      taint.key.startsWith('node.kubernetes.io/') ||
      taint.effect === 'PreferNoSchedule' ||
      tolerations.some((one) => one.operator === 'Exists' && (one.key === undefined || one.key === taint.key)),
  );
  return (
    tolerated &&
    Object.entries(set.spec.template.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)
  );
}

function manage(world: World, set: DaemonSet, update: ControllerRevision): void {
  const mine = podsOf(world, set);
  const wanted = world.storage.list(nodes).filter((node) => takes(set, node));
  for (const node of wanted) {
    const here = mine.filter((pod) => pod.spec.nodeName === node.metadata.name);
    if (here.length === 0) create(world, set, node, update);
    for (const pod of here) if (pod.status?.phase === 'Failed' && isPresent(pod)) removeObject(world, pods, pod);
  }
  for (const pod of mine) {
    const stays = wanted.some((node) => node.metadata.name === pod.spec.nodeName);
    if (!stays && isPresent(pod)) removeObject(world, pods, pod);
  }
  if (set.spec.updateStrategy?.type !== 'OnDelete') replaceOld(world, set, mine, wanted.length, update);
}

function isPresent(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined;
}

function replaceOld(
  world: World,
  set: DaemonSet,
  mine: readonly Pod[],
  nodeCount: number,
  update: ControllerRevision,
): void {
  const allowed = Math.max(1, scaled(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, nodeCount, 'up'));
  const old = mine.filter((pod) => isPresent(pod) && pod.metadata.labels?.[REVISION_LABEL] !== hashOf(update));
  const sick = old.filter((pod) => !isReady(pod));
  for (const pod of sick) removeObject(world, pods, pod);
  const ready = mine.filter((pod) => isPresent(pod) && isReady(pod)).length;
  const room = allowed - (nodeCount - ready);
  for (const pod of old.filter(isReady).slice(0, Math.max(0, room))) removeObject(world, pods, pod);
}

function create(world: World, set: DaemonSet, node: Node, update: ControllerRevision): void {
  const { template } = set.spec;
  createPod(
    world,
    set,
    template,
    { generateName: `${set.metadata.name}-`, labels: { [REVISION_LABEL]: hashOf(update) } },
    { nodeName: node.metadata.name, tolerations: [...(template.spec.tolerations ?? []), ...TOLERATED] },
  );
}

function report(world: World, set: DaemonSet, update: ControllerRevision): void {
  const mine = podsOf(world, set).filter(isActive);
  const desired = world.storage.list(nodes).filter((node) => takes(set, node)).length;
  const ready = mine.filter(isReady).length;
  const updated = mine.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === hashOf(update)).length;
  putStatus(world, daemonSets, set, {
    currentNumberScheduled: mine.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: desired,
    numberReady: ready,
    observedGeneration: set.metadata.generation,
    ...(updated > 0 ? { updatedNumberScheduled: updated } : {}),
    ...(ready > 0 ? { numberAvailable: ready } : {}),
    ...(desired > ready ? { numberUnavailable: desired - ready } : {}),
  });
  const used = mine.map((pod) => `${set.metadata.name}-${pod.metadata.labels?.[REVISION_LABEL]}`);
  forgetRevisions(world, set, new Set([...used, update.metadata.name]));
}
