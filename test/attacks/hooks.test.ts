// What anybody may send to /hooks, over the real HTTP door: forged, replayed, too large, too slow, too often. Nothing of it is
// believed, and none of it takes anything from whoever is genuine.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { SlackChat } from '../../src/adapters/chat/slack/chat.ts';
import { telegramHook } from '../../src/adapters/chat/telegram/hook.ts';
import { httpApp } from '../../src/doors/http/app.ts';
import { type ListeningServer, listen } from '../../src/doors/http/listen.ts';
import { openForgeHook } from '../../src/doors/open-forge.ts';
import type { ChatUpdate } from '../../src/ports/chat.ts';
import { Secret } from '../../src/ports/secret.ts';
import { BOT_TOKEN, type FakeSlack, pressOf, SIGNING_SECRET, signedRequest, startFakeSlack } from '../fakes/slack.ts';
import { setStage } from '../support/memory-gate.ts';

const LIMITS = { bodyBytes: 64 * 1024, bodyMs: 300, proven: 8, refused: 5 };
const APPROVE = { action_id: 'approve', value: JSON.stringify({ proposal: 'p-1', digits: '0123456789ab' }) };
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

describe('hooks', () => {
  const stage = setStage();
  let slack: FakeSlack;
  let server: ListeningServer;
  let chat: SlackChat;
  let woken = 0;
  const heard: ChatUpdate[] = [];
  const ended = new AbortController();
  const telegram = telegramHook(
    { url: 'https://gate.example/hooks/telegram', secret: new Secret('telegram-secret') },
    new Set(['-1']),
    200,
  );

  before(async () => {
    slack = await startFakeSlack(['C01AAA']);
    chat = new SlackChat({
      apiUrl: slack.apiUrl,
      token: new Secret(BOT_TOKEN),
      chats: ['C01AAA'],
      hears: { kind: 'http', signingSecret: new Secret(SIGNING_SECRET) },
      pollSeconds: 1,
    });
    await chat.readName(stage.never);
    const forge = openForgeHook('gitea', new Secret('forge-secret'), () => {
      woken += 1;
    });
    const { hook } = chat;
    assert.ok(hook !== undefined);
    const app = httpApp(stage.gate, {
      version: '1',
      ready: async () => ({ ok: true }),
      metrics: async () => '',
      streams: { perToken: 5, inAll: 5 },
      ending: stage.never,
      hooks: [hook, telegram.source, forge],
      hookLimits: LIMITS,
    });
    server = await listen(app, { host: '127.0.0.1', port: 0 });
    void (async () => {
      let offset: number | null = null;
      while (!ended.signal.aborted) {
        const updates: readonly ChatUpdate[] = await chat.receive(offset, ended.signal).catch(() => []);
        heard.push(...updates);
        offset = (updates.at(-1)?.id ?? (offset ?? 1) - 1) + 1;
      }
    })();
  });
  after(async () => {
    ended.abort();
    server.server.closeAllConnections();
    server.server.close();
    await slack.close();
  });

  const post = async (path: string, headers: Record<string, string>, body: string): Promise<Response> => {
    const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers, body });
    return new Response(await answer.text(), { status: answer.status, headers: answer.headers });
  };
  /** Beyond the minute of the limits. */
  const nextMinute = (): void => stage.clock.pass(61);
  const press = (more: object = {}) => ({ payload: JSON.stringify(pressOf('U01ANA', 'C01AAA', APPROVE, { ...more })) });

  test('a replay within five minutes is heard once, one with changed words not at all', async () => {
    const sent = signedRequest(press(), nowSeconds());
    for (const _ of [1, 2, 3]) assert.equal((await post('/hooks/slack', sent.headers, sent.body)).status, 200);
    assert.equal(heard.length, 1);
    const other = new URLSearchParams(press({ user: { id: 'U02BEN', team_id: 'T01HOME' } })).toString();
    assert.equal((await post('/hooks/slack', sent.headers, other)).status, 401);
    const old = signedRequest(press(), nowSeconds() - 301);
    assert.equal((await post('/hooks/slack', old.headers, old.body)).status, 401);
    assert.equal(heard.length, 1);
    nextMinute();
  });

  test('forgers are soon not even noted, and whoever is genuine is heard all the while', async () => {
    const before = heard.length;
    const noted = () => stage.log.lines.filter(({ event }) => event === 'hook_refused').length;
    const earlier = noted();
    const forged = signedRequest(press(), nowSeconds(), 'another secret');
    const said: number[] = [];
    for (let n = 0; n < 20; n += 1) said.push((await post('/hooks/slack', forged.headers, forged.body)).status);
    assert.deepEqual(said, [
      ...Array<number>(LIMITS.refused).fill(401),
      ...Array<number>(20 - LIMITS.refused).fill(429),
    ]);
    assert.equal(noted() - earlier, LIMITS.refused);
    const genuine = signedRequest(press(), nowSeconds());
    assert.equal((await post('/hooks/slack', genuine.headers, genuine.body)).status, 200);
    assert.equal(heard.length, before + 1);
    nextMinute();
  });

  test('who proved to be genuine waits beyond the limit, and hears for how long', async () => {
    const headers = { 'x-gitea-signature': '', 'content-type': 'application/json' };
    const { createHmac } = await import('node:crypto');
    headers['x-gitea-signature'] = createHmac('sha256', 'forge-secret').update('{}').digest('hex');
    const said: Response[] = [];
    for (let n = 0; n <= LIMITS.proven; n += 1) said.push(await post('/hooks/gitea', headers, '{}'));
    assert.deepEqual(
      said.map(({ status }) => status),
      [...Array<number>(LIMITS.proven).fill(204), 429],
    );
    assert.match(said.at(-1)?.headers.get('retry-after') ?? '', /^\d+$/);
    assert.equal(woken, LIMITS.proven);
    nextMinute();
  });

  test('Telegram hears 503 of what nobody has handled yet, and yes once it is', async () => {
    const headers = { 'x-telegram-bot-api-secret-token': 'telegram-secret', 'content-type': 'application/json' };
    const body = JSON.stringify({
      update_id: 7,
      message: {
        message_id: 1,
        date: nowSeconds(),
        chat: { id: -1 },
        from: { id: 1, is_bot: false },
        text: '/pending',
      },
    });
    const first = await post('/hooks/telegram', headers, body);
    assert.deepEqual([first.status, first.headers.get('retry-after')], [503, '5']);
    const [update, ...more] = await telegram.heard(null, 0, stage.never);
    assert.deepEqual([update?.text, more], ['/pending', []]);
    assert.equal((await post('/hooks/telegram', headers, body)).status, 503);
    await telegram.heard((update?.id ?? 0) + 1, 0, stage.never);
    assert.equal((await post('/hooks/telegram', headers, body)).status, 204);
    assert.equal(
      (await post('/hooks/telegram', { ...headers, 'x-telegram-bot-api-secret-token': 'x' }, body)).status,
      401,
    );
    nextMinute();
  });

  test('what is larger than a delivery is refused, with a length and without', async () => {
    for (const path of ['/hooks/slack', '/hooks/telegram', '/hooks/gitea'])
      assert.equal((await post(path, {}, 'x'.repeat(LIMITS.bodyBytes + 1))).status, 413);
    const chunked = new ReadableStream<Uint8Array>({
      pull: (stream) => stream.enqueue(new Uint8Array(LIMITS.bodyBytes / 4)),
    });
    const init = { method: 'POST', body: chunked, duplex: 'half' } as RequestInit;
    const status = await fetch(`${server.url}/hooks/slack`, init).then(
      (answer) => answer.status,
      // Cut off while it was still sending.
      () => 413,
    );
    assert.equal(status, 413);
  });

  for (const [what, head, body] of [
    ['chunks', 'Transfer-Encoding: chunked', '1\r\nx\r\n'],
    ['bytes', 'Content-Length: 5000', 'x'],
  ] as const)
    test(`a body that comes in single ${what} for ever is cut off`, async () => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      let said = '';
      let closed = false;
      socket.on('data', (data: Buffer) => {
        said += data.toString('latin1');
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        closed = true;
      });
      socket.write(`POST /hooks/slack HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`);
      for (let n = 0; n < 2000 && !closed; n += 1) {
        if (socket.writable) socket.write(body);
        await pause(20);
      }
      assert.equal(closed, true, 'the line is still open');
      assert.match(said, /^HTTP\/1\.1 400 /);
    });

  test('nothing else below /hooks is served', async () => {
    assert.equal((await post('/hooks/other', {}, '{}')).status, 404);
    assert.equal((await fetch(`${server.url}/hooks/slack`)).status, 405);
  });
});
