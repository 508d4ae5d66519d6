// The client of the conformance suite: plain requests and watches against any Kubernetes API, the sandbox's or the real one.
// It hears every status and interprets nothing.
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';

export interface Server {
  readonly url: string;
  readonly token?: string;
  /** Certificate authority as PEM text, for https. */
  readonly ca?: string;
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON, or the text where it is none. */
  readonly body: Json;
  readonly contentType: string;
}

/** JSON as the behaviours read it: any path may be asked for, and what is not there is undefined. */
// biome-ignore lint/suspicious/noExplicitAny: the answers of an API server are read by dozens of small paths, each asserted.
export type Json = any;

export interface CallOptions {
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: Json;
}

export interface Client {
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Answer>;
  /** Reads a watch until it ends or `enough` says so. */
  readonly watch: (path: string, enough: (events: readonly WatchEvent[]) => boolean) => Promise<readonly WatchEvent[]>;
}

/** A client of one server; every request is given up after 20 s. */
export function clientOf(server: Server): Client {
  const open = (method: string, path: string, options: CallOptions): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const url = new URL(path, server.url);
      const { body } = options;
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      const headers = {
        accept: options.accept ?? 'application/json',
        ...(server.token === undefined ? {} : { authorization: `Bearer ${server.token}` }),
        ...(body === undefined ? {} : { 'content-type': options.type ?? 'application/json' }),
        // Without it Node sends the body of a DELETE unannounced, and the server does not read it.
        'content-length': Buffer.byteLength(text),
      };
      const common = { method, headers, agent: false, timeout: 20_000 } as const;
      const outgoing =
        url.protocol === 'https:'
          ? tlsRequest(url, { ...common, ...(server.ca === undefined ? {} : { ca: server.ca }) }, resolve)
          : plainRequest(url, common, resolve);
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer within 20 s`)));
      outgoing.on('error', reject);
      outgoing.end(text);
    });
  return {
    call: async (method, path, options = {}) => {
      const answer = await open(method, path, options);
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      return { status: answer.statusCode ?? 0, body: parsed(text), contentType: answer.headers['content-type'] ?? '' };
    },
    watch: async (path, enough) => {
      const answer = await open('GET', path, {});
      const events: WatchEvent[] = [];
      let rest = '';
      for await (const chunk of answer) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines.filter((one) => one !== '')) events.push(JSON.parse(line) as WatchEvent);
        if (enough(events)) break;
      }
      answer.destroy();
      return events;
    },
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
