// A Slack workspace with one app: refuses what Slack refuses (Web API, Block Kit's limits), and sends by socket or signed request.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

type Json = { readonly [key: string]: unknown };

export interface SlackPosted {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly Json[];
  /** Seen by this account alone; null: by everybody. */
  readonly user: string | null;
  /** Nothing in it is looked up or linked (parse, link_names). */
  readonly literal: boolean;
}

export const BOT_TOKEN = 'xoxb-fake';
export const APP_TOKEN = 'xapp-fake';
export const SIGNING_SECRET = 'fake-signing-secret';
export const TEAM = 'T01HOME';

const FORMS = new Set(['users.info']);
const TEXT_LIMIT = 3000;
const BLOCKS_LIMIT = 50;
const VALUE_LIMIT = 2000;

/** What the blocks of a message break of Block Kit; null: nothing. */
const blockFault = (blocks: unknown): string | null => {
  if (!Array.isArray(blocks)) return 'invalid_blocks_format';
  if (blocks.length > BLOCKS_LIMIT) return 'invalid_blocks';
  for (const block of blocks as readonly Json[]) {
    const known = block['type'] === 'section' ? ['type', 'text', 'block_id'] : ['type', 'elements', 'block_id'];
    if (block['type'] !== 'section' && block['type'] !== 'actions') return 'invalid_blocks';
    if (Object.keys(block).some((key) => !known.includes(key))) return 'invalid_blocks';
    if (block['type'] === 'section' && !isText(block['text'], TEXT_LIMIT)) return 'invalid_blocks';
    const elements = (block['elements'] ?? []) as readonly Json[];
    if (elements.length > 25 || (block['type'] === 'actions' && elements.length === 0)) return 'invalid_blocks';
    for (const { type, action_id, text, value, style, ...more } of elements)
      if (
        type !== 'button' ||
        typeof action_id !== 'string' ||
        !isText(text, 75) ||
        (typeof value === 'string' ? value : '').length > VALUE_LIMIT ||
        !['primary', 'danger', undefined].includes(style as undefined) ||
        Object.keys(more).length > 0
      )
        return 'invalid_blocks';
  }
  return null;
};

const isText = (text: unknown, limit: number): boolean => {
  const { type, text: words } = (text ?? {}) as Json;
  return (
    (type === 'plain_text' || type === 'mrkdwn') && typeof words === 'string' && words !== '' && words.length <= limit
  );
};

export interface FakeSlack {
  readonly apiUrl: string;
  posted(): readonly SlackPosted[];
  /** What users.info says of an account, beside what it says of every member; null: there is none. */
  member(account: string, change: Json | null): void;
  /** How often each method was called. */
  calls(): readonly string[];
  /** The next call of the method is answered so, and not carried out. */
  plan(
    method: string,
    reply: { readonly status?: number; readonly headers?: Record<string, string>; readonly body: object },
  ): void;
  /** Over the socket, as Slack does; resolves when the app acknowledged it. */
  envelope(type: 'interactive' | 'slash_commands', payload: object): Promise<void>;
  /** How many sockets were ever opened. */
  linked(): number;
  /** How many sockets are open. */
  lines(): number;
  /** Slack closes every socket, saying so or not. */
  drop(how: 'with a word' | 'silently'): void;
  close(): Promise<void>;
}

/** Channels that the app is in. */
export async function startFakeSlack(channels: readonly string[]): Promise<FakeSlack> {
  const posted: SlackPosted[] = [];
  const planned: { readonly method: string; readonly reply: Parameters<FakeSlack['plan']>[1] }[] = [];
  const sockets = new Set<WebSocket>();
  const waiting = new Map<string, () => void>();
  const members = new Map<string, Json | null>();
  const calls: string[] = [];
  let [count, envelopes, linked] = [0, 0, 0];
  const upgrades = new WebSocketServer({ noServer: true, handleProtocols: () => false });

  const call = (method: string, token: string, body: Json): Json => {
    const wanted = method === 'apps.connections.open' ? APP_TOKEN : BOT_TOKEN;
    if (token === '') return { ok: false, error: 'not_authed' };
    if (token !== wanted)
      return { ok: false, error: token.startsWith('xapp') ? 'not_allowed_token_type' : 'invalid_auth' };
    const channel = typeof body['channel'] === 'string' ? body['channel'] : '';
    const literal = body['parse'] === 'none' && body['link_names'] === false;
    const fault = 'blocks' in body ? blockFault(body['blocks']) : null;
    switch (method) {
      case 'auth.test':
        return { ok: true, user: 'blastgate', user_id: 'U0BOT', team_id: TEAM, bot_id: 'B0BOT' };
      case 'users.info': {
        const account = typeof body['user'] === 'string' ? body['user'] : '';
        const change = members.get(account) ?? (members.has(account) ? null : {});
        if (change === null || account === '') return { ok: false, error: 'user_not_found' };
        return { ok: true, user: { id: account, team_id: TEAM, deleted: false, is_bot: false, ...change } };
      }
      case 'apps.connections.open':
        return { ok: true, url: `${apiUrl.replace('http', 'ws').replace('/api', '')}/link` };
      case 'chat.postMessage':
      case 'chat.postEphemeral': {
        if (!channels.includes(channel)) return { ok: false, error: 'channel_not_found' };
        if (fault !== null) return { ok: false, error: fault };
        if (typeof body['text'] !== 'string' || body['text'] === '') return { ok: false, error: 'no_text' };
        if (method === 'chat.postEphemeral' && typeof body['user'] !== 'string')
          return { ok: false, error: 'user_not_in_channel' };
        count += 1;
        const ts = `1790000000.${String(count).padStart(6, '0')}`;
        const user = method === 'chat.postEphemeral' ? String(body['user']) : null;
        posted.push({ channel, ts, text: body['text'], blocks: body['blocks'] as readonly Json[], user, literal });
        return method === 'chat.postEphemeral' ? { ok: true, message_ts: ts } : { ok: true, channel, ts };
      }
      case 'chat.update': {
        const at = posted.findIndex((one) => one.channel === channel && one.ts === body['ts'] && one.user === null);
        const before = posted[at];
        if (before === undefined) return { ok: false, error: 'message_not_found' };
        if (fault !== null) return { ok: false, error: fault };
        posted[at] = { ...before, text: String(body['text']), blocks: body['blocks'] as readonly Json[], literal };
        return { ok: true, channel, ts: before.ts };
      }
      default:
        return { ok: false, error: 'unknown_method' };
    }
  };

  const server = createServer((request, response) => {
    void (async () => {
      const method = (request.url ?? '').replace(/^\/api\//, '');
      const text = await textOf(request);
      const at = planned.findIndex((one) => one.method === method);
      const [fault] = at < 0 ? [] : planned.splice(at, 1);
      const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
      const isJson = (request.headers['content-type'] ?? '').includes('json');
      calls.push(method);
      // Methods that only read take forms alone, and see no arguments in JSON.
      const isForm = FORMS.has(method);
      const body: Json = isJson ? (JSON.parse(text) as Json) : Object.fromEntries(new URLSearchParams(text));
      const json =
        fault?.reply.body ??
        (isJson || isForm
          ? call(method, token, isForm && isJson ? {} : body)
          : { ok: false, error: 'invalid_form_data' });
      response.writeHead(fault?.reply.status ?? 200, { 'content-type': 'application/json', ...fault?.reply.headers });
      response.end(JSON.stringify(json));
    })().catch(() => request.socket.destroy());
  });
  server.on('upgrade', (request, socket, head) =>
    upgrades.handleUpgrade(request, socket, head, (line) => {
      linked += 1;
      sockets.add(line);
      line.on('close', () => void sockets.delete(line));
      line.on('message', (data) => {
        const { envelope_id: id } = JSON.parse(data.toString()) as { readonly envelope_id: string };
        waiting.get(id)?.();
        waiting.delete(id);
      });
      line.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
    }),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  return {
    apiUrl,
    posted: () => [...posted],
    member: (account, change) => void members.set(account, change),
    calls: () => [...calls],
    plan: (method, reply) => void planned.push({ method, reply }),
    envelope: async (type, payload) => {
      envelopes += 1;
      const id = `e-${envelopes}`;
      const acknowledged = new Promise<void>((done) => waiting.set(id, done));
      const [line] = sockets;
      if (line === undefined) throw new Error('no app is connected');
      line.send(JSON.stringify({ type, envelope_id: id, payload, accepts_response_payload: true }));
      await acknowledged;
    },
    linked: () => linked,
    lines: () => sockets.size,
    drop: (how) => {
      for (const line of sockets) {
        if (how === 'with a word') line.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
        else line.terminate();
      }
    },
    close: async () => {
      for (const line of sockets) line.terminate();
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
};

/** What Slack sends when the button of a message is pressed. */
export function pressOf(user: string, channel: string, action: Json, more: Json = {}): Json {
  pressed += 1;
  return {
    type: 'block_actions',
    trigger_id: `t-${pressed}`,
    user: { id: user, team_id: TEAM, username: 'whoever' },
    team: { id: TEAM },
    channel: { id: channel },
    actions: [{ ...action, action_ts: `${Math.floor(Date.now() / 1000)}.${pressed}` }],
    ...more,
  };
}
let pressed = 0;

/** What Slack sends for `/blastgate TEXT`. */
export function commandOf(user: string, channel: string, text: string, team = TEAM): Record<string, string> {
  pressed += 1;
  return {
    command: '/blastgate',
    text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    user_id: user,
    user_name: 'whoever',
    team_id: team,
    channel_id: channel,
    trigger_id: `t-${pressed}`,
  };
}

/** The headers and the body of a signed request; `at` in seconds since the epoch. */
export function signedRequest(
  form: Record<string, string>,
  at: number,
  secret = SIGNING_SECRET,
): { readonly headers: Record<string, string>; readonly body: string } {
  const body = new URLSearchParams(form).toString();
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
  return {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-signature': signature,
      'x-slack-request-timestamp': `${at}`,
    },
    body,
  };
}
