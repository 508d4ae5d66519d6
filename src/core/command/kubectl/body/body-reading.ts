// What reading a body gathers, place by place.
import type { ActionKind, ContainerImage, Trait } from '../../../model/effect.ts';
import type { Edit } from './edit.ts';
import type { PodPlace } from './pod-spec.ts';

/**
 * How the body reaches the object: a new one, a patch of one that is there, the wanted state of one that may be there
 * (apply), or all that it shall be (PUT).
 */
export type WriteMode = 'create' | 'patch' | 'apply' | 'put';

/** The object that a body is of. */
export interface BodyTarget {
  /** "deployments.apps", "pods". */
  readonly key: string;
  readonly known: 'built-in' | 'other';
  readonly subresource: string | null;
  readonly mode: WriteMode;
  /** It is the ConfigMap that says who is who. */
  readonly identityMap: boolean;
  readonly pod: PodPlace;
}

/** Grows while edits are read; its lists hold the same word as often as it was found. */
export interface BodyReading {
  /** Whether an edit states the whole list or object at a place. */
  readonly isStated: (at: string) => boolean;
  readonly kinds: ActionKind[];
  readonly traits: Trait[];
  readonly labelKeys: string[];
  readonly annotationKeys: string[];
  readonly templateKeys: string[];
  readonly subjects: string[];
  readonly images: ContainerImage[];
  readonly commands: (readonly string[])[];
  /** undefined: not touched. */
  replicas: number | null | undefined;
  /** spec.maxReplicas of an autoscaler; undefined: not touched, or no number. */
  maxReplicas: number | undefined;
  unknown: boolean;
}

/** Reads one edit; true when the place is its own. */
export type Reader = (edit: Edit, target: BodyTarget, reading: BodyReading) => boolean;

/** The place around a place: "/a/b" of "/a/b/c". */
export function around(at: string): string {
  return at.slice(0, at.lastIndexOf('/'));
}

/** Last segment of a pointer, unescaped: the key of a label. */
export function lastKey(at: string): string {
  return at
    .slice(at.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
}

/** True when the edit leaves something there. */
export function leaves({ how }: Edit): boolean {
  return how !== 'removed';
}
