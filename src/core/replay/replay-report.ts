// What a replay answers: the same for the same records, in whatever order they were read.
import type { Action } from '../model/effect.ts';
import type { Reason, ReasonCode } from '../model/reason.ts';
import type { Tier } from '../model/tier.ts';
import type { ActorClass } from './actor-class.ts';
import type { CannotTell } from './judge-logged.ts';

/** Why a record is not counted as an action; the first that is true of it. */
export const SKIPPED_RECORDS = [
  'read',
  'other-stage',
  'controller',
  'node',
  'system',
  'dry-run',
  'refused',
  'failed',
  'repeated',
] as const;
export type SkippedRecord = (typeof SKIPPED_RECORDS)[number];

export type TierCounts = { readonly [T in Tier]: number };

export interface ReplayCounts extends TierCounts {
  /** Of these, how many the gate would have refused whatever its tier: it does not carry them out. */
  readonly refused: number;
  /** Actions without a tier: the log does not have the body that they are judged by. */
  readonly noBody: number;
}

export interface ActionCounts extends ReplayCounts {
  /** null: of what has no body in the log nobody can tell more than the verb of its request. */
  readonly action: Action | null;
}

export interface ActorCounts {
  readonly actor: string;
  readonly class: ActorClass;
  readonly actions: readonly ActionCounts[];
}

/** A reason that has other points by the other policy; null: it is not there. */
export interface ReasonChange {
  readonly code: ReasonCode;
  readonly before: number | null;
  readonly after: number | null;
}

/** Requests whose tier is another by the policy than by the one it is compared with, for the same reasons. */
export interface TierChange {
  readonly actor: string;
  readonly action: Action;
  readonly before: Tier;
  readonly after: Tier;
  readonly count: number;
  /** What differs in the sum; nothing where only the limits of the tiers do. */
  readonly because: readonly ReasonChange[];
  /** The earliest of them. */
  readonly example: {
    readonly at: string;
    readonly method: string;
    readonly path: string;
    readonly before: JudgedExample;
    readonly after: JudgedExample;
  };
}

export interface JudgedExample {
  readonly score: number | null;
  readonly reasons: readonly Reason[];
}

export interface ReplayReport {
  /** Records that were read, and how many of them were no events or could not be read. */
  readonly records: number;
  readonly unreadable: number;
  readonly notCounted: { readonly [W in SkippedRecord]: number };
  /** Of the actions, from the first to the last; null where none has a time. */
  readonly period: { readonly from: string; readonly to: string } | null;
  readonly total: ReplayCounts;
  /** Requests that can be read in two ways, which score differently, by why; the lower one counts. */
  readonly cannotTell: { readonly [W in CannotTell]: number };
  /** Requests that people would have been asked about, by day (UTC); days without any are left out. */
  readonly asked: readonly { readonly day: string; readonly human: number; readonly dual: number }[];
  /**
   * Reasons of what people would have been asked about or what would have been blocked, but for the base that each has; the most
   * frequent first.
   */
  readonly reasons: readonly { readonly code: ReasonCode; readonly count: number }[];
  readonly actors: readonly ActorCounts[];
  /** null: nothing was compared. */
  readonly changes: readonly TierChange[] | null;
  /** More ids than can be remembered: repeated records after them are counted again. */
  readonly idsFull: boolean;
  /** Actions of actors, days or changes that there were too many of to list. */
  readonly unlisted: { readonly actors: number; readonly days: number; readonly changes: number };
}
