// What the chat answers to those who write to it, language by language: the shape that each language fills.
import type { Misreading } from '../../approval/chat-command.ts';

/** How a message can come about that is no fresh word of a person in a configured chat. */
export type RefusedNature = 'edited' | 'forwarded' | 'anonymous' | 'bot' | 'guest' | 'other-chat';

export interface ChatAnswerWords {
  readonly approved: (person: string, digest: string, have: number, needed: number) => string;
  readonly rejected: (person: string, digest: string) => string;
  readonly complete: string;
  readonly notCounted: string;
  readonly tooEarly: string;
  readonly needsReason: (command: string) => string;
  readonly nothingKnown: string;
  readonly nothingPending: string;
  readonly pending: (count: number) => string;
  readonly more: (count: number) => string;
  readonly approvals: (have: number, needed: number) => string;
  readonly until: string;
  readonly votes: string;
  readonly voted: { readonly approve: string; readonly reject: string };
  readonly issue: string;
  readonly natures: { readonly [N in RefusedNature]: string };
  readonly misreadings: { readonly [M in Misreading]: string };
  readonly help: string;
  readonly gaveUp: string;
}
