// One line of the audit trail, as it is hashed, verified and looked for.
import type { Instant } from '../model/instant.ts';
import type { EventRecord } from './event.ts';

/** One line of the audit trail: a step of a remediation, or an entry about the gate itself. */
export type AuditEntry =
  | { readonly kind: 'step'; readonly proposal: string; readonly revision: number; readonly record: EventRecord }
  /** Something that changed no remediation: pause, resume, a vote that did not count, a proposal turned away. */
  | {
      readonly kind: 'note';
      readonly at: Instant;
      readonly what: string;
      readonly who: string | null;
      readonly about: string;
      /** The proposal that it is about; lines of older versions name it in `about` alone. */
      readonly proposal?: string;
      /** The cluster that alone was paused or runs again; absent: all of them. */
      readonly cluster?: string;
      /** What stands for the lines that were taken out (`pruned`). */
      readonly checkpoint?: Checkpoint;
    };

/** Where the lines of ended incidents were taken out: what the chain goes on from, and what the rest must be. */
export interface Checkpoint {
  /** The last line that was looked at; every line after it is there. */
  readonly through: AuditHead;
  /** The latest time of the lines up to it. */
  readonly latest: Instant;
  /** stayedDigest (checkpoint.ts) of the lines up to `through` that stayed: of incidents that are not over. */
  readonly stayed: string;
  /** carriedDigest of what all that was ever taken out counts for. */
  readonly carried: string;
}

/** `hash` is sha256 over the canonical JSON of the line without it; `prev` is the hash of the line before ("" for the first). */
export interface AuditLine {
  readonly seq: number;
  readonly deed: AuditEntry;
  readonly prev: string;
  readonly hash: string;
}

/** The newest line: where the chain ends. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/**
 * What notes of the gate tell: the pause switch, what of votes did not count, the answer of a write that its sender has, which
 * files of people and policy hold from here on, that old lines were archived, logins.
 */
export const NOTE_NAMES = [
  'paused',
  'running',
  'vote-not-counted',
  'break-glass-refused',
  'request-answered',
  'people-read',
  'policy-read',
  'pruned',
  'link-made',
  'logged-in',
  'logged-out',
] as const;

/** The name by which a line is looked for: of its event, or of what a note tells. */
export function eventNameOf(entry: AuditEntry): string {
  return entry.kind === 'step' ? entry.record.event.event : entry.what;
}

/** RFC 3339; "" for a line that is damaged. */
export function timeOf(entry: AuditEntry): Instant {
  return entry.kind === 'step' ? entry.record.at : entry.at;
}

/** The one way in which older versions named a proposal in a note: "approve p-1: not-open". */
const OLDER_NOTE = /^(?:approve|reject) (\S+): /;

/** The proposal that a line is about; null: none. */
export function proposalOf(entry: AuditEntry): string | null {
  if (entry.kind === 'step') return entry.proposal;
  return entry.proposal ?? OLDER_NOTE.exec(entry.about)?.[1] ?? null;
}

/** What a store keeps beside each line to find it by. */
export interface LineKeys {
  /** That of the proposal; null: the line is about none, or about one that nobody knows. */
  readonly incident: string | null;
  readonly event: string;
  /** The latest time of this line and of all before it, so that it only rises, whatever a clock did. */
  readonly latest: Instant;
}

/** What of a line its keys are made from: the proposal that it is about (null: none), its name, its time. */
export interface LineSubject {
  readonly about: string | null;
  readonly event: string;
  readonly at: Instant;
}

export function lineSubject(entry: AuditEntry): LineSubject {
  return { about: proposalOf(entry), event: eventNameOf(entry), at: timeOf(entry) };
}

/** The keys of lines in their order, from the first line on; `incident`: of the proposal that it is about, null where it is not known. */
export function lineKeys({ event, at }: LineSubject, before: Instant, incident: string | null): LineKeys {
  return { incident, event, latest: at > before ? at : before };
}
