// What the gate says of this session on this proposal → what the page offers. No rule stands here but which digest is on the screen. Pure.
import type { Person, Proposal } from '../api/types.ts';

/**
 * `newer`: what is on the screen is not what stands. `not-open`: it does not wait for anybody. `voted`: this person has spoken on this
 * digest. `only-reject`: the gate says why a yes would not count, and a no would.
 */
export type Hindrance = 'not-open' | 'newer' | 'no-right' | 'own' | 'voted' | 'only-reject' | null;

/** Of the codes of the gate those that the page has words of its own for. */
const KNOWN: ReadonlyMap<string, Exclude<Hindrance, 'newer' | 'only-reject' | null>> = new Map([
  ['not-open', 'not-open'],
  ['expired', 'not-open'],
  ['unknown-person', 'no-right'],
  ['no-right', 'no-right'],
  ['own-proposal', 'own'],
  ['already-voted', 'voted'],
]);

/** They may, after another login: the gate says so when they try, and the page leads there. */
const AFTER_LOGIN = 'login-again';

/** `seen`: the digest that the person has before their eyes since the page was opened. */
export function hindranceOf({ state, digest, yours }: Proposal, seen: string): Hindrance {
  if (state === 'superseded' || digest !== seen) return 'newer';
  const code = yours?.approve?.code ?? AFTER_LOGIN;
  if (code === AFTER_LOGIN) return null;
  return KNOWN.get(code) ?? (yours?.reject == null ? 'only-reject' : 'not-open');
}

export function ownVote({ votes, digest }: Proposal, { id }: Person): Proposal['votes'][number] | null {
  return votes.find((vote) => vote.person === id && vote.digest === digest) ?? null;
}

/** A vote may be taken back while nothing has run. */
export function mayTakeBack({ yours }: Proposal): boolean {
  return yours?.takeBack === null;
}

/** For the digest that is on the screen alone. */
export function mayBreakGlass({ digest, yours }: Proposal, seen: string): boolean {
  return digest === seen && (yours?.breakGlass === null || yours?.breakGlass.code === AFTER_LOGIN);
}
