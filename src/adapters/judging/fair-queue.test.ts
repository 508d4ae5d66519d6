// Who is served when, who may wait, and what becomes of those who no longer want to.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createFairQueue } from './fair-queue.ts';

const never = new AbortController().signal;
const LIMITS = { perCaller: 3, inAll: 6 };

/** Work that ends when it is told to, and a diary of what began. */
const scene = (limits = LIMITS) => {
  const queue = createFairQueue(limits);
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (name: string, caller = name.charAt(0), signal = never): Promise<string | null> =>
    queue.run({ caller, signal }, async () => {
      begun.push(name);
      await new Promise<void>((done) => ends.push(done));
      return name;
    });
  /** Ends what runs, and lets what follows begin. */
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise(setImmediate);
  };
  return { queue, begun, ask, end };
};

suite('a fair queue', () => {
  test('does one thing at a time, callers in turn', async () => {
    const { begun, ask, end } = scene();
    const all = ['a1', 'a2', 'a3', 'b1', 'c1', 'b2'].map((name) => ask(name));
    assert.deepEqual(begun, ['a1']);
    for (let i = 0; i < all.length; i += 1) await end();
    assert.deepEqual(begun, ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
    assert.deepEqual(await Promise.all(all), ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']);
  });

  test('lets nobody wait with more than his share, and no more than so many in all', async () => {
    const { begun, ask, end } = scene();
    const all = ['a0', 'a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3', 'c1'].map((name) => ask(name));
    assert.equal(await all[4], null, 'a has three that wait');
    assert.equal(await all[8], null, 'six wait');
    for (let i = 0; i < 7; i += 1) await end();
    assert.deepEqual(begun, ['a0', 'a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
    const late = ask('c1');
    assert.equal(begun.at(-1), 'c1');
    await end();
    assert.equal(await late, 'c1');
  });

  test('never begins what is no longer wanted, and gives its place to another', async () => {
    const { begun, ask, end } = scene({ perCaller: 1, inAll: 1 });
    const leaving = new AbortController();
    const [first, second] = [ask('a1'), ask('a2', 'a', leaving.signal)];
    leaving.abort();
    assert.equal(await second, null);
    const third = ask('a3');
    assert.equal(await ask('a4', 'a', AbortSignal.abort()), null);
    await end();
    await end();
    assert.deepEqual(begun, ['a1', 'a3']);
    assert.deepEqual([await first, await third], ['a1', 'a3']);
  });

  test('goes on after work that fails', async () => {
    const { queue, ask, end } = scene();
    const broken = queue.run({ caller: 'a', signal: never }, () => Promise.reject(new Error('a bug')));
    const next = ask('b1');
    await assert.rejects(broken, /a bug/);
    await end();
    assert.equal(await next, 'b1');
  });

  test('closed, it refuses what waits and what comes, and lets what runs end', async () => {
    const { queue, begun, ask, end } = scene();
    const [runs, waits] = [ask('a1'), ask('b1')];
    queue.close();
    assert.equal(await waits, null);
    assert.equal(await ask('c1'), null);
    await end();
    assert.equal(await runs, 'a1');
    assert.deepEqual(begun, ['a1']);
  });
});
