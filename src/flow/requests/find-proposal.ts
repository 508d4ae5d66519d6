// Which proposal somebody means by an id, or by an incident and some digits.

import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { isFinal } from '../../core/remediation/state.ts';
import { shortDigest } from '../../core/sealed-spec/seal.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';

export type FoundProposal =
  | { readonly ok: true; readonly remediation: Remediation }
  /** `remediation`: the newest that has ended, where it is what was meant. */
  | { readonly ok: false; readonly refusal: Refusal; readonly remediation: Remediation | null };

/** So many closed proposals are named, the newest first. */
const SHOWN = 5;

const no = (refusal: Refusal, remediation: Remediation | null = null): FoundProposal => ({
  ok: false,
  refusal,
  remediation,
});

const none = (about: string): FoundProposal => no({ code: 'no-such-proposal', about });

const severalOf = (about: string, all: readonly Remediation[]): FoundProposal => {
  const ids = all.slice(0, SHOWN).map(({ id, state }) => `${id} ${state}`);
  const proposals = all.length > SHOWN ? [...ids, '…'] : ids;
  return no({ code: 'no-such-proposal', about, detail: { kind: 'several', proposals } });
};

/** Nothing of the incident is open for what is wanted: the newest says how it ended, or how far it has come. */
const ended = ([newest]: readonly Remediation[], incident: string): FoundProposal =>
  newest === undefined ? none(incident) : no({ code: 'not-open', about: `it is ${newest.state}` }, newest);

/** By proposal id, or by incident id where it names one open proposal (contract section 1). */
export async function findProposal(gate: Gate, id: string, signal: AbortSignal): Promise<FoundProposal> {
  const remediation = await gate.store.remediations.read(id, within('store', signal));
  if (remediation !== null) return { ok: true, remediation };
  const all = await recentOf(gate, id, signal);
  const open = all.filter(({ state }) => !isFinal(state));
  const [only] = open;
  if (only === undefined) return ended(all, id);
  return open.length > 1 ? severalOf(id, open) : { ok: true, remediation: only };
}

/** As findProposal, for those who only look: an incident with nothing open shows the one proposal it has had. */
export async function findToRead(gate: Gate, id: string, signal: AbortSignal): Promise<FoundProposal> {
  const found = await findProposal(gate, id, signal);
  if (found.ok || found.remediation === null) return found;
  const all = await recentOf(gate, id, signal);
  return all.length > 1 ? severalOf(id, all) : { ok: true, remediation: found.remediation };
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
  const all = await recentOf(gate, incident, signal);
  const waiting = all.filter(({ state }) => state === 'awaiting-approval');
  if (digits === null) {
    const [only] = waiting;
    if (only === undefined) return ended(all, incident);
    const digests = await gate.store.history.digestsOf(incident, within('store', signal));
    if (digests.length > 1) return no({ code: 'digest-required', about: `${incident} has had ${digests.length}` });
    return { ok: true, remediation: only };
  }
  const prefix = digits.toLowerCase().replace(/^sha256:/, '');
  if (!/^[0-9a-f]{6,64}$/.test(prefix)) return no({ code: 'digest-required', about: digits });
  const isMeant = ({ spec }: Remediation): boolean => spec.digest.startsWith(`sha256:${prefix}`);
  const fitting = waiting.filter(isMeant);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return { ok: true, remediation: only };
  const over = all.filter(isMeant);
  if (waiting.length === 0 || (fitting.length === 0 && over.length > 0))
    return ended(over.length > 0 ? over : all, incident);
  const open = waiting.map(({ spec }) => shortDigest(spec.digest)).join(', ');
  return no({ code: 'wrong-digest', about: `${prefix} given, open: ${open}` });
}

/** So many of an incident are looked at beside those that are open: an agent may use one incident for thousands. */
const NEWEST = 100;

/** What is open of an incident and the newest that it has had, the newest first. */
const recentOf = async (gate: Gate, incident: string, signal: AbortSignal): Promise<readonly Remediation[]> => {
  const { remediations } = gate.store;
  const [open, newest] = await Promise.all([
    remediations.openOf(incident, within('store', signal)),
    remediations.page({ state: null, incident }, { limit: NEWEST, before: null }, within('store', signal)),
  ]);
  const known = new Set(newest.remediations.map(({ id }) => id));
  return [...newest.remediations, ...open.filter(({ id }) => !known.has(id))];
};
