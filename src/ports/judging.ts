// Where commands are understood and judged. Questions and answers are plain data, so that another thread can do the work.
import type { Policy } from '../core/blast-radius/policy.ts';
import type { Judgement, JudgingRequest, JudgingRules } from '../core/evaluation/judge.ts';
import type { ScoreAnswer } from '../core/evaluation/score-answer.ts';
import type { Command } from '../core/model/command.ts';
import type { Facts } from '../core/model/facts.ts';
import type { Refusal } from '../core/model/refusal.ts';
import type { Resource } from '../core/model/resource.ts';
import type { Understanding } from '../core/model/understanding.ts';
import type { Revalidation } from '../core/remediation/revalidate.ts';
import type { DeclarativeSpec } from '../core/sealed-spec/declarative-spec.ts';
import type { Lang } from '../core/text/words/lang.ts';

/** A command with what its meaning depends on (core/model/command.ts, Surroundings). */
export interface CommandQuestion {
  readonly command: Command;
  /** Bytes of the files that travel with the command, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly namespace: string;
  readonly customResources: readonly Resource[];
}

export interface ScoreQuestion extends CommandQuestion {
  readonly policy: Policy;
  readonly lang: Lang;
}

export interface SecondQuestion extends JudgingRules {
  readonly spec: DeclarativeSpec;
  readonly facts: Facts;
}

/** What can be asked, and what is answered. */
export interface JudgingTasks {
  /** What the command would do. */
  readonly understand: { readonly asks: CommandQuestion; readonly answers: Understanding };
  /** Its blast radius without a cluster, as the doors print it. */
  readonly score: { readonly asks: ScoreQuestion; readonly answers: ScoreAnswer };
  /** The whole judgement of what was understood and seen. */
  readonly judge: { readonly asks: JudgingRequest; readonly answers: Judgement };
  /** Whether what was sealed still holds. */
  readonly judgeAgain: { readonly asks: SecondQuestion; readonly answers: Revalidation };
}
export type JudgingTask = keyof JudgingTasks;

/** `too-complex`: it took longer, or came to more, than is allowed. `busy`: too many wait already, or the gate ends. */
export type JudgingAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal & { readonly code: 'too-complex' | 'busy' } };

/** Who asks, so that nobody's questions stand before everybody's; what waits when the signal ends is not begun. */
export interface Turn {
  readonly caller: string;
  readonly signal: AbortSignal;
}

export interface Judging {
  /** Never holds the thread that asks for long. Throws only for a bug in judging. */
  ask<T extends JudgingTask>(
    task: T,
    question: JudgingTasks[T]['asks'],
    turn: Turn,
  ): Promise<JudgingAnswer<JudgingTasks[T]['answers']>>;
  /** Ends what runs and refuses what waits; resolves when no thread is left. */
  close(): Promise<void>;
}
