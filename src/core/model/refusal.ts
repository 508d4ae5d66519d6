// Refusals are data: a registered code and what exactly it is about. Their sentences stand in core/text/words/refusals-*.ts.

import type { JsonDifference } from './json-difference.ts';
import type { Unsent } from './object-change.ts';

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
  'unreadable-request',
  'interactive',
  'unseen-content',
  'host-file',
  'conflicting-flags',
  'local-config',
  'too-large',
  'calculation-failed',
  'too-complex',
  'busy',
  // of proposing
  'nothing-to-do',
  'no-executor',
  'not-found',
  'no-targets',
  'rollout-paused',
  'update-on-delete',
  'autoscaler-bounds',
  'drain-refused',
  'no-cluster-right',
  'paused',
  'frozen',
  'rate-limited',
  'bad-incident',
  'cluster-required',
  'unknown-cluster',
  // of votes
  'unknown-person',
  'no-right',
  'own-proposal',
  'already-voted',
  'no-own-vote',
  'login-again',
  'card-changed',
  'wrong-digest',
  'digest-required',
  'not-open',
  'wrong-channel',
  'reason-required',
  'review-missing',
  'no-such-proposal',
  'expired',
  // of executing (the text of the constraint that failed is added)
  'uid-changed',
  'pre-image-changed',
  'other-cluster',
  'tier-raised',
  'approval-raised',
  'targets-changed',
  'dry-run-refused',
  'way-back-gone',
  'other-writer',
  'program-unanswered',
  // of requests through the proxy
  'path-refused',
  'header-refused',
  'body-refused',
  'secret-read',
  'stream-refused',
  'approval-required',
  'not-done-yet',
  'too-many-waiting',
  'cluster-unproxied',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** What a hard rule must know and does not: why `hard-rule-undecided` is said. */
export const LACKS = [
  'kind', // which kind of object it is
  'content', // the bytes of a manifest or patch
  'nested', // what would run inside a container
  'editor', // what somebody will write when it runs
  'object', // values that a patch takes from the live object
  'request', // how the API server would read the request
  'path', // which path of the API the server would see
  'right', // the gate may not read the object
  'answer', // the cluster did not say
] as const;
export type Lack = (typeof LACKS)[number];

/** The one of a code's causes that is meant, where each has a remedy of its own. */
export const CAUSES = [
  'already', // nothing-to-do: the object is so already
  'container', // not-found: the object is there, and has no such container
  'running-container', // not-found: the container is there, and does not run
  'revision', // not-found: its history has no such revision
  'sound-revision', // not-found: every revision before the live one has failed
] as const;
export type Cause = (typeof CAUSES)[number];

/** What a refusal says besides, where its remedy depends on it. */
export type RefusalDetail =
  /** kubectl commands of a line that could be proposed alone, quoted for a shell. */
  | { readonly kind: 'parts'; readonly commands: readonly string[] }
  | { readonly kind: 'lacks'; readonly what: Lack }
  | { readonly kind: 'cause'; readonly what: Cause }
  /** kubectl would send nothing to the object as it stands. */
  | { readonly kind: 'unsent'; readonly why: Unsent }
  /** More than one proposal goes by the name: "p-1 stale", the newest first. */
  | { readonly kind: 'several'; readonly proposals: readonly string[] }
  /** Where the object is not as it was sealed; what is hidden, or is not there, has no value. */
  | ({ readonly kind: 'differs' } & JsonDifference & { readonly hidden?: true })
  /** What it sends is not known before it runs. */
  | { readonly kind: 'content' };

/** A refusal as it travels: its code and what exactly it is about ("flag --frce"), null where the code says all. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly about: string | null;
  readonly detail?: RefusalDetail;
}

/** Whether a hard rule applies cannot be decided, for want of this. */
export function undecided(what: Lack, about: string | null = null): Refusal {
  return { code: 'hard-rule-undecided', about, detail: { kind: 'lacks', what } };
}
