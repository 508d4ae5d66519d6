// A write as it arrived → proposed to the gate once, answered, counted and logged (contract-2, section 8).
import type { Gate } from '../../flow/gate.ts';
import type { ArrivingWrite } from '../../flow/requests/held-entries.ts';
import { createHeldWrites, type HeldAnswer } from '../../flow/requests/held-writes.ts';
import type { Patience } from '../../flow/requests/patience.ts';
import { propose } from '../../flow/requests/propose.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { Upstream } from '../upstream.ts';
import { answerOfWrite } from './answer-of-write.ts';
import { type ArrivedWrite, type DecodeBody, incidentsOf, judgedRequest } from './arrived-write.ts';
import type { ProxyCounts } from './counts.ts';
import type { ProxyDoor } from './door-of.ts';
import { requestKey } from './request-key.ts';
import { STORE_FAILED, statusAnswer } from './status.ts';

export interface WriteState {
  readonly upstream: Upstream;
  readonly counts: ProxyCounts;
  readonly patience: Patience;
  readonly ending: AbortSignal;
  readonly decode: DecodeBody;
}

/** Judging may ask a slow cluster; a client that hangs up does not stop what has begun. */
const PROPOSE_MS = 60_000;

const ENDING = statusAnswer({ status: 503, message: 'blastgate: the gate is being restarted', retryAfterSeconds: 3 });

export function createWrites(
  gate: Gate,
  { upstream, counts, patience, ending, decode }: WriteState,
): ProxyDoor['write'] {
  const held = createHeldWrites(gate, patience, ending);
  return async (write, gone) => {
    const arriving = arrivingWrite(gate, write, decode);
    let decided: HeldAnswer;
    try {
      decided = await held.arrive(arriving, gone);
    } catch (error) {
      // The next process finds the proposal in the store.
      if (ending.aborted) return ENDING;
      if (!(error instanceof AdapterError)) throw error;
      gate.log.error('proxy_write_failed', { error: error.message });
      return STORE_FAILED;
    }
    const { end, answer } = await answerOfWrite(gate, { upstream, write, gone }, decided);
    counts.ended(end);
    const { remediation = null } = decided.kind === 'too-many' ? {} : decided;
    gate.log.info('proxy_write', {
      agent: write.identity.proposer.id,
      method: write.method,
      path: `/${write.target.segments.join('/')}`,
      proposal: remediation?.id ?? null,
      end,
      status: answer.status,
      auditId: remediation?.forward?.reply?.auditId ?? null,
    });
    return answer;
  };
}

/** By what all its arrivals have in common, and how it is proposed. */
const arrivingWrite = (gate: Gate, write: ArrivedWrite, decode: DecodeBody): ArrivingWrite => {
  const { target, session, mayStill, trace = null } = write;
  const { proposer } = write.identity;
  const [incident, earlier] = incidentsOf(write, gate.clock.now());
  const arrived = { key: gate.writer.hash(requestKey(write, target.incident)), session };
  const command = { kind: 'request', request: judgedRequest(write, decode) } as const;
  const proposal = { command, files: new Map<string, string>(), namespace: null, incident, proposer, diagnosis: null };
  return {
    caller: `${proposer.kind}:${proposer.id}`,
    incident,
    ...(earlier === null ? {} : { earlierIncident: earlier }),
    arrived,
    propose: () => propose(gate, { ...proposal, mayStill, arrived, trace }, AbortSignal.timeout(PROPOSE_MS)),
  };
};
