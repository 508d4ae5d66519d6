// `blastgate policy explain`: which rule of the policy applies to a command, and who could approve it now, by name.
import type { People, Proposer } from '../../core/approval/people.ts';
import { type Prospect, proposerNamed, prospectOf, STRANGER } from '../../core/approval/prospect.ts';
import { peopleLacking } from '../../core/approval/quorum.ts';
import { type ApprovalRequirement, requirementOf } from '../../core/decision/approval-rules.ts';
import type { Judgement } from '../../core/evaluation/judge.ts';
import { plainLine } from '../../core/text/escape.ts';
import { describeConditions } from '../../core/text/requirement.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { jsonLine } from '../json-line.ts';
import { loadPeople } from '../people-file.ts';
import { loadPolicy } from '../policy-file.ts';
import { readFlagSettings, readSettings } from '../settings.ts';
import { waysOf } from '../start-checks.ts';
import { CommandFailed, type CommandInput, EXIT, type Terminal, UsageError } from '../terminal/command.ts';
import { judgeCommand } from './judge.ts';
import { languageOf } from './language.ts';
import { filesOf } from './local-files.ts';
import { outputFormat, proposedCommand } from './proposed-command.ts';

/** Exit 0. Judged without a cluster: what a cluster shows may raise the tier, and never lowers what a rule asks for. */
export async function explainApproval(input: CommandInput, terminal: Terminal): Promise<number> {
  const command = proposedCommand(input);
  const read = readSettings(terminal.env);
  const flags = readFlagSettings(terminal.env);
  if (!read.ok || !flags.ok)
    throw new CommandFailed((read.ok ? (flags.ok ? [] : flags.problems) : read.problems).join('\n'));
  const { people, proposer } = askedBy(input, read.settings.peopleFile);
  const policy = await loadPolicy(input.values['policy'], terminal.env, null);
  const namespace = input.values['namespace'];
  const judged = await judgeCommand(
    {
      command,
      files: filesOf(command),
      namespace: typeof namespace === 'string' ? namespace : null,
      cluster: null,
      clusterName: null,
      incident: null,
      windowSeconds: null,
    },
    { policy, flags: flags.flags },
    () => undefined,
  );
  const requirement = requirementOf(judged.decision);
  const on = judged.spec.requiresReviewIssue ? 'dual' : 'anything';
  const prospect = prospectOf(requirement, people, proposer, waysOf(read.settings, on));
  const explained = { judged, requirement, prospect };
  terminal.out(
    outputFormat(input) === 'json'
      ? `${jsonLine(asJson(explained), 2)}\n`
      : `${inWords(explained, languageOf(terminal.env)).join('\n')}\n`,
  );
  return EXIT.auto;
}

interface Explained {
  readonly judged: Judgement;
  readonly requirement: ApprovalRequirement;
  readonly prospect: Prospect;
}

const askedBy = (
  { values }: CommandInput,
  peopleFile: string | null,
): { readonly people: People; readonly proposer: Proposer } => {
  if (peopleFile === null)
    throw new UsageError('BLASTGATE_PEOPLE is not set; name the people.yaml that says who may approve');
  const { people, problems } = loadPeople(peopleFile);
  if (problems.length > 0) throw new CommandFailed(problems.join('\n'));
  const name = values['as'];
  if (typeof name !== 'string') return { people, proposer: STRANGER };
  const proposer = proposerNamed(people, name);
  if (proposer === null)
    throw new UsageError(`--as ${name}: people.yaml names neither an agent nor a person of this id`);
  return { people, proposer };
};

const asJson = ({ judged, requirement, prospect }: Explained) => ({
  command: judged.spec.command,
  tier: judged.spec.tier,
  score: judged.spec.blastRadiusScore,
  leadsTo: judged.decision.leadsTo,
  ...requirement,
  voters: prospect.voters.map(({ person, channels }) => ({ id: person.id, name: person.name, channels })),
  lacking: prospect.lacking,
});

const inWords = ({ judged, requirement, prospect }: Explained, lang: Lang): readonly string[] => {
  const words = DICTIONARIES[lang].approvalExplained;
  const { spec, decision } = judged;
  const head = `${plainLine(spec.command)}: ${spec.blastRadiusScore ?? '?'} / 100 (${spec.tier})`;
  if (decision.leadsTo === 'blocked' || decision.leadsTo === 'refused')
    return [head, words.nobodyAsked[decision.leadsTo]];
  const rules = requirement.rules.length === 0 ? words.noRule : words.rules(requirement.rules.join(', '));
  if (requirement.needed === 0) return [head, rules, words.runsAlone];
  const conditions = describeConditions(requirement, lang);
  const who = prospect.voters.map(
    ({ person, channels }) => `  ${person.id}  ${plainLine(person.name)}  (${channels.join(', ')})`,
  );
  return [
    head,
    rules,
    DICTIONARIES[lang].review.mustApprove(requirement.needed, conditions),
    ...(requirement.expiresMinutes === null ? [] : [words.expires(requirement.expiresMinutes)]),
    who.length === 0 ? words.nobody : words.could,
    ...who,
    ...(prospect.lacking === null
      ? []
      : [words.never(peopleLacking(prospect.lacking), describeConditions(requirement, lang, prospect.lacking))]),
  ];
};
