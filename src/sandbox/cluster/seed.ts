// What lives in the sandbox at the start: a small shop in several namespaces, with a past of some weeks.
// The order in which it came; the objects are in seed-objects.ts, and the controllers make the rest.
import { findKind, namespaces, nodes } from './kinds.ts';
import type { KubeObject } from './model.ts';
import { AROUND, NAMESPACES, NODES, type SeedWorkload, WORKLOADS } from './seed-objects.ts';
import { timestamp, type World } from './world.ts';
import { createObject, updateObject } from './writes.ts';

export interface Seed {
  /** How long ago the cluster was born, in milliseconds. */
  readonly ageMs: number;
  /** Makes the objects; `liveUntil(ms)` lets the cluster live until so long before now. */
  readonly plant: (world: World, liveUntil: (agoMs: number) => void) => void;
}

const DAY = 24 * 3600 * 1000;
/** When the first, second and third revision of the workloads were rolled out, in days before now. */
const ROLLED_OUT = [29, 12, 3];

/** Nodes and the namespaces that every cluster has, and nothing else. */
export const bare: Seed = {
  ageMs: 0,
  plant: (world) => plantBasics(world, ['default', 'kube-system', 'kube-public', 'kube-node-lease']),
};

/** The shop: what the demo and most tests run against. */
export const shop: Seed = {
  ageMs: 30 * DAY,
  plant: (world, liveUntil) => {
    plantBasics(world, NAMESPACES);
    liveUntil(30 * DAY - 60_000);
    for (const object of AROUND) plant(world, object);
    for (const [revision, days] of ROLLED_OUT.entries()) {
      liveUntil(days * DAY);
      for (const workload of WORKLOADS) rollOut(world, workload, revision);
    }
    liveUntil(2 * DAY);
  },
};

function plantBasics(world: World, names: readonly string[]): void {
  for (const name of names)
    createObject(world, namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (const node of NODES) {
    const now = timestamp(world);
    const conditions = node.status.conditions?.map((one) => ({
      ...one,
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    }));
    const created = createObject(world, nodes, node);
    world.storage.put(nodes, { ...created, status: { ...node.status, conditions } });
  }
}

function plant(world: World, object: KubeObject): void {
  const kind = findKind(object.apiVersion, object.kind);
  if (kind === null) throw new Error(`bug: the seed holds a ${object.kind}, which the sandbox does not serve`);
  createObject(world, kind, object);
}

/** Creates a workload at its first revision, or moves it to the next one; without a further image nothing happens. */
function rollOut(world: World, workload: SeedWorkload, revision: number): void {
  const image = workload.images[revision];
  const kind = findKind('apps/v1', workload.kind);
  if (image === undefined || kind === null) return;
  const next = manifest(workload, image);
  const old = world.storage.get(kind, workload.namespace, workload.name);
  if (old === null) createObject(world, kind, next);
  else
    updateObject(world, kind, old, {
      ...next,
      metadata: { ...old.metadata, annotations: { ...old.metadata.annotations, ...next.metadata.annotations } },
    });
}

function manifest(workload: SeedWorkload, image: string): KubeObject {
  const { namespace, name, replicas, port } = workload;
  const labels = { app: name, ...workload.labels };
  return {
    apiVersion: 'apps/v1',
    kind: workload.kind,
    metadata: {
      name,
      namespace,
      labels,
      annotations: { 'kubernetes.io/change-cause': `image ${image.split(':')[1]}` },
    },
    spec: {
      ...(workload.kind === 'DaemonSet' ? {} : { replicas }),
      selector: { matchLabels: workload.labels ?? { app: name } },
      ...workload.spec,
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name, image, ports: [{ containerPort: port }], ...workload.container }],
          ...(workload.volumes === undefined ? {} : { volumes: workload.volumes }),
        },
      },
    },
  };
}
