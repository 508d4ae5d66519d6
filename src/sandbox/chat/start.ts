// Starts the sandbox Telegram on loopback: the part of the Bot API that a gate needs. It must never be kinder than the real one.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BotMessage, Conversation, type Saying } from './conversation.ts';

export interface SandboxChatOptions {
  /** A free one when left out. */
  readonly port?: number;
  readonly token?: string;
  /** Chats that the bot is in. */
  readonly chats?: readonly number[];
  readonly botName?: string;
}

/** Hits the next `times` calls of `method`. */
export interface ChatFault {
  readonly method: 'getUpdates' | 'sendMessage' | 'getMe';
  readonly times: number;
  /** Only calls to this chat. */
  readonly chat?: number;
  readonly how:
    | { readonly kind: 'too-many'; readonly retryAfter: number }
    | { readonly kind: 'status'; readonly status: number; readonly description: string }
    | { readonly kind: 'html' }
    | { readonly kind: 'other-json' }
    | { readonly kind: 'hang' }
    | { readonly kind: 'drop'; readonly done: 'no' | 'yes' };
}

export interface SandboxChat {
  /** What TELEGRAM_API_ROOT is set to. Beside the bot's API it has `POST /sandbox/say` and `GET /sandbox/said`. */
  readonly apiRoot: string;
  readonly token: string;
  readonly chats: readonly number[];
  readonly botName: string;
  say(saying: Saying): number;
  push(update: { readonly [key: string]: unknown }): number;
  said(): readonly BotMessage[];
  /** Resolves with the first bot message, old or new, that fits; rejects when aborted. */
  hear(fits: (message: BotMessage) => boolean, signal: AbortSignal): Promise<BotMessage>;
  plan(fault: ChatFault): void;
  /** How many long polls wait at this moment. */
  polls(): number;
  close(): Promise<void>;
}

type Parameters = { readonly [key: string]: unknown };
interface Answer {
  readonly status: number;
  readonly json: unknown;
}
interface Poll {
  readonly end: (answer: Answer) => void;
}

const MESSAGE_LIMIT = 4096;
const DEFAULT_CHAT = -1001;

const ok = (result: unknown): Answer => ({ status: 200, json: { ok: true, result } });
const refuse = (status: number, description: string, parameters?: Parameters): Answer => ({
  status,
  json: { ok: false, error_code: status, description, ...(parameters === undefined ? {} : { parameters }) },
});

const readParameters = async (request: IncomingMessage, url: URL): Promise<Parameters> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks).toString('utf8');
  const query = Object.fromEntries(url.searchParams);
  if (body === '') return query;
  const value: unknown = JSON.parse(body);
  return typeof value === 'object' && value !== null ? { ...query, ...value } : query;
};

const whole = (value: unknown, otherwise: number): number => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : otherwise;
};

const sendMessage = (conversation: Conversation, given: Parameters): Answer => {
  const text = given['text'];
  const chat = whole(given['chat_id'], Number.NaN);
  if (given['chat_id'] === undefined) return refuse(400, 'Bad Request: chat_id is empty');
  if (!conversation.knows(chat)) return refuse(400, 'Bad Request: chat not found');
  if (given['parse_mode'] !== undefined) return refuse(400, 'Bad Request: the sandbox takes plain text only');
  if (typeof text !== 'string' || text.trim() === '') return refuse(400, 'Bad Request: message text is empty');
  if (text.length > MESSAGE_LIMIT) return refuse(400, 'Bad Request: message is too long');
  if (!text.isWellFormed()) return refuse(400, 'Bad Request: strings must be encoded in UTF-8');
  const message = conversation.botSays(chat, text);
  return ok({
    message_id: message.messageId,
    date: Math.floor(Date.now() / 1000),
    chat: conversation.chatAsJson(chat),
    text,
  });
};

/** Starts it and answers when it listens. Holds nothing on disk. */
export const startSandboxChat = async (options: SandboxChatOptions = {}): Promise<SandboxChat> => {
  const token = options.token ?? '123456:sandbox-chat-token';
  const chats = options.chats ?? [DEFAULT_CHAT];
  const botName = options.botName ?? 'blastgate_bot';
  const conversation = new Conversation(chats);
  const faults: { -readonly [K in keyof ChatFault]: ChatFault[K] }[] = [];
  const listeners = new Set<(message: BotMessage) => void>();
  let poll: (Poll & { readonly look: () => void }) | null = null;
  conversation.onUpdate = () => poll?.look();

  /** One poll at a time: a newer one ends the older with 409, as Telegram does. */
  const getUpdates = (given: Parameters, request: IncomingMessage): Promise<Answer> => {
    poll?.end(
      refuse(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'),
    );
    const types = Array.isArray(given['allowed_updates']) ? given['allowed_updates'].map(String) : [];
    const limit = Math.min(Math.max(whole(given['limit'], 100), 1), 100);
    let offset = whole(given['offset'], 0);
    return new Promise((resolve) => {
      const end = (answer: Answer): void => {
        clearTimeout(timer);
        if (poll === own) poll = null;
        resolve(answer);
      };
      const look = (): void => {
        const found = conversation.take(offset, limit, types);
        offset = Math.max(offset, 0);
        if (found.length > 0) end(ok(found));
      };
      const timer = setTimeout(() => end(ok([])), Math.min(whole(given['timeout'], 0), 50) * 1000);
      const own = { end, look };
      poll = own;
      request.socket.once('close', () => end(ok([])));
      look();
    });
  };

  const answer = async (method: string, given: Parameters, request: IncomingMessage): Promise<Answer> => {
    switch (method) {
      case 'getMe':
        return ok({
          id: 1,
          is_bot: true,
          first_name: 'Blastgate',
          username: botName,
          can_join_groups: true,
          can_read_all_group_messages: false,
          supports_inline_queries: false,
        });
      case 'getUpdates':
        return getUpdates(given, request);
      case 'sendMessage': {
        const sent = sendMessage(conversation, given);
        const last = conversation.said().at(-1);
        if (sent.status === 200 && last !== undefined) for (const listener of [...listeners]) listener(last);
        return sent;
      }
      default:
        return refuse(404, 'Not Found: method not found');
    }
  };

  const control = async (request: IncomingMessage, url: URL): Promise<Answer> => {
    if (request.method === 'GET' && url.pathname === '/sandbox/said') return { status: 200, json: conversation.said() };
    if (request.method !== 'POST' || url.pathname !== '/sandbox/say')
      return { status: 404, json: { message: 'POST /sandbox/say or GET /sandbox/said' } };
    const given = await readParameters(request, url);
    const from = whole(given['from'], Number.NaN);
    if (Number.isNaN(from) || typeof given['text'] !== 'string')
      return { status: 400, json: { message: 'say {"from": 1001, "text": "/pending"}' } };
    const name = typeof given['name'] === 'string' ? given['name'] : `person ${from}`;
    const chat = whole(given['chat'], chats[0] ?? DEFAULT_CHAT);
    return {
      status: 200,
      json: { update_id: conversation.say({ from: { id: from, name }, text: given['text'], chat }) },
    };
  };

  const misbehave = (fault: ChatFault, carryOut: () => void, response: ServerResponse): void => {
    const { how } = fault;
    switch (how.kind) {
      case 'too-many':
        reply(
          response,
          refuse(429, `Too Many Requests: retry after ${how.retryAfter}`, { retry_after: how.retryAfter }),
        );
        return;
      case 'status':
        reply(response, refuse(how.status, how.description));
        return;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<!doctype html><title>Proxy</title>');
        return;
      case 'other-json':
        reply(response, ok({ unexpected: true }));
        return;
      case 'hang':
        return;
      case 'drop':
        if (how.done === 'yes') carryOut();
        response.destroy();
        return;
      default:
        how satisfies never;
    }
  };

  const reply = (response: ServerResponse, { status, json }: Answer): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(json));
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname.startsWith('/sandbox/')) return reply(response, await control(request, url));
    const [, given, method] = /^\/bot([^/]+)\/([A-Za-z]+)$/.exec(url.pathname) ?? [];
    if (given === undefined || method === undefined) return reply(response, refuse(404, 'Not Found'));
    if (given !== token) return reply(response, refuse(401, 'Unauthorized'));
    const parameters = await readParameters(request, url);
    const fault = faults.find(
      (candidate) =>
        candidate.method === method &&
        candidate.times > 0 &&
        (candidate.chat === undefined || candidate.chat === whole(parameters['chat_id'], Number.NaN)),
    );
    if (fault === undefined) return reply(response, await answer(method, parameters, request));
    fault.times -= 1;
    misbehave(fault, () => void (method === 'sendMessage' && sendMessage(conversation, parameters)), response);
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
    said: () => conversation.said(),
    hear: (fits, signal) =>
      new Promise((resolve, reject) => {
        const before = conversation.said().find(fits);
        if (before !== undefined) return resolve(before);
        const listener = (message: BotMessage): void => {
          if (!fits(message)) return;
          listeners.delete(listener);
          resolve(message);
        };
        listeners.add(listener);
        signal.addEventListener('abort', () => reject(new Error('The bot did not say it.')), { once: true });
      }),
    plan: (fault) => {
      faults.push({ ...fault });
    },
    polls: () => (poll === null ? 0 : 1),
    close: async () => {
      poll?.end(ok([]));
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
};
