import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedAnswers } from './shared-answers.ts';

const open = () => {
  let now = 0;
  let made = 0;
  const next = (): number => {
    made += 1;
    return made;
  };
  const answers = createSharedAnswers<string>(() => now);
  return {
    ask: (name: string, make: () => Promise<string> = async () => `${name} ${next()}`) => answers.get(name, make),
    pass: (ms: number) => {
      now += ms;
    },
    made: () => made,
  };
};

test('whoever asks for the same within a second gets the same, also while it is being made', async () => {
  const { ask, pass, made } = open();
  const together = await Promise.all(Array.from({ length: 500 }, () => ask('p-1@7')));
  assert.deepEqual(new Set(together), new Set(['p-1@7 1']));
  pass(999);
  assert.equal(await ask('p-1@7'), 'p-1@7 1');
  pass(1);
  assert.equal(await ask('p-1@7'), 'p-1@7 2');
  assert.equal(made(), 2);
});

test('another line of the trail is another answer', async () => {
  const { ask } = open();
  assert.equal(await ask('p-1@7'), 'p-1@7 1');
  assert.equal(await ask('p-1@8'), 'p-1@8 2');
});

test('a failure is told to those who waited for it, and tried anew for the next', async () => {
  const { ask } = open();
  const fails = (): Promise<string> => Promise.reject(new Error('no answer'));
  const both = await Promise.allSettled([ask('p-1@7', fails), ask('p-1@7', fails)]);
  assert.deepEqual(
    both.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(await ask('p-1@7'), 'p-1@7 1');
});

test('not more than 200 are kept, however many are asked for', async () => {
  const { ask, made } = open();
  for (let at = 0; at < 300; at += 1) await ask(`p-${at}`);
  await ask('p-299');
  assert.equal(made(), 300, 'the newest is kept');
  await ask('p-0');
  assert.equal(made(), 301, 'the oldest has gone');
});
