// What every flow works with: the ports, the people, the policy.
import type { People } from '../core/approval/people.ts';
import type { Policy, ReviewRule } from '../core/blast-radius/policy.ts';
import type { Flags } from '../core/decision/decide.ts';
import type { SpecSettings } from '../core/evaluation/evaluate.ts';
import type { Resource } from '../core/model/resource.ts';
import type { VerdictRule } from '../core/remediation/verdict.ts';
import type { AnswerDoors } from '../core/text/answer-doors.ts';
import type { Lang } from '../core/text/words/lang.ts';
import type { Chat } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';
import type { ClusterWriter } from '../ports/cluster-writer.ts';
import type { HealthChecks } from '../ports/health-checks.ts';
import type { Judging } from '../ports/judging.ts';
import type { Log } from '../ports/log.ts';
import type { ReviewForge } from '../ports/review-forge.ts';
import type { RemediationChange, Store } from '../ports/store.ts';
import type { RateLimit } from './rate-limit.ts';
import type { EndedRuns } from './requests/recent-runs.ts';
import type { WakeSignal } from './wake-signal.ts';

export interface Gate {
  readonly store: Store;
  readonly reader: ClusterReader;
  readonly writer: ClusterWriter;
  readonly checks: HealthChecks;
  /** null: no chat is configured; what it would say is stored as ended. */
  readonly chat: Pick<Chat, 'send' | 'brand'> | null;
  /** null: no forge is configured; there are no review issues. */
  readonly forge: ReviewForge | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly wakeSignal: WakeSignal;
  /** Read anew for every decision: people and their rights may change while the gate runs. */
  readonly people: () => People;
  readonly policy: Policy;
  readonly flags: Flags;
  /** `serve --shadow`: every request through the proxy is only observed. Absent: as the policy says (shadow). */
  readonly observesEverything?: boolean;
  readonly lang: Lang;
  readonly specSettings: SpecSettings;
  readonly verdictRule: Omit<VerdictRule, 'windowSeconds'>;
  /** The name an operator gave to the cluster. */
  readonly clusterName: string | null;
  /** The namespace of the configured context, and the kinds that the cluster's discovery adds. */
  readonly context: {
    readonly namespace: string;
    readonly customResources: readonly Resource[];
    /** Asks for them anew, since a command names none of them. True: they were read. Absent: they never change. */
    readonly lookForKinds?: () => Promise<boolean>;
  };
  readonly judging: Judging;
  /** How often one person or agent may ask. */
  readonly rates: { readonly proposals: RateLimit; readonly scores: RateLimit; readonly evaluations: RateLimit };
  /** What ran within the last hour, as far as it was looked up already. */
  readonly endedRuns: EndedRuns;
  /** Hears of every step once it is saved; must not throw. Absent: nobody measures. */
  readonly onSaved?: (changes: readonly RemediationChange[]) => void;
  /** A fresh, unique proposal id. */
  readonly newId: () => string;
}

/** The ways to answer that this gate has, for texts that name them. */
export function answerDoorsOf({ chat, forge, flags }: Pick<Gate, 'chat' | 'forge' | 'flags'>): AnswerDoors {
  return { chat: chat?.brand ?? null, comments: flags.gitopsPr === 'on' ? (forge?.commandPrefix ?? null) : null };
}

/** Whether policy holds dual actions back without their review issue. */
export function reviewRuleOf({ policy }: Pick<Gate, 'policy'>): ReviewRule {
  return policy.document.review ?? 'off';
}
