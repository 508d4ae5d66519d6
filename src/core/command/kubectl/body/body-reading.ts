// What reading a body gathers, place by place.
import type { ActionKind, ContainerImage, Trait } from '../../../model/effect.ts';
import type { Edit } from './edit.ts';

/**
 * How the body reaches the object: a new one, a patch of one that is there, the wanted state of one that may be there
 * (apply), or all that it shall be (PUT).
 */
export type WriteMode = 'create' | 'patch' | 'apply' | 'put';

/** The object that a body is of. */
export interface BodyTarget {
  /** "deployments.apps", "pods". */
  readonly key: string;
  readonly subresource: string | null;
  readonly mode: WriteMode;
  /** Pointer to the pod's specification, null where the kind has none. */
  readonly pod: string | null;
}

/** Grows while edits are read. */
export interface BodyReading {
  readonly kinds: Set<ActionKind>;
  readonly traits: Set<Trait>;
  readonly labelKeys: Set<string>;
  readonly annotationKeys: Set<string>;
  readonly subjects: Set<string>;
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
