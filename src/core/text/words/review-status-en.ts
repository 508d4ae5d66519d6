// The status comment in English, and the ways to answer.
import type { AnswerWaysWords, ReviewStatusWords } from './review-status.ts';

export const reviewStatusEn = {
  mayStill: 'May still approve',
  until: 'Approvals count until',
  ended: 'Ended at',
  howTo: (ways) => `To approve: ${ways}.`,
  rejectBy: (command) => `To reject, which one person can: ${command}. A command stands in a comment of its own.`,
  reason: 'REASON',
  breakGlass: (who, at, reason) =>
    `🚨 **Break-glass** by ${who} · ${at}: one person stood for all missing approvals. Reason: ${reason}`,
  closedByHand: 'This issue was closed by hand. That decides nothing: people are still asked.',
  notCounted: 'Comments that did not count',
  somebody: 'somebody',
  misreadings: {
    'digest-missing': 'The first 6 or more digits of the digest must follow the command.',
    'not-alone': 'A command counts on a line of its own, with an empty line before and behind it.',
    'place-unclear':
      'What stands before the command could be a quoted mail, an open code block or HTML: write it in a comment of its own.',
    'several-commands': 'There is more than one command in the comment.',
    'words-behind': 'There are words behind the digest.',
    'reason-missing': 'A rejection needs a reason behind the digest.',
    'reason-long': 'The reason is longer than 500 characters.',
    unseen: 'There are characters in the command that cannot be seen.',
  },
  natures: {
    edited: 'An edited comment does not count: write a new one.',
    'text-changed':
      'The text of this issue was not what the gate wrote: somebody edited it, or an older version made it. The gate writes it again: read it, then write a new comment.',
  },
} as const satisfies ReviewStatusWords;

export const answerWaysEn = {
  chat: (command, brand) => `answer ${command} in ${brand}`,
  comment: (command, issue) =>
    `write ${command} as a comment ${issue === null ? 'here' : `in the review issue ${issue}`}`,
  console: (address) => `decide at ${address}`,
  commandLine: (command) => `run ${command}`,
  comma: ', ',
  or: ' or ',
} as const satisfies AnswerWaysWords;
