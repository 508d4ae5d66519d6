import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeClock } from '../../test/fakes/clock.ts';
import { memoryLog } from '../../test/fakes/log.ts';
import { memoryStore } from '../../test/fakes/store.ts';
import type { Replicas } from '../ports/store.ts';
import { whileLeading } from './leading.ts';

/** Lets all that is ready go on. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await new Promise((done) => setImmediate(done));
};

/** One role by one clock: whoever asks first has it, until its seconds are over. */
const stage = () => {
  const clock = fakeClock();
  let held: { holder: string; until: number; term: number } | null = null;
  let isDown = false;
  const lead: Replicas['lead'] = async (_, holder, seconds) => {
    if (isDown) throw new Error('no database');
    if (held !== null && held.holder !== holder && held.until > clock.now()) return { ok: false, holder: held.holder };
    held = { holder, until: clock.now() + seconds * 1000, term: (held?.term ?? 0) + (held?.holder === holder ? 0 : 1) };
    return { ok: true, term: held.term };
  };
  const replicas: Replicas = {
    time: async () => clock.now(),
    lead,
    resign: async (_, holder) => {
      if (held?.holder === holder) held = { ...held, until: 0 };
    },
    onChange: () => () => {},
  };
  const working = new Set<string>();
  const leading = new Set<string>();
  const over = new AbortController();
  const start = (holder: string, hasStore: 'shared' | 'alone' = 'shared') => {
    let stepDown = (): void => {};
    const store = hasStore === 'shared' ? { ...memoryStore(), replicas } : memoryStore();
    const work = async (signal: AbortSignal, down: () => void): Promise<void> => {
      stepDown = down;
      working.add(holder);
      await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
      working.delete(holder);
    };
    const polls = {
      leads: (role: string, is: boolean) =>
        void (is ? leading.add(`${role} ${holder}`) : leading.delete(`${role} ${holder}`)),
      answered: () => {},
    };
    void whileLeading({ store, clock, log: memoryLog(), polls }, { role: 'chat', holder, work }, over.signal);
    return { stepDown: () => stepDown() };
  };
  const pass = async (seconds: number): Promise<void> => {
    for (let i = 0; i < seconds; i += 1) {
      clock.pass(1);
      await settle();
    }
  };
  return {
    start,
    pass,
    settle,
    end: () => over.abort(),
    down: (is: boolean) => {
      isDown = is;
    },
    take: (holder: string) => {
      held = { holder, until: clock.now() + 9000, term: 99 };
    },
    at: () => {
      assert.deepEqual([...leading].toSorted(), [...working].map((holder) => `chat ${holder}`).toSorted());
      return [...working].toSorted().join(' ');
    },
  };
};

test('one works at a time, for as long as it lives; another goes on when it ends', async () => {
  const { start, pass, settle: rest, at, end } = stage();
  const one = start('one');
  await rest();
  start('two');
  await pass(40);
  assert.equal(at(), 'one');
  one.stepDown();
  await pass(12);
  assert.equal(at(), 'two', 'who stepped down waits, and the other has it');
  end();
  await rest();
  assert.equal(at(), '');
});

test('a gate that cannot ask for its role ends before another can have it', async () => {
  const { start, pass, settle: rest, at, down, end } = stage();
  start('one');
  await rest();
  assert.equal(at(), 'one');
  down(true);
  await pass(7);
  assert.equal(at(), 'one', 'its role is granted for longer');
  await pass(2);
  assert.equal(at(), '', 'it trusts itself for 8 of the 9 seconds');
  down(false);
  await pass(12);
  assert.equal(at(), 'one');
  end();
});

test('who has lost its role ends when it hears of it', async () => {
  const { start, pass, settle: rest, at, take, end } = stage();
  start('one');
  await rest();
  take('two');
  await pass(4);
  assert.equal(at(), '');
  end();
});

test('a gate that is alone on its store asks nobody', async () => {
  const { start, settle: rest, at, down, end } = stage();
  down(true);
  start('one', 'alone');
  await rest();
  assert.equal(at(), 'one');
  end();
});
