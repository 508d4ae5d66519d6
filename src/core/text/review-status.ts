// The status comment of a review issue: state, votes, what did not count, how to answer. Edited as the remediation moves.
import type { BreakGlass } from '../approval/break-glass.ts';
import type { CommentMisreading } from '../approval/comment-command.ts';
import type { Person } from '../approval/people.ts';
import { approvalsIn } from '../approval/quorum.ts';
import type { Vote } from '../approval/vote.ts';
import type { Frozen } from '../decision/freeze.ts';
import type { RefusalCode } from '../model/refusal.ts';
import type { Pause } from '../remediation/pause.ts';
import type { Remediation } from '../remediation/remediation.ts';
import { isFinal } from '../remediation/state.ts';
import { type AnswerDoors, answerWays } from './answer-doors.ts';
import { describeRefusal } from './describe.ts';
import { codeSpan, cut, markdownSentence } from './escape.ts';
import { describePause } from './pause-line.ts';
import { peopleList } from './people-list.ts';
import { whyOf } from './state-reason.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

/** A comment that held a command and is no vote: whose, and why. */
export interface NotCounted {
  readonly account: string | null;
  readonly why:
    | { readonly kind: 'refusal'; readonly code: RefusalCode }
    | { readonly kind: 'misread'; readonly code: CommentMisreading }
    | { readonly kind: 'nature'; readonly code: 'edited' | 'text-changed' };
}

/** What the comment is written from; the same input gives the same text. */
export interface ReviewStatus {
  readonly remediation: Remediation;
  /** Who may approve it, by the people of now. */
  readonly approvers: readonly Person[];
  readonly doors: AnswerDoors;
  readonly notCounted: readonly NotCounted[];
  readonly issue: 'open' | 'closed';
  /** The freeze that holds it now; null or absent: none. */
  readonly frozen?: Frozen | null;
  /** The pause of its cluster or of the gate; null or absent: neither. */
  readonly paused?: Pause | null;
  /** The audit head with the gate's proof (head-mark.ts), for programs; absent: none. */
  readonly headMark?: string | null;
  readonly lang: Lang;
}

const REASON_LIMIT = 500;

/** Ends no HTML comment, whatever an id holds. */
const markerOf = (proposal: string): string => `blastgate-status ${proposal.replace(/[^A-Za-z0-9:._ ]/g, '_')}`;

const voteLine = ({ person, decision, at, channel, reason }: Vote, lang: Lang): string => {
  const { voted } = DICTIONARIES[lang].chatAnswer;
  const why = reason === null ? '' : `: ${markdownSentence(cut(reason, REASON_LIMIT))}`;
  return `- ${codeSpan(person)} ${voted[decision]} · ${codeSpan(at)} · ${codeSpan(channel)}${why}`;
};

const breakGlassLine = ({ by, at, reason }: BreakGlass, lang: Lang): string =>
  DICTIONARIES[lang].reviewStatus.breakGlass(codeSpan(by), codeSpan(at), markdownSentence(cut(reason, REASON_LIMIT)));

const whyNot = ({ why }: NotCounted, lang: Lang): string => {
  const words = DICTIONARIES[lang].reviewStatus;
  switch (why.kind) {
    case 'refusal':
      return markdownSentence(describeRefusal({ code: why.code, about: null }, lang).message);
    case 'misread':
      return words.misreadings[why.code];
    case 'nature':
      return words.natures[why.code];
    default:
      return why satisfies never;
  }
};

/** While people are asked: who else may, how, and until when. */
const askLines = ({ remediation, approvers, doors, issue, lang }: ReviewStatus): readonly string[] => {
  const words = DICTIONARIES[lang].reviewStatus;
  const { votes, incident, id, spec, expiresAt } = remediation;
  const left = approvers.filter((person) => !votes.some((vote) => vote.person === person.id));
  const subject = { incident, proposal: id, digest: spec.digest, issue: 'here' } as const;
  return [
    `- ${words.mayStill}: ${peopleList(left, lang)}`,
    `- ${words.until} ${codeSpan(expiresAt)}`,
    '',
    words.howTo(answerWays(subject, doors, lang, codeSpan)),
    ...(doors.comments === null
      ? []
      : [words.rejectBy(codeSpan(`${doors.comments}reject ${spec.digest.slice(7, 19)} ${words.reason}`))]),
    ...(issue === 'closed' ? ['', `**${words.closedByHand}**`] : []),
  ];
};

/** Markdown in the language asked for, and the marker in it. Pure. */
export function writeReviewStatus(status: ReviewStatus): { readonly body: string; readonly marker: string } {
  const { remediation, notCounted, frozen, paused, headMark = null, lang } = status;
  const held = describePause(remediation, paused ?? null, lang, codeSpan);
  const { announcement, chatAnswer, reviewStatus: words } = DICTIONARIES[lang];
  const { state, votes, decision, changedAt, breakGlass } = remediation;
  const why = whyOf(remediation, state, lang);
  const marker = markerOf(remediation.id);
  const lines = [
    `**${announcement.states[state]}**`,
    '',
    ...(held === null ? [] : [held, '']),
    ...(frozen == null ? [] : [markdownSentence(DICTIONARIES[lang].frozen(frozen.name, frozen.until)), '']),
    ...(why === null ? [] : [markdownSentence(why), '']),
    `- ${chatAnswer.approvals(approvalsIn(votes), decision?.approvals ?? 0)}`,
    ...votes.map((vote) => voteLine(vote, lang)),
    ...(breakGlass === undefined ? [] : [`- ${breakGlassLine(breakGlass, lang)}`]),
    ...(isFinal(state) ? [`- ${words.ended} ${codeSpan(changedAt)}`] : []),
    ...(state === 'awaiting-approval' ? askLines(status) : []),
    ...(notCounted.length === 0 ? [] : ['', `${words.notCounted}:`, '']),
    ...notCounted.map(
      (one) => `- ${one.account === null ? words.somebody : codeSpan(one.account)}: ${whyNot(one, lang)}`,
    ),
  ];
  return { body: `${lines.join('\n')}\n\n${headMark === null ? '' : `${headMark}\n`}<!-- ${marker} -->\n`, marker };
}
