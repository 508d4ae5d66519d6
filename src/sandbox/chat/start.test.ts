// What the sandbox Telegram refuses, as the real one does, and how people write in it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type SandboxChat, startSandboxChat } from './start.ts';

describe('the sandbox Telegram', () => {
  let chat: SandboxChat;
  before(async () => {
    chat = await startSandboxChat({ chats: [-1001, -1002] });
  });
  after(() => chat.close());

  const call = async (method: string, body: object, token = chat.token) => {
    const response = await fetch(`${chat.apiRoot}/bot${token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    assert.ok(typeof answer === 'object' && answer !== null);
    return { status: response.status, ...answer } as {
      status: number;
      ok: boolean;
      description?: string;
      result?: unknown;
    };
  };
  const idsOf = async (body: object): Promise<readonly number[]> => {
    const { result } = await call('getUpdates', body);
    assert.ok(Array.isArray(result));
    return result.map(({ update_id }) => update_id);
  };

  test('refuses what the Bot API refuses', async () => {
    const cases: readonly (readonly [method: string, body: object, status: number, says: RegExp])[] = [
      ['sendMessage', { chat_id: -1001, text: 'x'.repeat(4097) }, 400, /message is too long/],
      ['sendMessage', { chat_id: -1001, text: ' \n ' }, 400, /message text is empty/],
      ['sendMessage', { chat_id: -1001 }, 400, /message text is empty/],
      ['sendMessage', { chat_id: 5, text: 'x' }, 400, /chat not found/],
      ['sendMessage', { text: 'x' }, 400, /chat_id is empty/],
      ['sendMessage', { chat_id: -1001, text: '\ud800' }, 400, /UTF-8/],
      ['deleteEverything', {}, 404, /Not Found/],
    ];
    for (const [method, body, status, says] of cases) {
      const answer = await call(method, body);
      assert.deepEqual([answer.status, answer.ok], [status, false], JSON.stringify(body).slice(0, 80));
      assert.match(answer.description ?? '', says);
    }
    assert.equal((await call('getMe', {}, '1:wrong')).status, 401);
    assert.deepEqual(chat.said(), []);
    assert.equal((await call('sendMessage', { chat_id: '-1001', text: 'x'.repeat(4096) })).status, 200);
  });

  test('an offset confirms what is before it, for good; a negative one keeps the last', async () => {
    const from = { id: 1001, name: 'Ana' };
    const ids = ['a', 'b', 'c'].map((text) => chat.say({ from, text }));
    assert.deepEqual(await idsOf({}), ids);
    assert.deepEqual(await idsOf({ limit: 2 }), ids.slice(0, 2));
    assert.deepEqual(await idsOf({ offset: (ids[0] ?? 0) + 1 }), ids.slice(1));
    assert.deepEqual(await idsOf({}), ids.slice(1));
    assert.deepEqual(await idsOf({ offset: -1 }), ids.slice(2));
    assert.deepEqual(await idsOf({ offset: (ids[2] ?? 0) + 1 }), []);
  });

  test('people write over HTTP, and hear what the bot said', async () => {
    const say = (body: object) => fetch(`${chat.apiRoot}/sandbox/say`, { method: 'POST', body: JSON.stringify(body) });
    const said = await say({ from: 1002, text: '/pending', chat: -1002 });
    const { update_id } = (await said.json()) as { update_id: number };
    const { result } = await call('getUpdates', {});
    assert.deepEqual(
      (
        result as readonly {
          update_id: number;
          message: { text: string; from: { id: number }; chat: { id: number } };
        }[]
      ).map((update) => [update.update_id, update.message.text, update.message.from.id, update.message.chat.id]),
      [[update_id, '/pending', 1002, -1002]],
    );
    await call('sendMessage', { chat_id: -1002, text: 'nothing waits' });
    const heard = (await (await fetch(`${chat.apiRoot}/sandbox/said`)).json()) as readonly {
      chat: number;
      text: string;
    }[];
    assert.equal(heard.at(-1)?.text, 'nothing waits');
    assert.equal((await say({ text: 'nobody' })).status, 400);
    assert.equal((await fetch(`${chat.apiRoot}/sandbox/elsewhere`)).status, 404);
  });
});
