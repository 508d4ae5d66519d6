// Shows that an update is heard once, that nobody hears "handled" of one that was not, and that a flood loses none unsaid.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUpdateQueue, handledWithin } from './update-queue.ts';

const never = new AbortController().signal;
const update = (key: string) =>
  ({ key, at: '2026-11-27T00:00:00Z', chat: '-1', from: '1', nature: 'message', text: key }) as const;

test('one that comes again waits with the first, and both hear when it was handled', async () => {
  const queue = createUpdateQueue(100);
  const [first, again] = [queue.put(update('a')), queue.put(update('a'))];
  const heard = await queue.receive(null, 0, never);
  assert.deepEqual(
    heard.map(({ id, text }) => [id, text]),
    [[100, 'a']],
  );
  assert.equal(await handledWithin(again, 5), false, 'nobody has handled it');
  await queue.receive(101, 0, never);
  assert.deepEqual(await Promise.all([first, again, queue.put(update('a'))]), [true, true, true]);
  assert.deepEqual(await queue.receive(101, 0, never), []);
});

test('a flood drops the oldest, says so, and takes it in when it comes again', async () => {
  const queue = createUpdateQueue(0);
  const first = queue.put(update('first'));
  const others = Array.from({ length: 1000 }, (_, n) => queue.put(update(`other ${n}`)));
  assert.equal(await first, false);
  assert.equal((await queue.receive(null, 0, never)).length, 1000);
  const again = queue.put(update('first'));
  const heard = await queue.receive(null, 0, never);
  assert.equal(heard.at(-1)?.text, 'first');
  await queue.receive((heard.at(-1)?.id ?? 0) + 1, 0, never);
  assert.equal(await again, true);
  assert.equal((await Promise.all(others)).filter((handled) => !handled).length, 1, 'the next oldest made room');
});

test('however many have been handled, one that waits is not taken in twice', async () => {
  const queue = createUpdateQueue(0);
  for (let n = 0; n < 6000; n += 1) {
    void queue.put(update(`done ${n}`));
    if (n % 500 === 499) await queue.receive(n + 1, 0, never);
  }
  const waits = queue.put(update('waits'));
  assert.equal(queue.put(update('waits')), waits);
  assert.deepEqual(
    (await queue.receive(6000, 0, never)).map(({ text }) => text),
    ['waits'],
  );
});
