// The values of printed columns that take some reading: ages, the status word of a pod, selectors, ports.
// Pure, apart from the clock that ages are measured by; the columns themselves are tables.ts's.
import { at, isObject, listAt, plainText, textAt } from './json.ts';
import type { Container, ContainerStatus, Job, Json, KubeObject, Pod, StringMap } from './model.ts';
import type { World } from './world.ts';

/** A duration in the short form of kubectl's AGE: 5s, 3m20s, 4h, 2d3h, 1y20d. */
export function shortDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return pair(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit}${small}${smallUnit}`;
}

export function since(world: World, time: string | undefined, otherwise = '<unknown>'): string {
  return time === undefined ? otherwise : shortDuration(world.clock.now() - Date.parse(time));
}

export function age(object: KubeObject, world: World): string {
  return since(world, object.metadata.creationTimestamp);
}

export function labelsText(labels: Json | StringMap | undefined): string {
  const pairs = isObject(labels) ? Object.entries(labels).map(([key, value]) => `${key}=${plainText(value)}`) : [];
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

function containersOf(object: KubeObject, path: string): readonly Container[] {
  return listAt(object, path) as unknown as readonly Container[];
}

export function containerNames(object: KubeObject, path: string): string {
  return containersOf(object, path)
    .map((one) => one.name)
    .join(',');
}

export function containerImages(object: KubeObject, path: string): string {
  return containersOf(object, path)
    .map((one) => one.image)
    .join(',');
}

/** The word in the STATUS column of a pod, as kubectl prints it. */
export function podStatusWord(pod: Pod): string {
  const { phase = 'Unknown', reason, containerStatuses = [], conditions = [] } = pod.status ?? {};
  let word = reason ?? phase;
  for (const status of containerStatuses) word = containerWord(status) ?? word;
  if (word === 'Completed' && containerStatuses.some((status) => status.ready && status.state.running !== undefined))
    word = conditions.some((one) => one.type === 'Ready' && one.status === 'True') ? 'Running' : 'NotReady';
  return pod.metadata.deletionTimestamp !== undefined && !['Succeeded', 'Failed'].includes(phase)
    ? 'Terminating'
    : word;
}

function containerWord(status: ContainerStatus): string | null {
  const { waiting, terminated } = status.state;
  if (waiting !== undefined && waiting.reason !== '') return waiting.reason;
  if (terminated !== undefined) return terminated.reason === '' ? `ExitCode:${terminated.exitCode}` : terminated.reason;
  return null;
}

export function podReady(pod: Pod): string {
  const statuses = pod.status?.containerStatuses ?? [];
  return `${statuses.filter((status) => status.ready).length}/${pod.spec.containers.length}`;
}

export function podRestarts(pod: Pod, world: World): string {
  const statuses = pod.status?.containerStatuses ?? [];
  const count = statuses.reduce((sum, status) => sum + status.restartCount, 0);
  const ended = statuses
    .map((status) => ('terminated' in status.lastState ? status.lastState.terminated?.finishedAt : undefined))
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  return count > 0 && ended !== undefined ? `${count} (${since(world, ended)} ago)` : String(count);
}

export function servicePorts(service: KubeObject): string {
  const ports = listAt(service, 'spec.ports').map((port) => {
    const node = at(port, 'nodePort');
    return `${textAt(port, 'port')}${node === undefined ? '' : `:${plainText(node)}`}/${textAt(port, 'protocol', 'TCP')}`;
  });
  return ports.length === 0 ? '<none>' : ports.join(',');
}

export function externalAddress(service: KubeObject): string {
  const type = textAt(service, 'spec.type');
  if (type === 'ExternalName') return textAt(service, 'spec.externalName');
  const given = listAt(service, 'spec.externalIPs').map(String);
  const ingress = listAt(service, 'status.loadBalancer.ingress').map((one) =>
    textAt(one, 'ip', textAt(one, 'hostname')),
  );
  const all = type === 'LoadBalancer' ? [...ingress, ...given] : given;
  if (all.length > 0) return all.join(',');
  return type === 'LoadBalancer' ? '<pending>' : '<none>';
}

export function nodeStatus(node: KubeObject): string {
  const ready = listAt(node, 'status.conditions').find((one) => at(one, 'type') === 'Ready');
  const state = at(ready, 'status') === 'True' ? 'Ready' : ready === undefined ? 'Unknown' : 'NotReady';
  return at(node, 'spec.unschedulable') === true ? `${state},SchedulingDisabled` : state;
}

export function nodeRoles(node: KubeObject): string {
  const roles = Object.keys(node.metadata.labels ?? {})
    .filter((label) => label.startsWith('node-role.kubernetes.io/'))
    .map((label) => label.slice('node-role.kubernetes.io/'.length));
  return roles.length === 0 ? '<none>' : roles.sort().join(',');
}

export function nodeAddress(node: KubeObject, type: string): string {
  return textAt(
    listAt(node, 'status.addresses').find((one) => at(one, 'type') === type),
    'address',
  );
}

/** `3 + 2 more...`: the first three of a list, as kubectl shortens endpoints. */
export function firstThree(values: readonly string[]): string {
  if (values.length === 0) return '<none>';
  return values.length > 3 ? `${values.slice(0, 3).join(',')} + ${values.length - 3} more...` : values.join(',');
}

export function endpointAddresses(object: KubeObject): string {
  return firstThree(
    listAt(object, 'subsets').flatMap((subset) =>
      listAt(subset, 'addresses').flatMap((address) => {
        const ports = listAt(subset, 'ports');
        const ip = textAt(address, 'ip');
        return ports.length === 0 ? [ip] : ports.map((port) => `${ip}:${textAt(port, 'port')}`);
      }),
    ),
  );
}

/** TARGETS of an autoscaler: `cpu: <unknown>/80%`. */
export function autoscalerTargets(object: KubeObject): string {
  const targets = listAt(object, 'spec.metrics').map((metric) => {
    const name = textAt(metric, 'resource.name', textAt(metric, 'type'));
    const wanted = at(metric, 'resource.target.averageUtilization');
    const current = listAt(object, 'status.currentMetrics').find((one) => at(one, 'resource.name') === name);
    const now = at(current, 'resource.current.averageUtilization');
    const goal =
      wanted === undefined ? textAt(metric, 'resource.target.averageValue', '<auto>') : `${plainText(wanted)}%`;
    return `${name}: ${now === undefined ? '<unknown>' : `${plainText(now)}%`}/${goal}`;
  });
  return targets.length === 0 ? '<none>' : targets.join(', ');
}

export function dataCount(object: KubeObject): number {
  return (
    Object.keys((at(object, 'data') ?? {}) as object).length +
    Object.keys((at(object, 'binaryData') ?? {}) as object).length
  );
}

const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

export function accessModes(path: string): (object: KubeObject) => string {
  return (object) =>
    listAt(object, path)
      .map((mode) => MODES[plainText(mode)] ?? plainText(mode))
      .join(',');
}

export function jobState(object: KubeObject): string {
  const { spec, status } = object as Job;
  const holds = (type: string): boolean =>
    (status?.conditions ?? []).some((one) => one.type === type && one.status === 'True');
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  if (object.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return spec.suspend === true ? 'Suspended' : 'Running';
}

export function jobCompletions(object: KubeObject): string {
  const { spec, status } = object as Job;
  const done = status?.succeeded ?? 0;
  if (spec.completions !== undefined) return `${done}/${spec.completions}`;
  return (spec.parallelism ?? 0) > 1 ? `${done}/1 of ${spec.parallelism}` : `${done}/1`;
}

export function jobDuration(object: KubeObject, world: World): string {
  const { startTime, completionTime } = (object as Job).status ?? {};
  if (startTime === undefined) return '';
  return completionTime === undefined
    ? since(world, startTime)
    : shortDuration(Date.parse(completionTime) - Date.parse(startTime));
}

export function subjects(kind: string): (object: KubeObject) => string {
  return (object) =>
    listAt(object, 'subjects')
      .filter((one) => at(one, 'kind') === kind)
      .map((one) =>
        kind === 'ServiceAccount' ? `${textAt(one, 'namespace', '')}/${textAt(one, 'name')}` : textAt(one, 'name'),
      )
      .join(', ');
}
