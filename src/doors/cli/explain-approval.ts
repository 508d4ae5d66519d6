// `blastgate policy explain`: which rule of the policy applies to a command, and who could approve it now, by name.
import type { People, Proposer } from '../../core/approval/people.ts';
import { type Prospect, proposerNamed, prospectOf, STRANGER } from '../../core/approval/prospect.ts';
import { peopleLacking } from '../../core/approval/quorum.ts';
import { waysOf } from '../../core/approval/ways.ts';
import { type Policy, policyOf } from '../../core/blast-radius/policy.ts';
import { type ApprovalRequirement, requirementOf } from '../../core/decision/approval-rules.ts';
import { type FreezeAhead, freezesAhead } from '../../core/decision/freeze.ts';
import { DEFAULT_SPEC_SETTINGS } from '../../core/evaluation/evaluate.ts';
import type { Judgement } from '../../core/evaluation/judge.ts';
import { instant, plusSeconds } from '../../core/model/instant.ts';
import { plainLine } from '../../core/text/escape.ts';
import { describeConditions } from '../../core/text/requirement.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { loadClusters } from '../clusters-file.ts';
import { jsonLine } from '../json-line.ts';
import { loadPeople } from '../people-file.ts';
import { loadPolicy } from '../policy-file.ts';
import { readFlagSettings, readSettings, type Settings } from '../settings.ts';
import { voteDoorsIn } from '../start-checks.ts';
import { CommandFailed, type CommandInput, EXIT, type Terminal, textOption, UsageError } from '../terminal/command.ts';
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
  const policy = await policyFor(input, terminal, read.settings);
  const judged = await judgeCommand(
    {
      command,
      files: filesOf(command),
      namespace: textOption(input, 'namespace'),
      cluster: null,
      clusterName: policy.cluster,
      incident: null,
      windowSeconds: null,
    },
    { policy, flags: flags.flags },
    () => undefined,
  );
  const requirement = requirementOf(judged.decision);
  const on = judged.spec.requiresReviewIssue ? 'dual' : 'anything';
  const doors = voteDoorsIn(read.settings);
  const prospect = prospectOf(requirement, people, proposer, (person) => waysOf(person, doors, on));
  const freezes = freezesOf(judged, requirement, policy);
  const explained = { judged, requirement, prospect, freezes, cluster: policy.cluster };
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
  /** Those that hold it now, or begin while an approval of it may be open. */
  readonly freezes: readonly FreezeAhead[];
  /** The name that it was judged for; null: none was given. */
  readonly cluster: string | null;
}

/** The policy of the cluster that is named; with BLASTGATE_CLUSTERS it is one of the file, with what is its own. */
const policyFor = async ({ values }: CommandInput, { env }: Terminal, settings: Settings): Promise<Policy> => {
  const name = typeof values['cluster'] === 'string' ? values['cluster'] : null;
  const policy = await loadPolicy(values['policy'], env, name);
  if (name === null || settings.clustersFile === null) return policy;
  const { clusters, problems } = loadClusters(settings, null);
  if (problems.length > 0) throw new CommandFailed(problems.join('\n'));
  const named = clusters.find((one) => one.name === name);
  if (named === undefined)
    throw new UsageError(
      `--cluster ${name}: ${settings.clustersFile} names ${clusters.map((one) => one.name).join(', ')}`,
    );
  return policyOf(named.policyOf(policy.document), name);
};

const freezesOf = (
  { spec, decision }: Judgement,
  { expiresMinutes }: ApprovalRequirement,
  { document: { freezes = [] } }: Policy,
): readonly FreezeAhead[] => {
  if (decision.leadsTo === 'blocked' || decision.leadsTo === 'refused') return [];
  const now = instant(Date.now());
  const seconds = Math.min(DEFAULT_SPEC_SETTINGS.validForSeconds, (expiresMinutes ?? Number.POSITIVE_INFINITY) * 60);
  return freezesAhead(freezes, spec.effects, now, plusSeconds(now, seconds));
};

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

const asJson = ({ judged, requirement, prospect, freezes, cluster }: Explained) => ({
  command: judged.spec.command,
  cluster,
  tier: judged.spec.tier,
  score: judged.spec.blastRadiusScore,
  leadsTo: judged.decision.leadsTo,
  ...requirement,
  voters: prospect.voters.map(({ person, channels }) => ({ id: person.id, name: person.name, channels })),
  lacking: prospect.lacking,
  freezes,
});

const inWords = ({ judged, requirement, prospect, freezes }: Explained, lang: Lang): readonly string[] => {
  const words = DICTIONARIES[lang].approvalExplained;
  const { spec, decision } = judged;
  const head = `${plainLine(spec.command)}: ${spec.blastRadiusScore ?? '?'} / 100 (${spec.tier})`;
  if (decision.leadsTo === 'blocked' || decision.leadsTo === 'refused')
    return [head, words.nobodyAsked[decision.leadsTo]];
  const rules = requirement.rules.length === 0 ? words.noRule : words.rules(requirement.rules.join(', '));
  const now = instant(Date.now());
  const frozen = freezes.map(({ name, from, until }) =>
    from <= now ? words.frozenNow(name, until) : words.frozenSoon(name, from, until),
  );
  if (requirement.needed === 0) return [head, rules, words.runsAlone, ...frozen];
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
    ...frozen,
  ];
};
