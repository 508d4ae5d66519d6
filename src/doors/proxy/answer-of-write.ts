// What has become of a write at the gate → how it is counted, and what the client is told: the API server's own answer where there is one.
import type { ApiReply } from '../../core/model/api-reply.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import type { Gate } from '../../flow/gate.ts';
import type { HeldAnswer } from '../../flow/requests/held-writes.ts';
import { codeOfProposal, endedAnswer, openAnswer, unseenAnswer } from './answer-of-proposal.ts';
import type { AnsweredWrite } from './arrived-write.ts';
import type { WriteEnd } from './counts.ts';
import { ownRefusal, readBack, unchangedObject, type WriteAtApi } from './own-answer.ts';
import { refusedReply, unchangedReply, writtenReply } from './reply-answer.ts';
import { refusalAnswer } from './status.ts';

interface CountedAnswer {
  readonly end: WriteEnd;
  readonly answer: AnsweredWrite;
}

type Held<Kind extends HeldAnswer['kind']> = Extract<HeldAnswer, { readonly kind: Kind }>;

/** Seconds after which what there was no room for may come again. */
const [BUSY_SECONDS, RATE_SECONDS] = [5, 20];

export async function answerOfWrite(gate: Gate, at: WriteAtApi, held: HeldAnswer): Promise<CountedAnswer> {
  switch (held.kind) {
    case 'written':
      return writtenAnswer(gate, at, held);
    case 'ended':
      return endedWrite(gate, at, held);
    case 'turned-away':
      return turnedAway(gate, at, held);
    case 'again': {
      const words = { status: 429, retryAfterSeconds: held.seconds };
      return { end: 'waiting', answer: openAnswer(gate, held.remediation, words) };
    }
    case 'over': {
      const { remediation, delivered } = held;
      const code = remediation.state === 'awaiting-approval' ? 'approval-required' : 'not-done-yet';
      const words = { status: 403, reason: 'ApprovalRequired' };
      return { end: 'denied', answer: { ...openAnswer(gate, remediation, words, { code, about: null }), delivered } };
    }
    case 'frozen': {
      const { remediation, frozen, delivered } = held;
      const refusal: Refusal = { code: 'frozen', about: `${frozen.name}, until ${frozen.until}` };
      const words = { status: 403, reason: 'Frozen' };
      return { end: 'denied', answer: { ...openAnswer(gate, remediation, words, refusal), delivered } };
    }
    case 'too-many': {
      const refusal: Refusal = { code: 'too-many-waiting', about: `${held.held}` };
      const more = { status: 429, retryAfterSeconds: BUSY_SECONDS };
      return { end: 'waiting', answer: refusalAnswer(refusal, gate.lang, more) };
    }
    default:
      return held satisfies never;
  }
}

const writtenAnswer = async (
  gate: Gate,
  at: WriteAtApi,
  { remediation, reply, delivered }: Held<'written'>,
): Promise<CountedAnswer> => {
  const seen = reply ?? (await readBack(at, remediation));
  const answer = seen === null ? unseenAnswer(gate, remediation) : writtenReply(seen, remediation);
  return { end: 'done', answer: { ...answer, delivered } };
};

const endedWrite = async (
  gate: Gate,
  at: WriteAtApi,
  { remediation, reply, delivered }: Held<'ended'>,
): Promise<CountedAnswer> => {
  const own = reply !== null && reply.status >= 400 ? reply : await ownRefusalOf(gate, at, remediation);
  if (own !== null) return { end: 'api-refused', answer: { ...refusedReply(own, at.write), delivered } };
  const same = await unchangedObject(at, codeOfProposal(gate, remediation));
  if (same !== null) return { end: 'unchanged', answer: { ...unchangedReply(same), delivered } };
  return { end: 'denied', answer: { ...endedAnswer(gate, remediation), delivered } };
};

/** Of what the gate has refused for what the cluster shows. */
const ownRefusalOf = async (gate: Gate, at: WriteAtApi, remediation: Remediation): Promise<ApiReply | null> =>
  remediation.state === 'refused' ? ownRefusal(at, codeOfProposal(gate, remediation)) : null;

const turnedAway = async (
  { lang }: Gate,
  at: WriteAtApi,
  { refusal, remediation, reply }: Held<'turned-away'>,
): Promise<CountedAnswer> => {
  const own = reply ?? (await ownRefusal(at, refusal.code));
  if (own !== null) return { end: 'api-refused', answer: refusedReply(own, at.write) };
  const same = await unchangedObject(at, refusal.code);
  if (same !== null) return { end: 'unchanged', answer: unchangedReply(same) };
  const proposal = remediation === null ? {} : { proposal: remediation.id };
  if (refusal.code === 'rate-limited' || refusal.code === 'busy') {
    const retryAfterSeconds = refusal.code === 'busy' ? BUSY_SECONDS : RATE_SECONDS;
    return { end: 'waiting', answer: refusalAnswer(refusal, lang, { ...proposal, status: 429, retryAfterSeconds }) };
  }
  const status = refusal.code === 'too-large' ? 413 : 403;
  return { end: 'denied', answer: refusalAnswer(refusal, lang, { ...proposal, status }) };
};
