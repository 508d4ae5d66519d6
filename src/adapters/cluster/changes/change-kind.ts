// What is known of each kind of change: what it reads before, how it shows afterwards, and the one request that makes it.
import type { PatchOperation } from '../../../core/action/difference.ts';
import type { Change, Effect } from '../../../core/model/effect.ts';
import type { ObjectPart, TargetFact } from '../../../core/model/facts.ts';
import type { Json, JsonObject } from '../../../core/model/json.ts';
import type { WriteIntent } from '../../../ports/cluster-writer.ts';
import type { ClusterRequest, ContentType } from '../client.ts';
import type { Live } from '../live.ts';
import { templateHash, templateOf } from '../template.ts';

/** A change, the effect that it is of, and the object before it or behind it. */
export interface ChangeAt<C extends Change> {
  readonly change: C;
  readonly effect: Effect;
  readonly live: Live;
}

/** What a write is bound to: this very object (its uid) in the very version that was read; for any other it is a 409 or 422. */
export interface BoundTo {
  readonly [field: string]: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** How a write is made. */
export interface Making {
  readonly metadata: BoundTo;
  readonly intent: WriteIntent;
  /**
   * Of a rollback what gives back the annotations that the forward write changed, and no others; null: forward, where an undo takes
   * them from the revision as kubectl does.
   */
  readonly annotationsBack: readonly PatchOperation[] | null;
}

/** All that differs between kinds of changes; change.ts says what each answer is for. */
export interface ChangeKind<C extends Change> {
  preImage(at: ChangeAt<C>): JsonObject;
  isThere(at: ChangeAt<C>, sealed: TargetFact, intent: WriteIntent): boolean;
  isOverwritten(at: ChangeAt<C>, sealed: TargetFact): boolean;
  isAsLeft(at: ChangeAt<C>, sealed: TargetFact): boolean;
  absentParts(at: ChangeAt<C>): readonly ObjectPart[];
  request(at: ChangeAt<C>, making: Making): ClusterRequest;
}

/** A change that is made in another way, or not at all: it is seen nowhere, and no request makes it. */
export const NOT_MADE_HERE: ChangeKind<Change> = {
  preImage: () => ({}),
  isThere: () => false,
  isOverwritten: () => false,
  isAsLeft: () => false,
  absentParts: () => [],
  request: ({ effect }) => {
    throw new Error(`${effect.kind} has no executor (this is a bug)`);
  },
};

/** A patch by the gate's own field manager. */
export function patchOf(path: string, type: ContentType, value: Json): ClusterRequest {
  return { method: 'PATCH', path, query: { fieldManager: 'blastgate' }, body: { type, value } };
}

/** What changes of the template are compared by. */
export function templateImage({ object, history }: Live): JsonObject {
  return { template: templateHash(templateOf(object)), historyLimit: history?.limit ?? null };
}

/** The template of the revision that was live when it was sealed; null: it is not in the history any more. */
export function sealedTemplate({ history }: Live, { revision }: TargetFact): JsonObject | null {
  return history?.revisions.find(({ number }) => number === revision)?.template ?? null;
}
