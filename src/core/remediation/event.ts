// Everything that can happen to a remediation, as data; states are the fold of these.

import type { BreakGlass } from '../approval/break-glass.ts';
import type { Proposer } from '../approval/people.ts';
import type { Direction } from '../approval/permit.ts';
import type { Vote } from '../approval/vote.ts';
import type { Decision } from '../decision/decide.ts';
import type { ArrivedRequest, KeptReply } from '../model/api-reply.ts';
import type { Instant } from '../model/instant.ts';
import type { ProgramEnd } from '../model/program-output.ts';
import type { Refusal, RefusalCode } from '../model/refusal.ts';
import type { TraceContext } from '../model/trace-context.ts';
import type { DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';
import type { Look, Sample } from './sample.ts';
import type { State } from './state.ts';
import type { Verdict } from './verdict.ts';

/**
 * What became of one write. `written` counts those that reached the cluster before trouble; `stale` names what was no
 * longer as sealed and means that nothing at all was written.
 */
export type WriteResult =
  | {
      readonly outcome: 'written';
      readonly objects: readonly string[];
      /** How a program ended that was run; what it printed only as a hash. */
      readonly ran?: ProgramEnd;
      /** What the API server answered, where somebody waits for it; its body only as a hash. */
      readonly reply?: KeptReply;
    }
  | {
      readonly outcome: 'stale';
      readonly code: Extract<
        RefusalCode,
        'uid-changed' | 'pre-image-changed' | 'targets-changed' | 'other-cluster' | 'way-back-gone' | 'dry-run-refused'
      >;
      readonly why: string;
    }
  | { readonly outcome: 'refused'; readonly why: string; readonly written: number; readonly reply?: KeptReply }
  | { readonly outcome: 'unheard'; readonly why: string };

/** All four are always there (contract section 6); `success` means that an issue stands in the forge. */
export interface ReviewIssueResult {
  readonly success: boolean;
  readonly issueUrl: string | null;
  readonly issueNumber: number | null;
  readonly error: string | null;
}

export type Event =
  | {
      readonly event: 'proposed';
      readonly id: string;
      readonly incident: string;
      readonly proposer: Proposer;
      /** The proposer's words; no decision reads them. */
      readonly diagnosis: string | null;
      readonly spec: DeclarativeSpec;
      /** Of a request that came through the proxy. */
      readonly arrived?: ArrivedRequest;
      /** Where it belongs in a trace; absent: nobody traces it. */
      readonly trace?: TraceContext;
    }
  | { readonly event: 'decided'; readonly decision: Decision }
  /** `fallen`: places, from 0, of earlier votes that did not count any more with the people of then; absent: none. */
  | { readonly event: 'voted'; readonly vote: Vote; readonly fallen?: readonly number[] }
  /** People were told once more that it waits: by the rule of this place (from 0), and whom. */
  | { readonly event: 'reminded'; readonly step: number; readonly tell: string; readonly afterMinutes: number }
  /** In an emergency one person stands for all votes that are missing. */
  | { readonly event: 'glass-broken'; readonly breakGlass: BreakGlass }
  /** Somebody takes their vote back while nothing has run. */
  | { readonly event: 'vote-withdrawn'; readonly person: string }
  | { readonly event: 'cancelled'; readonly by: string }
  | { readonly event: 'superseded'; readonly by: string }
  | { readonly event: 'expired' }
  /** What was sealed is no longer true, or the right to run it is gone. */
  | { readonly event: 'went-stale'; readonly refusal: Refusal }
  /** Stored before the write is sent. `baseline`: what is unhealthy now, before a forward write; absent: nothing was seen so. */
  | { readonly event: 'write-intended'; readonly direction: Direction; readonly baseline?: readonly Sample[] }
  | { readonly event: 'write-answered'; readonly direction: Direction; readonly answer: WriteResult }
  /** How far a write of several steps has come: `subject` is what was done last, or is waited for. It decides nothing. */
  | { readonly event: 'progressed'; readonly done: number; readonly of: number; readonly subject: string }
  /** An intent without an answer was found: its process is dead. */
  | { readonly event: 'answer-missed'; readonly direction: Direction }
  /** The cluster was read for the effect of an unanswered write; `look` and `verdict` only for a rollback. */
  | {
      readonly event: 'looked';
      readonly direction: Direction;
      readonly found: 'all' | 'some' | 'none' | 'unknown';
      readonly look: Look | null;
      readonly verdict: Verdict | null;
    }
  | { readonly event: 'sampled'; readonly direction: Direction; readonly look: Look; readonly verdict: Verdict }
  /** The sealed rollback cannot be carried out any more. */
  | { readonly event: 'way-back-lost'; readonly refusal: Refusal }
  | { readonly event: 'review-answered'; readonly review: ReviewIssueResult }
  /** With its failure there were so many within so many minutes that the gate has paused itself. */
  | { readonly event: 'breaker-tripped'; readonly failures: number; readonly withinMinutes: number };

const EVENTS = {
  proposed: true,
  decided: true,
  voted: true,
  'glass-broken': true,
  reminded: true,
  'vote-withdrawn': true,
  cancelled: true,
  superseded: true,
  expired: true,
  'went-stale': true,
  'write-intended': true,
  'write-answered': true,
  progressed: true,
  'answer-missed': true,
  looked: true,
  sampled: true,
  'way-back-lost': true,
  'review-answered': true,
  'breaker-tripped': true,
} as const satisfies Record<Event['event'], true>;

// as: the keys of a record over the names.
export const EVENT_NAMES = Object.keys(EVENTS) as readonly Event['event'][];

/** An event as it is kept: when, and between which states (`from` is null for the first). */
export interface EventRecord {
  readonly at: Instant;
  readonly event: Event;
  readonly from: State | null;
  readonly to: State;
}
