// Endpoints and endpoint slices of services: the addresses of the pods that a service selects, and whether they are ready.
import { endpointSlices, endpoints, pods, services } from '../kinds.ts';
import type { JsonObject, KubeObject, Pod, Service, ServicePort } from '../model.ts';
import { isReady } from '../pods.ts';
import { removeObject } from '../removal.ts';
import { selects } from '../selectors.ts';
import { safeHash, type World } from '../world.ts';
import { createObject, putObject } from '../writes.ts';
import { type Controller, keyOf, splitKey } from './manager.ts';
import { ownerReference } from './owned.ts';

const SERVICE_LABEL = 'kubernetes.io/service-name';

export const endpointsController: Controller = {
  name: 'endpoints',
  keys: ({ kind, object, previous }, world) => {
    if (kind === services) return [keyOf(object)];
    if (kind !== pods) return [];
    const { namespace = '' } = object.metadata;
    const labels = [object.metadata.labels ?? {}, previous?.metadata.labels ?? {}];
    return world.storage
      .list(services, namespace)
      .filter(
        ({ spec }) => spec.selector !== undefined && labels.some((one) => selects({ matchLabels: spec.selector }, one)),
      )
      .map(keyOf);
  },
  reconcile: (world, key) => {
    const { namespace, name } = splitKey(key);
    const service = world.storage.get(services, namespace, name);
    const known = world.storage.get(endpoints, namespace, name);
    if (service === null) {
      if (known !== null) removeObject(world, endpoints, known);
      return;
    }
    if (service.spec.selector === undefined || service.spec.type === 'ExternalName') return;
    publish(world, service, known);
    balance(world, service);
  },
};

/** Gives a service of type LoadBalancer an address, as a cloud would. */
function balance(world: World, service: Service): void {
  if (service.spec.type !== 'LoadBalancer') return;
  const last = 1 + (safeHash(service.metadata.uid).charCodeAt(0) % 100);
  const status = { loadBalancer: { ingress: [{ ip: `203.0.113.${last}`, ipMode: 'VIP' }] } };
  world.storage.put(services, { ...service, status });
}

function publish(world: World, service: Service, known: KubeObject | null): void {
  const { namespace = '', name } = service.metadata;
  const chosen = world.storage
    .list(pods, namespace)
    .filter((pod) => selects({ matchLabels: service.spec.selector }, pod.metadata.labels ?? {}))
    .filter((pod) => pod.status?.podIP !== undefined && !['Succeeded', 'Failed'].includes(pod.status.phase));
  const ports = (service.spec.ports ?? []).map((port) => ({ port, number: portOf(port, chosen) }));
  const body: KubeObject & { readonly subsets: unknown } = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name, namespace, labels: service.metadata.labels },
    subsets: subsetsOf(chosen, ports),
  };
  if (known === null) createObject<KubeObject>(world, endpoints, body);
  else putObject(world, endpoints, { ...known, ...body, metadata: known.metadata });
  publishSlice(world, service, chosen, ports);
}

interface ResolvedPort {
  readonly port: ServicePort;
  readonly number: number;
}

/** The port that pods listen on: a number, or the named port of the first pod that has it. */
function portOf(port: ServicePort, chosen: readonly Pod[]): number {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target;
  const named = chosen
    .flatMap((pod) => pod.spec.containers.flatMap((one) => one.ports ?? []))
    .find((one) => one.name === target);
  return named?.containerPort ?? port.port;
}

function portBody({ port, number }: ResolvedPort): JsonObject {
  return { name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP' };
}

function reference(pod: Pod): JsonObject {
  return { kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid };
}

function subsetsOf(chosen: readonly Pod[], ports: readonly ResolvedPort[]): readonly JsonObject[] | undefined {
  const address = (pod: Pod): JsonObject => ({
    ip: pod.status?.podIP,
    nodeName: pod.spec.nodeName,
    targetRef: reference(pod),
  });
  const alive = chosen.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const addresses = alive.filter(isReady).map(address);
  const notReadyAddresses = alive.filter((pod) => !isReady(pod)).map(address);
  if (alive.length === 0) return undefined;
  return [
    {
      ...(addresses.length > 0 ? { addresses } : {}),
      ...(notReadyAddresses.length > 0 ? { notReadyAddresses } : {}),
      ports: ports.map(({ port, number }) => ({
        ...(port.name === undefined ? {} : { name: port.name }),
        port: number,
        protocol: port.protocol ?? 'TCP',
      })),
    },
  ];
}

function endpointOf(pod: Pod, service: Service): JsonObject {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isReady(pod);
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready, serving, terminating },
    nodeName: pod.spec.nodeName,
    targetRef: reference(pod),
  };
}

function publishSlice(world: World, service: Service, chosen: readonly Pod[], ports: readonly ResolvedPort[]): void {
  const { namespace = '', name } = service.metadata;
  const known = world.storage
    .list(endpointSlices, namespace)
    .find((one) => one.metadata.labels?.[SERVICE_LABEL] === name);
  const content = {
    addressType: 'IPv4',
    endpoints: chosen.map((pod) => endpointOf(pod, service)),
    ports: ports.map(portBody),
  };
  if (known !== undefined) {
    putObject(world, endpointSlices, { ...known, ...content });
    return;
  }
  createObject(world, endpointSlices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: '',
      generateName: `${name}-`,
      namespace,
      labels: {
        ...service.metadata.labels,
        [SERVICE_LABEL]: name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [ownerReference(service)],
    },
    ...content,
  });
}
