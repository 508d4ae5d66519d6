// Which proposal somebody means by an id, or by an incident and some digits.

import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { shortDigest } from '../../core/sealed-spec/seal.ts';
import type { ProposalBrief, Remediations } from '../../ports/store.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';

export type FoundProposal =
  | { readonly ok: true; readonly remediation: Remediation }
  /** `remediation`: the newest that has ended, where it is what was meant. */
  | { readonly ok: false; readonly refusal: Refusal; readonly remediation: Remediation | null };

/** So many proposals are named, the newest first. */
const SHOWN = 5;
/** So many proposals of one digest are looked at: the same command may have been proposed again and again. */
const SAME = 100;

const no = (refusal: Refusal, remediation: Remediation | null = null): FoundProposal => ({
  ok: false,
  refusal,
  remediation,
});

const none = (about: string): FoundProposal => no({ code: 'no-such-proposal', about });

const severalOf = (about: string, all: readonly ProposalBrief[]): FoundProposal => {
  const ids = all.slice(0, SHOWN).map(({ id, state }) => `${id} ${state}`);
  const proposals = all.length > SHOWN ? [...ids, '…'] : ids;
  return no({ code: 'no-such-proposal', about, detail: { kind: 'several', proposals } });
};

type Which = Parameters<Remediations['briefs']>[1];

/** The newest of an incident, one more than are shown. */
const newestOf = (gate: Gate, incident: string, which: Which, signal: AbortSignal): Promise<readonly ProposalBrief[]> =>
  gate.store.remediations.briefs(incident, which, SHOWN + 1, within('store', signal));

/** The proposal of a brief; it stays once it is stored. */
const whole = async (gate: Gate, brief: ProposalBrief | undefined, signal: AbortSignal): Promise<Remediation | null> =>
  brief === undefined ? null : gate.store.remediations.read(brief.id, within('store', signal));

const found = (remediation: Remediation | null, about: string): FoundProposal =>
  remediation === null ? none(about) : { ok: true, remediation };

/** Nothing of the incident is open for what is wanted: the newest says how it ended, or how far it has come. */
const ended = async (
  gate: Gate,
  all: readonly ProposalBrief[],
  incident: string,
  signal: AbortSignal,
): Promise<FoundProposal> => {
  const newest = await whole(gate, all[0], signal);
  return newest === null ? none(incident) : no({ code: 'not-open', about: `it is ${newest.state}` }, newest);
};

/** By proposal id, or by incident id where it names one open proposal (contract section 1). */
export async function findProposal(gate: Gate, id: string, signal: AbortSignal): Promise<FoundProposal> {
  const remediation = await gate.store.remediations.read(id, within('store', signal));
  if (remediation !== null) return { ok: true, remediation };
  const open = await newestOf(gate, id, 'open', signal);
  if (open.length > 1) return severalOf(id, open);
  const [only] = open;
  if (only !== undefined) return found(await whole(gate, only, signal), id);
  return ended(gate, await newestOf(gate, id, 'any', signal), id, signal);
}

/** As findProposal, for those who only look: an incident with nothing open shows the one proposal it has had. */
export async function findToRead(gate: Gate, id: string, signal: AbortSignal): Promise<FoundProposal> {
  const known = await findProposal(gate, id, signal);
  if (known.ok || known.remediation === null) return known;
  const all = await newestOf(gate, id, 'any', signal);
  return all.length > 1 ? severalOf(id, all) : { ok: true, remediation: known.remediation };
}

/**
 * The proposal that `/approve INC [digest]` means. Without a digest only while the incident has had one sealed digest
 * ever; else at least its first 6 digits, which must fit one.
 */
export async function findBallot(
  gate: Gate,
  incident: string,
  digits: string | null,
  signal: AbortSignal,
): Promise<FoundProposal> {
  const waiting = await newestOf(gate, incident, 'awaiting-approval', signal);
  const any = () => newestOf(gate, incident, 'any', signal);
  if (digits === null) {
    const [only] = waiting;
    if (only === undefined) return ended(gate, await any(), incident, signal);
    const digests = await gate.store.history.digestsOf(incident, within('store', signal));
    if (digests.length > 1) return no({ code: 'digest-required', about: `${incident} has had ${digests.length}` });
    return found(await whole(gate, only, signal), incident);
  }
  const prefix = digits.toLowerCase().replace(/^sha256:/, '');
  if (!/^[0-9a-f]{6,64}$/.test(prefix)) return no({ code: 'digest-required', about: digits });
  const meant = await gate.store.remediations.withDigest(incident, `sha256:${prefix}`, SAME, within('store', signal));
  const fitting = meant.filter(({ state }) => state === 'awaiting-approval');
  if (fitting.length === 1) return found(await whole(gate, fitting[0], signal), incident);
  if (waiting.length === 0 || (fitting.length === 0 && meant.length > 0))
    return ended(gate, meant.length > 0 ? meant : await any(), incident, signal);
  const open = waiting.map(({ digest }) => shortDigest(digest)).join(', ');
  return no({ code: 'wrong-digest', about: `${prefix} given, open: ${open}` });
}
