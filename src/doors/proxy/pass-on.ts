// A request that changes nothing → the API server's answer, streamed as it comes, with back-pressure and never parsed.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { pipeline } from 'node:stream/promises';
import { answeredHeaders } from './headers.ts';

export type ProxyResponse = ServerResponse | Http2ServerResponse;

/** Aborts when the client has gone, whatever has been answered by then. */
export function goneSignal(response: ProxyResponse): AbortSignal {
  const gone = new AbortController();
  if (isClosed(response)) gone.abort();
  response.once('close', () => {
    if (!isDelivered(response)) gone.abort();
  });
  return gone.signal;
}

/** Nothing more can be sent. A response of HTTP/2 has no `destroyed` of its own. */
export function isClosed(response: ProxyResponse): boolean {
  return 'stream' in response ? response.stream.destroyed : response.destroyed;
}

/** All of it was sent. A stream of HTTP/2 that the client has left counts as finished, though nobody has ended it. */
export function isDelivered(response: ProxyResponse): boolean {
  const isWhole = response.writableEnded && response.writableFinished;
  return isWhole && !('stream' in response && response.stream.rstCode !== 0);
}

/**
 * Sends the head at once (a watch may be silent for hours) and the body behind it. What breaks off on one side is broken off on the
 * other, so that a cut answer is never taken for a whole one. Resolves when it is over, however it ended.
 */
export async function streamAnswer(answer: IncomingMessage, response: ProxyResponse): Promise<void> {
  const status = answer.statusCode ?? 502;
  // as: both kinds of response take the same two arguments.
  (response as ServerResponse).writeHead(status, answeredHeaders(answer.headers));
  // What has no length may be a watch that is silent for hours. HTTP/2 has sent the head by then.
  if (answer.headers['content-length'] === undefined && 'flushHeaders' in response) response.flushHeaders();
  // as: pipeline knows the one, and the other is a Writable too.
  await pipeline(answer, response as ServerResponse).catch(() => undefined);
}
