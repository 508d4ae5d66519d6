// Makes the sandbox Telegram misbehave on purpose.
import type { ServerResponse } from 'node:http';
import { type Answer, ok, refuse } from './bot-api.ts';

/** Hits the next `times` calls of `method`. */
export interface ChatFault {
  readonly method: 'getUpdates' | 'sendMessage' | 'getMe';
  readonly times: number;
  /** Only calls to this chat. */
  readonly chat?: number;
  readonly how:
    | { readonly kind: 'too-many'; readonly retryAfter: number }
    | {
        readonly kind: 'status';
        readonly status: number;
        readonly description: string;
        readonly parameters?: { readonly [key: string]: unknown };
      }
    /** A proxy's page. */
    | { readonly kind: 'html' }
    /** JSON of another shape. */
    | { readonly kind: 'other-json' }
    | { readonly kind: 'redirect'; readonly to: string }
    | { readonly kind: 'hang' }
    /** The connection ends, before or after the call was carried out. */
    | { readonly kind: 'drop'; readonly done: 'no' | 'yes' };
}

export const reply = (response: ServerResponse, { status, json }: Answer): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(json));
};

/** Answers (or does not) as the fault says. `carryOut` does what the call asks, without an answer. */
export const misbehave = async (
  { how }: ChatFault,
  carryOut: () => Promise<unknown>,
  response: ServerResponse,
): Promise<void> => {
  switch (how.kind) {
    case 'too-many':
      reply(response, refuse(429, `Too Many Requests: retry after ${how.retryAfter}`, { retry_after: how.retryAfter }));
      return;
    case 'status':
      reply(response, refuse(how.status, how.description, how.parameters));
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>Proxy</title>');
      return;
    case 'other-json':
      reply(response, ok({ unexpected: true }));
      return;
    case 'redirect':
      response.writeHead(307, { location: how.to });
      response.end();
      return;
    case 'hang':
      return;
    case 'drop':
      if (how.done === 'yes') await carryOut();
      response.destroy();
      return;
    default:
      how satisfies never;
  }
};
