// A proposal → as the HTTP door answers with it: whole, for a page of the console, as a row, after something was done with it.
import type { Context } from 'hono';
import type { Session } from '../../core/approval/session.ts';
import type { VoteProof } from '../../core/approval/vote.ts';
import type { Channel } from '../../core/model/channel.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { describeDoubt, describeRefusal } from '../../core/text/describe.ts';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { mayDecide } from '../../flow/requests/may-decide.ts';
import { readOutput } from '../../flow/requests/read-output.ts';
import type { Identity } from '../identity.ts';
import { inEachLanguage, pageRow, pageView } from '../page-view.ts';
import {
  type NumberedEvent,
  type ProposalView,
  proposalView,
  readViewContext,
  type ViewContext,
} from '../proposal-view.ts';
import { refusalProblem } from './problem.ts';

/** What is shown beside a proposal, asked for at once; `events`, where they are known. */
const beside = (gate: Gate, remediation: Remediation, signal: AbortSignal, events?: readonly NumberedEvent[]) =>
  Promise.all([
    events ?? gate.store.trail.eventsOf(remediation.id, within('store', signal)),
    readViewContext(gate, [remediation], signal),
    readOutput(gate, remediation, signal),
  ]);

/** As whoever asked is answered. Throws AdapterError. */
export async function viewOfProposal(
  gate: Gate,
  remediation: Remediation,
  signal: AbortSignal,
  events?: readonly NumberedEvent[],
): Promise<ProposalView> {
  return proposalView(remediation, ...(await beside(gate, remediation, signal, events)));
}

/** As the console shows it, with what whoever asks may do with it. Throws AdapterError. */
export async function viewForPage(gate: Gate, remediation: Remediation, identity: Identity, signal: AbortSignal) {
  const yours = yoursOf(gate, remediation, identity);
  const shown = {
    ...pageView(remediation, ...(await beside(gate, remediation, signal))),
    ...(yours === null ? {} : { yours }),
  };
  const seen = gate.rechecked.get(remediation.id);
  if (seen === undefined || remediation.state !== 'awaiting-approval') return shown;
  // What differs makes it stale at once, and is told there: that nobody could look is what a reader must know here.
  const { doubt } = seen;
  return {
    ...shown,
    evidenceAt: seen.at,
    doubt: doubt === null ? null : inEachLanguage((lang) => describeDoubt(doubt, lang)),
  };
}

/** All that `yours` depends on, but for the time and people. */
export function readerOf({ proposer, session }: Identity): readonly unknown[] {
  return [proposer, channelOf(session), proofOf(session)];
}

/** What whoever looks may do with it: null, or why not in each language; none of it for an agent. */
const yoursOf = (gate: Gate, remediation: Remediation, { proposer, session }: Identity) => {
  if (proposer.kind !== 'person') return null;
  const may = mayDecide(gate, remediation, {
    person: proposer.id,
    channel: channelOf(session),
    proof: proofOf(session),
  });
  const told = (refusal: Refusal | null) =>
    refusal === null
      ? null
      : { code: refusal.code, told: inEachLanguage((lang) => describeRefusal(refusal, lang).message) };
  return {
    approve: told(may.approve),
    reject: told(may.reject),
    breakGlass: told(may.breakGlass),
    takeBack: told(may.takeBack),
  };
};

/** Its id where what is stored of it cannot be shown: one damaged row must not hide the others. */
export function viewOrDamage(
  remediation: Remediation,
  context: ViewContext,
  view: 'page' | undefined,
): ProposalView | ReturnType<typeof pageRow> | string {
  try {
    return view === 'page' ? pageRow(remediation, context) : proposalView(remediation, [], context);
  } catch {
    return remediation.id;
  }
}

type Done =
  | { readonly ok: true; readonly remediation: Remediation }
  | { readonly ok: false; readonly refusal: Refusal; readonly remediation: Remediation | null };

/** The proposal as what was asked of it has left it, or why that was not done. */
export async function answerDone(c: Context, gate: Gate, done: Done, signal: AbortSignal): Promise<Response> {
  if (!done.ok) return refusalProblem(c, done.refusal, done.remediation);
  return c.json(await viewOfProposal(gate, done.remediation, signal));
}

/** The way by which somebody speaks here: with a token, or through a session of the console. */
export function channelOf(session: Session | undefined): Channel {
  return session?.channel ?? 'http';
}

/** The session is named by the beginning of its hash, as the trail may show it. */
export function proofOf(session: Session | undefined): VoteProof {
  if (session === undefined) return { kind: 'token' };
  return { kind: 'session', session: session.id.slice(0, 19), account: session.account, proven: session.proven };
}
