import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATES } from '../../core/remediation/state.ts';
import type { GateAnswer } from '../terminal/gate-client.ts';
import type { ToolCall } from './tool.ts';
import { waitFor } from './wait.ts';

interface Told {
  readonly at: number;
  readonly done: number;
  readonly total: number;
}

/** A gate that answers what `stateAt` says at so many seconds; each look takes `lookMs`. */
const stage = (stateAt: (seconds: number) => string | GateAnswer, lookMs = 10) => {
  let now = 5_000_000;
  const began = now;
  const seconds = () => (now - began) / 1000;
  const [told, asked]: [Told[], string[]] = [[], []];
  const [client, ending] = [new AbortController(), new AbortController()];
  const call: ToolCall = {
    signal: client.signal,
    progress: async (done, total) => void told.push({ at: seconds(), done, total }),
    backend: {
      gate: {
        call: async (method, path) => {
          assert.equal(method, 'GET');
          asked.push(path);
          now += lookMs;
          const found = stateAt(seconds());
          return typeof found === 'string' ? { status: 200, body: { id: 'p-1', state: found } } : found;
        },
      },
      scoreHere: null,
      lang: 'en',
      clock: {
        now: () => now,
        deadline: (ms) => {
          assert.ok(Number.isInteger(ms), 'as AbortSignal.timeout takes it');
          assert.ok(now + ms < began + 45_000, 'a gate that does not answer may not keep it');
          return new AbortController().signal;
        },
        sleep: async (ms) => {
          now += ms;
        },
      },
      report: (error) => assert.fail(error),
      ending: ending.signal,
      beginWait: () => () => undefined,
    },
  };
  return { call, told, asked, seconds, ending };
};

const stateOf = (waited: Awaited<ReturnType<typeof waitFor>>) => {
  assert.ok(waited.ok);
  return { state: waited.proposal['state'], waited: waited.waited, askAgainSeconds: waited.askAgainSeconds };
};

test('it answers when people have decided', async () => {
  const { call, seconds } = stage((at) => (at < 7 ? 'awaiting-approval' : 'executing'));
  assert.deepEqual(stateOf(await waitFor('p-1', 45, call)), {
    state: 'executing',
    waited: 'changed',
    askAgainSeconds: 10,
  });
  assert.ok(seconds() < 9);
});

test('of what runs it answers the end', async () => {
  const { call } = stage((at) => (at < 5 ? 'executing' : at < 20 ? 'verifying' : 'succeeded'));
  assert.deepEqual(stateOf(await waitFor('p-1', 45, call)), {
    state: 'succeeded',
    waited: 'changed',
    askAgainSeconds: null,
  });
});

for (const seconds of [0, 1, 30, 45, 1000])
  for (const lookMs of [1, 1200])
    test(`${seconds} s, each look ${lookMs} ms: it answers within 45 s, undecided or not`, async () => {
      const { call, seconds: passed, told } = stage(() => 'awaiting-approval', lookMs);
      const { waited, askAgainSeconds } = stateOf(await waitFor('p-1', seconds, call));
      assert.equal(waited, 'still-waiting');
      assert.equal(askAgainSeconds, 10);
      assert.ok(passed() <= 45, `${passed()} s`);
      assert.ok(passed() >= Math.min(seconds, 43));
      const gaps = [0, ...told.map(({ at }) => at), passed()].map((at, i, all) => at - (all[i - 1] ?? 0));
      assert.ok(Math.max(...gaps) <= 10, `told at ${told.map(({ at }) => at).join(', ')}`);
      for (const [i, { done, total }] of told.entries()) assert.ok(done > (told[i - 1]?.done ?? 0) && done <= total);
    });

test('no state keeps it longer: it ends for each', async () => {
  for (const state of STATES) {
    const { call, seconds } = stage(() => state);
    assert.equal(stateOf(await waitFor('p-1', 45, call)).state, state);
    assert.ok(seconds() <= 45);
  }
});

test('a gate that ends is not waited for', async () => {
  const { call, ending, seconds } = stage(() => 'awaiting-approval');
  ending.abort();
  assert.equal(stateOf(await waitFor('p-1', 45, call)).waited, 'still-waiting');
  assert.ok(seconds() < 2);
});

test('an incident is looked up once, then the proposal by its own id', async () => {
  const { call, asked } = stage((at) => (at < 3 ? 'awaiting-approval' : 'rejected'));
  await waitFor('INC 1/2', 45, call);
  assert.equal(asked[0], '/proposals/INC%201%2F2');
  assert.ok(asked.length > 1 && asked.slice(1).every((path) => path === '/proposals/p-1'));
});

test('what the gate refuses is answered, at the start and later', async () => {
  const refused = { status: 404, body: { code: 'no-such-proposal' } };
  assert.deepEqual(await waitFor('p-1', 45, stage(() => refused).call), { ok: false, answer: refused });
  const { call } = stage((at) => (at < 3 ? 'awaiting-approval' : refused));
  assert.deepEqual(await waitFor('p-1', 45, call), { ok: false, answer: refused });
});
