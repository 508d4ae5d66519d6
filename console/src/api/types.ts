// What the gate answers, as types: those of its own schemas, and of what the schemas leave open, those of its core.
import type { z } from '@hono/zod-openapi';
import type { Vote } from '../../../src/core/approval/vote.ts';
import type { Event } from '../../../src/core/remediation/event.ts';
import type { DeclarativeSpec } from '../../../src/core/sealed-spec/declarative-spec.ts';
import type { Lang } from '../../../src/core/text/words/lang.ts';
import type { InsightAnswer } from '../../../src/doors/http/insight-schemas.ts';
import type { ScoreAnswerSchema } from '../../../src/doors/http/judgement-schemas.ts';
import type { Proposal as ProposalSchema } from '../../../src/doors/http/proposal-schemas.ts';

/** What the gate says of a remediation in one language. */
export interface Told {
  readonly effect: string;
  readonly reasons: readonly { readonly code: string; readonly points: number; readonly message: string }[];
  readonly constraints: readonly string[];
  readonly rollback: {
    readonly command: string | null;
    readonly none: string | null;
    readonly loses: readonly string[];
  };
  readonly refusals: readonly RefusalText[];
  readonly hardRule: string | null;
  readonly next: string;
  readonly why: string | null;
  readonly verdict: string | null;
  readonly rollbackVerdict: string | null;
  readonly needed: string;
  readonly runnable: string | null;
  readonly reviewNotice: string | null;
}

export interface RefusalText {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** An event as the proposal and the stream show it: `proposed` without the spec, the others whole. */
export interface ShownEvent {
  readonly seq: number;
  readonly at: string;
  readonly event: Event['event'] | (string & {});
  readonly from: string | null;
  readonly to: string;
  /** What it says, where the gate has words for it. */
  readonly told?: Readonly<Record<Lang, string>>;
  readonly [field: string]: unknown;
}

export type SampledEvent = ShownEvent & Extract<Event, { event: 'sampled' }>;

type Answered = z.infer<typeof ProposalSchema>;

export interface Proposal
  extends Pick<
    Answered,
    | 'id'
    | 'incident'
    | 'state'
    | 'code'
    | 'digest'
    | 'tier'
    | 'score'
    | 'proposer'
    | 'createdAt'
    | 'expiresAt'
    | 'diagnosis'
  > {
  readonly needed: Answered['needed'];
  /** What the person who looks may do; only of one proposal. */
  readonly yours?: Answered['yours'];
  readonly output?: Answered['output'];
  readonly next: string;
  readonly spec: DeclarativeSpec;
  readonly votes: readonly Vote[];
  readonly events: readonly ShownEvent[];
  readonly refusals: readonly RefusalText[];
  readonly review?: {
    readonly issueUrl: string | null;
    readonly issueNumber: number | null;
    readonly error: string | null;
  } | null;
  readonly verdict?: { readonly is: string; readonly code: string; readonly message: string } | null;
  readonly rollbackVerdict?: { readonly is: string; readonly code: string; readonly message: string } | null;
  readonly why?: string | null;
  readonly reviewNotice?: string | null;
  readonly told?: Readonly<Record<Lang, Partial<Told>>>;
  readonly evidenceAt?: string | null;
  /** Why it could not be seen whether what was sealed is still so; null: it is. */
  readonly doubt?: Readonly<Record<Lang, string>> | null;
}

export interface ProposalPage {
  readonly proposals: readonly Proposal[];
  readonly unreadable?: readonly string[];
  readonly notice?: string;
  readonly next: string | null;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly rights: readonly string[];
  readonly teams?: readonly string[];
  /** Agents that the person owns: their proposals are the person's own. */
  readonly agents?: readonly string[];
}

export interface Session {
  readonly person: Person | null;
  readonly channel: 'oidc' | 'link' | null;
  readonly csrf: string | null;
  readonly expiresAt: string | null;
  readonly login: { readonly oidc: boolean; readonly links: boolean };
  readonly version: string;
  readonly demo: boolean;
  readonly cluster: string | null;
  readonly features?: readonly string[];
}

export interface Outcome {
  readonly key: string;
  readonly incident: string;
  readonly proposal: string;
  readonly action: string;
  readonly target: string;
  readonly namespace: string | null;
  readonly objects?: readonly string[];
  readonly blast_radius_score: number | null;
  readonly tier: string;
  readonly rolled_back: boolean;
  readonly state: string;
  readonly times: {
    readonly proposed: string;
    readonly approved: string | null;
    readonly executed: string | null;
    readonly ended: string;
  };
}

export type Insight = z.infer<typeof InsightAnswer>;

export interface OutcomePage {
  readonly outcomes: readonly Outcome[];
  readonly next: string | null;
}

/** A line of the audit trail: a step of a proposal, or a note. */
export interface AuditLine {
  readonly seq: number;
  readonly hash?: string;
  readonly deed:
    | {
        readonly kind: 'step';
        readonly proposal: string;
        readonly record: {
          readonly at: string;
          readonly event: { readonly event: string; readonly [field: string]: unknown };
          readonly from: string | null;
          readonly to: string;
        };
      }
    | {
        readonly kind: 'note';
        readonly at: string;
        readonly what: string;
        readonly who: string;
        readonly about: string;
      };
}

export interface AuditPage {
  readonly lines: readonly AuditLine[];
  readonly next: string | null;
}

export interface ScoreAnswer extends Omit<z.infer<typeof ScoreAnswerSchema>, 'effects'> {}

export type Bilingual = string | Readonly<Record<Lang, string>>;

export interface CodeMeaning {
  readonly kind: string;
  readonly code: string;
  readonly message: Bilingual;
  readonly remedy: Bilingual | null;
}
