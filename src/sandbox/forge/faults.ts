// Makes the sandbox forge misbehave on purpose.
import type { IncomingMessage, ServerResponse } from 'node:http';

export type ForgeFault =
  | { readonly how: 'status'; readonly status: number; readonly message: string }
  /** A proxy's page with status 200. */
  | { readonly how: 'html' }
  /** JSON of another shape. */
  | { readonly how: 'other-json' }
  /** No answer at all, or headers and half a body. */
  | { readonly how: 'hang'; readonly after: 'nothing' | 'headers' }
  /** The connection ends, before or after the request was carried out. */
  | { readonly how: 'drop'; readonly done: 'no' | 'yes' }
  | { readonly how: 'redirect'; readonly to: string }
  /** Another body with status 200. */
  | { readonly how: 'answer'; readonly json: unknown }
  /** An answer without end. */
  | { readonly how: 'flood' };

export interface PlannedFault {
  readonly on: 'create' | 'list' | 'comment' | 'edit-comment' | 'comments' | 'read-issue' | 'close' | 'repository';
  readonly fault: ForgeFault;
  /** How many requests it hits. */
  readonly times: number;
}

const flood = (response: ServerResponse): void => {
  const chunk = Buffer.alloc(65_536, ' ');
  const more = (): void => {
    while (!response.destroyed && response.write(chunk)) {
      // until the peer's buffer is full
    }
  };
  response.on('drain', more);
  response.writeHead(200, { 'content-type': 'application/json' });
  more();
};

/** Answers (or does not) as the fault says. `carryOut` does what the request asks, without an answer. */
export const misbehave = (
  fault: ForgeFault,
  request: IncomingMessage,
  response: ServerResponse,
  carryOut: () => void,
): void => {
  switch (fault.how) {
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: fault.message, url: '' }));
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>Sign in</title><p>Please sign in.');
      return;
    case 'other-json':
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end('{"ok":true}');
      return;
    case 'answer':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(fault.json));
      return;
    case 'hang':
      if (fault.after === 'headers') {
        response.writeHead(201, { 'content-type': 'application/json' });
        response.write('{"number":');
      }
      return;
    case 'drop':
      if (fault.done === 'yes') carryOut();
      request.socket.destroy();
      return;
    case 'redirect':
      response.writeHead(307, { location: fault.to });
      response.end();
      return;
    case 'flood':
      flood(response);
      return;
    default:
      fault satisfies never;
  }
};
