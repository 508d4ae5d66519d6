// Attacks and faults of Telegram: what the adapter says, what it never says, and who is told nevertheless.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { AdapterError, type AdapterErrorKind } from '../../../ports/adapter-error.ts';
import { Secret } from '../../../ports/secret.ts';
import type { ChatFault } from '../../../sandbox/chat/faults.ts';
import { type SandboxChat, startSandboxChat } from '../../../sandbox/chat/start.ts';
import { TelegramChat } from './chat.ts';

const TOKEN = '987654:AAsecret-secret_secret';
const CHATS = [-1001, -1002, -1003];
const ANA = { id: 1001, name: 'Ana' };

let sandbox: SandboxChat;
const chatAt = (change: Partial<ConstructorParameters<typeof TelegramChat>[0]> = {}): TelegramChat =>
  new TelegramChat({
    apiRoot: sandbox.apiRoot,
    token: new Secret(TOKEN),
    chats: CHATS.map(String),
    pollSeconds: 5,
    ...change,
  });
const signal = AbortSignal.timeout(60_000);

const troubleOf = async (call: Promise<unknown>): Promise<AdapterError> => {
  try {
    await call;
  } catch (thrown) {
    assert.ok(thrown instanceof AdapterError, inspect(thrown));
    assert.ok(
      !`${thrown.stack} ${inspect(thrown, { depth: 9 })} ${JSON.stringify(thrown)}`.includes('secret'),
      'the token was told',
    );
    return thrown;
  }
  assert.fail('there was no trouble');
};
const saidIn = (chat: number): readonly string[] =>
  sandbox
    .said()
    .filter((message) => message.chat === chat)
    .map(({ text }) => text);

beforeEach(async () => {
  sandbox = await startSandboxChat({ token: TOKEN, chats: CHATS });
});
afterEach(() => sandbox.close());

describe('Telegram says no', () => {
  const STATUSES: readonly (readonly [status: number, description: string, heard: AdapterErrorKind, says: RegExp])[] = [
    [400, 'Bad Request: chat not found', 'refused', /Add the bot to this chat/],
    [401, 'Unauthorized', 'refused', /TELEGRAM_BOT_TOKEN/],
    [403, 'Forbidden: bot was kicked from the supergroup chat', 'refused', /Let the bot into the chat again/],
    [404, 'Not Found', 'refused', /TELEGRAM_BOT_TOKEN/],
    [409, "Conflict: can't use getUpdates method while webhook is active", 'refused', /deleteWebhook/],
    [409, 'Conflict: terminated by other getUpdates request', 'refused', /Another program polls this bot/],
    [500, 'Internal Server Error', 'invalid-answer', /500/],
    [502, `Bad Gateway ${TOKEN}`, 'invalid-answer', /502/],
  ];
  for (const method of ['getMe', 'getUpdates', 'sendMessage'] as const) {
    for (const [status, description, heard, says] of STATUSES) {
      test(`${status} to ${method}: ${description.slice(0, 60).replace(TOKEN, '…')}`, async () => {
        const chat = chatAt({ chats: ['-1001'] });
        sandbox.plan({ method, times: 1, how: { kind: 'status', status, description } });
        const calls = {
          getMe: () => chat.readName(signal),
          getUpdates: () => chat.receive(null, signal),
          sendMessage: () => chat.send('x', signal),
        };
        const trouble = await troubleOf(calls[method]());
        assert.equal(trouble.kind, heard);
        assert.equal(trouble.status, status);
        assert.match(trouble.message, says);
      });
    }
  }

  test('too many requests names the pause', async () => {
    sandbox.plan({ method: 'getUpdates', times: 1, how: { kind: 'too-many', retryAfter: 17 } });
    const { kind, status, retryAfterSeconds } = await troubleOf(chatAt().receive(null, signal));
    assert.deepEqual({ kind, status, retryAfterSeconds }, { kind: 'refused', status: 429, retryAfterSeconds: 17 });
  });

  test('a group that became another chat is told with its new id', async () => {
    const parameters = { migrate_to_chat_id: -1009 };
    const description = 'Bad Request: group chat was upgraded to a supergroup chat';
    sandbox.plan({ method: 'sendMessage', times: 1, how: { kind: 'status', status: 400, description, parameters } });
    const trouble = await troubleOf(chatAt({ chats: ['-1001'] }).send('x', signal));
    assert.match(trouble.message, /TELEGRAM_CHAT_ID to -1009/);
  });

  test('a new id that is no number, and a pause that is none, are not believed', async () => {
    for (const parameters of [{ migrate_to_chat_id: '\u001b[2J', retry_after: -5 }, { retry_after: 'x' }, 'x', null]) {
      const how = { kind: 'status', status: 429, description: 'no', parameters: parameters as never } as const;
      sandbox.plan({ method: 'sendMessage', times: 1, how });
      const trouble = await troubleOf(chatAt({ chats: ['-1001'] }).send('x', signal));
      assert.deepEqual([trouble.status, trouble.retryAfterSeconds], [429, null]);
      assert.doesNotMatch(trouble.message, /TELEGRAM_CHAT_ID to/);
    }
  });

  test('a wrong token is refused with what to set right', async () => {
    const chat = chatAt({ token: new Secret('1:wrong') });
    assert.match((await troubleOf(chat.readName(signal))).message, /401.*TELEGRAM_BOT_TOKEN/);
  });
});

describe('Telegram says nothing, or garbage', () => {
  const FAULTS: readonly (readonly [how: ChatFault['how'], heard: AdapterErrorKind, says: RegExp])[] = [
    [{ kind: 'html' }, 'invalid-answer', /cannot be read \(invalid-json\).*TELEGRAM_API_ROOT/],
    [{ kind: 'other-json' }, 'invalid-answer', /TELEGRAM_API_ROOT/],
    [{ kind: 'drop', done: 'no' }, 'no-answer', /did not answer.*getUpdates|getMe/],
  ];
  for (const [how, heard, says] of FAULTS) {
    test(how.kind, async () => {
      for (const method of ['getUpdates', 'getMe'] as const) {
        sandbox.plan({ method, times: 1, how });
        const chat = chatAt();
        const trouble = await troubleOf(method === 'getMe' ? chat.readName(signal) : chat.receive(null, signal));
        assert.equal(trouble.kind, heard);
        assert.match(trouble.message, says);
      }
    });
  }

  test('a hang ends with the time that the caller gives', async () => {
    sandbox.plan({ method: 'sendMessage', times: 9, how: { kind: 'hang' } });
    const trouble = await troubleOf(chatAt().send('x', AbortSignal.timeout(50)));
    assert.equal(trouble.kind, 'no-answer');
    assert.match(trouble.message, /no answer to sendMessage in time/);
  });

  test('a Telegram that is not there was not heard', async () => {
    await sandbox.close();
    const trouble = await troubleOf(chatAt().receive(null, signal));
    assert.equal(trouble.kind, 'no-answer');
    assert.match(trouble.message, /ECONNREFUSED/);
  });

  test('a redirect is not followed: the token goes nowhere else', async () => {
    let visits = 0;
    const trap = createServer((_, response) => {
      visits += 1;
      response.end('{"ok":true,"result":[]}');
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const { port } = trap.address() as AddressInfo;
    sandbox.plan({ method: 'getUpdates', times: 1, how: { kind: 'redirect', to: `http://127.0.0.1:${port}/` } });
    assert.equal((await troubleOf(chatAt().receive(null, signal))).kind, 'invalid-answer');
    assert.equal(visits, 0);
    await new Promise((resolve) => trap.close(resolve));
  });
});

describe('several chats', () => {
  test('one that fails keeps nobody else from being told, and is named', async () => {
    const failures: readonly ChatFault['how'][] = [
      { kind: 'status', status: 403, description: 'Forbidden: bot was kicked' },
      { kind: 'hang' },
      { kind: 'drop', done: 'no' },
    ];
    for (const [round, how] of failures.entries()) {
      sandbox.plan({ method: 'sendMessage', chat: -1001, times: 1, how });
      const trouble = await troubleOf(chatAt().send(`news ${round}`, AbortSignal.timeout(200)));
      assert.match(trouble.message, /^Chat -1001: /);
      assert.doesNotMatch(trouble.message, /-1002|-1003/);
      for (const chat of [-1002, -1003]) assert.equal(saidIn(chat).at(-1), `news ${round}`);
    }
  });

  test('a repeated send goes only where it has not arrived', async () => {
    const chat = chatAt();
    sandbox.plan({ method: 'sendMessage', chat: -1002, times: 2, how: { kind: 'too-many', retryAfter: 5 } });
    sandbox.plan({ method: 'sendMessage', chat: -1003, times: 1, how: { kind: 'too-many', retryAfter: 9 } });
    const { status, retryAfterSeconds } = await troubleOf(chat.send('news', signal));
    assert.deepEqual([status, retryAfterSeconds], [429, 9]);
    await troubleOf(chat.send('news', signal));
    await chat.send('news', signal);
    for (const one of CHATS) assert.deepEqual(saidIn(one), ['news']);
    await chat.send('news', signal);
    for (const one of CHATS) assert.deepEqual(saidIn(one), ['news', 'news']);
  });

  test('a long text arrives in order in parts that fit, and a repeated send goes on at the part that failed', async () => {
    const chat = chatAt({ chats: ['-1001'] });
    const lines = Array.from({ length: 900 }, (_, at) => `line ${at}`).join('\n');
    const stop = sandbox.said().length;
    sandbox.plan({ method: 'sendMessage', times: 1, how: { kind: 'too-many', retryAfter: 1 } });
    await troubleOf(chat.send(lines, signal));
    assert.equal(sandbox.said().length, stop);
    await chat.send(lines, signal);
    assert.equal(saidIn(-1001).join('\n'), lines);
    assert.ok(saidIn(-1001).length > 1);
  });
});

test('a second poller is told who else polls', async () => {
  const first = troubleOf(chatAt().receive(null, signal));
  while (sandbox.polls() === 0) await new Promise((resolve) => setImmediate(resolve));
  const second = chatAt().receive(null, signal);
  const trouble = await first;
  assert.equal(trouble.status, 409);
  assert.match(trouble.message, /a second gate, or another service with the same token/);
  sandbox.say({ from: ANA, text: '/pending' });
  assert.equal((await second).length, 1);
});

test('one update that cannot be read does not hide the others', async () => {
  sandbox.push({ message: { date: 'yesterday' } });
  sandbox.say({ from: ANA, text: '/pending' });
  const updates = await chatAt().receive(null, signal);
  assert.deepEqual(
    updates.map(({ nature, text }) => [nature, text]),
    [
      ['other-chat', ''],
      ['message', '/pending'],
    ],
  );
});

test('wrong settings are named', () => {
  const wrong: readonly (readonly [change: Parameters<typeof chatAt>[0], says: RegExp])[] = [
    [{ token: new Secret('') }, /TELEGRAM_BOT_TOKEN/],
    [{ token: new Secret('two words') }, /TELEGRAM_BOT_TOKEN/],
    [{ token: new Secret('1:a?x=') }, /TELEGRAM_BOT_TOKEN/],
    [{ chats: ['-10012345678901234567'] }, /TELEGRAM_CHAT_ID/],
    [{ token: new Secret('1:a/../x') }, /TELEGRAM_BOT_TOKEN/],
    [{ chats: [] }, /TELEGRAM_CHAT_ID/],
    [{ chats: ['@ops'] }, /TELEGRAM_CHAT_ID.*"@ops"/],
    [{ apiRoot: 'http://telegram.example' }, /TELEGRAM_API_ROOT must begin with https/],
  ];
  for (const [change, says] of wrong) assert.throws(() => chatAt(change), says);
});
