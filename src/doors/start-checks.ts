// What must hold before a gate may start: every reason not to, with its remedy.
import { approvers, type People, type Person } from '../core/approval/people.ts';
import type { Settings } from './settings.ts';

/** An approver can be heard on anything when a token or an account of a chat that is configured is mapped to them. */
const canBeHeard =
  ({ chat }: Settings) =>
  (person: Person): boolean =>
    person.tokens.length > 0 || (chat !== null && person.accounts[chat.channel] !== null);

/** On a dual action also by a comment in its review issue. */
const canBeHeardOnDual = (settings: Settings): ((person: Person) => boolean) => {
  const { forge, flags } = settings;
  const anyhow = canBeHeard(settings);
  return (person) =>
    anyhow(person) || (forge !== null && flags.gitopsPr === 'on' && person.accounts[forge.channel] !== null);
};

/** What the gate can start with and somebody should know: agents whose dual actions too few people could approve. */
export function startWarnings(settings: Settings, people: People): readonly string[] {
  const heard = approvers(people).filter(canBeHeardOnDual(settings));
  return people.agents.flatMap(({ id, owner }) => {
    const others = heard.filter((person) => person.id !== owner).map((person) => person.id);
    return others.length >= 2
      ? []
      : [
          `dual actions of the agent ${id} cannot be approved: besides its owner ${owner} only ${others.join(', ') || 'nobody'} can vote; let two others approve`,
        ];
  });
}

/** Dual actions need two different people, and others one; with fewer, each would wait until it expires. */
export function startProblems(settings: Settings, people: People): readonly string[] {
  if (settings.peopleFile === null)
    return ['BLASTGATE_PEOPLE is not set; name the people.yaml that says who may propose and approve'];
  const heard = approvers(people).filter(canBeHeardOnDual(settings));
  if (heard.length >= 2)
    return heard.some(canBeHeard(settings))
      ? []
      : [
          `nobody can approve what has no review issue: give a person with the right "approve" a token, or an account of the chat, in ${settings.peopleFile}`,
        ];
  const who = heard.map(({ id }) => id).join(', ') || 'nobody';
  return [
    `two people must be able to approve, and only ${heard.length} can vote (${who}); give two people the right "approve" and a token or, with chat or forge configured, an account of it in ${settings.peopleFile}`,
  ];
}
