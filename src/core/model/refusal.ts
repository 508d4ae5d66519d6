// Refusals are data: a registered code and what exactly it is about. Their sentences stand in core/text/words/refusals-*.ts.

/** Every code once. A code is never renamed, never reused, and never changes its meaning. */
export const REFUSAL_CODES = [
  // of commands
  'hard-rule',
  'hard-rule-undecided',
  'empty-command',
  'unreadable-line',
  'shell-syntax',
  'wrapper',
  'kubectl-path',
  'assignment',
  'not-kubectl',
  'unknown-word',
  'unknown-command',
  'unknown-flag',
  'bad-flag-value',
  'usage-error',
  'unknown-kind',
  'invalid-name',
  'identity-flag',
  'raw-request',
  'interactive',
  'unseen-content',
  'host-file',
  'conflicting-flags',
  'local-config',
  'too-large',
  'calculation-failed',
  // of proposing
  'nothing-to-do',
  'no-executor',
  'not-found',
  'no-targets',
  'rollout-paused',
  'update-on-delete',
  'paused',
  'rate-limited',
  'bad-incident',
  // of votes
  'unknown-person',
  'no-right',
  'own-proposal',
  'already-voted',
  'wrong-digest',
  'digest-required',
  'not-open',
  'no-such-proposal',
  'expired',
  // of executing (the text of the constraint that failed is added)
  'uid-changed',
  'pre-image-changed',
  'other-cluster',
  'tier-raised',
  'targets-changed',
  'dry-run-refused',
  'way-back-gone',
  'other-writer',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** A refusal as it travels: its code and what exactly it is about ("flag --frce"), null where the code says all. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly about: string | null;
}
