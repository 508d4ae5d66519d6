// What the chat says about proposals, in English.
import type { AnnouncementWords } from './announcement.ts';

export const announcementEn = {
  command: 'Command',
  target: 'Target',
  blastRadius: 'Blast radius',
  digest: 'digest',
  proposal: 'Proposal',
  targetState: 'Afterwards',
  rollback: 'Rollback',
  waiting: (needed) => (needed === 1 ? '⏳ waits for one approval' : `⏳ waits for ${needed} approvals`),
  answer: (incident, digest, expiresAt, prefix) =>
    `Answer ${prefix}approve ${incident} ${digest} or ${prefix}reject ${incident} REASON until ${expiresAt}; ${prefix}status ${incident} shows more.`,
  buttons: { approve: 'Approve', reject: 'Reject' },
  issueMade: (url) => `📝 review issue: ${url}`,
  issueFailed: {
    'tried-again': '❗ no review issue yet; the gate tries again, and this message stands in its place',
    held: '❗ no review issue yet; the gate tries again, and policy holds the action back until it exists',
    none: '❗ no review issue; this message stands in its place',
  },
  breaker: (failures, withinMinutes) =>
    `🛑 the gate has paused itself: ${failures === 1 ? 'one failure or rollback' : `${failures} failures or rollbacks`} within ${withinMinutes} minutes, this one the latest`,
  reminder: (minutes, team) =>
    `⏰ still waits for approval after ${minutes} minutes; ${team === null ? 'everybody who may approve' : `the team ${team}`} is asked`,
  breakGlass: (person) =>
    `🚨 BREAK-GLASS: ${person} alone stands for all missing approvals; it is going to run, and the record keeps this always`,
  breakGlassReason: 'Reason',
  resume:
    'Rollbacks go on, nothing new starts. Find out why, then a person with the right admin runs `blastgate resume`.',
  states: {
    proposed: 'proposed',
    blocked: '⛔ blocked by a hard rule',
    refused: '🚫 refused',
    'awaiting-approval': '⏳ waits for approval',
    approved: '👍 approved',
    rejected: '👎 rejected',
    expired: '⌛ expired without enough approvals',
    superseded: '🔁 superseded by a newer proposal',
    cancelled: '✋ cancelled',
    stale: '🕰 changed since it was sealed; nothing was written. Propose it again',
    executing: '🚀 running',
    verifying: '🔎 written, waiting for it to become healthy',
    failed: '❌ it failed: refused with nothing changed, or a program ended with an error',
    uncertain: '❔ no answer from the cluster; it is read before anything is sent again',
    succeeded: '✅ succeeded',
    'rolling-back': '⏪ unhealthy, rolling back',
    'handed-over': '🚨 a person must take over: the gate has taken nothing back',
    'rolled-back': '⏪ rolled back, as it was before',
    'rollback-failed': '🆘 the rollback failed: a person must act now',
  },
} as const satisfies AnnouncementWords;
