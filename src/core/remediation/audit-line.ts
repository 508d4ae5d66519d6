// One line of the audit trail, as it is hashed and verified.
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
    };

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
