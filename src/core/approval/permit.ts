// The right to write, made only from a sealed spec, its counted votes and the policy.
import type { ApprovalRequirement } from '../decision/approval-rules.ts';
import type { Instant } from '../model/instant.ts';
import type { Refusal } from '../model/refusal.ts';
import type { DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';
import { unseal } from '../sealed-spec/seal.ts';
import { type BreakGlass, breakGlassHolds } from './break-glass.ts';
import { type DemandGrounds, demandsOf } from './demand.ts';
import type { People } from './people.ts';
import { approvalsIn, type Ballot, lackingOf, tally, validVotes } from './quorum.ts';
import type { Vote } from './vote.ts';

/** `forward`: the effects of the spec; `back`: its sealed rollback plan, after a forward write that reached the cluster. */
export type Direction = 'forward' | 'back';

/** Why it may run: the tier asks nobody, these people agreed, or one broke the glass; `way-back`: a write is taken back. */
export type PermitReason =
  | { readonly kind: 'nobody-asked' }
  | { readonly kind: 'votes'; readonly people: readonly string[] }
  | { readonly kind: 'break-glass'; readonly by: string; readonly reason: string }
  | { readonly kind: 'way-back' };

let mint: (direction: Direction, spec: DeclarativeSpec, because: PermitReason) => ExecutionPermit;

/** Opens one direction of one approved digest. There is no public constructor: the mint functions below are the only door. */
export class ExecutionPermit {
  readonly #mark = true;
  readonly direction: Direction;
  readonly spec: DeclarativeSpec;
  readonly because: PermitReason;

  static {
    mint = (direction, spec, because) => new ExecutionPermit(direction, spec, because);
  }

  private constructor(direction: Direction, spec: DeclarativeSpec, because: PermitReason) {
    this.direction = direction;
    this.spec = spec;
    this.because = because;
    Object.freeze(this);
  }

  /** True for a permit that was really minted here; a look-alike fails. */
  static isGenuine(value: ExecutionPermit): boolean {
    return #mark in value && value.#mark;
  }
}

/** What a permit opens, without the right to it: enough to look whether it was written. */
export type SealedWrite = Pick<ExecutionPermit, 'direction' | 'spec'>;

export type Minted =
  | { readonly ok: true; readonly permit: ExecutionPermit }
  | { readonly ok: false; readonly refusal: Refusal };

/** Everything a forward permit is derived from, read anew each time. */
export interface ForwardGrounds extends Omit<Ballot, 'digest' | 'requirement'>, DemandGrounds {
  readonly spec: DeclarativeSpec;
  readonly people: People;
  /** Absent: nobody stands for missing votes. */
  readonly breakGlass?: BreakGlass;
  readonly now: Instant;
}

/**
 * The permit to run what was approved: the seal is whole, nothing blocks or refuses the spec, the approval has not
 * expired, and the votes that still count reach what tier, flags and the policy's rules ask for, those of the decision and those
 * of now. Refused with the first that fails.
 */
export function mintForward(grounds: ForwardGrounds): Minted {
  const { now } = grounds;
  const sealed = unseal(grounds.spec);
  if (!sealed.ok) return broken;
  const { spec } = sealed;
  if (spec.tier === 'blocked' || spec.hardRule !== null) return refused('hard-rule', spec.hardRule?.code ?? null);
  const [first] = spec.refusals;
  if (first !== undefined) return { ok: false, refusal: first };
  if (now >= grounds.expiresAt) return refused('expired', `it was valid until ${grounds.expiresAt}`);
  const votes = validVotes({ ...grounds, digest: spec.digest }, grounds.people);
  const { breakGlass } = grounds;
  if (breakGlass !== undefined) return mintByBreakGlass(grounds, breakGlass, spec);
  const unmet = demandsOf({ ...grounds, spec }).find((requirement) => tally(votes, requirement) !== 'approved');
  if (unmet !== undefined) return refused('no-right', stillCounts(votes, unmet));
  const people = [
    ...new Set(votes.filter(({ decision }) => decision === 'approve').map(({ person }) => person)),
  ].sort();
  return {
    ok: true,
    permit: mint('forward', spec, people.length === 0 ? { kind: 'nobody-asked' } : { kind: 'votes', people }),
  };
}

/** A denial that came first has ended it; one in the record all the same is never overruled. */
const mintByBreakGlass = (
  { votes, proposer, people }: ForwardGrounds,
  breakGlass: BreakGlass,
  spec: DeclarativeSpec,
): Minted => {
  const { by, reason } = breakGlass;
  if (votes.some(({ decision }) => decision === 'reject')) return refused('no-right', 'it was rejected');
  if (!breakGlassHolds({ digest: spec.digest, proposer }, breakGlass, people))
    return refused('no-right', `${by}, break-glass`);
  return { ok: true, permit: mint('forward', spec, { kind: 'break-glass', by, reason }) };
};

const stillCounts = (votes: readonly Vote[], requirement: ApprovalRequirement): string => {
  const { from, strongVote } = lackingOf(votes, requirement);
  const people = `${approvalsIn(votes)} of ${requirement.needed} approvals still count`;
  const teams = from.map(({ team, atLeast }) => `${atLeast} more of ${team}`);
  return [people, ...teams, ...(strongVote ? [`one by ${requirement.strongVotes.join(' or ')}`] : [])].join(', ');
};

/** What the permit of a rollback is minted from: the spec and what became of its forward write. */
export interface BackGrounds {
  readonly spec: DeclarativeSpec;
  /** When the forward write was known to have reached the cluster; null: it is not known to have. */
  readonly forwardReachedAt: Instant | null;
}

/** The permit to go back: only after a forward write that reached the cluster, only along the sealed plan. */
export function mintBack({ spec: stored, forwardReachedAt }: BackGrounds): Minted {
  const sealed = unseal(stored);
  if (!sealed.ok) return broken;
  const { spec } = sealed;
  if (forwardReachedAt === null)
    return refused('way-back-gone', 'no forward write is known to have reached the cluster');
  if (spec.rollbackPlan.steps.length === 0) return refused('way-back-gone', spec.rollbackPlan.none);
  return { ok: true, permit: mint('back', spec, { kind: 'way-back' }) };
}

/** The write that is looked for after it got no answer: reading needs no right, and who has lost one since must not leave it unseen. */
export function sealedWrite(direction: Direction, stored: DeclarativeSpec): SealedWrite | null {
  const sealed = unseal(stored);
  return sealed.ok ? { direction, spec: sealed.spec } : null;
}

const refused = (code: Refusal['code'], about: string | null): Minted => ({ ok: false, refusal: { code, about } });

/** The stored spec is not the one that was sealed: somebody touched the record. */
const broken: Minted = refused('wrong-digest', 'the spec does not match its own digest');
