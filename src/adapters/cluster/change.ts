// What each change reads before it, how it shows afterwards, and the one request that makes it.
import type { PatchOperation } from '../../core/action/difference.ts';
import { changesTemplate, type Effect } from '../../core/model/effect.ts';
import { type ObjectPart, partName, type TargetFact } from '../../core/model/facts.ts';
import type { Json, JsonObject } from '../../core/model/json.ts';
import { RESTARTED_AT } from '../../core/model/restart-stamp.ts';
import type { WriteIntent } from '../../ports/cluster-writer.ts';
import type { ClusterRequest, ContentType } from './client.ts';
import type { Revision, RolloutHistory } from './history.ts';
import { REVISION } from './history.ts';
import { numberAt, objectAt, textAt } from './json-at.ts';
import { absentContainer, containerImage } from './pod-container.ts';
import {
  containersFor,
  imagesNow,
  restartedAtOf,
  sameTemplate,
  templateHash,
  templateOf,
  unknownContainers,
  withImages,
  withoutRestart,
} from './template.ts';

/** An object as it stands in the cluster now; `history` is read where the change is about the template. */
export interface Live {
  readonly object: JsonObject;
  /** Its own path: "/apis/apps/v1/namespaces/shop/deployments/web". */
  readonly path: string;
  readonly history: RolloutHistory | null;
}

const revisionWanted = (effect: Effect, history: RolloutHistory): Revision | null => {
  if (effect.change.to !== 'revision') return null;
  const { revision } = effect.change;
  // kubectl 1.36: without a number, the newest but the live one.
  return revision === null
    ? (history.revisions.findLast(({ number }) => number !== history.live) ?? null)
    : (history.revisions.find(({ number }) => number === revision) ?? null);
};

export function isPaused(workload: JsonObject): boolean {
  return objectAt(workload, 'spec')['paused'] === true;
}

const templateImage = ({ object, history }: Live): JsonObject => ({
  template: templateHash(templateOf(object)),
  historyLimit: history?.limit ?? null,
});

/** Where the template lets its pods run, for effects that say something of it. */
const placementImage = ({ desired }: Effect, { object }: Live): JsonObject => {
  if ((desired?.pod ?? null) === null) return {};
  const spec = objectAt(templateOf(object), 'spec');
  const { nodeSelector = null, affinity = null, tolerations = null } = spec;
  return { nodeSelector, affinity, tolerations };
};

/** Phase Succeeded or Failed: nothing of the pod runs. */
export function hasFinished(pod: JsonObject): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '');
}

/** The fields that the effect reads or changes, as they are now: sealed, and compared before the write. */
export function preImageOf(effect: Effect, live: Live): JsonObject {
  return { ...changedFields(effect, live), ...placementImage(effect, live) };
}

const changedFields = (effect: Effect, live: Live): JsonObject => {
  const template = templateOf(live.object);
  switch (effect.change.to) {
    case 'replicas':
      return { replicas: numberAt(live.object, 'spec', 'replicas') };
    case 'restart':
      return { ...templateImage(live), restartedAt: restartedAtOf(template) };
    case 'images':
      return {
        ...templateImage(live),
        images: imagesNow(template, effect.change.images),
        // A paused rollout takes the images and waits: another thing to approve than pods that are replaced.
        ...(isPaused(live.object) ? { paused: true } : {}),
      };
    case 'revision': {
      const wanted = live.history === null ? null : revisionWanted(effect, live.history);
      const toTemplate = wanted === null ? null : templateHash(wanted.template);
      return { ...templateImage(live), toRevision: wanted?.number ?? null, toTemplate };
    }
    case 'absence':
      return {
        deleting: textAt(live.object, 'metadata', 'deletionTimestamp') !== null,
        ...(effect.resource === 'pods' && hasFinished(live.object) ? { finished: true } : {}),
      };
    case 'eviction':
      return { node: textAt(live.object, 'spec', 'nodeName'), ...(hasFinished(live.object) ? { finished: true } : {}) };
    case 'run':
      return containerImage(effect.change.container, live.object);
    case 'replacement':
    case 'before':
    case 'bounds':
    case 'several':
    case 'other':
      return {};
    default:
      return effect.change satisfies never;
  }
};

/** Whether the effect shows in the object; a restart only by the stamp of this very intent. */
export function isThere(effect: Effect, live: Live, sealed: TargetFact, intent: WriteIntent): boolean {
  const template = templateOf(live.object);
  switch (effect.change.to) {
    case 'replicas':
      return numberAt(live.object, 'spec', 'replicas') === effect.change.replicas;
    case 'restart':
      return restartedAtOf(template) === intent.at;
    case 'images':
      return (
        unknownContainers(template, effect.change.images).length === 0 &&
        sameTemplate(withImages(template, effect.change.images), template)
      );
    case 'revision':
      return templateHash(template) === templateAimedAt(effect, live, sealed);
    case 'absence':
    case 'eviction':
      return textAt(live.object, 'metadata', 'deletionTimestamp') !== null;
    case 'run':
    case 'replacement':
    case 'before':
    case 'bounds':
    case 'several':
    case 'other':
      return false;
    default:
      return effect.change satisfies never;
  }
}

/** Whether another has changed since what the effect wrote; seen from the object alone, for one look among many. */
export function isOverwritten(effect: Effect, object: JsonObject, sealed: TargetFact): boolean {
  const template = templateOf(object);
  switch (effect.change.to) {
    case 'replicas':
      return numberAt(object, 'spec', 'replicas') !== effect.change.replicas;
    case 'restart':
      return restartedAtOf(template) === textAt(sealed.preImage, 'restartedAt');
    case 'images':
      return !sameTemplate(withImages(template, effect.change.images), template);
    case 'revision': {
      const aimedAt = templateAimedAt(effect, { object, path: '', history: null }, sealed);
      return aimedAt !== null && templateHash(template) !== aimedAt;
    }
    case 'absence':
    case 'eviction':
    case 'run':
    case 'replacement':
    case 'before':
    case 'bounds':
    case 'several':
    case 'other':
      return false;
    default:
      return effect.change satisfies never;
  }
}

/** The hash of the template that an undo goes to: as sealed, for the rollback the sealed live one. */
const templateAimedAt = (effect: Effect, live: Live, sealed: TargetFact): string | null => {
  const to = effect.change.to === 'revision' ? effect.change.revision : null;
  if (to !== null && numberAt(sealed.preImage, 'toRevision') === to) return textAt(sealed.preImage, 'toTemplate');
  if (to !== null && sealed.revision === to) return textAt(sealed.preImage, 'template');
  const revision = live.history?.revisions.find(({ number }) => number === to);
  return revision === undefined ? null : templateHash(revision.template);
};

/** What the forward effect has left behind, so that the rollback does not overwrite the work of others. */
export function isAsLeft(forward: Effect, live: Live, sealed: TargetFact): boolean {
  const template = templateOf(live.object);
  const before = live.history?.revisions.find(({ number }) => number === sealed.revision)?.template ?? null;
  switch (forward.change.to) {
    case 'replicas':
      return numberAt(live.object, 'spec', 'replicas') === forward.change.replicas;
    case 'restart':
      return before !== null && sameTemplate(withoutRestart(before), withoutRestart(template));
    case 'images':
      return before !== null && sameTemplate(withImages(before, forward.change.images), template);
    case 'revision':
      return templateHash(template) === textAt(sealed.preImage, 'toTemplate');
    case 'absence':
    case 'eviction':
    case 'run':
    case 'replacement':
    case 'before':
    case 'bounds':
    case 'several':
    case 'other':
      return false;
    default:
      return forward.change satisfies never;
  }
}

/** What the effect names inside the object and that is not there; what is sent as a mutation is tried by its dry run. */
export function absentParts(effect: Effect, live: Live): readonly ObjectPart[] {
  if (effect.mutation !== undefined) return [];
  if (effect.change.to === 'images')
    return unknownContainers(templateOf(live.object), effect.change.images).map((name) => ({
      kind: 'container',
      name,
    }));
  if (effect.change.to === 'run') return absentContainer(effect.change.container, live.object);
  if (effect.change.to !== 'revision' || live.history === null || revisionWanted(effect, live.history) !== null)
    return [];
  return [{ kind: 'revision', number: effect.change.revision }];
}

/** Why the API server would accept the change and nothing would come of it, or kubectl refuses it; null: it may go. */
export function obstacle(effect: Effect, live: Live): string | null {
  if (!changesTemplate(effect)) return null;
  if (isPaused(live.object) && effect.change.to !== 'images')
    return 'the rollout is paused; resume it first with `kubectl rollout resume`';
  if (textAt(live.object, 'spec', 'updateStrategy', 'type') === 'OnDelete')
    return 'its updateStrategy is OnDelete: nothing changes until its pods are deleted';
  const absent = absentParts(effect, live);
  return absent.length === 0 ? null : `it has no ${absent.map(partName).join(', ')}`;
}

const FIELD_MANAGER = { fieldManager: 'blastgate' };

const patch = (path: string, type: ContentType, value: Json): ClusterRequest => ({
  method: 'PATCH',
  path,
  query: FIELD_MANAGER,
  body: { type, value },
});

/** Annotations of a deployment that an undo leaves as they are (kubectl 1.36). */
const KEPT_BY_UNDO: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]);

const annotationsAfterUndo = (deployment: JsonObject, replicaSet: JsonObject): JsonObject => {
  const own = Object.entries(objectAt(deployment, 'metadata', 'annotations'));
  const old = Object.entries(objectAt(replicaSet, 'metadata', 'annotations'));
  return Object.fromEntries([
    ...own.filter(([key]) => KEPT_BY_UNDO.has(key)),
    ...old.filter(([key]) => !KEPT_BY_UNDO.has(key)),
  ]);
};

/** What a write is bound to: this very object (its uid) in the very version that was read; for any other it is a 409 or 422. */
interface BoundTo {
  readonly [field: string]: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

const undoRequest = (
  effect: Effect,
  live: Live,
  metadata: BoundTo,
  annotationsBack: readonly PatchOperation[] | null,
): ClusterRequest => {
  const wanted = live.history === null ? null : revisionWanted(effect, live.history);
  if (wanted === null) throw new Error('an undo was planned to a revision that is not there (this is a bug)');
  if (effect.resource !== 'deployments') {
    const data = objectAt(wanted.object, 'data');
    return patch(live.path, 'application/strategic-merge-patch+json', { ...data, metadata });
  }
  const annotations: readonly PatchOperation[] = annotationsBack ?? [
    { op: 'replace', path: '/metadata/annotations', value: annotationsAfterUndo(live.object, wanted.object) },
  ];
  const operations: readonly PatchOperation[] = [
    { op: 'replace', path: '/metadata/uid', value: metadata.uid },
    { op: 'replace', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
    { op: 'replace', path: '/spec/template', value: wanted.template },
    ...annotations,
  ];
  // as: operations are JSON.
  return patch(live.path, 'application/json-patch+json', operations as unknown as Json);
};

/**
 * The request that makes the change, bound to the uid and resourceVersion just read; the same bytes for the same intent.
 * `annotationsBack`: of a rollback what gives back the annotations that the forward write changed, and no others; null: forward,
 * where an undo takes them from the revision as kubectl does.
 */
export function requestFor(
  effect: Effect,
  live: Live,
  intent: WriteIntent,
  annotationsBack: readonly PatchOperation[] | null = null,
): ClusterRequest {
  const metadata: BoundTo = {
    uid: textAt(live.object, 'metadata', 'uid') ?? '',
    resourceVersion: textAt(live.object, 'metadata', 'resourceVersion') ?? '',
  };
  switch (effect.change.to) {
    case 'replicas':
      return patch(`${live.path}/scale`, 'application/merge-patch+json', {
        metadata,
        spec: { replicas: effect.change.replicas },
      });
    case 'restart':
      return patch(live.path, 'application/strategic-merge-patch+json', {
        metadata,
        spec: { template: { metadata: { annotations: { [RESTARTED_AT]: intent.at } } } },
      });
    case 'images': {
      const chosen = containersFor(templateOf(live.object), effect.change.images);
      const spec: { [list: string]: Json } = {};
      for (const { list } of chosen)
        spec[list] = chosen.filter((one) => one.list === list).map(({ name, image }) => ({ name, image }));
      return patch(live.path, 'application/strategic-merge-patch+json', { metadata, spec: { template: { spec } } });
    }
    case 'revision':
      return undoRequest(effect, live, metadata, annotationsBack);
    case 'absence': {
      const { gracePeriodSeconds, propagation } = effect.change;
      const options = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        preconditions: metadata,
        ...(gracePeriodSeconds === null ? {} : { gracePeriodSeconds }),
        ...(propagation === null ? {} : { propagationPolicy: propagation }),
      };
      if (effect.subresource === 'eviction') {
        const { name, namespace } = effect;
        const value = {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name, namespace },
          deleteOptions: options,
        };
        return { method: 'POST', path: `${live.path}/eviction`, query: {}, body: { type: 'application/json', value } };
      }
      return { method: 'DELETE', path: live.path, query: {}, body: { type: 'application/json', value: options } };
    }
    // Not one request: drain-write.ts.
    case 'eviction':
    case 'run':
    case 'replacement':
    case 'before':
    case 'bounds':
    case 'several':
    case 'other':
      throw new Error(`${effect.kind} has no executor (this is a bug)`);
    default:
      return effect.change satisfies never;
  }
}

/** The same request as a server dry run: a DELETE with options reads it there alone. */
export function asDryRun(request: ClusterRequest): ClusterRequest {
  if (request.method !== 'DELETE' || request.body === null)
    return { ...request, query: { ...request.query, dryRun: 'All' } };
  const value = { ...(request.body.value as JsonObject), dryRun: ['All'] };
  return { ...request, body: { ...request.body, value } };
}
