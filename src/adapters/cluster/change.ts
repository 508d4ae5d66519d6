// What each change reads before it, how it shows afterwards, and the one request that makes it: a table of the kinds in changes/.
import type { PatchOperation } from '../../core/action/difference.ts';
import { type Change, changesTemplate, type Effect } from '../../core/model/effect.ts';
import { type ObjectPart, partName, type TargetFact } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import type { WriteIntent } from '../../ports/cluster-writer.ts';
import { ABSENCE } from './changes/absence.ts';
import { type ChangeAt, type ChangeKind, NOT_MADE_HERE } from './changes/change-kind.ts';
import { IMAGES } from './changes/images.ts';
import { REPLICAS } from './changes/replicas.ts';
import { RESTART } from './changes/restart.ts';
import { TO_REVISION } from './changes/revision.ts';
import type { ClusterRequest } from './client.ts';
import { objectAt, textAt } from './json-at.ts';
import { hasFinished, isDeleting, isPaused, type Live } from './live.ts';
import { absentContainer, containerImage } from './pod-container.ts';
import { templateOf } from './template.ts';

const KINDS: { readonly [K in Change['to']]: ChangeKind<Extract<Change, { to: K }>> } = {
  replicas: REPLICAS,
  restart: RESTART,
  images: IMAGES,
  revision: TO_REVISION,
  absence: ABSENCE,
  // Made by drain-write.ts, which is more than one request.
  eviction: {
    ...NOT_MADE_HERE,
    preImage: ({ live: { object } }) => ({
      node: textAt(object, 'spec', 'nodeName'),
      ...(hasFinished(object) ? { finished: true } : {}),
    }),
    isThere: ({ live }) => isDeleting(live.object),
  },
  // Made by program-write.ts.
  run: {
    ...NOT_MADE_HERE,
    preImage: ({ change, live }) => containerImage(change.container, live.object),
    absentParts: ({ change, live }) => absentContainer(change.container, live.object),
  },
  replacement: NOT_MADE_HERE,
  before: NOT_MADE_HERE,
  bounds: NOT_MADE_HERE,
  several: NOT_MADE_HERE,
  other: NOT_MADE_HERE,
};

/** The kind of an effect's change, and what it is asked about. */
const kindOf = (effect: Effect, live: Live): readonly [ChangeKind<Change>, ChangeAt<Change>] =>
  // as: the row of this very change, which the type of the table holds.
  [KINDS[effect.change.to] as ChangeKind<Change>, { change: effect.change, effect, live }];

/** Where the template lets its pods run, for effects that say something of it. */
const placementImage = ({ desired }: Effect, { object }: Live): JsonObject => {
  if ((desired?.pod ?? null) === null) return {};
  const spec = objectAt(templateOf(object), 'spec');
  const { nodeSelector = null, affinity = null, tolerations = null } = spec;
  return { nodeSelector, affinity, tolerations };
};

/** The fields that the effect reads or changes, as they are now: sealed, and compared before the write. */
export function preImageOf(effect: Effect, live: Live): JsonObject {
  const [kind, at] = kindOf(effect, live);
  return { ...kind.preImage(at), ...placementImage(effect, live) };
}

/** Whether the effect shows in the object; a restart only by the stamp of this very intent. */
export function isThere(effect: Effect, live: Live, sealed: TargetFact, intent: WriteIntent): boolean {
  const [kind, at] = kindOf(effect, live);
  return kind.isThere(at, sealed, intent);
}

/** Whether another has changed since what the effect wrote; seen from the object alone, for one look among many. */
export function isOverwritten(effect: Effect, object: JsonObject, sealed: TargetFact): boolean {
  const [kind, at] = kindOf(effect, { object, path: '', history: null });
  return kind.isOverwritten(at, sealed);
}

/** What the forward effect has left behind, so that the rollback does not overwrite the work of others. */
export function isAsLeft(forward: Effect, live: Live, sealed: TargetFact): boolean {
  const [kind, at] = kindOf(forward, live);
  return kind.isAsLeft(at, sealed);
}

/** What the effect names inside the object and that is not there; what is sent as a mutation is tried by its dry run. */
export function absentParts(effect: Effect, live: Live): readonly ObjectPart[] {
  if (effect.mutation !== undefined) return [];
  const [kind, at] = kindOf(effect, live);
  return kind.absentParts(at);
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

/**
 * The request that makes the change, bound to the uid and resourceVersion just read; the same bytes for the same intent.
 * `annotationsBack`: as changes/change-kind.ts says.
 */
export function requestFor(
  effect: Effect,
  live: Live,
  intent: WriteIntent,
  annotationsBack: readonly PatchOperation[] | null = null,
): ClusterRequest {
  const [kind, at] = kindOf(effect, live);
  const metadata = {
    uid: textAt(live.object, 'metadata', 'uid') ?? '',
    resourceVersion: textAt(live.object, 'metadata', 'resourceVersion') ?? '',
  };
  return kind.request(at, { metadata, intent, annotationsBack });
}
