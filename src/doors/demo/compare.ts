// Holds what happened against what a story promises.
import type { ProposalView } from '../proposal-view.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { BotMessage } from './stage.ts';
import { CAST, type Story } from './story.ts';

/** Everything that the player saw of one story. */
export interface Played {
  readonly proposal: ProposalView;
  readonly before: ClusterSnapshot;
  readonly after: ClusterSnapshot;
  readonly issue: { readonly title: string; readonly body: string } | null;
  /** What the bot said about this incident. */
  readonly messages: readonly BotMessage[];
  /** What the gate remembers of this incident. */
  readonly outcomes: readonly { readonly key: string; readonly tier: string; readonly rolled_back: boolean }[];
}

/** One promise: what must be true in words, and what was seen instead (null: it holds). */
export interface ComparisonResult {
  readonly promise: string;
  readonly instead: string | null;
}

/** Every promise of a story, in the order in which a reader asks for them. */
export function compare(story: Story, played: Played): readonly ComparisonResult[] {
  return [
    scored(story, played),
    walked(story, played),
    agreed(story, played),
    reviewed(story, played),
    ended(story, played),
    told(story, played),
    remembered(story, played),
  ];
}

const check = (promise: string, holds: 'yes' | 'no', seen: string): ComparisonResult => ({
  promise,
  instead: holds === 'yes' ? null : seen,
});
const same = (promise: string, seen: string): ComparisonResult => check(promise, promise === seen ? 'yes' : 'no', seen);

const sum = (lines: readonly (readonly [code: string, points: number])[]): string =>
  lines.map(([code, points]) => `${points} ${code}`).join(' + ');

const scored = ({ score, tier, reasons }: Story, { proposal }: Played): ComparisonResult =>
  same(
    `score ${score} = ${sum(reasons)}; tier ${tier}`,
    `score ${proposal.score} = ${sum(proposal.spec.reasons.map(({ code, points }) => [code, points]))}; tier ${proposal.tier}`,
  );

/** The states of a proposal's events in order, each once for as long as it lasts. */
export function pathOf({ events }: Pick<ProposalView, 'events'>): readonly string[] {
  return events.map(({ to }) => String(to)).filter((state, i, all) => state !== all[i - 1]);
}

const walked = ({ path }: Story, { proposal }: Played): ComparisonResult =>
  same(path.join(' → '), pathOf(proposal).join(' → '));

const CHANNEL = { chat: 'telegram', http: 'http' } as const;

const agreed = ({ votes }: Story, { proposal }: Played): ComparisonResult => {
  const yes = (people: readonly string[]): string =>
    people.length === 0 ? 'nobody had to agree' : `agreed: ${people.join(' and ')}, and nobody else counted`;
  const counted = votes.filter(({ is }) => is === 'counted');
  return same(
    yes(counted.map(({ by, through }) => `${CAST[by].name} (${CHANNEL[through]})`)),
    yes(
      proposal.votes.map(
        ({ person, channel, decision }) =>
          `${nameOf(person)} (${channel})${decision === 'approve' ? '' : ` ${decision}`}`,
      ),
    ),
  );
};

const nameOf = (person: string): string =>
  Object.hasOwn(CAST, person) ? CAST[person as keyof typeof CAST].name : person;

const reviewed = (story: Story, { proposal, issue }: Played): ComparisonResult => {
  const { review, digest } = proposal;
  if (story.reviewIssue === 'none')
    return check('no review issue was made', review === null ? 'yes' : 'no', `a review: ${JSON.stringify(review)}`);
  const promise = `the forge has an issue for ${story.incident} with score and digest`;
  if (issue === null) return check(promise, 'no', review?.error ?? 'no issue');
  const names = issue.title.includes(`(Blast=${story.score})`) && issue.title.endsWith(`— ${story.incident}`);
  return check(promise, names && issue.body.includes(digest) ? 'yes' : 'no', `an issue "${issue.title}"`);
};

const told = ({ incident }: Story, { messages }: Played): ComparisonResult =>
  check(`the chat was told about ${incident}`, messages.length > 0 ? 'yes' : 'no', 'the bot said nothing about it');

const remembered = ({ incident, path, tier }: Story, { outcomes }: Played): ComparisonResult => {
  const memory = (known: Played['outcomes']): string =>
    known.length === 0
      ? 'no outcome is remembered, as nothing reached the cluster'
      : `remembered: ${known.map((one) => `${one.key}, ${one.tier}, rolled back: ${one.rolled_back ? 'yes' : 'no'}`).join('; ')}`;
  const key = `declarative:${incident}`;
  const rolled_back = path.at(-1) === 'rolled-back';
  return same(memory(path.includes('executing') ? [{ key, tier, rolled_back }] : []), memory(outcomes));
};

/** What the cluster shows, against what it showed before. */
const ended = (story: Story, { before, after }: Played): ComparisonResult => {
  const { ending, place } = story;
  const [old, now] = [before.deployments[0], after.deployments[0]];
  if (old === undefined || now === undefined) return check('the cluster has deployments', 'no', 'none were seen');
  const kept = after.pods.filter(({ uid }) => before.pods.some((pod) => pod.uid === uid)).length;
  const ready = after.pods.filter((pod) => pod.ready === 'yes').length;
  const seen = `${now.name}: ${now.image}, revision ${now.revision}, ${ready} of ${after.pods.length} pods ready, ${kept} of the old`;
  const cluster = (promise: string, holds: readonly boolean[]): ComparisonResult =>
    check(`cluster: ${promise}`, holds.every(Boolean) ? 'yes' : 'no', seen);
  const healthy = [ready === now.replicas, after.pods.length === now.replicas, now.available === now.replicas];
  switch (ending.kind) {
    case 'restarted':
      return cluster(`${now.replicas} new pods of ${place.deployment} are ready, none of the old ones is left`, [
        ...healthy,
        kept === 0,
        now.replicas === old.replicas,
        now.image === old.image,
      ]);
    case 'scaled':
      return cluster(`${ending.to} pods of ${place.deployment} are ready, the ${old.replicas} old ones among them`, [
        ...healthy,
        now.replicas === ending.to,
        kept === before.pods.length,
      ]);
    case 'restored':
      return cluster(`${place.deployment} runs ${old.image} again, ${old.replicas} pods ready, tried and undone`, [
        ...healthy,
        now.image === old.image,
        now.replicas === old.replicas,
        now.revision === old.revision + 2,
      ]);
    case 'given-back':
      return cluster(
        `${place.configMap} holds ${before.settings} again, ${old.replicas} pods of ${place.deployment} ready`,
        [...healthy, before.settings !== null && before.settings === after.settings, kept === before.pods.length],
      );
    case 'drained':
      return cluster(`${now.replicas} new pods of ${place.deployment} are ready, none of them on ${ending.from}`, [
        ...healthy,
        kept === 0,
        before.pods.every(({ node }) => node === ending.from),
        after.pods.every(({ node }) => node !== null && node !== ending.from),
      ]);
    case 'untouched':
      return check(
        `cluster: namespace ${place.namespace} and its ${before.deployments.length} deployments are the ones they were`,
        identity(before) === identity(after) ? 'yes' : 'no',
        identity(after),
      );
    default:
      return ending satisfies never;
  }
};

const identity = ({ namespace, deployments }: ClusterSnapshot): string =>
  `${namespace.uid} ${namespace.phase}: ${deployments.map(({ name, uid }) => `${name} ${uid}`).join(', ')}`;
