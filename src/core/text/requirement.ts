// What rules of the policy ask of an approval beside a number of people → words behind that number.
import { type Lacking, lackingOf } from '../approval/quorum.ts';
import type { ApprovalRequirement } from '../decision/approval-rules.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

/** Of all that is asked, or of what is lacking still: " (among them 1 of the team payments; counted only by gitea; with a reason)", or nothing. */
export function describeConditions(
  requirement: ApprovalRequirement,
  lang: Lang,
  { from, strongVote }: Lacking = lackingOf([], requirement),
): string {
  const { channels, reasonRequired, strongVotes } = requirement;
  const words = DICTIONARIES[lang].conditions;
  const said = [
    ...from.map(({ team, atLeast }) => words.team(atLeast, team)),
    ...(strongVote ? [words.strongVote(strongVotes.join(', '))] : []),
    ...(channels === null ? [] : [words.channels(channels.join(', '))]),
    ...(reasonRequired ? [words.reason] : []),
  ];
  return said.length === 0 ? '' : words.all(said.join(words.comma));
}
