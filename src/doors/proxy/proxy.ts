// One request of an agent for the Kubernetes API → served at the door that its address names, or refused (contract-2, section 8).
import type { Refusal } from '../../core/model/refusal.ts';
import type { Gate } from '../../flow/gate.ts';
import { nowOf } from '../../flow/transition.ts';
import { identify, tokenProblem } from '../identity.ts';
import type { ProxyCounts } from './counts.ts';
import { clusterField, type FoundDoor, noDoorAnswer, type ProxyDoor } from './door-of.ts';
import { type Exchange, type ProxyRequest, startExchange } from './exchange.ts';
import { refusedHeader } from './headers.ts';
import { goneSignal, isClosed, type ProxyResponse } from './pass-on.ts';
import { createPassedStreams } from './passed-streams.ts';
import { type RequestTarget, readTarget } from './request-target.ts';
import { type DoorRequest, serveAtDoor } from './serve-at-door.ts';
import { type ProxyAnswer, refusalAnswer, statusAnswer } from './status.ts';

export interface ProxyState {
  /** The door of the cluster that an address names; null: it names none. */
  readonly doorOf: (cluster: string | null) => FoundDoor;
  /** Of what comes to no door. */
  readonly counts: ProxyCounts;
  /** Aborts when the gate ends: streams end with it. */
  readonly ending: AbortSignal;
}

const EXPIRED = statusAnswer({ status: 401, message: 'blastgate: the token has expired (token-expired)' });
const NOBODY = statusAnswer({ status: 401, message: 'blastgate: the token is missing, or nobody’s' });
const BROKEN = statusAnswer({ status: 500, message: 'blastgate: the proxy has failed; its log says why' });

/** `gate` tells who somebody is, the time, and where the log is: what all clusters share. */
export function createProxy(
  gate: Pick<Gate, 'people' | 'clock' | 'log'>,
  { doorOf, counts, ending }: ProxyState,
): (request: ProxyRequest, response: ProxyResponse) => void {
  const streams = createPassedStreams(gate, ending);

  /** Who asks, then with which headers at which address, then what: the first that is wrong is refused. */
  const serve = async (exchange: Exchange): Promise<void> => {
    const { request, response } = exchange;
    const { method = '', headers } = request;
    const gone = AbortSignal.any([goneSignal(response), ending]);
    const who = () => identify(headers.authorization, gate.people(), nowOf(gate));
    const identity = who();
    if (identity === null) {
      request.resume();
      const problem = tokenProblem(headers.authorization, gate.people(), nowOf(gate));
      return exchange.say('refused', problem === 'token-expired' ? EXPIRED : NOBODY);
    }
    const turnAway = (door: ProxyDoor | null, { code, about }: Refusal, answer: ProxyAnswer): Promise<void> => {
      request.resume();
      gate.log.info('proxy_refused', { ...clusterField(door), agent: identity.proposer.id, method, code, about });
      return exchange.say('refused', answer);
    };
    const reached = reachDoor(request, doorOf);
    if (!reached.ok) return turnAway(null, reached.refusal, reached.answer);
    const { door, target } = reached;
    exchange.countAt(door.counts);
    const mayStill: DoorRequest['mayStill'] = (right) => who()?.rights.includes(right) === true;
    const refuse: DoorRequest['refuse'] = (status, code, about) =>
      turnAway(door, { code, about }, refusalAnswer({ code, about }, 'en', { status }));
    await serveAtDoor({ exchange, door, target, identity, mayStill, refuse, gone }, streams);
  };

  return (request, response) => {
    const exchange = startExchange(request, response, counts);
    // Nobody listens for what fails while an answer is on its way: the client has gone.
    response.on('error', () => undefined);
    serve(exchange).catch((error: unknown) => {
      gate.log.error('proxy_failed', { error: error instanceof Error ? error.message : 'unknown' });
      if (response.headersSent || isClosed(response)) response.destroy();
      else void exchange.say('refused', BROKEN);
    });
  };
}

type ReachedDoor =
  | { readonly ok: true; readonly door: ProxyDoor; readonly target: RequestTarget }
  | { readonly ok: false; readonly refusal: Refusal; readonly answer: ProxyAnswer };

const reachDoor = ({ url = '', headers, rawHeaders }: ProxyRequest, doorOf: ProxyState['doorOf']): ReachedDoor => {
  const header = refusedHeader(headers, rawHeaders);
  if (header !== null) return notReached({ code: 'header-refused', about: header }, 403);
  const target = readTarget(url);
  if (target === null) return notReached({ code: 'path-refused', about: url.slice(0, 200) }, 400);
  const found = doorOf(target.cluster);
  return found.ok ? { ...found, target } : { ...found, answer: noDoorAnswer(found.refusal, target) };
};

const notReached = (refusal: Refusal, status: number): ReachedDoor => ({
  ok: false,
  refusal,
  answer: refusalAnswer(refusal, 'en', { status }),
});
