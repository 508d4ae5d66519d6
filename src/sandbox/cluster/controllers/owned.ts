// Making objects that belong to another: owner references, pods from a template, counts and percentages.
// Shared by the workload controllers; it decides nothing about when.
import { pods } from '../kinds.ts';
import type { IntOrPercent, KubeObject, OwnerReference, Pod, PodTemplate } from '../model.ts';
import type { World } from '../world.ts';
import { createObject } from '../writes.ts';
import { recordEvent } from './event.ts';

export function ownerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

export interface PodNaming {
  /** A full name, or a prefix that gets a random suffix. */
  readonly name?: string;
  readonly generateName?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Creates a pod of a template for its owner, with an event that says so. */
export function createPod(
  world: World,
  owner: KubeObject,
  template: PodTemplate,
  naming: PodNaming,
  spec: Partial<Pod['spec']> = {},
): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const pod = createObject(world, pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: naming.name ?? '',
      generateName: naming.generateName,
      namespace: owner.metadata.namespace,
      labels: { ...labels, ...naming.labels },
      annotations,
      finalizers,
      ownerReferences: [ownerReference(owner)],
    },
    spec: { ...template.spec, ...spec },
  });
  recordEvent(world, owner, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  return pod;
}

/** A count or a percentage of `total`, rounded as Kubernetes does: surge up, unavailability down. */
export function scaled(value: IntOrPercent | undefined, total: number, rounding: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const percent = Number.parseInt(value ?? '0', 10);
  return rounding === 'up' ? Math.ceil((total * percent) / 100) : Math.floor((total * percent) / 100);
}
