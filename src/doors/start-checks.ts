// What must hold before a gate may start: every reason not to, with its remedy.
import { approvers, type People, type Person, type Proposer } from '../core/approval/people.ts';
import { prospectOf, STRANGER } from '../core/approval/prospect.ts';
import { peopleLacking } from '../core/approval/quorum.ts';
import { type VoteDoors, waysOf } from '../core/approval/ways.ts';
import type { PolicyDocument, ReviewRule } from '../core/blast-radius/policy.ts';
import { requirementOfRule } from '../core/decision/approval-rules.ts';
import { endedRules, type ShadowSettings } from '../core/decision/shadow.ts';
import { type Instant, plusSeconds } from '../core/model/instant.ts';
import { describeConditions } from '../core/text/requirement.ts';
import { reviewProblems } from './review-checks.ts';
import type { Settings } from './settings.ts';

/** Where a gate of these settings takes votes. */
export function voteDoorsIn({ chats, forge, flags, login }: Settings): VoteDoors {
  return {
    chats: chats.map(({ channel }) => channel),
    comments: flags.gitopsPr === 'on' ? (forge?.channel ?? null) : null,
    issuer: login.oidc === null ? null : 'oidc',
  };
}

const canBeHeard = (settings: Settings, on: 'anything' | 'dual'): ((person: Person) => boolean) => {
  const doors = voteDoorsIn(settings);
  return (person) => waysOf(person, doors, on).length > 0;
};

/** `mayObserve`: the proxy has an account of shadow mode at one cluster at least. What a policy asks for that a gate with these settings could not hold: it neither starts with it, nor takes it while it runs. */
export function policyProblems(
  settings: Settings,
  mayObserve: boolean,
  { review = 'off', shadow }: { readonly review: ReviewRule | undefined; readonly shadow: ShadowSettings },
  now: Instant,
): readonly string[] {
  return [...reviewProblems(settings, review), ...shadowProblems(settings, mayObserve, shadow, now)];
}

/** Shadow mode that is asked for and could not be: what it lacks, and where that comes from. Rules that have ended ask for nothing. */
export function shadowProblems(
  { proxy, clustersFile }: Settings,
  mayObserve: boolean,
  { everything, rules }: ShadowSettings,
  now: Instant,
): readonly string[] {
  const isAsked = everything || endedRules(rules, now).length < rules.length;
  if (!isAsked || mayObserve) return [];
  const asked = everything ? '--shadow' : 'shadow in the policy';
  return [
    proxy === null
      ? `${asked}: there is no proxy whose requests could be observed; set BLASTGATE_PROXY_LISTEN`
      : `${asked}: set ${clustersFile === null ? 'BLASTGATE_SHADOW_KUBECONFIG' : 'proxy.shadowKubeconfig in BLASTGATE_CLUSTERS'} to a kubeconfig of the account of deploy/shadow.yaml`,
  ];
}

/** Rules of the policy that nobody could satisfy, or not for what an agent proposes: each would wait until it expires. */
export function ruleWarnings(settings: Settings, people: People, policy: PolicyDocument): readonly string[] {
  const agents = people.agents.map(({ id, owner }): Proposer => ({ kind: 'agent', id, owner }));
  const doors = voteDoorsIn(settings);
  const unheard = strangersIn(policy, people);
  const unsatisfied = (policy.approvals ?? []).flatMap((rule, place) => {
    const known = new Set((people.teams ?? []).map(({ id }) => id));
    const strangers = (rule.from ?? []).filter(({ team }) => !known.has(team)).map(({ team }) => team);
    if (strangers.length > 0)
      return [
        `rule ${place + 1} of the policy's approvals names the team ${strangers.join(', ')}, which people.yaml does not have`,
      ];
    const requirement = requirementOfRule(rule, place + 1, policy);
    const ways = (person: Person) => waysOf(person, doors, requirement.on);
    const unmet = [STRANGER, ...agents].flatMap((proposer) => {
      const { lacking } = prospectOf(requirement, people, proposer, ways);
      return lacking === null ? [] : [{ proposer, lacking }];
    });
    const [first] = unmet;
    if (first === undefined) return [];
    const whose =
      first.proposer === STRANGER ? '' : ` for what ${unmet.map(({ proposer }) => proposer.id).join(', ')} proposes`;
    const lacks = `${peopleLacking(first.lacking)} more people${describeConditions(requirement, 'en', first.lacking)}`;
    return [
      `rule ${place + 1} of the policy's approvals cannot be satisfied${whose}: it would lack ${lacks}; change the rule, or let others approve`,
    ];
  });
  return [...unheard, ...unsatisfied];
}

/** Reminders for a team that there is not would name nobody. */
const strangersIn = ({ reminders }: PolicyDocument, { teams = [] }: People): readonly string[] =>
  (reminders?.rules ?? [])
    .filter(({ tell }) => tell !== 'all' && !teams.some(({ id }) => id === tell))
    .map(({ tell }) => `the policy's reminders name the team ${tell}, which people.yaml does not have`);

/** What the gate can start with and somebody should know: agents whose dual actions too few people could approve. */
export function startWarnings(settings: Settings, people: People): readonly string[] {
  const heard = approvers(people).filter(canBeHeard(settings, 'dual'));
  return people.agents.flatMap(({ id, owner }) => {
    const others = heard.filter((person) => person.id !== owner).map((person) => person.id);
    return others.length >= 2
      ? []
      : [
          `dual actions of the agent ${id} cannot be approved: besides its owner ${owner} only ${others.join(', ') || 'nobody'} can vote; let two others approve`,
        ];
  });
}

/** Days before its end in which a token is warned of. */
const TOKEN_WARNING_DAYS = 14;

/** Tokens that have ended, or end within 14 days: by whose they are and the first digits of their hash. */
export function tokenWarnings({ people, agents }: People, now: Instant): readonly string[] {
  const soon = plusSeconds(now, TOKEN_WARNING_DAYS * 86_400);
  return [...people, ...agents].flatMap(({ id, expiring = [] }) =>
    expiring
      .filter(({ expires }) => expires <= soon)
      .map(({ hash, expires }) => {
        const verb = expires <= now ? 'has expired' : 'expires';
        return `a token of ${id} (${hash.slice(0, 15)}…) ${verb}: ${expires}; make another with \`blastgate token\``;
      }),
  );
}

/** Dual actions need two different people, and others one; with fewer, each would wait until it expires. */
export function startProblems(settings: Settings, people: People): readonly string[] {
  if (settings.peopleFile === null)
    return ['BLASTGATE_PEOPLE is not set; name the people.yaml that says who may propose and approve'];
  const heard = approvers(people).filter(canBeHeard(settings, 'dual'));
  if (heard.length >= 2)
    return heard.some(canBeHeard(settings, 'anything'))
      ? []
      : [
          `nobody can approve what has no review issue: give a person with the right "approve" a token, or an account of the chat, in ${settings.peopleFile}`,
        ];
  const who = heard.map(({ id }) => id).join(', ') || 'nobody';
  return [
    `two people must be able to approve, and only ${heard.length} can vote (${who}); give two people the right "approve" and a token or, with chat or forge configured, an account of it in ${settings.peopleFile}`,
  ];
}
