// What a pod looks like at each stage of its life, and how long the stage lasts; the names of its images decide, and its settings:
// what mounts a config map that speaks of a crash crashes, as programs do that read their settings anew.
// Stage 0 is being created, 1 is started; from 2 on even stages are settled (ready, backing off, done), odd ones another
// start of what crashed. Pure, apart from the clock that stamps changes.

import { createHash } from 'node:crypto';
import { configMaps, nodes, pods } from '../kinds.ts';
import type { Condition, Container, ContainerState, ContainerStatus, Node, Pod, PodStatus } from '../model.ts';
import { timestamp, type World } from '../world.ts';

type Behaviour = 'runs' | 'crashes' | 'fails' | 'missing' | 'never-ready' | 'finishes';

/** The config maps that a container mounts, by name. */
export function mountedConfigs(pod: Pod, container: Container): readonly string[] {
  const mounted = new Set((container.volumeMounts ?? []).map(({ name }) => name));
  return (pod.spec.volumes ?? [])
    .filter(({ name }) => mounted.has(name))
    .map(({ configMap }) => (configMap as { readonly name?: unknown } | undefined)?.name)
    .filter((name) => typeof name === 'string');
}

export function crashes(world: World, pod: Pod, container: Container): boolean {
  return container.image.includes('crash') || readsCrash(world, pod, container);
}

function readsCrash(world: World, pod: Pod, container: Container): boolean {
  return mountedConfigs(pod, container).some((name) => {
    const data = world.storage.get(configMaps, pod.metadata.namespace ?? '', name)?.['data'] ?? {};
    return JSON.stringify(data).includes('crash');
  });
}

function behaviourOf(world: World, container: Container, pod: Pod): Behaviour {
  const ends = pod.spec.restartPolicy === 'Never' || pod.spec.restartPolicy === 'OnFailure';
  if (container.image.includes('missing')) return 'missing';
  if (crashes(world, pod, container)) return pod.spec.restartPolicy === 'Never' ? 'fails' : 'crashes';
  if (container.image.includes('never-ready')) return 'never-ready';
  return ends ? 'finishes' : 'runs';
}

/** What the pod's containers are: another text, and they are started anew. */
export function runsAs(world: World, pod: Pod): string {
  return pod.spec.containers.map((one) => `${one.image}${readsCrash(world, pod, one) ? ' crashing' : ''}`).join(' ');
}

/** Simulated milliseconds that a stage lasts; null when nothing follows by itself. */
export function stageLasts(world: World, pod: Pod, stage: number): number | null {
  const { start, ready, crash, backoff, job } = world.durations;
  if (stage === 0) return start;
  const behaviours = pod.spec.containers.map((one) => behaviourOf(world, one, pod));
  const backsOff = behaviours.includes('crashes');
  if (stage % 2 === 1) {
    if (backsOff || behaviours.includes('fails')) return crash;
    if (behaviours.includes('finishes')) return job;
    const slow = Math.max(0, ...pod.spec.containers.map((one) => one.readinessProbe?.initialDelaySeconds ?? 0));
    return ready + slow * 1000;
  }
  return backsOff ? backoff * 2 ** Math.min(5, stage / 2 - 1) : null;
}

/** The status of a pod at a stage; times of what has not changed are kept. */
export function statusAt(world: World, pod: Pod, stage: number, restarts: number): PodStatus {
  const containerStatuses = pod.spec.containers.map((one) => containerAt(world, pod, one, stage, restarts));
  const phase = phaseOf(world, pod, stage, containerStatuses);
  const ready = containerStatuses.every((one) => one.ready);
  const ended = phase === 'Succeeded' || phase === 'Failed';
  const why = ended ? `Pod${phase === 'Failed' ? 'Failed' : 'Completed'}` : ready ? undefined : 'ContainersNotReady';
  const unready = containerStatuses.filter((one) => !one.ready).map((one) => one.name);
  const message = ready || ended ? undefined : `containers with unready status: [${unready.join(' ')}]`;
  const state = ready && !ended ? 'True' : 'False';
  const scheduled = pod.status?.conditions?.find((one) => one.type === 'PodScheduled');
  const { podIP, hostIP } = addresses(world, pod, stage);
  return {
    ...pod.status,
    phase,
    conditions: [
      condition(world, pod, 'PodReadyToStartContainers', stage === 0 ? 'False' : 'True'),
      condition(world, pod, 'Initialized', 'True'),
      condition(world, pod, 'Ready', state, why, message),
      condition(world, pod, 'ContainersReady', state, why, message),
      scheduled ?? condition(world, pod, 'PodScheduled', 'True'),
    ],
    hostIP,
    hostIPs: hostIP === undefined ? undefined : [{ ip: hostIP }],
    podIP,
    podIPs: podIP === undefined ? undefined : [{ ip: podIP }],
    startTime: pod.status?.startTime ?? timestamp(world),
    ...initialised(world, pod),
    containerStatuses,
    qosClass: qualityOf(pod),
  };
}

function initialised(world: World, pod: Pod): Pick<PodStatus, 'initContainerStatuses'> {
  const containers = pod.spec.initContainers ?? [];
  if (containers.length === 0) return {};
  const now = pod.status?.startTime ?? timestamp(world);
  const terminated = { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now };
  const done = { ready: true, started: false, restartCount: 0, state: { terminated }, lastState: {} };
  return { initContainerStatuses: containers.map(({ name, image }) => ({ name, image, imageID: image, ...done })) };
}

function condition(
  world: World,
  pod: Pod,
  type: string,
  status: 'True' | 'False',
  reason?: string,
  message?: string,
): Condition {
  const old = pod.status?.conditions?.find((one) => one.type === type);
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : timestamp(world);
  return {
    type,
    status,
    lastTransitionTime,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}

function phaseOf(world: World, pod: Pod, stage: number, statuses: readonly ContainerStatus[]): string {
  if (stage === 0) return 'Pending';
  const ended = statuses.every((one) => one.state.terminated !== undefined);
  if (ended) return statuses.some((one) => one.state.terminated?.exitCode !== 0) ? 'Failed' : 'Succeeded';
  return pod.spec.containers.some((one) => behaviourOf(world, one, pod) === 'missing') ? 'Pending' : 'Running';
}

function containerAt(world: World, pod: Pod, container: Container, stage: number, before: number): ContainerStatus {
  const { name, image } = container;
  const behaviour = behaviourOf(world, container, pod);
  const old = pod.status?.containerStatuses?.find((one) => one.name === name);
  const state = stateAt(world, container, behaviour, stage, old);
  const settled = stage >= 2;
  const running = state.running !== undefined;
  const crashed = behaviour === 'crashes' && settled;
  return {
    name,
    image,
    imageID: stage === 0 || behaviour === 'missing' ? '' : `${image.split('@')[0]}@sha256:${digestOf(image)}`,
    ready: settled && running && behaviour !== 'never-ready' && behaviour !== 'crashes',
    started: running,
    restartCount: before + (behaviour === 'crashes' ? Math.floor(stage / 2) : 0),
    ...(stage === 0 || behaviour === 'missing'
      ? {}
      : { containerID: `containerd://${digestOf([pod.metadata.uid, name, stage])}` }),
    state,
    lastState: crashed && stage % 2 === 0 ? ending(world, old) : (old?.lastState ?? {}),
  };
}

function stateAt(
  world: World,
  container: Container,
  behaviour: Behaviour,
  stage: number,
  old: ContainerStatus | undefined,
): ContainerState {
  const { name, image } = container;
  if (stage === 0) return { waiting: { reason: 'ContainerCreating' } };
  const startedAt = old?.state.running?.startedAt ?? timestamp(world);
  const settled = stage % 2 === 0;
  switch (behaviour) {
    case 'missing':
      return settled
        ? { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` } }
        : { waiting: { reason: 'ErrImagePull', message: `failed to pull image "${image}": not found` } };
    case 'crashes':
      return settled
        ? { waiting: { reason: 'CrashLoopBackOff', message: `back-off restarting failed container=${name}` } }
        : { running: { startedAt: timestamp(world) } };
    case 'fails':
      return settled ? ending(world, old) : { running: { startedAt } };
    case 'finishes':
      return settled
        ? { terminated: { exitCode: 0, reason: 'Completed', startedAt, finishedAt: timestamp(world) } }
        : { running: { startedAt } };
    case 'runs':
    case 'never-ready':
      return { running: { startedAt } };
    default:
      return behaviour satisfies never;
  }
}

function ending(world: World, old: ContainerStatus | undefined): ContainerState {
  const startedAt = old?.state.running?.startedAt ?? timestamp(world);
  return { terminated: { exitCode: 1, reason: 'Error', startedAt, finishedAt: timestamp(world) } };
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Addresses of the pod and its node: the pod's stays the same as long as it lives. */
function addresses(
  world: World,
  pod: Pod,
  stage: number,
): { readonly podIP: string | undefined; readonly hostIP: string | undefined } {
  const node = world.storage.get(nodes, null, pod.spec.nodeName ?? '');
  const hostIP = node?.status.addresses?.find((one) => one.type === 'InternalIP')?.address;
  if (stage === 0) return { podIP: pod.status?.podIP, hostIP };
  return { podIP: pod.status?.podIP ?? freeAddress(world, node), hostIP };
}

function freeAddress(world: World, node: Node | null): string {
  const prefix = (node?.spec.podCIDR ?? '10.244.0.0/24').split('.').slice(0, 3).join('.');
  const taken = new Set(world.storage.list(pods).map((one) => one.status?.podIP));
  let last = 2;
  while (taken.has(`${prefix}.${last}`)) last += 1;
  return `${prefix}.${last}`;
}

function qualityOf(pod: Pod): string {
  const sets = pod.spec.containers.map((one) => one.resources ?? {});
  if (sets.every((one) => one.requests === undefined && one.limits === undefined)) return 'BestEffort';
  const same = sets.every((one) =>
    ['cpu', 'memory'].every((key) => one.limits?.[key] !== undefined && one.limits[key] === one.requests?.[key]),
  );
  return same ? 'Guaranteed' : 'Burstable';
}
