// Who looks at a proposal, and how they are proven → what they may do with it now, by the checks that doing it asks again.
import type { Vote, VoteProof } from '../../core/approval/vote.ts';
import type { Channel } from '../../core/model/channel.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import type { Gate } from '../gate.ts';
import { applyEvents, nowOf } from '../transition.ts';
import { checkBreakGlassNow } from './break-glass.ts';
import { checkVoteNow } from './record-vote.ts';

/** Of each: why not; null: they may. */
export interface MayDecide {
  readonly approve: Refusal | null;
  readonly reject: Refusal | null;
  readonly breakGlass: Refusal | null;
  /** Their own vote. */
  readonly takeBack: Refusal | null;
}

/** With a reason, and on the digest that stands: what is left to them is not asked of the gate. Nothing is stored. */
export function mayDecide(
  gate: Pick<Gate, 'people' | 'policy' | 'flags' | 'clock'>,
  remediation: Remediation,
  who: { readonly person: string; readonly channel: Channel; readonly proof: VoteProof },
): MayDecide {
  const now = nowOf(gate);
  const { digest } = remediation.spec;
  const given = { digest, at: now, reason: 'as they say', proof: who.proof };
  const refusalOf = (decision: Vote['decision']): Refusal | null =>
    checkVoteNow(gate, remediation, { ...given, person: who.person, channel: who.channel, decision }, now).refusal;
  const back = applyEvents(remediation, [{ event: 'vote-withdrawn', person: who.person }], now);
  return {
    approve: refusalOf('approve'),
    reject: refusalOf('reject'),
    breakGlass: checkBreakGlassNow(gate, remediation, { ...given, by: who.person }, now),
    takeBack: back.ok ? null : back.refusal,
  };
}
