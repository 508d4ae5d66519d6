// What the chat says about proposals, language by language: the shape that each language fills.
import type { State } from '../../remediation/state.ts';

export interface AnnouncementWords {
  readonly command: string;
  readonly target: string;
  readonly blastRadius: string;
  readonly digest: string;
  readonly proposal: string;
  readonly targetState: string;
  readonly rollback: string;
  readonly waiting: (needed: number) => string;
  /** With the digest it is clear which proposal is meant, whatever else the incident has had. */
  readonly answer: (incident: string, digest: string, expiresAt: string, prefix: string) => string;
  readonly buttons: { readonly approve: string; readonly reject: string };
  readonly issueMade: (url: string) => string;
  readonly issueFailed: { readonly 'tried-again': string; readonly held: string; readonly none: string };
  readonly breaker: (failures: number, withinMinutes: number) => string;
  /** `team` null: everybody who may approve. */
  readonly reminder: (minutes: number, team: string | null) => string;
  /** One person stands for all votes that are missing; told by itself, whatever else is. */
  readonly breakGlass: (person: string) => string;
  readonly breakGlassReason: string;
  /** How a gate that has paused itself starts again. */
  readonly resume: string;
  readonly states: { readonly [S in State]: string };
}
