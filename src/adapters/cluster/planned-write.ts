// One write of a permit as the writer sees it, whatever kind of action it is.
import type { Hiding } from '../../core/action/difference.ts';
import type { JsonObject } from '../../core/model/json.ts';
import type { ObjectChange } from '../../core/model/object-change.ts';
import type { ProgramRan } from '../../core/model/program-output.ts';
import type { WriteResult } from '../../core/remediation/event.ts';
import type { ClusterRequest } from './client.ts';
import { textAt } from './json-at.ts';

/** What a write needs to know beside its object. */
export interface Sealed {
  readonly change: ObjectChange;
  /** The uid of the object that stood in its place, which goes first; null: none did. */
  readonly replaces: string | null;
  /** Of the spec: names what the server would name, so that a lost answer can be looked up. */
  readonly digest: string;
  readonly hash: Hiding['hash'];
  /** Whom the API server names as the writer (metadata.managedFields). */
  readonly managers: ReadonlySet<string>;
}

export function uidOf(object: JsonObject): string | null {
  return textAt(object, 'metadata', 'uid');
}

type Stale = WriteResult & { readonly outcome: 'stale' };
type Refused = WriteResult & { readonly outcome: 'refused' };

/** The object compared with what was sealed: to be written, already as it should be, or a reason to stop. */
export type WriteCheck =
  | {
      readonly kind: 'due';
      readonly request: ClusterRequest;
      /** What the answer shows that was not approved; null: nothing. */
      readonly differs: (answer: JsonObject) => string | null;
    }
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped'; readonly result: Stale | Refused };

/** What carrying out a write of several requests works with. */
export interface Running {
  /** Ends it, and what is on its way. */
  readonly signal: AbortSignal;
  /** The gate ends: nothing more is sent. */
  readonly stop: AbortSignal;
  /** One of its parts is done. */
  done(part: string): void;
  /** Nothing moves for now, and why. */
  waits(why: string): void;
}

/** `interrupted`: the gate ended in the middle; it is gone on with later. `ran`: a program ended, whatever its exit code. */
export type CarriedOut =
  | { readonly kind: 'done' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'ran'; readonly ran: ProgramRan }
  | (WriteCheck & { readonly kind: 'stopped' });

export interface PlannedWrite {
  /** "deployment/web -n shop" */
  readonly name: string;
  /** What it carries out, by name, where that is more than one thing or none. */
  readonly parts?: readonly string[];
  /** Reads it and compares. Throws AdapterError where it cannot be read. */
  check(signal: AbortSignal): Promise<WriteCheck>;
  /** Whether it shows in the cluster now. Throws AdapterError where it cannot be read. */
  shows(signal: AbortSignal): Promise<boolean>;
  /** Whether part of it shows, where it has parts. */
  readonly isBegun?: (signal: AbortSignal) => Promise<boolean>;
  /** What is no single request is carried out by itself, after `check` has been asked once. */
  readonly carryOut?: (running: Running) => Promise<CarriedOut>;
  /** Nothing in the cluster tells afterwards whether it was done. */
  readonly leavesNoTrace?: true;
  /** What must have come to pass between the write before and this one. */
  readonly waitFor?: (signal: AbortSignal) => Promise<unknown>;
}

export function stale(code: Stale['code'], why: string): WriteCheck & { readonly kind: 'stopped' } {
  return { kind: 'stopped', result: { outcome: 'stale', code, why } };
}

export function refuseWrite(why: string): WriteCheck & { readonly kind: 'stopped' } {
  return { kind: 'stopped', result: { outcome: 'refused', why, written: 0 } };
}
