// Writes Kubernetes events (kind Event) about objects; the same event again only raises its count.

import { at, numberAt } from '../json.ts';
import { events } from '../kinds.ts';
import type { KubeObject } from '../model.ts';
import { safeHash, timestamp, type World } from '../world.ts';
import { createObject } from '../writes.ts';

const SOURCES: Readonly<Record<string, string>> = {
  Deployment: 'deployment-controller',
  ReplicaSet: 'replicaset-controller',
  StatefulSet: 'statefulset-controller',
  DaemonSet: 'daemonset-controller',
  Job: 'job-controller',
  Pod: 'kubelet',
};

/** Records what happened to an object, visible in `kubectl describe` and `kubectl get events`. */
export function recordEvent(
  world: World,
  about: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  component = SOURCES[about.kind] ?? 'sandbox',
): void {
  const namespace = about.metadata.namespace ?? 'default';
  const name = `${about.metadata.name}.${safeHash([about.metadata.uid, type, reason, message])}`;
  const now = timestamp(world);
  const known = world.storage.get(events, namespace, name);
  if (known !== null) {
    const again = { ...known, lastTimestamp: now, count: numberAt(known, 'count') + 1 };
    world.storage.put(events, again);
    return;
  }
  const event: KubeObject & Readonly<Record<string, unknown>> = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: {
      kind: about.kind,
      apiVersion: about.apiVersion,
      namespace: about.metadata.namespace,
      name: about.metadata.name,
      uid: about.metadata.uid,
      resourceVersion: about.metadata.resourceVersion,
    },
    type,
    reason,
    message,
    source: { component },
    reportingComponent: component,
    reportingInstance: '',
    eventTime: null,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
  // A namespace on its way out takes no new events, and nobody misses them.
  if (at(world.storage.byUid(about.metadata.uid ?? ''), 'object.metadata.uid') === undefined) return;
  try {
    createObject<KubeObject>(world, events, event);
  } catch {
    return;
  }
}
