// What a write makes of an object: the difference between the object as read and as the API server's dry run would leave it.
import type { ApiReply } from './api-reply.ts';
import type { Json } from './json.ts';
import type { MutationRefusal } from './mutation-refusal.ts';
import type { ObjectKey } from './object-ref.ts';

/** A value that is not shown, a secret or one of more than 4 KiB, stands as its keyed hash: "hmac-sha256:…"; null: no value. */
export interface HiddenPair {
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * One field. `path` is a JSON pointer into the object as it was, of an element that is new into the object as it will be; `keys`
 * names the elements of lists on the way by their merge key ("name=web"), outermost first. A value that is absent is no field
 * before, or none after. `generated`: the server makes another value up each time, so none is sealed.
 */
export type FieldChange = {
  readonly path: string;
  readonly keys?: readonly string[];
} & (
  | { readonly before?: Json; readonly after?: Json; readonly generated?: never; readonly hidden?: never }
  | { readonly generated: true; readonly before?: never; readonly after?: never; readonly hidden?: never }
  | { readonly hidden: HiddenPair; readonly before?: never; readonly after?: never; readonly generated?: never }
);

/** A program that would run in a container, which is named by the id that it has now. */
export interface ProgramRun {
  readonly container: string;
  /** As the kubelet names this very start of the container. */
  readonly containerID: string;
  readonly argv: readonly string[];
}

/** What one object would become. `run`: a program in it; nothing of the object itself changes. */
export interface ObjectChange {
  readonly object: ObjectKey;
  /** null: the object is not there yet. */
  readonly uid: string | null;
  readonly op: 'update' | 'create' | 'delete' | 'run';
  /** Which of the writes of this object it is, from 0, where the command has several (`replace --force`); absent: the only one. */
  readonly write?: number;
  readonly fields: readonly FieldChange[];
  /** Of `run` alone. */
  readonly run?: ProgramRun;
  /**
   * What a dry run of its way back came to; absent where it cannot be tried before the write. `rounded`: it would write a number that
   * the gate cannot know exactly, so that there is none.
   */
  readonly back?: 'passed' | 'refused' | 'rounded';
}

/** Why kubectl would send nothing to an object, which is named as placedName writes it. */
export interface Unsent extends MutationRefusal {
  readonly subject: string;
}

/** How the API server answered a dry run; `why` in its own words. */
export type Rehearsed =
  | { readonly is: 'passed' }
  /** `unsent`: nothing was asked of the server, since kubectl would send nothing to the object as it stands. */
  /** `reply`: the API server's own words, for whoever sent the request. */
  | { readonly is: 'refused'; readonly why: string; readonly unsent?: Unsent; readonly reply?: ApiReply }
  /** The gate lacks the right, no answer came, or the request has no dry run (exec, eviction, a webhook that forbids it). */
  | {
      readonly is: 'not-possible';
      readonly because: 'forbidden' | 'unanswered' | 'unsupported';
      readonly why: string;
    };

/**
 * What the API server's dry runs of an action came to (contract section 7); `changes` are empty unless it passed. A program in a
 * container can never be tried, and is one all the same.
 */
export interface Rehearsal {
  readonly forward: Rehearsed;
  readonly changes: readonly ObjectChange[];
  /** Values from before that the changes show as hashes: kept encrypted for the way back, never sealed or shown. */
  readonly hidden: readonly (readonly [hash: string, value: Json])[];
}
