// The states of a remediation and what leads from one to the next (contract section 4).

export const STATES = [
  'proposed',
  'blocked',
  'refused',
  'awaiting-approval',
  'approved',
  'rejected',
  'expired',
  'superseded',
  'cancelled',
  'stale',
  'executing',
  'verifying',
  'failed',
  'uncertain',
  'succeeded',
  'rolling-back',
  'handed-over',
  'rolled-back',
  'rollback-failed',
] as const;
export type State = (typeof STATES)[number];

/** Every allowed step; a state without any is final. */
export const TRANSITIONS: { readonly [S in State]: readonly State[] } = {
  proposed: ['blocked', 'refused', 'awaiting-approval', 'approved'],
  'awaiting-approval': ['approved', 'rejected', 'expired', 'superseded', 'cancelled', 'stale'],
  approved: ['executing', 'stale', 'expired'],
  executing: ['verifying', 'failed', 'uncertain'],
  verifying: ['succeeded', 'rolling-back', 'handed-over'],
  'rolling-back': ['rolled-back', 'rollback-failed', 'handed-over', 'uncertain'],
  uncertain: ['executing', 'verifying', 'failed', 'rolling-back', 'rolled-back', 'rollback-failed', 'handed-over'],
  blocked: [],
  refused: [],
  rejected: [],
  expired: [],
  superseded: [],
  cancelled: [],
  stale: [],
  failed: [],
  succeeded: [],
  'handed-over': [],
  'rolled-back': [],
  'rollback-failed': [],
};

/** True when nothing more happens to a remediation in this state. */
export function isFinal(state: State): boolean {
  return TRANSITIONS[state].length === 0;
}
