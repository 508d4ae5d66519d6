// What was shown by which way → when it was shown there first, for the mark of hasty approvals alone.
import { SHOWN_BY } from '../../core/approval/hasty.ts';
import type { Channel } from '../../core/model/channel.ts';
import type { Instant } from '../../core/model/instant.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { cardShownAt } from '../notify/chat-cards.ts';

/** So many are remembered; the oldest go first, and are then not known. */
const MOST_SHOWN = 10_000;

/** `to`: a person's id. A restart forgets them: then nothing is marked. */
export interface ShownTimes {
  show(proposal: string, to: string, at: Instant): void;
  /** The first time; null: not known. */
  firstShown(proposal: string, to: string): Instant | null;
}

export function createShownTimes(): ShownTimes {
  const times = new Map<string, Instant>();
  const keyOf = (proposal: string, to: string): string => `${proposal} ${to}`;
  return {
    show: (proposal, to, at) => {
      const key = keyOf(proposal, to);
      if (times.has(key)) return;
      const [oldest] = times.keys();
      if (times.size >= MOST_SHOWN && oldest !== undefined) times.delete(oldest);
      times.set(key, at);
    },
    firstShown: (proposal, to) => times.get(keyOf(proposal, to)) ?? null,
  };
}

/** When a proposal was first shown by the way that a vote came in; null: not known. Throws AdapterError. */
export async function shownAtOf(
  gate: Gate,
  proposal: string,
  { person, channel }: { readonly person: string; readonly channel: Channel },
  signal: AbortSignal,
): Promise<Instant | null> {
  const where = SHOWN_BY[channel];
  if (where === 'chat') return cardShownAt(gate, proposal, signal);
  if (where === 'door') return gate.shown?.firstShown(proposal, person) ?? null;
  const events = await gate.store.trail.eventsOf(proposal, within('store', signal));
  return events.find(({ event }) => event.event === 'review-answered' && event.review.success)?.at ?? null;
}
