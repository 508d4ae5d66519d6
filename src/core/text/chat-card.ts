// The one message of a proposal in a chat: what would happen, why it scores so, who has agreed and who is needed; plain text.
import type { Person } from '../approval/people.ts';
import { approvalsIn } from '../approval/quorum.ts';
import { requirementOf } from '../decision/approval-rules.ts';
import type { Frozen } from '../decision/freeze.ts';
import type { Pause } from '../remediation/pause.ts';
import type { Remediation } from '../remediation/remediation.ts';
import { changesOf } from '../sealed-spec/declarative-spec.ts';
import { announce } from './announcement.ts';
import type { CommandPrefix } from './answer-doors.ts';
import { changeDiff } from './change-diff.ts';
import { describeBlastReason } from './describe.ts';
import { chatText, cut, plainLine } from './escape.ts';
import { describePause } from './pause-line.ts';
import { whyOf } from './state-reason.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

export interface CardSubject {
  readonly remediation: Remediation;
  /** Who may approve it, by the people of now. */
  readonly approvers: readonly Pick<Person, 'id' | 'name'>[];
  /** What holds it now; null: nothing. */
  readonly frozen: Frozen | null;
  /** The pause of its cluster or of the gate; null: neither. */
  readonly paused: Pause | null;
  readonly prefix: CommandPrefix;
  /** The marker by which a second copy is known. */
  readonly key: string;
  readonly lang: Lang;
}

/** A message holds 4,096 characters (Bot API), a card less, so that it is never in two parts. */
const LIMIT = 3500;
const REASONS = 6;
const DIFF_LINES = 12;
const NAMED = 10;

const line = (text: string): string => chatText(plainLine(text));

/** While it waits it begins as the announcement does; afterwards with the state that it came to. */
export function writeChatCard({ remediation, approvers, frozen, paused, prefix, key, lang }: CardSubject): string {
  const { incident, id, spec, decision, votes, expiresAt, state } = remediation;
  const words = DICTIONARIES[lang];
  const subject = { incident, proposal: id, spec };
  const isOpen = state === 'awaiting-approval';
  const head = isOpen
    ? announce(
        subject,
        { kind: 'waiting', requirement: requirementOf(decision), expiresAt, ...(frozen === null ? {} : { frozen }) },
        lang,
        prefix,
      )
    : announce(subject, { kind: 'state', state, why: whyOf(remediation, state, lang) }, lang);
  const left = approvers.filter(({ id: who }) => !votes.some(({ person }) => person === who));
  const held = describePause(remediation, paused, lang, line);
  const lines = [
    head,
    ...(held === null ? [] : [held]),
    ...(isOpen ? [...reasonLines(remediation, lang), ...diffLines(remediation)] : []),
    ...votes.map(
      ({ person, decision: said, channel }) => `${line(person)} ${words.chatAnswer.voted[said]} (${channel})`,
    ),
    ...(isOpen
      ? [
          words.chatAnswer.approvals(approvalsIn(votes), decision?.approvals ?? 0),
          `${words.reviewStatus.mayStill}: ${namesOf(left, lang)}`,
        ]
      : []),
  ];
  return `${cut(lines.join('\n'), LIMIT - key.length - 3)}\n(${key})`;
}

const reasonLines = ({ spec }: Remediation, lang: Lang): readonly string[] => {
  const all = describeBlastReason(spec, lang);
  const rest = all.length - REASONS;
  return [...all.slice(0, REASONS).map(line), ...(rest > 0 ? [`… +${rest}`] : [])];
};

const diffLines = ({ spec }: Remediation): readonly string[] => {
  const diff = changeDiff(changesOf(spec));
  const rest = diff.length - DIFF_LINES;
  return [...diff.slice(0, DIFF_LINES).map(chatText), ...(rest > 0 ? [`… +${rest}`] : [])];
};

const namesOf = (people: readonly Pick<Person, 'id' | 'name'>[], lang: Lang): string => {
  const { nobody, morePeople } = DICTIONARIES[lang].review;
  if (people.length === 0) return nobody;
  const named = people.slice(0, NAMED).map(({ name, id }) => `${line(name)} (${line(id)})`);
  return [...named, ...(people.length > NAMED ? [morePeople(people.length - NAMED)] : [])].join(', ');
};
