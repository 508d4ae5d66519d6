// When a proposal was shown to whoever says yes → whether that was too soon to have read it.
import type { Channel } from '../model/channel.ts';
import { type Instant, secondsBetween } from '../model/instant.ts';

/** Nobody reads a plan, its blast radius and its diff in fewer seconds (issue "the right people agree", part 5). */
export const HASTY_SECONDS = 5;

/** A no is never hasty, and what nobody knows is not. A vote that seems to come before it was shown is. */
export function isHasty(decision: 'approve' | 'reject', shownAt: Instant | null, votedAt: Instant): boolean {
  return decision === 'approve' && shownAt !== null && secondsBetween(shownAt, votedAt) < HASTY_SECONDS;
}

/** Where a person sees what they vote on: the room's card, the review issue, or an answer of the gate to them alone. */
export const SHOWN_BY: { readonly [C in Channel]: 'chat' | 'issue' | 'door' } = {
  telegram: 'chat',
  slack: 'chat',
  gitea: 'issue',
  github: 'issue',
  gitlab: 'issue',
  http: 'door',
  oidc: 'door',
  link: 'door',
};
