// Which proposal somebody means by an id, or by an incident and some digits.

import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { shortDigest } from '../../core/sealed-spec/seal.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';

export type FoundProposal =
  | { readonly ok: true; readonly remediation: Remediation }
  | { readonly ok: false; readonly refusal: Refusal };

/** So many closed proposals are named, the newest first. */
const SHOWN = 5;

const none = (about: string): FoundProposal => ({ ok: false, refusal: { code: 'no-such-proposal', about } });

/** By proposal id, or by incident id where it names one open proposal (contract section 1). */
export async function findProposal(gate: Gate, id: string, signal: AbortSignal): Promise<FoundProposal> {
  const remediation = await gate.store.remediations.read(id, within('store', signal));
  if (remediation !== null) return { ok: true, remediation };
  const open = await openOf(gate, id, signal);
  const [only] = open;
  if (only === undefined) return none(id);
  if (open.length > 1) return none(`${id} has ${open.length} open ones: ${open.map((one) => one.id).join(', ')}`);
  return { ok: true, remediation: only };
}

/** As findProposal, for those who only look: an incident with nothing open shows the one proposal it has had. */
export async function findToRead(gate: Gate, id: string, signal: AbortSignal): Promise<FoundProposal> {
  const found = await findProposal(gate, id, signal);
  if (found.ok) return found;
  if ((await openOf(gate, id, signal)).length > 0) return found;
  const page = { limit: SHOWN, before: null };
  const had = await gate.store.remediations.page({ state: null, incident: id }, page, within('store', signal));
  const [only, ...more] = had.remediations;
  if (only === undefined) return found;
  if (more.length === 0) return { ok: true, remediation: only };
  const ids = [only, ...more].map((one) => `${one.id} ${one.state}`);
  const count = had.next === null ? `${ids.length}` : `more than ${SHOWN}`;
  return none(`${id} has had ${count}: ${ids.join(', ')}${had.next === null ? '' : ', …'}`);
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
  const waiting = (await openOf(gate, incident, signal)).filter(({ state }) => state === 'awaiting-approval');
  if (digits === null) {
    const digests = await gate.store.history.digestsOf(incident, within('store', signal));
    if (digests.length > 1)
      return { ok: false, refusal: { code: 'digest-required', about: `${incident} has had ${digests.length}` } };
    const [only] = waiting;
    return only === undefined ? none(incident) : { ok: true, remediation: only };
  }
  const prefix = digits.toLowerCase().replace(/^sha256:/, '');
  if (!/^[0-9a-f]{6,64}$/.test(prefix)) return { ok: false, refusal: { code: 'digest-required', about: digits } };
  const fitting = waiting.filter(({ spec }) => spec.digest.startsWith(`sha256:${prefix}`));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return { ok: true, remediation: only };
  const open = waiting.map(({ spec }) => shortDigest(spec.digest)).join(', ');
  return waiting.length === 0
    ? none(incident)
    : { ok: false, refusal: { code: 'wrong-digest', about: `${prefix} given, open: ${open}` } };
}

const openOf = (gate: Gate, incident: string, signal: AbortSignal): Promise<readonly Remediation[]> =>
  gate.store.remediations.openOf(incident, within('store', signal));
