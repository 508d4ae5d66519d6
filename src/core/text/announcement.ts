// What the chat is told about a proposal, in plain text.

import type { ApprovalRequirement } from '../decision/approval-rules.ts';
import type { Frozen } from '../decision/freeze.ts';
import type { State } from '../remediation/state.ts';
import type { DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';
import { shortDigest } from '../sealed-spec/seal.ts';
import type { CommandPrefix } from './answer-doors.ts';
import { describeNoRollback, describeTargetState } from './describe.ts';
import { chatText, plainLine } from './escape.ts';
import { describeConditions } from './requirement.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

/** What there is to tell about one proposal. */
export type News =
  /** It waits for people: told once, whether or not there is an issue. `requirement`: whose agreement it needs. */
  | {
      readonly kind: 'waiting';
      readonly requirement: ApprovalRequirement;
      readonly expiresAt: string;
      readonly frozen?: Frozen;
    }
  /** Its review issue stands in the forge. */
  | { readonly kind: 'issue-made'; readonly issueUrl: string }
  /** Its review issue could not be made: the chat takes its place, for now or for good, or policy holds the action back. */
  | { readonly kind: 'issue-failed'; readonly error: string; readonly retry: IssueRetry }
  /** With its failure there were too many: the gate has paused itself. */
  | { readonly kind: 'breaker'; readonly failures: number; readonly withinMinutes: number }
  /** In an emergency one person stands for all votes that are missing. */
  | { readonly kind: 'break-glass'; readonly by: string; readonly reason: string }
  /** It still waits; `people`: whom it is meant for, by name. */
  | {
      readonly kind: 'reminder';
      readonly afterMinutes: number;
      readonly tell: string;
      readonly people: readonly string[];
      readonly expiresAt: string;
    }
  /** It came to another state; `why` is a sentence of the gate, null where the state says all. */
  | { readonly kind: 'state'; readonly state: State; readonly why: string | null };

/** What follows when an issue could not be made: it is tried again, and the action waits for it or not; or none can be made. */
export type IssueRetry = 'tried-again' | 'held' | 'none';

export interface NewsSubject {
  readonly incident: string;
  readonly proposal: string;
  readonly spec: DeclarativeSpec;
}

/** `prefix`: how commands begin in the chat that is told. One message, several lines, plain text. It names incident, command and short digest, so that it can be read alone. */
export function announce(
  { incident, proposal, spec }: NewsSubject,
  news: News,
  lang: Lang,
  prefix: CommandPrefix = '/',
): string {
  const words = DICTIONARIES[lang].announcement;
  const line = (text: string): string => chatText(plainLine(text));
  const score = spec.blastRadiusScore === null ? '?' : String(spec.blastRadiusScore);
  const about = [
    `${words.command}: ${line(spec.command)}`,
    `${words.target}: ${line(spec.target)}${spec.namespace === null ? '' : ` (${line(spec.namespace)})`}`,
    `${words.blastRadius}: ${score} / 100 (${spec.tier}) · ${words.digest} ${shortDigest(spec.digest)}`,
  ];
  const head = (headline: string): string => `${line(incident)} · ${headline}`;
  switch (news.kind) {
    case 'waiting':
      return [
        head(line(`${words.waiting(news.requirement.needed)}${describeConditions(news.requirement, lang)}`)),
        ...(news.frozen === undefined ? [] : [line(DICTIONARIES[lang].frozen(news.frozen.name, news.frozen.until))]),
        ...about,
        `${words.targetState}: ${line(describeTargetState(spec, lang))}`,
        `${words.rollback}: ${line(spec.rollbackPlan.command ?? describeNoRollback(spec, lang) ?? '')}`,
        words.answer(line(incident), shortDigest(spec.digest), line(news.expiresAt), prefix),
      ].join('\n');
    case 'issue-made':
      return head(words.issueMade(line(news.issueUrl)));
    case 'issue-failed':
      return [head(words.issueFailed[news.retry]), line(news.error), ...about].join('\n');
    case 'breaker':
      return [
        head(words.breaker(news.failures, news.withinMinutes)),
        words.resume,
        ...about,
        `${words.proposal}: ${line(proposal)}`,
      ].join('\n');
    case 'reminder':
      return [
        head(line(words.reminder(news.afterMinutes, news.tell === 'all' ? null : news.tell))),
        ...(news.people.length === 0 ? [] : [line(news.people.join(', '))]),
        ...about,
        words.answer(line(incident), shortDigest(spec.digest), line(news.expiresAt), prefix),
      ].join('\n');
    case 'break-glass':
      return [
        head(line(words.breakGlass(news.by))),
        `${words.breakGlassReason}: ${line(news.reason)}`,
        ...about,
        `${words.proposal}: ${line(proposal)}`,
      ].join('\n');
    case 'state':
      return [
        head(words.states[news.state]),
        ...(news.why === null ? [] : [line(news.why)]),
        ...about,
        `${words.proposal}: ${line(proposal)}`,
      ].join('\n');
    default:
      return news satisfies never;
  }
}
