// Gives pods a node: ready, not cordoned, tolerated, selected and with room; the emptiest one that fits.
import { nodes, pods } from '../kinds.ts';
import type { Condition, Node, Pod, StringMap, Toleration } from '../model.ts';
import type { World } from '../world.ts';
import { timestamp } from '../world.ts';
import { recordEvent } from './event.ts';
import { type Controller, keyOf, splitKey } from './manager.ts';

/** A scheduler that takes a moment for each new pod, and looks again when nodes change or pods leave. */
export function schedulerController(): Controller {
  const seen = new Set<string>();
  return {
    name: 'scheduler',
    keys: ({ kind, object, type }, world) => {
      if (kind === pods && type === 'DELETED') seen.delete(object.metadata.uid ?? '');
      if (kind === pods && type === 'ADDED') return (object as Pod).spec.nodeName === undefined ? [keyOf(object)] : [];
      return waiting(kind, type, world);
    },
    reconcile: (world, key, agenda) => {
      const { namespace, name } = splitKey(key);
      const pod = world.storage.get(pods, namespace, name);
      if (pod === null || pod.spec.nodeName !== undefined || pod.metadata.deletionTimestamp !== undefined) return;
      const uid = pod.metadata.uid ?? '';
      if (seen.has(uid)) return bind(world, pod);
      seen.add(uid);
      agenda.after(world.durations.schedule, key);
    },
  };
}

/** A node that changed or a pod that left may make room for those that wait. */
function waiting(kind: unknown, type: string, world: World): readonly string[] {
  if (kind !== nodes && !(kind === pods && type === 'DELETED')) return [];
  return world.storage
    .list(pods)
    .filter((pod) => pod.spec.nodeName === undefined)
    .map(keyOf);
}

function bind(world: World, pod: Pod): void {
  const all = world.storage.list(nodes);
  const judged = all.map((node) => ({ node, why: unfit(world, pod, node) }));
  const fitting = judged.filter(({ why }) => why === null).map(({ node }) => node);
  const [best] = [...fitting].sort((a, b) => load(world, a) - load(world, b));
  if (best === undefined) {
    unschedulable(
      world,
      pod,
      judged.map(({ why }) => why ?? ''),
    );
    return;
  }
  const condition: Condition = { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp(world) };
  const conditions = [...(pod.status?.conditions ?? []).filter((one) => one.type !== 'PodScheduled'), condition];
  const spec = { ...pod.spec, nodeName: best.metadata.name };
  const status = { ...(pod.status ?? {}), phase: 'Pending', conditions };
  world.storage.put(pods, { ...pod, metadata: { ...pod.metadata, labels: located(pod, best) }, spec, status });
  const message = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${best.metadata.name}`;
  recordEvent(world, pod, 'Normal', 'Scheduled', message, 'default-scheduler');
}

/** A pod takes over where its node is. */
function located(pod: Pod, node: Node): StringMap | undefined {
  const places = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];
  const labels = Object.entries(node.metadata.labels ?? {}).filter(([key]) => places.includes(key));
  return labels.length === 0 ? pod.metadata.labels : { ...pod.metadata.labels, ...Object.fromEntries(labels) };
}

function unschedulable(world: World, pod: Pod, reasons: readonly string[]): void {
  const counted = [...new Set(reasons)].sort().map((why) => `${reasons.filter((one) => one === why).length} ${why}`);
  const message = `0/${reasons.length} nodes are available: ${counted.join(', ')}.`;
  const known = pod.status?.conditions?.find((one) => one.type === 'PodScheduled');
  if (known?.message === message) return;
  const condition: Condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message,
    lastTransitionTime: timestamp(world),
  };
  world.storage.put(pods, { ...pod, status: { ...(pod.status ?? {}), phase: 'Pending', conditions: [condition] } });
  recordEvent(world, pod, 'Warning', 'FailedScheduling', message, 'default-scheduler');
}

function podsOn(world: World, node: Node): readonly Pod[] {
  return world.storage
    .list(pods)
    .filter(
      (pod) => pod.spec.nodeName === node.metadata.name && !['Succeeded', 'Failed'].includes(pod.status?.phase ?? ''),
    );
}

function load(world: World, node: Node): number {
  return podsOn(world, node).length;
}

/** Why a pod cannot go to a node, in the scheduler's words; null when it can. */
function unfit(world: World, pod: Pod, node: Node): string | null {
  if (node.spec.unschedulable === true) return 'node(s) were unschedulable';
  const ready = (node.status.conditions ?? []).some((one) => one.type === 'Ready' && one.status === 'True');
  if (!ready) return 'node(s) were not ready';
  const labels = node.metadata.labels ?? {};
  if (Object.entries(pod.spec.nodeSelector ?? {}).some(([key, value]) => labels[key] !== value))
    return "node(s) didn't match Pod's node affinity/selector";
  const taint = (node.spec.taints ?? []).find(
    (one) =>
      one.effect !== 'PreferNoSchedule' &&
      !(pod.spec.tolerations ?? []).some((toleration) => tolerates(toleration, one)),
  );
  if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  const others = podsOn(world, node);
  for (const [resource, parse] of [
    ['cpu', milliCpu],
    ['memory', bytes],
  ] as const) {
    const wanted = requested(pod, resource, parse);
    const used = others.reduce((sum, other) => sum + requested(other, resource, parse), 0);
    if (wanted > 0 && used + wanted > parse(node.status.allocatable?.[resource] ?? '0'))
      return `Insufficient ${resource}`;
  }
  return others.length + 1 > Number(node.status.allocatable?.['pods'] ?? 110) ? 'Too many pods' : null;
}

function tolerates(
  toleration: Toleration,
  taint: { readonly key: string; readonly value?: string | undefined; readonly effect: string },
): boolean {
  if (toleration.effect !== undefined && toleration.effect !== '' && toleration.effect !== taint.effect) return false;
  if (toleration.key === undefined || toleration.key === '') return toleration.operator === 'Exists';
  if (toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
}

function requested(pod: Pod, resource: string, parse: (text: string) => number): number {
  return pod.spec.containers.reduce((sum, one) => sum + parse(one.resources?.requests?.[resource] ?? '0'), 0);
}

function milliCpu(text: string): number {
  return text.endsWith('m') ? Number(text.slice(0, -1)) : Number(text) * 1000;
}

const UNITS: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};

function bytes(text: string): number {
  const match = /^([0-9.]+)(Ki|Mi|Gi|Ti|k|M|G|T)?$/.exec(text);
  return match === null ? 0 : Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1);
}
