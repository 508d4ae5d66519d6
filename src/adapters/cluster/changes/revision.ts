// An earlier revision of the template, as `kubectl rollout undo` brings it back.
import type { PatchOperation } from '../../../core/action/difference.ts';
import type { Change } from '../../../core/model/effect.ts';
import type { TargetFact } from '../../../core/model/facts.ts';
import type { Json, JsonObject } from '../../../core/model/json.ts';
import { REVISION, type Revision } from '../history.ts';
import { numberAt, objectAt, textAt } from '../json-at.ts';
import type { Live } from '../live.ts';
import { templateHash, templateOf } from '../template.ts';
import { type ChangeKind, NOT_MADE_HERE, patchOf, templateImage } from './change-kind.ts';

type ToRevision = Extract<Change, { to: 'revision' }>;

const wantedOf = ({ revision }: ToRevision, { history }: Live): Revision | null => {
  if (history === null) return null;
  // kubectl 1.36: without a number, the newest but the live one.
  return revision === null
    ? (history.revisions.findLast(({ number }) => number !== history.live) ?? null)
    : (history.revisions.find(({ number }) => number === revision) ?? null);
};

/** The hash of the template that an undo goes to: as sealed, for the rollback the sealed live one. */
const templateAimedAt = ({ revision: to }: ToRevision, { history }: Pick<Live, 'history'>, sealed: TargetFact) => {
  if (to !== null && numberAt(sealed.preImage, 'toRevision') === to) return textAt(sealed.preImage, 'toTemplate');
  if (to !== null && sealed.revision === to) return textAt(sealed.preImage, 'template');
  const revision = history?.revisions.find(({ number }) => number === to);
  return revision === undefined ? null : templateHash(revision.template);
};

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

export const TO_REVISION: ChangeKind<ToRevision> = {
  ...NOT_MADE_HERE,
  preImage: ({ change, live }) => {
    const wanted = wantedOf(change, live);
    const toTemplate = wanted === null ? null : templateHash(wanted.template);
    return { ...templateImage(live), toRevision: wanted?.number ?? null, toTemplate };
  },
  isThere: ({ change, live }, sealed) =>
    templateHash(templateOf(live.object)) === templateAimedAt(change, live, sealed),
  isOverwritten: ({ change, live }, sealed) => {
    const aimedAt = templateAimedAt(change, live, sealed);
    return aimedAt !== null && templateHash(templateOf(live.object)) !== aimedAt;
  },
  isAsLeft: ({ live }, { preImage }) => templateHash(templateOf(live.object)) === textAt(preImage, 'toTemplate'),
  absentParts: ({ change, live }) =>
    live.history === null || wantedOf(change, live) !== null ? [] : [{ kind: 'revision', number: change.revision }],
  request: ({ change, effect, live }, { metadata, annotationsBack }) => {
    const wanted = wantedOf(change, live);
    if (wanted === null) throw new Error('an undo was planned to a revision that is not there (this is a bug)');
    if (effect.resource !== 'deployments') {
      const data = objectAt(wanted.object, 'data');
      return patchOf(live.path, 'application/strategic-merge-patch+json', { ...data, metadata });
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
    return patchOf(live.path, 'application/json-patch+json', operations as unknown as Json);
  },
};
