// A request of an agent and the one answer to it → the answer sent and counted, with the seconds that it took.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { AnsweredWrite } from './arrived-write.ts';
import type { ProxyCounts, RouteKind } from './counts.ts';
import { isClosed, isDelivered, type ProxyResponse } from './pass-on.ts';

export type ProxyRequest = IncomingMessage | Http2ServerRequest;

export interface Exchange {
  readonly request: ProxyRequest;
  readonly response: ProxyResponse;
  /** From now on its answer is counted here. */
  countAt(counts: ProxyCounts): void;
  /** Counts an answer that somebody else sends. */
  answered(kind: RouteKind, status: number): void;
  /** Sends an answer of the proxy's own, and counts it. Resolves when it is over, however it ended. */
  say(kind: RouteKind, answer: AnsweredWrite): Promise<void>;
}

/** `counts`: of what comes to no door. */
export function startExchange(request: ProxyRequest, response: ProxyResponse, counts: ProxyCounts): Exchange {
  const cameAt = performance.now();
  let countedAt = counts;
  const answered = (kind: RouteKind, status: number): void =>
    countedAt.answered(kind, status, (performance.now() - cameAt) / 1000);
  return {
    request,
    response,
    countAt: (counts) => {
      countedAt = counts;
    },
    answered,
    say: (kind, answer) => {
      answered(kind, answer.status);
      return send(response, answer);
    },
  };
}

const send = (response: ProxyResponse, answer: AnsweredWrite): Promise<void> =>
  new Promise((done) => {
    response.once('close', () => {
      if (isDelivered(response)) answer.delivered?.();
      done();
    });
    if (isClosed(response)) return done();
    // as: both kinds of response take the same arguments.
    (response as ServerResponse).writeHead(answer.status, answer.headers);
    response.end(answer.body);
  });
