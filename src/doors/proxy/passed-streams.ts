// A request that passes → the API server's answer, streamed to the client while its token counts, so many at once for each caller.
import type { IncomingMessage } from 'node:http';
import type { Gate } from '../../flow/gate.ts';
import { callerOf, type Identity } from '../identity.ts';
import { TakesNoDryRun } from '../upstream.ts';
import type { RouteKind } from './counts.ts';
import { clusterField, type ProxyDoor } from './door-of.ts';
import type { Exchange } from './exchange.ts';
import { isClosed, streamAnswer } from './pass-on.ts';
import { createRevocation } from './revocation.ts';
import { type ProxyAnswer, refusalAnswer, statusAnswer } from './status.ts';

/** What is asked of the API server, and for whom. */
export interface PassedStream {
  readonly kind: RouteKind;
  readonly door: ProxyDoor;
  readonly identity: Identity;
  /** Asked while it streams, once people have changed. */
  readonly mayGoOn: () => boolean;
  readonly ask: () => Promise<IncomingMessage>;
  /** Where the API server does not answer. Absent: 503, which clients ask again. */
  readonly unheard?: ProxyAnswer;
}

export interface PassedStreams {
  /** Resolves when the answer is over, however it ended. */
  pass(exchange: Exchange, passed: PassedStream): Promise<void>;
}

/** Reads, watches and logs that one agent may have open at once at a cluster: a kubectl has a few, a controller some fifty. */
const MOST_OPEN = 200;

const UNHEARD = statusAnswer({
  status: 503,
  message: 'blastgate: the API server does not answer',
  retryAfterSeconds: 1,
});

export function createPassedStreams(gate: Pick<Gate, 'people' | 'clock' | 'log'>, ending: AbortSignal): PassedStreams {
  /** Requests that one caller has open at one cluster: what hangs at a dead one is no other's. */
  const openOf = new Map<string, number>();
  const revocation = createRevocation(gate, ending);

  /** What is said instead of an answer that did not come. */
  const withoutAnswer = ({ door, unheard = UNHEARD }: PassedStream, error: unknown): ProxyAnswer => {
    if (error instanceof TakesNoDryRun)
      return refusalAnswer({ code: 'no-executor', about: error.message }, 'en', { status: 403 });
    const why = error instanceof Error ? error.message : 'unknown';
    gate.log.warn('proxy_unheard', { ...clusterField(door), error: why });
    return unheard;
  };

  const stream = async (exchange: Exchange, passed: PassedStream): Promise<void> => {
    const { kind, mayGoOn, ask } = passed;
    let answer: IncomingMessage;
    try {
      answer = await ask();
    } catch (error) {
      return isClosed(exchange.response) ? undefined : exchange.say(kind, withoutAnswer(passed, error));
    }
    exchange.answered(kind, answer.statusCode ?? 502);
    const forget = revocation.watch({ mayGoOn, end: () => answer.destroy() });
    await streamAnswer(answer, exchange.response).finally(forget);
  };

  return {
    pass: async (exchange, passed) => {
      const { kind, door, identity } = passed;
      const caller = `${door.cluster ?? ''} ${callerOf(identity)}`;
      const open = openOf.get(caller) ?? 0;
      if (open >= MOST_OPEN) return exchange.say(kind, tooManyOpen(open));
      openOf.set(caller, open + 1);
      const close = door.counts.open('stream');
      try {
        await stream(exchange, passed);
      } finally {
        close();
        openOf.set(caller, (openOf.get(caller) ?? 1) - 1);
      }
    },
  };
}

const tooManyOpen = (open: number): ProxyAnswer =>
  refusalAnswer({ code: 'too-many-waiting', about: `${open}` }, 'en', { status: 429, retryAfterSeconds: 1 });
