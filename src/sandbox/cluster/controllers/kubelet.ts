// The life of pods on their nodes: started, ready, crashing and restarted, not pulled, finished, terminated.
// It walks each pod from stage to stage in time; what a stage looks like is pod-life.ts's. Nothing is ever run.
import { sameJson } from '../json.ts';
import { configMaps, pods } from '../kinds.ts';
import type { KubeObject, Pod } from '../model.ts';
import type { World } from '../world.ts';
import { recordEvent } from './event.ts';
import { type Agenda, type Controller, keyOf, splitKey } from './manager.ts';
import { crashes, mountedConfigs, runsAs, stageLasts, statusAt } from './pod-life.ts';

/** What the kubelet remembers of a pod: its stage, when the next is due, and what it started (runsAs). */
interface Run {
  readonly started: string;
  readonly stage: number;
  readonly due: number;
  /** Restarts that came before. */
  readonly restarts: number;
}

/** One kubelet for all nodes; its memory ends with it. */
export function kubeletController(): Controller {
  const runs = new Map<string, Run>();
  const endings = new Map<string, number>();
  return {
    name: 'kubelet',
    keys: ({ kind, object, type }, world) => {
      if (kind === configMaps) return readersOf(world, object);
      if (kind !== pods) return [];
      const uid = object.metadata.uid ?? '';
      if (type === 'DELETED') {
        runs.delete(uid);
        endings.delete(uid);
      }
      return type === 'DELETED' || (object as Pod).spec.nodeName === undefined ? [] : [keyOf(object)];
    },
    reconcile: (world, key, agenda) => {
      const { namespace, name } = splitKey(key);
      const pod = world.storage.get(pods, namespace, name);
      if (pod === null || pod.spec.nodeName === undefined) return;
      if (pod.metadata.deletionTimestamp === undefined) live(world, pod, agenda, runs);
      else terminate(world, pod, agenda, endings);
    },
  };
}

function terminate(world: World, pod: Pod, agenda: Agenda, endings: Map<string, number>): void {
  const uid = pod.metadata.uid ?? '';
  const grace = (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  const lasts = Math.min(grace, world.durations.terminate);
  const latest = world.clock.now() + lasts / world.speed;
  const known = endings.get(uid);
  const end = Math.min(known ?? latest, latest);
  endings.set(uid, end);
  if (known === undefined)
    recordEvent(world, pod, 'Normal', 'Killing', `Stopping container ${pod.spec.containers[0]?.name ?? ''}`);
  if (world.clock.now() < end) agenda.after((end - world.clock.now()) * world.speed, keyOf(pod));
  else if ((pod.metadata.finalizers ?? []).length === 0) world.storage.remove(pods, pod);
}

/** The pods that read a config map anew when it changes. */
function readersOf(world: World, config: KubeObject): readonly string[] {
  const { namespace, name } = config.metadata;
  return world.storage
    .list(pods)
    .filter((pod) => pod.metadata.namespace === namespace && pod.spec.nodeName !== undefined)
    .filter((pod) => pod.spec.containers.some((one) => mountedConfigs(pod, one).includes(name ?? '')))
    .map(keyOf);
}

function live(world: World, pod: Pod, agenda: Agenda, runs: Map<string, Run>): void {
  const started = runsAs(world, pod);
  const known = runs.get(pod.metadata.uid ?? '');
  if (known === undefined) enter(world, pod, agenda, runs, { started, stage: 0, restarts: 0 });
  else if (known.started !== started)
    enter(world, pod, agenda, runs, { started, stage: 1, restarts: known.restarts + 1 });
  else if (world.clock.now() >= known.due) enter(world, pod, agenda, runs, { ...known, stage: known.stage + 1 });
  else if (known.due < Number.POSITIVE_INFINITY)
    agenda.after((known.due - world.clock.now()) * world.speed, keyOf(pod));
}

function enter(world: World, pod: Pod, agenda: Agenda, runs: Map<string, Run>, next: Omit<Run, 'due'>): void {
  const status = statusAt(world, pod, next.stage, next.restarts);
  const lasts = stageLasts(world, pod, next.stage);
  const due = lasts === null ? Number.POSITIVE_INFINITY : world.clock.now() + lasts / world.speed;
  runs.set(pod.metadata.uid ?? '', { ...next, due });
  if (lasts !== null) agenda.after(lasts, keyOf(pod));
  announce(world, pod, next.stage);
  if (!sameJson(status, pod.status)) world.storage.put(pods, { ...pod, status });
}

function announce(world: World, pod: Pod, stage: number): void {
  for (const one of pod.spec.containers) {
    const { name, image } = one;
    const missing = image.includes('missing');
    if (stage === 0) recordEvent(world, pod, 'Normal', 'Pulling', `Pulling image "${image}"`);
    if (stage === 1 && missing)
      recordEvent(world, pod, 'Warning', 'Failed', `Failed to pull image "${image}": the image is named to be missing`);
    if (stage === 2 && missing) recordEvent(world, pod, 'Normal', 'BackOff', `Back-off pulling image "${image}"`);
    if (stage === 1 && !missing) recordEvent(world, pod, 'Normal', 'Started', `Container ${name} started`);
    if (stage >= 2 && stage % 2 === 0 && crashes(world, pod, one))
      recordEvent(
        world,
        pod,
        'Warning',
        'BackOff',
        `Back-off restarting failed container ${name} in pod ${pod.metadata.name}`,
      );
  }
}
