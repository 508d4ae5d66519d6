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

export function isState(text: string): text is State {
  return (STATES as readonly string[]).includes(text);
}

/** Every allowed step; a state without any is final. */
export const TRANSITIONS: { readonly [S in State]: readonly State[] } = {
  proposed: ['blocked', 'refused', 'awaiting-approval', 'approved'],
  'awaiting-approval': ['approved', 'rejected', 'expired', 'superseded', 'cancelled', 'stale'],
  // awaiting-approval: a vote that it hung on was taken back.
  approved: ['executing', 'stale', 'expired', 'awaiting-approval'],
  executing: ['verifying', 'failed', 'uncertain'],
  // failed: a program ended with another code than 0, and its pod is as before.
  verifying: ['succeeded', 'rolling-back', 'handed-over', 'failed'],
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

const PHASE = {
  proposed: 'before',
  'awaiting-approval': 'before',
  approved: 'before',
  executing: 'under-way',
  verifying: 'under-way',
  uncertain: 'under-way',
  'rolling-back': 'under-way',
  blocked: 'ended',
  refused: 'ended',
  rejected: 'ended',
  expired: 'ended',
  superseded: 'ended',
  cancelled: 'ended',
  stale: 'ended',
  failed: 'ended',
  succeeded: 'ended',
  'handed-over': 'ended',
  'rolled-back': 'ended',
  'rollback-failed': 'ended',
} as const satisfies Record<State, string>;

/** True from the intent to write until the end: what it writes to is held, and `budget` counts it. */
export function isUnderWay(state: State): boolean {
  return PHASE[state] === 'under-way';
}

/** True when nothing more happens to a remediation in this state. */
export function isFinal(state: State): boolean {
  return TRANSITIONS[state].length === 0;
}
