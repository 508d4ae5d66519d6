// Everything that people read, language by language: the shape that each language fills. A missing twin is a type error.

import type { NoRollbackCode } from '../../action/rollback-plan.ts';
import type { CoreRule } from '../../blast-radius/hard-rules.ts';
import type { ExtendedRule } from '../../blast-radius/policy.ts';
import type { MissingFact } from '../../model/facts.ts';
import type { MutationRefusalCode } from '../../model/mutation-refusal.ts';
import type { ReasonCode } from '../../model/reason.ts';
import type { Cause, Lack, RefusalCode } from '../../model/refusal.ts';
import type { Tier } from '../../model/tier.ts';
import type { Doubt } from '../../remediation/revalidate.ts';
import type { State } from '../../remediation/state.ts';
import type { VerdictCode } from '../../remediation/verdict.ts';
import type { ConstraintCode } from '../../sealed-spec/declarative-spec.ts';
import type { AgentProofWords } from './agent-proof.ts';
import type { AnnouncementWords } from './announcement.ts';
import type { ChatAnswerWords } from './chat-answer.ts';
import type { GuardExecutorWords } from './guard-executor.ts';
import type { HelpWords } from './help.ts';
import type { ImpactWords } from './impact.ts';
import type { LoginWords } from './login.ts';
import type { ProxyWords } from './proxy.ts';
import type { ReplayWords } from './replay.ts';
import type { ReviewWords } from './review.ts';
import type { AnswerWaysWords, ReviewStatusWords } from './review-status.ts';
import type { Sentence } from './sentence.ts';
import type { ShadowWords } from './shadow.ts';
import type { TerminalWords } from './terminal.ts';

/** What one effect makes true, by what it changes. */
export type TargetStateCode =
  | 'replicas'
  | 'replicas-now'
  | 'images'
  | 'restart'
  | 'revision'
  | 'revision-before'
  | 'absence'
  | 'absence-returns'
  | 'absence-bare'
  | 'drained'
  | 'drained-by-deletion'
  | 'drained-empty'
  | 'changed'
  | 'made'
  | 'run'
  | 'other'
  | 'more'
  | 'nothing'
  | 'opaque';

/** Verdicts that say something else of a rollback than of a change. */
export const REACHED_CODES = [
  'converged',
  'as-approved',
  'nothing-to-wait-for',
  'still-unhealthy',
] as const satisfies readonly VerdictCode[];
export type ReachedCode = (typeof REACHED_CODES)[number];

/** Codes of the HTTP door beside the refusals. */
export const PROBLEM_CODES = [
  'bad-request',
  'unauthorized',
  'token-expired',
  'not-found-here',
  'method-not-allowed',
  'body-too-large',
  'too-many-requests',
  'too-many-streams',
  'wrong-host',
  'wrong-origin',
  'no-csrf-token',
  'https-needed',
  'link-unusable',
  'links-off',
  'no-gate',
  'bad-arguments',
  'store-failed',
  'broken',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** Why something is turned down, and what to do instead; null where nothing helps. */
interface Answer {
  readonly message: Sentence;
  readonly remedy: Sentence | null;
}

/** Codes with one sentence each: the kinds that `explain` knows. A sentence can be read without its subject. */
export interface CodeSentences {
  readonly refusals: Readonly<Record<RefusalCode, Answer>>;
  readonly reasons: Readonly<Record<ReasonCode, Sentence>>;
  readonly hardRules: Readonly<Record<CoreRule | ExtendedRule, Sentence>>;
  readonly constraints: Readonly<Record<ConstraintCode, Sentence>>;
  /** Why there is no rollback plan. */
  readonly noRollback: Readonly<Record<NoRollbackCode, Sentence>>;
  /** What happens next in a state. */
  readonly states: Readonly<Record<State, Sentence>>;
  readonly verdicts: Readonly<Record<VerdictCode, Sentence>>;
  readonly problems: Readonly<Record<ProblemCode, Answer>>;
}
export type CodeKind = keyof CodeSentences;

export interface Dictionary extends CodeSentences {
  /** What exactly a refusal is about, put before the full stop of its message. */
  readonly about: Sentence;
  /** The remedy that names the commands of a line which could be proposed alone. */
  readonly propose: Sentence;
  /** A cause of a refusal that has sentences of its own. */
  readonly causes: Readonly<Record<Cause, Answer>>;
  /** What a hard rule lacks, and how to supply it. */
  readonly lacks: Readonly<Record<Lack, { readonly message: Sentence; readonly remedy: Sentence }>>;
  /** An incident names more than one proposal. */
  readonly several: { readonly message: Sentence; readonly remedy: Sentence };
  /** An action that the gate carries out, with a content that it does not send. */
  readonly unsent: { readonly message: Sentence; readonly remedy: Sentence };
  /** A rule that has no sentence of its own. */
  readonly hardRule: Sentence;
  /** Behind the first of several refusals. */
  readonly andMore: Sentence;
  /** A proposal that takes no votes and cannot be cancelled any more: since when, by whom, why, and what to do. */
  readonly ended: {
    readonly message: Sentence;
    readonly again: Sentence;
    readonly look: Sentence;
  };
  /** What a rollback has reached, in place of the verdict's own sentence. */
  readonly asBefore: Readonly<Record<ReachedCode, Sentence>>;
  /** What became of the rollback, behind why there was one. */
  readonly rollbackVerdict: Sentence;
  readonly missing: Readonly<Record<MissingFact['why'], Sentence>>;
  /** Why nothing would be sent to an object as it stands. */
  readonly mutationRefusals: Readonly<Record<MutationRefusalCode, Sentence>>;
  /** What to do about it. */
  readonly unsendable: Sentence;
  readonly noDryRun: Sentence;
  /** What an object loses that is deleted and made again. */
  readonly loses: Sentence;
  /** The same of a Job, which does its work when it is made. */
  readonly losesRun: Sentence;
  /** What the rollback of a drain does not bring back. */
  readonly losesPods: Sentence;
  readonly targetState: Readonly<Record<TargetStateCode, Sentence>>;
  /** What is broken before the change already. */
  readonly unhealthyNow: Sentence;
  /** What a field is afterwards, where its value says nothing. */
  readonly changedField: { readonly gone: Sentence; readonly hidden: Sentence; readonly more: Sentence };
  /** Between several sentences on one line. */
  readonly separator: string;
  readonly tiers: Readonly<Record<Tier, Sentence>>;
  /**
   * What an open proposal waits for: how many people are missing, how many have approved, what else is asked, and how they
   * answer.
   */
  readonly waitsFor: (missing: number, have: number, conditions: string, ways: string, expiresAt: string) => string;
  /** Where something is not as it was sealed; null: it was not there, or is not. */
  readonly differs: (at: string, was: string | null, is: string | null) => string;
  /** Why it cannot be told whether a sealed plan is still true. */
  readonly doubts: { readonly [C in Doubt['code']]: Sentence };
  /** Before what it waits for, while a freeze holds it. */
  /** Of a card or an issue, its values as Pause has them; `resume`: the command that ends it. */
  readonly paused: (pause: {
    readonly cluster: string | null;
    readonly since: string | null;
    readonly by: string | null;
    readonly resume: string;
  }) => string;
  readonly frozen: (name: string, until: string) => string;
  /** Before what it waits for, while the gate is paused. */
  readonly pausedNow: Sentence;
  /** Why a proposal was superseded. */
  readonly supersededBy: Sentence;
  /** What rules of the policy ask of an approval, behind the number of people. */
  readonly conditions: {
    readonly team: (people: number, team: string) => string;
    readonly strongVote: (ways: string) => string;
    readonly channels: (ways: string) => string;
    readonly reason: string;
    readonly comma: string;
    readonly all: (conditions: string) => string;
  };
  /** `policy explain`: which rule applies, and who could approve. */
  readonly approvalExplained: {
    readonly noRule: string;
    readonly rules: (places: string) => string;
    readonly nobodyAsked: { readonly blocked: string; readonly refused: string };
    readonly runsAlone: string;
    readonly expires: (minutes: number) => string;
    readonly could: string;
    readonly nobody: string;
    readonly never: (people: number, conditions: string) => string;
    readonly frozenNow: (name: string, until: string) => string;
    readonly frozenSoon: (name: string, from: string, until: string) => string;
  };
  readonly announcement: AnnouncementWords;
  readonly chatAnswer: ChatAnswerWords;
  readonly agentProof: AgentProofWords;
  readonly guardExecutor: GuardExecutorWords;
  readonly help: HelpWords;
  readonly impact: ImpactWords;
  readonly login: LoginWords;
  readonly proxy: ProxyWords;
  readonly replay: ReplayWords;
  readonly review: ReviewWords;
  readonly reviewStatus: ReviewStatusWords;
  readonly shadow: ShadowWords;
  readonly terminal: TerminalWords;
  readonly ways: AnswerWaysWords;
}
