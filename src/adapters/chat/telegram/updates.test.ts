// Shows how updates are told apart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readUpdate, readUpdates } from './updates.ts';

const CHATS = new Set(['-1001']);
const ANA = { id: 1001, is_bot: false, first_name: 'Ana' };
const MESSAGE = {
  message_id: 1,
  date: 1_763_812_800,
  chat: { id: -1001, type: 'supergroup' },
  from: ANA,
  text: '/pending',
};
const read = (update: object) => {
  const found = readUpdate({ update_id: 7, ...update }, CHATS);
  assert.ok(found !== null);
  return found;
};

test('only a fresh word of a person in a configured chat is a message', () => {
  const cases: readonly (readonly [nature: string, update: object])[] = [
    ['message', { message: MESSAGE }],
    ['message', { message: { ...MESSAGE, reply_to_message: MESSAGE, is_topic_message: true } }],
    ['edited', { edited_message: { ...MESSAGE, edit_date: 1_763_812_900 } }],
    ['edited', { message: { ...MESSAGE, edit_date: 1_763_812_900 } }],
    ['forwarded', { message: { ...MESSAGE, forward_origin: { type: 'hidden_user', sender_user_name: 'x', date: 1 } } }],
    ...['forward_date', 'forward_from', 'forward_from_chat', 'forward_from_message_id', 'forward_sender_name'].map(
      (mark) => ['forwarded', { message: { ...MESSAGE, [mark]: 1 } }] as const,
    ),
    ['forwarded', { message: { ...MESSAGE, forward_signature: null } }],
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
    ...[9e15, 1e300, -1, 1.5, '1', 253_402_300_800, null].map(
      (date) => ['other-chat', { message: { ...MESSAGE, date } }] as const,
    ),
    ['other-chat', { edited_message: { ...MESSAGE, edit_date: 9e15 } }],
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
    fc.property(
      fc.oneof(fc.object(), fc.record({ date: fc.double(), chat: fc.constant(MESSAGE.chat) })),
      fc.constantFrom('message', 'edited_message', 'channel_post'),
      (content, kind) => {
        assert.equal(read({ [kind]: content }).id, 7);
      },
    ),
  );
});

test('of a list, each is read by itself: one without an id that counts is left out, the others are heard in order', () => {
  const good = (update_id: number) => ({ update_id, message: MESSAGE });
  const bad = [null, 7, 'x', [], {}, ...[1.5, -1, '8', 1e300, 2 ** 31, null].map((update_id) => ({ update_id }))];
  for (const one of bad) {
    const heard = readUpdates([one, good(9), { update_id: 8, message: { ...MESSAGE, date: 9e15 } }], CHATS);
    assert.deepEqual(
      heard?.map(({ id, nature }) => [id, nature]),
      [
        [8, 'other-chat'],
        [9, 'message'],
      ],
      JSON.stringify(one),
    );
    // Nothing would move the cursor on: it is trouble, which waits, and not an empty poll, which does not.
    assert.equal(readUpdates([one], CHATS), null);
  }
  assert.deepEqual(readUpdates([], CHATS), []);
  for (const none of [null, {}, 'x', 7]) assert.equal(readUpdates(none, CHATS), null);
});
