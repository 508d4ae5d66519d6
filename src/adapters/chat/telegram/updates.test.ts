// Shows how updates are told apart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readUpdate, updateList } from './updates.ts';

const CHATS = new Set(['-1001']);
const ANA = { id: 1001, is_bot: false, first_name: 'Ana' };
const MESSAGE = {
  message_id: 1,
  date: 1_763_812_800,
  chat: { id: -1001, type: 'supergroup' },
  from: ANA,
  text: '/pending',
};
const read = (update: object) =>
  readUpdate(updateList.parse([{ update_id: 7, ...update }])[0] ?? { update_id: 0 }, CHATS);

test('only a fresh word of a person in a configured chat is a message', () => {
  const cases: readonly (readonly [nature: string, update: object])[] = [
    ['message', { message: MESSAGE }],
    ['message', { message: { ...MESSAGE, reply_to_message: MESSAGE, is_topic_message: true } }],
    ['edited', { edited_message: { ...MESSAGE, edit_date: 1_763_812_900 } }],
    ['edited', { message: { ...MESSAGE, edit_date: 1_763_812_900 } }],
    ['forwarded', { message: { ...MESSAGE, forward_origin: { type: 'hidden_user', sender_user_name: 'x', date: 1 } } }],
    ['forwarded', { message: { ...MESSAGE, forward_date: 1 } }],
    ['forwarded', { message: { ...MESSAGE, is_automatic_forward: true } }],
    ['anonymous', { message: { ...MESSAGE, sender_chat: { id: -1001 } } }],
    ['anonymous', { message: { ...MESSAGE, from: { id: 1087968824, is_bot: true }, sender_chat: { id: -1001 } } }],
    ['anonymous', { message: { ...MESSAGE, from: { id: 136817688, is_bot: true }, sender_chat: { id: -2002 } } }],
    ['anonymous', { message: { ...MESSAGE, from: undefined } }],
    ['anonymous', { channel_post: { ...MESSAGE, from: undefined } }],
    ['anonymous', { channel_post: MESSAGE }],
    ['bot', { message: { ...MESSAGE, from: { ...ANA, is_bot: true } } }],
    ['bot', { message: { ...MESSAGE, via_bot: { id: 9, is_bot: true } } }],
    ['bot', { message: { ...MESSAGE, sender_business_bot: { id: 9, is_bot: true } } }],
    ['bot', { message: { ...MESSAGE, is_from_offline: true } }],
    ['other-chat', { message: { ...MESSAGE, chat: { id: 1001, type: 'private' } } }],
    ['other-chat', { message: { ...MESSAGE, chat: { id: -10011 } } }],
    ['other-chat', { my_chat_member: {} }],
    ['other-chat', {}],
    ['other-chat', { message: { text: '/approve INC-1' } }],
    ['other-chat', { message: null }],
    ['other-chat', { message: { ...MESSAGE, from: { id: '1001', is_bot: false } } }],
    ['other-chat', { message: { ...MESSAGE, from: { id: 1001 } } }],
  ];
  for (const [nature, update] of cases) assert.equal(read(update).nature, nature, JSON.stringify(update));
});

test('an anonymous message names nobody, whoever it claims to be from', () => {
  assert.equal(read({ message: { ...MESSAGE, sender_chat: { id: -1001 } } }).from, null);
});

test('a message without text, such as a picture, still counts as heard', () => {
  const { text, id } = read({ message: { ...MESSAGE, text: undefined, caption: '/approve INC-1' } });
  assert.deepEqual([text, id], ['', 7]);
});

test('whatever an update holds, it is read without an error and keeps its id', () => {
  fc.assert(
    fc.property(fc.object(), fc.constantFrom('message', 'edited_message', 'channel_post'), (content, kind) => {
      assert.equal(read({ [kind]: content }).id, 7);
    }),
  );
});
