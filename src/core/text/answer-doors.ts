// How people can answer a proposal: texts name only the doors that a gate has.
import type { Remediation } from '../remediation/remediation.ts';
import { reviewStateOf } from '../remediation/review.ts';
import type { Digest } from '../sealed-spec/declarative-spec.ts';
import { shortDigest } from '../sealed-spec/seal.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

/** How a command in a comment begins: some forges keep `/approve` for themselves. */
export type CommandPrefix = '/' | '/blastgate ';

/** Command line and HTTP are always there; empty or null where there are none of the others. */
export interface AnswerDoors {
  /** By name ("Telegram"), and how a command begins there. */
  readonly chats: readonly { readonly brand: string; readonly prefix: CommandPrefix }[];
  /** In the review issue. */
  readonly comments: CommandPrefix | null;
  /** Where people reach the console, without a slash at the end; null: the gate has not been told. */
  readonly console: string | null;
}

/** What an answer names: the incident in a chat, the digest in a comment, the proposal on a command line. */
export interface AnswerSubject {
  readonly incident: string;
  readonly proposal: string;
  readonly digest: Digest;
  /** The address of the review issue; `here`: the text stands in it; null: there is no issue to comment in. */
  readonly issue: 'here' | { readonly at: string } | null;
}

/** "answer `/approve INC-3` in Telegram, write `/approve 0123456789ab` as a comment here or run `blastgate approve p-7`". */
export function answerWays(
  { incident, proposal, digest, issue }: AnswerSubject,
  doors: AnswerDoors,
  lang: Lang,
  quote: (command: string) => string = (command) => `\`${command}\``,
): string {
  const { ways } = DICTIONARIES[lang];
  const others = [
    ...doors.chats.map(({ brand, prefix }) => ways.chat(quote(`${prefix}approve ${incident}`), brand)),
    ...(doors.comments === null || issue === null
      ? []
      : [ways.comment(quote(`${doors.comments}approve ${shortDigest(digest)}`), issue === 'here' ? null : issue.at)]),
    ...(doors.console === null ? [] : [ways.console(`${doors.console}/proposals/${encodeURIComponent(proposal)}`)]),
  ];
  const last = ways.commandLine(quote(`blastgate approve ${proposal}`));
  return others.length === 0 ? last : `${others.join(ways.comma)}${ways.or}${last}`;
}

/** The subject of an open proposal, as texts outside of its review issue name it. */
export function answerSubjectOf(remediation: Remediation): AnswerSubject {
  const { incident, id, spec, review } = remediation;
  const at = reviewStateOf(remediation) === 'made' ? (review?.issueUrl ?? null) : null;
  const issue = at === null ? null : { at };
  return { incident, proposal: id, digest: spec.digest, issue };
}
