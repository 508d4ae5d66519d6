// A proposal of a write → the Status that tells how it stands: open, ended, or done and unseen.
import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { refusalText } from '../../core/text/describe.ts';
import { describeRefusalOf } from '../../core/text/ended.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import { fill } from '../../core/text/words/sentence.ts';
import type { Gate } from '../../flow/gate.ts';
import { proposalView, viewContextOf } from '../proposal-view.ts';
import { type ProxyAnswer, type StatusWords, statusAnswer } from './status.ts';

/** Why it is refused, as a code; null: it is not. */
export function codeOfProposal(gate: Gate, remediation: Remediation): string | null {
  return proposalView(remediation, [], viewContextOf(gate)).code;
}

/** Names proposal, score and who must agree. `refusal`: why the client waits for it no longer. */
export function openAnswer(
  gate: Gate,
  remediation: Remediation,
  words: Omit<StatusWords, 'message'>,
  refusal: Refusal | null = null,
): ProxyAnswer {
  const { id, tier, score, next } = proposalView(remediation, [], viewContextOf(gate));
  const { proxy } = DICTIONARIES[gate.lang];
  const about = fill(proxy.about, { proposal: id, score, tier, next });
  if (refusal === null) return statusAnswer({ ...words, proposal: id, message: `blastgate: ${about}` });
  const { code } = refusal;
  const look = fill(proxy.look, { proposal: id });
  const message = `blastgate: ${refusalText(refusal, gate.lang)} ${about} ${look} (${code})`;
  return statusAnswer({ ...words, code, proposal: id, message });
}

/** It has come to an end without a write that stands. */
export function endedAnswer(gate: Gate, remediation: Remediation): ProxyAnswer {
  const { id, state } = remediation;
  const { code, why } = proposalView(remediation, [], viewContextOf(gate));
  const { message, remedy } = describeRefusalOf({ code: 'not-open', about: null }, remediation, gate.lang);
  const reason = code ?? state;
  const text = state === 'blocked' || state === 'refused' ? `${id}: ${why ?? message}` : `${message} ${remedy ?? ''}`;
  return statusAnswer({ status: 403, code: reason, proposal: id, message: `blastgate: ${text.trim()} (${reason})` });
}

/** It is done, and nobody has seen what the API server answered. */
export function unseenAnswer({ lang }: Gate, { id }: Remediation): ProxyAnswer {
  const { unseen, look } = DICTIONARIES[lang].proxy;
  const message = `blastgate: ${fill(unseen, { proposal: id })} ${fill(look, { proposal: id })}`;
  return statusAnswer({ status: 500, message, proposal: id });
}
