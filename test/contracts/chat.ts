// What every chat must do, whichever adapter stands behind the port.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { Chat, ChatUpdate } from '../../src/ports/chat.ts';

export interface ChatUnderTest {
  readonly chat: Chat;
  /** The configured chats, two of them. */
  readonly chats: readonly [string, string];
  readonly elsewhere: string;
  /** Somebody writes so; `at` in seconds since the epoch. */
  readonly write: (from: number, text: string, how: ChatUpdate['nature'], chat: string, at: number) => void;
  readonly said: () => readonly { readonly chat: string; readonly text: string }[];
  readonly stop: () => Promise<void>;
}

const NOON = Date.UTC(2026, 10, 22, 12) / 1000;

export const chatContract = (name: string, start: () => Promise<ChatUnderTest>): void => {
  describe(`chat contract: ${name}`, () => {
    let under: ChatUnderTest;
    before(async () => {
      under = await start();
    });
    after(() => under?.stop());
    const signal = AbortSignal.timeout(60_000);
    let offset: number | null = null;
    const receive = async (): Promise<readonly ChatUpdate[]> => {
      const updates = await under.chat.receive(offset, signal);
      offset = (updates.at(-1)?.id ?? 0) + 1;
      return updates;
    };

    test('it says by which name people address it', async () => {
      assert.match(await under.chat.readName(signal), /^\w+$/);
    });

    test('what is sent arrives in every chat exactly as written, an answer only where it belongs', async () => {
      const [a, b] = under.chats;
      const text = '⏳ INC-1 <b>waits</b> *for* `two` & [x](y)\n\nAnswer /approve INC-1 高風險';
      await under.chat.send(text, signal);
      await under.chat.answer(b, 'only here', null, signal);
      const said = under.said().slice(-3);
      assert.deepEqual(
        said.map(({ chat, text: heard }) => `${chat} ${heard}`).sort(),
        [`${a} ${text}`, `${b} ${text}`, `${b} only here`].sort(),
      );
    });

    test('another chat is refused', async () => {
      await assert.rejects(
        under.chat.answer(under.elsewhere, 'x', null, signal),
        (error) => error instanceof AdapterError && error.kind === 'refused' && error.status === 400,
      );
    });

    test('messages come in order with who, where, when and what', async () => {
      const [a, b] = under.chats;
      under.write(1001, '/approve INC-1', 'message', a, NOON);
      under.write(1002, '/pending', 'message', b, NOON + 1);
      const [first, second, ...more] = await receive();
      assert.deepEqual(more, []);
      assert.ok(first !== undefined && second !== undefined && first.id < second.id);
      const { id: _, ...heard } = first;
      assert.deepEqual(heard, {
        at: '2026-11-22T12:00:00.000Z',
        chat: a,
        from: '1001',
        nature: 'message',
        text: '/approve INC-1',
      });
      assert.deepEqual([second.chat, second.from, second.text], [b, '1002', '/pending']);
    });

    test('an update comes again until a later offset confirms it', async () => {
      under.write(1001, '/status INC-1', 'message', under.chats[0], NOON);
      const once = await under.chat.receive(offset, signal);
      assert.deepEqual(await under.chat.receive(offset, signal), once);
      assert.equal(once.length, 1);
      offset = (once[0]?.id ?? 0) + 1;
      under.write(1001, '/pending', 'message', under.chats[0], NOON);
      const next = await receive();
      assert.deepEqual(
        next.map(({ text }) => text),
        ['/pending'],
      );
    });

    test('what is not a fresh word of a person in a configured chat is told apart', async () => {
      const [home] = under.chats;
      const natures: readonly ChatUpdate['nature'][] = ['edited', 'forwarded', 'anonymous', 'bot', 'other-chat'];
      for (const nature of natures)
        under.write(1001, '/approve INC-1', nature, nature === 'other-chat' ? under.elsewhere : home, NOON);
      const updates = await receive();
      assert.deepEqual(
        updates.map(({ nature }) => nature),
        natures,
      );
      assert.equal(updates.find(({ nature }) => nature === 'anonymous')?.from, null);
    });

    test('a waiting poll hears a message as soon as it is written', async () => {
      const waiting = receive();
      under.write(1002, 'hello', 'message', under.chats[0], NOON);
      assert.deepEqual(
        (await waiting).map(({ text }) => text),
        ['hello'],
      );
    });

    test('a stopped poll and a stopped send have heard nothing', async () => {
      const stop = new AbortController();
      const waiting = under.chat.receive(offset, stop.signal);
      stop.abort();
      const nothing = (error: unknown): boolean => error instanceof AdapterError && error.kind === 'no-answer';
      await assert.rejects(waiting, nothing);
      await assert.rejects(under.chat.send('x', AbortSignal.abort()), nothing);
    });
  });
};
