// The history of stateful and daemon sets: one ControllerRevision for each template, numbered as it was last used.
// `kubectl rollout history` and `undo` read and apply its data.
import { copyJson, sameJson } from '../json.ts';
import { controllerRevisions } from '../kinds.ts';
import type { ControllerRevision, DaemonSet, JsonObject, StatefulSet } from '../model.ts';
import { removeObject } from '../removal.ts';
import { safeHash, type World } from '../world.ts';
import { createObject } from '../writes.ts';
import { ownerReference } from './owned.ts';

const CAUSE = 'kubernetes.io/change-cause';

export type WithHistory = StatefulSet | DaemonSet;

/** The revisions of a set, oldest first. */
export function revisionsOf(world: World, set: WithHistory): readonly ControllerRevision[] {
  return world.storage
    .ownedBy(set.metadata.uid ?? '')
    .filter(({ kind }) => kind === controllerRevisions)
    .map(({ object }) => object as ControllerRevision)
    .sort((a, b) => a.revision - b.revision);
}

/** The patch that brings a set back to its present template. */
function dataOf(set: WithHistory): JsonObject {
  return copyJson({ spec: { template: { ...set.spec.template, $patch: 'replace' } } }) as unknown as JsonObject;
}

/** The revision of the present template, made or moved to the top when it is not there yet. */
export function ensureRevision(world: World, set: WithHistory): ControllerRevision {
  const known = revisionsOf(world, set);
  const data = dataOf(set);
  const newest = known.at(-1);
  const equal = known.find((one) => sameJson(one.data, data));
  if (equal !== undefined && equal === newest) return equal;
  const revision = (newest?.revision ?? 0) + 1;
  if (equal !== undefined) return world.storage.put(controllerRevisions, { ...equal, revision });
  const hash = safeHash(data);
  const cause = set.metadata.annotations?.[CAUSE];
  return createObject(world, controllerRevisions, {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${set.metadata.name}-${hash}`,
      namespace: set.metadata.namespace,
      labels: { ...set.spec.template.metadata?.labels, 'controller-revision-hash': hash },
      annotations: cause === undefined ? undefined : { [CAUSE]: cause },
      ownerReferences: [ownerReference(set)],
    },
    revision,
    data,
  });
}

/** The label value by which pods say which revision they are of. */
export function hashOf(revision: ControllerRevision): string {
  return revision.metadata.labels?.['controller-revision-hash'] ?? '';
}

/** Removes revisions beyond the limit that no pod and no status is of, oldest first. */
export function forgetRevisions(world: World, set: WithHistory, inUse: ReadonlySet<string>): void {
  const idle = revisionsOf(world, set).filter((one) => !inUse.has(one.metadata.name));
  const limit = set.spec.revisionHistoryLimit ?? 10;
  for (const one of idle.slice(0, Math.max(0, idle.length - limit))) removeObject(world, controllerRevisions, one);
}
