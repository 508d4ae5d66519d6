// One person's word in an emergency, in place of all votes that are missing → whether it counts, and whether it still does.
import type { Instant } from '../model/instant.ts';
import type { Digest } from '../sealed-spec/declarative-spec.ts';
import { isOwnProof, type People, type Proposer, personById, responsiblePerson } from './people.ts';
import type { Ballot, VoteCheck } from './quorum.ts';
import type { VoteProof } from './vote.ts';

/** Who stood for all missing votes, and why; kept with the remediation for ever. */
export interface BreakGlass {
  readonly by: string;
  readonly digest: Digest;
  /** Never blank. */
  readonly reason: string;
  readonly at: Instant;
  readonly proof: VoteProof;
}

type Emergency = Omit<Ballot, 'requirement' | 'votes'>;

/**
 * May this person break the glass? Contract part 2, section 10: a known person with the right `break-glass`, neither the
 * proposer nor the owner of its agent, in time, on the open digest, with a reason.
 */
export function checkBreakGlass(ballot: Emergency, given: BreakGlass, people: People, now: Instant): VoteCheck {
  const person = personById(people, given.by);
  if (person === null) return no('unknown-person', given.by);
  if (!person.rights.includes('break-glass')) return no('no-right', `${given.by}, break-glass`);
  return checkBreakGlassBallot(ballot, given, now);
}

/** The part of the check that needs no people: what the transition function asks again. */
export function checkBreakGlassBallot(ballot: Emergency, given: BreakGlass, now: Instant): VoteCheck {
  if (isOwn(given.by, ballot.proposer)) return no('own-proposal', given.by);
  if (now >= ballot.expiresAt) return no('expired', `it was open until ${ballot.expiresAt}`);
  if (given.digest !== ballot.digest) return no('wrong-digest', `open is ${ballot.digest.slice(0, 19)}`);
  return given.reason.trim() === '' ? no('reason-required', null) : { ok: true };
}

/** Still so with the people of now: asked again before the write, as votes are. */
export function breakGlassHolds(
  { digest, proposer }: Pick<Ballot, 'digest' | 'proposer'>,
  given: BreakGlass,
  people: People,
): boolean {
  const may = personById(people, given.by)?.rights.includes('break-glass') === true;
  // By account only a session of the issuer does.
  return (
    may && isOwnProof(people, given.by, 'oidc', given.proof) && given.digest === digest && !isOwn(given.by, proposer)
  );
}

const isOwn = (person: string, proposer: Proposer): boolean =>
  person === responsiblePerson(proposer) || person === proposer.id;

const no = (code: Extract<VoteCheck, { readonly ok: false }>['refusal']['code'], about: string | null): VoteCheck => ({
  ok: false,
  refusal: { code, about },
});
