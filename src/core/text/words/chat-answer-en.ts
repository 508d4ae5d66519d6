// What the chat answers, in English.
import type { ChatAnswerWords } from './chat-answer.ts';

const HELP = [
  '/approve INC [digest] approves; the digest is needed once an incident has had more than one',
  '/reject INC REASON rejects: one rejection is enough',
  '/status INC shows its state',
  '/pending lists what waits for people',
].join('\n');

const approvalsOf = (have: number, needed: number): string =>
  `${have} of ${needed} ${needed === 1 ? 'approval' : 'approvals'}`;

export const chatAnswerEn = {
  approved: (person, digest, have, needed) => `${person} approved digest ${digest}: ${approvalsOf(have, needed)}.`,
  rejected: (person, digest) => `${person} rejected digest ${digest}: it will not run.`,
  complete: 'That is enough; it starts by itself.',
  notCounted: 'Not counted',
  tooEarly: 'This was written before the proposal was made. Read the proposal and send it again.',
  needsReason: (command) => `A rejection says why: write ${command} and the reason.`,
  nothingKnown: 'Nothing is known of it. /pending lists what waits for people.',
  nothingPending: 'Nothing waits for people.',
  pending: (count) => (count === 1 ? 'One proposal waits for people:' : `${count} proposals wait for people:`),
  more: (count) => `… and ${count} more: see \`blastgate list\`.`,
  approvals: approvalsOf,
  until: 'until',
  votes: 'Votes',
  voted: { approve: 'approved', reject: 'rejected' },
  issue: 'Review issue',
  natures: {
    edited: 'Edited messages do not count. Send the command as a new message.',
    forwarded: 'Forwarded messages do not count. Write the command yourself.',
    anonymous:
      'Messages of anonymous admins and channels do not count, since they do not prove who wrote them. Switch "remain anonymous" off and send it again.',
    bot: 'Messages written by programs do not count.',
    guest: "Guests of the workspace, and accounts that were closed, do not count. Vote with a full member's account.",
    'other-chat': 'Votes do not count in this chat. Send it in the chat where the proposal was announced.',
  },
  misreadings: {
    'unknown-command': `There is no such command.\n${HELP}`,
    'no-incident': 'Name the incident, as in /approve INC-3.',
    'bad-incident': 'That is no incident id: letters, digits, ".", "_", ":" and "-", at most 64.',
    'bad-digest': 'That is no digest: give its first 6 or more hex digits, as in /approve INC-3 1a2b3c.',
    'too-many-words': `There are more words than the command takes.\n${HELP}`,
    'several-lines': 'One command a message: send each by itself.',
    'no-reason': 'Say why, as in /reject INC-3 the sale is on until noon.',
    'reason-too-long': 'The reason is longer than 500 characters: say it shorter.',
    'unseen-characters': 'There are characters in it that cannot be seen. Type the command by hand.',
  },
  help: HELP,
  gaveUp:
    'This could not be handled, and nothing was counted. Send it again; if it fails again, vote with `blastgate approve`.',
} as const satisfies ChatAnswerWords;
