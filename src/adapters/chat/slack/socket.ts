// Socket mode: a connection of the gate's own, over which Slack sends what people press and type (api.slack.com, "Socket Mode").

import { WebSocket } from 'ws';
import { z } from 'zod';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { jsonOf } from '../../answer-text.ts';
import type { Hear } from './signed-hook.ts';
import { askSlack, type SlackServer } from './web-api.ts';

/** Slack sends an envelope again that is not acknowledged within three seconds. */
const ACKNOWLEDGE_WITHIN_MS = 2500;
const HELLO_WITHIN_MS = 10_000;
/** Slack pings more often; a line on which nothing came for so long is dead. */
const SILENT_MS = 90_000;
const LARGEST = 1024 * 1024;
/** WebSocket.readyState of a line that is open. */
const OPEN = 1;

const opened = z.looseObject({ url: z.string() });
const envelope = z.looseObject({
  type: z.string(),
  envelope_id: z.string().optional(),
  payload: z.unknown().optional(),
});

/** What people press must not be read on the way: only a Slack on this machine, over http, may name an open line. */
export function isSafeLine(apiUrl: string, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol } = new URL(url);
  return protocol === 'wss:' || (protocol === 'ws:' && new URL(apiUrl).protocol === 'http:');
}

export interface SlackSocket {
  /** Connects where there is no line, and waits until Slack has said hello. Throws AdapterError. */
  ensure(signal: AbortSignal): Promise<void>;
  isOpen(): boolean;
  close(): void;
}

/**
 * `server.token` is the app's (xapp-…). Each payload is acknowledged when it was handled, or just before Slack would send it again.
 * `lost`: called when the line is closed, or is about to be.
 */
export function slackSocket(server: SlackServer, hear: Hear, lost: () => void): SlackSocket {
  let line: WebSocket | null = null;
  const close = (): void => {
    line?.terminate();
    line = null;
  };
  return {
    ensure: async (signal) => {
      if (line?.readyState === OPEN) return;
      close();
      const { url } = await askSlack(server, 'apps.connections.open', {}, opened, signal);
      if (!isSafeLine(server.apiUrl, url))
        throw new AdapterError(
          'invalid-answer',
          'Slack names a socket that is not encrypted (wss). Check SLACK_API_URL.',
        );
      line = await connected(url, hear, lost, signal);
    },
    isOpen: () => line?.readyState === OPEN,
    close,
  };
}

const connected = (url: string, hear: Hear, lost: () => void, signal: AbortSignal): Promise<WebSocket> =>
  new Promise((done, fail) => {
    const socket = new WebSocket(url, [], { maxPayload: LARGEST, handshakeTimeout: HELLO_WITHIN_MS });
    let silent: NodeJS.Timeout | null = null;
    const stopped = (): void => broken('was stopped');
    const broken = (why: string): void => {
      signal.removeEventListener('abort', stopped);
      if (silent !== null) clearTimeout(silent);
      clearTimeout(late);
      socket.terminate();
      fail(new AdapterError('no-answer', `Slack's socket ${why}. Check the network and SLACK_APP_TOKEN.`));
      lost();
    };
    const late = setTimeout(() => broken('said no hello in time'), HELLO_WITHIN_MS);
    const alive = (): void => {
      if (silent !== null) clearTimeout(silent);
      silent = setTimeout(() => socket.terminate(), SILENT_MS);
      silent.unref();
    };
    signal.addEventListener('abort', stopped, { once: true });
    socket.on('ping', alive);
    socket.on('error', () => broken('failed'));
    socket.on('close', () => broken('was closed'));
    socket.on('message', (data: Buffer) => {
      alive();
      const read = envelope.safeParse(jsonOf(data.toString('utf8')));
      if (!read.success) return;
      if (read.data.type === 'hello') {
        clearTimeout(late);
        done(socket);
      }
      // Slack is about to close it: another is opened at once.
      if (read.data.type === 'disconnect') {
        socket.close();
        lost();
      }
      void acknowledge(socket, read.data, hear);
    });
  });

const acknowledge = async (socket: WebSocket, { type, envelope_id, payload }: z.infer<typeof envelope>, hear: Hear) => {
  if (envelope_id === undefined) return;
  const handled = type === 'interactive' || type === 'slash_commands' ? hear(type, payload, Date.now()) : null;
  const dropped = await Promise.race([
    handled === null ? false : handled.then((end) => !end),
    new Promise<false>((done) => setTimeout(() => done(false), ACKNOWLEDGE_WITHIN_MS).unref()),
  ]);
  // What was dropped comes again.
  if (!dropped && socket.readyState === OPEN) socket.send(JSON.stringify({ envelope_id }));
};
