// What the gate answers in the chat, in plain text.

import type { Misreading } from '../approval/chat-command.ts';
import { approvalsIn } from '../approval/quorum.ts';
import type { Vote } from '../approval/vote.ts';
import type { ReviewRule } from '../blast-radius/policy.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Remediation } from '../remediation/remediation.ts';
import { shortDigest } from '../sealed-spec/seal.ts';
import type { CommandPrefix } from './answer-doors.ts';
import { describeRefusalOf } from './ended.ts';
import { chatText, plainLine } from './escape.ts';
import { describeReview } from './review-notice.ts';
import type { RefusedNature } from './words/chat-answer.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Dictionary } from './words/dictionary.ts';
import type { Lang } from './words/lang.ts';

export type ChatAnswer =
  | { readonly kind: 'counted'; readonly remediation: Remediation; readonly vote: Vote }
  /** `remediation`: the proposal that was meant, null where none is known. */
  | {
      readonly kind: 'not-counted';
      readonly about: string;
      readonly refusal: Refusal;
      readonly remediation: Remediation | null;
    }
  | { readonly kind: 'too-early'; readonly about: string }
  /** A button cannot say why not. */
  | { readonly kind: 'needs-reason'; readonly remediation: Remediation }
  /** Newest first; no more than are listed. */
  | { readonly kind: 'status'; readonly about: string; readonly remediations: readonly Remediation[] }
  /** `all`: how many there are, listed or not. */
  | { readonly kind: 'pending'; readonly remediations: readonly Remediation[]; readonly all: number }
  | { readonly kind: 'refused-nature'; readonly nature: RefusedNature }
  | { readonly kind: 'misread'; readonly problem: Misreading }
  | { readonly kind: 'help' }
  | { readonly kind: 'gave-up' };

type Words = Dictionary['chatAnswer'] & {
  readonly news: Dictionary['announcement'];
  readonly rule: ReviewRule;
  readonly lang: Lang;
};

/** How many an answer lists; what waits beside those is counted. */
export const PENDING_LISTED = 10;
export const STATUS_LISTED = 3;

const line = (text: string): string => chatText(plainLine(text));
const short = ({ spec }: Remediation): string => shortDigest(spec.digest);
const needed = ({ decision }: Remediation): number => decision?.approvals ?? 0;

const headline = (remediation: Remediation, words: Words): string => {
  const { incident, spec, state } = remediation;
  const score = spec.blastRadiusScore === null ? '?' : String(spec.blastRadiusScore);
  return `${line(incident)} · ${words.news.states[state]} · ${score} / 100 (${spec.tier}) · ${words.news.digest} ${short(remediation)}`;
};

const votesOf = ({ votes }: Remediation, words: Words): string =>
  votes.map(({ person, decision }) => `${line(person)} ${words.voted[decision]}`).join(', ');

const statusOf = (remediation: Remediation, words: Words): string => {
  const { spec, state, votes, expiresAt, review } = remediation;
  return [
    headline(remediation, words),
    line(spec.command),
    ...(state === 'awaiting-approval'
      ? [`${words.approvals(approvalsIn(votes), needed(remediation))}, ${words.until} ${expiresAt}`]
      : []),
    ...(votes.length === 0 ? [] : [`${words.votes}: ${votesOf(remediation, words)}`]),
    ...(review?.issueUrl == null ? [] : [`${words.issue}: ${line(review.issueUrl)}`]),
    ...noticeOf(remediation, words),
  ].join('\n');
};

/** What readers and voters must know of a review issue that does not stand. */
const noticeOf = (remediation: Remediation, { rule, lang }: Words): readonly string[] => {
  const notice = describeReview(remediation, rule, lang);
  return notice === null ? [] : [line(notice)];
};

const pendingOf = (remediations: readonly Remediation[], all: number, words: Words): string => {
  if (all === 0) return words.nothingPending;
  const rows = remediations.slice(0, PENDING_LISTED).map((remediation) => {
    const { incident, spec, votes, expiresAt } = remediation;
    const have = words.approvals(approvalsIn(votes), needed(remediation));
    const row = `${line(incident)} ${short(remediation)} · ${line(spec.command)} · ${have}, ${words.until} ${expiresAt}`;
    return [row, ...noticeOf(remediation, words)].join('\n  ');
  });
  const rest = all - rows.length;
  return [words.pending(all), ...rows, ...(rest > 0 ? [words.more(rest)] : [])].join('\n');
};

/** A vote's answer names the digest that it counted for. */
const countedOf = (remediation: Remediation, { person, decision }: Vote, words: Words): string => {
  if (decision === 'reject') return words.rejected(line(person), short(remediation));
  const have = approvalsIn(remediation.votes);
  const said = words.approved(line(person), short(remediation), have, needed(remediation));
  const all = remediation.state === 'approved' ? `${said} ${words.complete}` : said;
  return [all, ...noticeOf(remediation, words)].join('\n');
};

/** Our own words, with commands as they begin in this chat. */
const begunWith = (text: string, prefix: CommandPrefix): string =>
  prefix === '/' ? text : text.replace(/\/(?=(?:approve|reject|status|pending)\b)/g, prefix);

/** One answer in the language asked for, several lines at most. Pure. */
export function writeChatAnswer(given: ChatAnswer, lang: Lang, rule: ReviewRule, prefix: CommandPrefix = '/'): string {
  const { chatAnswer, announcement } = DICTIONARIES[lang];
  const words: Words = { ...chatAnswer, news: announcement, rule, lang };
  switch (given.kind) {
    case 'counted':
      return `${line(given.remediation.incident)} · ${countedOf(given.remediation, given.vote, words)}`;
    case 'not-counted': {
      const { message, remedy } = describeRefusalOf(given.refusal, given.remediation, lang);
      return `${line(given.about)} · ${words.notCounted}: ${line(message)}${remedy === null ? '' : ` ${line(remedy)}`}`;
    }
    case 'too-early':
      return `${line(given.about)} · ${words.notCounted}: ${words.tooEarly}`;
    case 'needs-reason':
      return words.needsReason(`${prefix}reject ${line(given.remediation.incident)}`);
    case 'status':
      return given.remediations.length === 0
        ? `${line(given.about)} · ${words.nothingKnown}`
        : given.remediations
            .slice(0, STATUS_LISTED)
            .map((remediation) => statusOf(remediation, words))
            .join('\n\n');
    case 'pending':
      return pendingOf(given.remediations, given.all, words);
    case 'refused-nature':
      return `${words.notCounted}: ${words.natures[given.nature]}`;
    case 'misread':
      return begunWith(words.misreadings[given.problem], prefix);
    case 'help':
      return begunWith(words.help, prefix);
    case 'gave-up':
      return words.gaveUp;
    default:
      return given satisfies never;
  }
}
