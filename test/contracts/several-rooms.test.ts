// Several rooms of one chat, one of them in trouble: the others get everything once, and what can be set right is not given up.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { SlackChat } from '../../src/adapters/chat/slack/chat.ts';
import { TelegramChat } from '../../src/adapters/chat/telegram/chat.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { Chat } from '../../src/ports/chat.ts';
import { Secret } from '../../src/ports/secret.ts';

interface Call {
  readonly method: string;
  readonly room: string;
  readonly offset: unknown;
}

/** Answers as both services do; `sick` is the room that refuses. Every call is kept. */
const startPeer = async (sick: string | null) => {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      const body = JSON.parse(text === '' ? '{}' : text) as { readonly [key: string]: unknown };
      const given = body['channel'] ?? body['chat_id'];
      const room = typeof given === 'string' || typeof given === 'number' ? `${given}` : '';
      calls.push({ method: (request.url ?? '').split('/').at(-1) ?? '', room, offset: body['offset'] });
      const isSlack = request.url?.startsWith('/api/') === true;
      const bad = isSlack
        ? { ok: false, error: 'is_archived' }
        : { ok: false, error_code: 403, description: 'Forbidden: bot was kicked from the group chat' };
      const good = { ok: true, channel: room, ts: '1.1', result: { message_id: 7 } };
      response.writeHead(room === sick && !isSlack ? 403 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(room === sick ? bad : good));
    })().catch(() => request.socket.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, close };
};

const never = new AbortController().signal;
const CARD = { text: 'card', buttons: { proposal: 'p-1', digits: '0123456789ab', approve: 'Yes', reject: 'No' } };

interface Row {
  readonly what: string;
  readonly rooms: readonly [sick: string, well: string];
  readonly post: string;
  readonly edit: string;
  open(url: string, rooms: readonly string[]): Chat;
}
const ROWS: readonly Row[] = [
  {
    what: 'Slack',
    rooms: ['C01AAA', 'C02BBB'],
    post: 'chat.postMessage',
    edit: 'chat.update',
    open: (url, chats) =>
      new SlackChat({
        apiUrl: `${url}/api`,
        token: new Secret('xoxb-1'),
        chats,
        hears: { kind: 'http', signingSecret: new Secret('s') },
      }),
  },
  {
    what: 'Telegram',
    rooms: ['-1', '-2'],
    post: 'sendMessage',
    edit: 'editMessageText',
    open: (url, chats) => new TelegramChat({ apiRoot: url, token: new Secret('1:A'), chats }),
  },
];

for (const row of ROWS) {
  const { what, rooms, post, edit } = row;
  const [sick, well] = rooms;
  const refused = (error: unknown): boolean => error instanceof AdapterError && error.status === 403;

  test(`${what}: a card that one room refuses is posted once in the room before it`, async () => {
    const peer = await startPeer(sick);
    const chat = row.open(peer.url, [well, sick]);
    for (const _ of [1, 2, 3]) await assert.rejects(chat.post(CARD, never), refused);
    assert.equal(peer.calls.filter(({ method, room }) => method === post && room === well).length, 1);
    peer.close();
  });

  test(`${what}: a card that one room does not let be edited is edited in the room behind it`, async () => {
    const peer = await startPeer(sick);
    const over = { text: 'over', buttons: null };
    await assert.rejects(row.open(peer.url, rooms).edit({ [sick]: '1', [well]: '1' }, over, never), refused);
    assert.equal(peer.calls.filter(({ method, room }) => method === edit && room === well).length, 1);
    peer.close();
  });
}

test('Telegram is asked for nothing beyond its own numbers after a time by webhook', async () => {
  const peer = await startPeer(null);
  const chat = new TelegramChat({ apiRoot: peer.url, token: new Secret('1:A'), chats: ['-1'], pollSeconds: 1 });
  await assert.rejects(chat.receive(Date.now(), never), AdapterError);
  await assert.rejects(chat.receive(5, never), AdapterError);
  assert.deepEqual(
    peer.calls.map(({ offset }) => offset),
    [undefined, 5],
  );
  peer.close();
});
