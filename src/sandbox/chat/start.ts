// Starts the sandbox Telegram on loopback, for the demo and fast tests.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, BotApi, type Parameters, refuse, whole } from './bot-api.ts';
import { type BotMessage, Conversation, type Saying } from './conversation.ts';
import { type ChatFault, misbehave, reply } from './faults.ts';

export interface SandboxChatOptions {
  /** A free one when left out. */
  readonly port?: number;
  readonly token?: string;
  /** Chats that the bot is in. */
  readonly chats?: readonly number[];
  readonly botName?: string;
}

export interface SandboxChat {
  /** What TELEGRAM_API_ROOT is set to. Beside the bot's API it has `POST /sandbox/say` and `GET /sandbox/said`. */
  readonly apiRoot: string;
  readonly token: string;
  readonly chats: readonly number[];
  readonly botName: string;
  /** A person writes; the update's id comes back. */
  say(saying: Saying): number;
  push(update: Parameters): number;
  /** Somebody presses a button; the query's id comes back, by which `shown` tells what they saw. */
  press(from: Saying['from'], message: BotMessage, data: string): string;
  shown(query: string): string | null;
  said(): readonly BotMessage[];
  /** Resolves with the first bot message, old or new, that fits; rejects when aborted. */
  hear(fits: (message: BotMessage) => boolean, signal: AbortSignal): Promise<BotMessage>;
  plan(fault: ChatFault): void;
  /** How many long polls wait at this moment. */
  polls(): number;
  close(): Promise<void>;
}

const DEFAULT_CHAT = -1001;

const readParameters = async (request: IncomingMessage, url: URL): Promise<Parameters> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks).toString('utf8');
  const query = Object.fromEntries(url.searchParams);
  if (body === '') return query;
  const value: unknown = JSON.parse(body);
  return typeof value === 'object' && value !== null ? { ...query, ...value } : query;
};

/** What people at the demo use in place of a telephone. */
const control = async (
  conversation: Conversation,
  home: number,
  request: IncomingMessage,
  url: URL,
): Promise<Answer> => {
  if (request.method === 'GET' && url.pathname === '/sandbox/said') return { status: 200, json: conversation.said() };
  if (request.method !== 'POST' || url.pathname !== '/sandbox/say')
    return { status: 404, json: { message: 'The sandbox chat takes POST /sandbox/say and GET /sandbox/said.' } };
  const given = await readParameters(request, url);
  const id = whole(given['from'], Number.NaN);
  if (Number.isNaN(id) || typeof given['text'] !== 'string')
    return { status: 400, json: { message: 'Say who and what: {"from": 1001, "text": "/pending"}.' } };
  const name = typeof given['name'] === 'string' ? given['name'] : `person ${id}`;
  const update = conversation.say({ from: { id, name }, text: given['text'], chat: whole(given['chat'], home) });
  return { status: 200, json: { update_id: update } };
};

/** Messages of the bot, for those who wait for one. */
const earshot = (conversation: Conversation) => {
  const listeners = new Set<(message: BotMessage) => void>();
  return {
    heard: (message: BotMessage): void => {
      for (const listener of [...listeners]) listener(message);
    },
    hear: (fits: (message: BotMessage) => boolean, signal: AbortSignal): Promise<BotMessage> =>
      new Promise((resolve, reject) => {
        const before = conversation.said().find(fits);
        if (before !== undefined) return resolve(before);
        const listener = (message: BotMessage): void => {
          if (!fits(message)) return;
          listeners.delete(listener);
          resolve(message);
        };
        listeners.add(listener);
        signal.addEventListener('abort', () => reject(new Error('The bot did not say it in time.')), { once: true });
      }),
  };
};

/** Starts it and answers when it listens. Holds nothing on disk. */
export const startSandboxChat = async (options: SandboxChatOptions = {}): Promise<SandboxChat> => {
  const token = options.token ?? '123456:sandbox-chat-token';
  const chats = options.chats ?? [DEFAULT_CHAT];
  const botName = options.botName ?? 'blastgate_bot';
  const conversation = new Conversation(chats);
  const { heard, hear } = earshot(conversation);
  const api = new BotApi(conversation, botName, heard);
  const faults: { -readonly [K in keyof ChatFault]: ChatFault[K] }[] = [];

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname.startsWith('/sandbox/'))
      return reply(response, await control(conversation, chats[0] ?? DEFAULT_CHAT, request, url));
    const [, given, method] = /^\/bot([^/]+)\/([A-Za-z]+)$/.exec(url.pathname) ?? [];
    if (given === undefined || method === undefined) return reply(response, refuse(404, 'Not Found'));
    if (given !== token) return reply(response, refuse(401, 'Unauthorized'));
    const parameters = await readParameters(request, url);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const answer = (): Promise<Answer> => api.answer(method, parameters, gone.signal);
    const chat = whole(parameters['chat_id'], Number.NaN);
    const fault = faults.find(
      (one) => one.method === method && one.times > 0 && (one.chat === undefined || one.chat === chat),
    );
    if (fault === undefined) return reply(response, await answer());
    fault.times -= 1;
    await misbehave(fault, answer, response);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    apiRoot: `http://127.0.0.1:${port}`,
    token,
    chats,
    botName,
    say: (saying) => conversation.say(saying),
    push: (update) => conversation.push(update),
    press: (from, { chat, messageId }, data) => conversation.press(from, chat, messageId, data),
    shown: (query) => conversation.shown(query),
    said: () => conversation.said(),
    hear,
    plan: (fault) => void faults.push({ ...fault }),
    polls: () => api.polls(),
    close: async () => {
      api.endPolls();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
};
