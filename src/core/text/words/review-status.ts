// What the status comment of a review issue says, language by language: the shape that each language fills.
import type { CommentMisreading } from '../../approval/comment-command.ts';

/** Plain Markdown without variables, or functions of what is already escaped. */
export interface ReviewStatusWords {
  readonly mayStill: string;
  readonly until: string;
  readonly ended: string;
  readonly howTo: (ways: string) => string;
  readonly rejectBy: (command: string) => string;
  /** Stands for a reason in a command. */
  readonly reason: string;
  /** `who` and `reason` are escaped already. */
  readonly breakGlass: (who: string, at: string, reason: string) => string;
  readonly closedByHand: string;
  readonly notCounted: string;
  readonly somebody: string;
  readonly misreadings: { readonly [M in CommentMisreading]: string };
  readonly natures: { readonly edited: string; readonly 'text-changed': string };
}

/** The ways to answer, each as half a sentence around a command that is already quoted. */
export interface AnswerWaysWords {
  readonly chat: (command: string, brand: string) => string;
  /** `issue`: the address of the issue that it is written in; null: the text stands there. */
  readonly comment: (command: string, issue: string | null) => string;
  readonly console: (address: string) => string;
  readonly commandLine: (command: string) => string;
  readonly comma: string;
  readonly or: string;
}
