// Where votes come in, and a person → the ways by which that person can be heard.
import type { Channel } from '../model/channel.ts';
import type { Person } from './people.ts';
import type { AccountService } from './vote.ts';

/** Where votes come in beside a token. A one-time link is not among them: whoever makes links could be anybody. */
export interface VoteDoors {
  readonly chats: readonly (AccountService & Channel)[];
  /** The forge whose comments are votes, on dual actions alone; null: none are. */
  readonly comments: (AccountService & Channel) | null;
  /** Who vouches for people in the console; null: no issuer does. */
  readonly issuer: 'oidc' | null;
}

/** With a token, and by each service that is set and has an account of theirs. `on`: a review issue takes comments on dual actions alone. */
export function waysOf(
  { tokens, accounts }: Pick<Person, 'tokens' | 'accounts'>,
  { chats, comments, issuer }: VoteDoors,
  on: 'anything' | 'dual',
): readonly Channel[] {
  const services = [...chats, on === 'dual' ? comments : null, issuer].filter((one) => one !== null);
  return [
    ...(tokens.length > 0 ? (['http'] as const) : []),
    ...services.filter((service) => (accounts[service] ?? null) !== null),
  ];
}
