// Plays one story through the doors that people and agents use, and compares its end.
import { setTimeout as pause } from 'node:timers/promises';
import type { Json, JsonObject } from '../../core/model/json.ts';
import { isFinal } from '../../core/remediation/state.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { ProposalView } from '../proposal-view.ts';
import { expectOk } from '../terminal/gate-client.ts';
import { lookAt } from './cluster-snapshot.ts';
import { type ComparisonResult, compare, type Played } from './compare.ts';
import { asProposal, type BotMessage, type PeerClient, peerClient, type Stage } from './stage.ts';
import { AGENT, CAST, type PersonName, type Story, type StoryVote } from './story.ts';

/** What happens in a story, as it is told. */
export type Beat =
  | { readonly kind: 'begins'; readonly story: Story }
  | { readonly kind: 'proposed'; readonly proposal: ProposalView }
  | { readonly kind: 'review'; readonly proposal: string; readonly review: NonNullable<ProposalView['review']> }
  | { readonly kind: 'said'; readonly by: PersonName; readonly text: string; readonly answer: string }
  | { readonly kind: 'event'; readonly proposal: ProposalView; readonly event: ProposalView['events'][number] }
  | { readonly kind: 'announced'; readonly text: string }
  | { readonly kind: 'compared'; readonly checks: readonly ComparisonResult[] };
export type Tell = (beat: Beat) => void;

const POLL_MS = 150;
/** Longer than the verification window and the rollback together. */
const PATIENCE_MS = 300_000;
const CHAT_PATIENCE_MS = 10_000;

/** Plays it and returns what was promised with what was seen. Throws when a door does not answer as documented. */
export async function play(
  story: Story,
  stage: Stage,
  tell: Tell,
  signal: AbortSignal,
): Promise<readonly ComparisonResult[]> {
  const client = peerClient(stage);
  tell({ kind: 'begins', story });
  const before = await lookAt(stage, story.place);
  const proposed = await propose(story, client);
  tell({ kind: 'proposed', proposal: proposed });
  const follow = follower(client, proposed, tell, signal);
  const hear = listener(story, client, signal);
  const [card] = story.path.includes('awaiting-approval') ? await hear((messages) => messages.length > 0) : [];
  if (card !== undefined) tell({ kind: 'announced', text: card.text });
  if (story.reviewIssue === 'made') await awaitReview(follow, hear, tell);
  for (const vote of story.votes) await cast(vote, story, { client, follow, hear, tell });
  const proposal = await follow(({ state }) => isFinal(state));
  const tellsEnd = endOf(proposal, card);
  const messages = await hear((heard) => heard.some(tellsEnd));
  const last = messages.find(tellsEnd) ?? messages.at(-1);
  if (last !== undefined) tell({ kind: 'announced', text: last.text });
  const number = proposal.review?.issueNumber ?? null;
  const played: Played = {
    proposal,
    before,
    after: await lookAt(stage, story.place),
    issue: number === null ? null : await client.readIssue(number),
    messages,
    outcomes: await outcomesOf(story.incident, client),
  };
  const checks = compare(story, played);
  tell({ kind: 'compared', checks });
  return checks;
}

const propose = async ({ incident, argv, diagnosis }: Story, client: PeerClient): Promise<ProposalView> =>
  asProposal(expectOk(await client.call(AGENT.id, 'POST', '/proposals', { incident, argv, diagnosis })));

type Follow = (until: (proposal: ProposalView) => boolean) => Promise<ProposalView>;

/** Reads the proposal again and again, tells each new event once, and returns when `until` holds or patience ends. */
const follower = (client: PeerClient, first: ProposalView, tell: Tell, signal: AbortSignal): Follow => {
  let told = first.events.length;
  return async (until) => {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      signal.throwIfAborted();
      const proposal = await client.readProposal(first.id);
      for (const event of proposal.events.slice(told)) tell({ kind: 'event', proposal, event });
      told = proposal.events.length;
      if (until(proposal) || isFinal(proposal.state) || performance.now() > deadline) return proposal;
      await pause(POLL_MS, undefined, { signal });
    }
  };
};

type Hear = (until: (messages: readonly BotMessage[]) => boolean) => Promise<readonly BotMessage[]>;

/** What the bot has said about the incident, once `until` holds or nothing more comes. */
const listener =
  ({ incident }: Story, client: PeerClient, signal: AbortSignal): Hear =>
  async (until) => {
    const deadline = performance.now() + CHAT_PATIENCE_MS;
    for (;;) {
      const messages = (await client.heard()).filter(({ text }) => text.includes(incident));
      if (until(messages) || performance.now() > deadline) return messages;
      await pause(POLL_MS, undefined, { signal });
    }
  };

/** People look at the issue before they answer. */
const awaitReview = async (follow: Follow, hear: Hear, tell: Tell): Promise<void> => {
  const { id, review } = await follow((proposal) => proposal.review !== null);
  if (review === null) return;
  await hear((messages) => messages.some(({ text }) => text.includes(review.issueUrl ?? '')));
  tell({ kind: 'review', proposal: id, review });
};

interface Floor {
  readonly client: PeerClient;
  readonly follow: Follow;
  readonly hear: Hear;
  readonly tell: Tell;
}

const cast = async (vote: StoryVote, story: Story, { client, follow, hear, tell }: Floor): Promise<void> => {
  const { by, through, is } = vote;
  const { digest, id } = await follow(() => true);
  if (through === 'http') {
    expectOk(await client.call(by, 'POST', `/proposals/${id}/votes`, { decision: 'approve', digest }));
  } else {
    const before = await hear((messages) => messages.length > 0);
    const text = `/approve ${story.incident}`;
    await client.say(CAST[by].account, CAST[by].name, text);
    const after = await hear((messages) => messages.length > before.length);
    tell({ kind: 'said', by, text, answer: after[before.length]?.text ?? '(no answer)' });
  }
  if (is === 'counted') await follow(({ votes }) => votes.some(({ person }) => person === by));
};

/**
 * Whether a message is the news of how a proposal ended: what came before it may still be on its way when the end is seen, and its card,
 * which is edited, says it sooner.
 */
const endOf = ({ id, state }: ProposalView, card: BotMessage | undefined): ((message: BotMessage) => boolean) => {
  const words = Object.values(DICTIONARIES).map(({ announcement }) => announcement.states[state]);
  return ({ text, messageId }) =>
    messageId !== card?.messageId && text.includes(id) && words.some((said) => text.includes(said));
};

const outcomesOf = async (incident: string, client: PeerClient): Promise<Played['outcomes']> => {
  const body = expectOk(await client.call('ana', 'GET', '/outcomes'));
  const all: readonly JsonObject[] = Array.isArray(body['outcomes']) ? body['outcomes'].filter(isObject) : [];
  return all
    .filter((outcome) => outcome['incident'] === incident)
    .map((outcome) => ({
      key: wordOf(outcome['key']),
      tier: wordOf(outcome['tier']),
      rolled_back: outcome['rolled_back'] === true,
    }));
};

const wordOf = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
