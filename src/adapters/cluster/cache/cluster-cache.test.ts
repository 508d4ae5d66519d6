// What the cache answers while it is empty, young, old, behind or forbidden. Nothing is waited for but what is about to be known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeClock, fakeClock } from '../../../../test/fakes/clock.ts';
import {
  cut,
  list,
  refusal,
  type ScriptedApi,
  scriptedApi,
  settled,
  until,
} from '../../../../test/fakes/scripted-api.ts';
import { type ClusterCache, createClusterCache } from './cluster-cache.ts';
import type { Answered } from './cluster-knowledge.ts';
import { KIND_NAMES, type KindName, listPath } from './kinds.ts';

interface Scene {
  readonly api: ScriptedApi;
  readonly clock: FakeClock;
  readonly cache: ClusterCache;
  readonly ask: (needed: readonly KindName[], atLeast?: readonly (readonly [KindName, string])[]) => Promise<Answered>;
  readonly troubles: string[];
}

const never = new AbortController().signal;

const play = async (prepare: (api: ScriptedApi) => void, act: (scene: Scene) => Promise<void>): Promise<void> => {
  const [api, clock, ending, troubles] = [scriptedApi(), fakeClock(), new AbortController(), [] as string[]];
  prepare(api);
  const cache = createClusterCache(api, clock, { maxAgeSeconds: 60 }, (kind, { message }) => {
    troubles.push(`${kind}: ${message}`);
  });
  const running = cache.run(ending.signal);
  try {
    await act({
      api,
      clock,
      cache,
      troubles,
      ask: (needed, atLeast = []) =>
        cache.ask({ needed, shown: [], namespaces: null, atLeast: new Map(atLeast) }, never),
    });
  } finally {
    ending.abort();
    await running;
  }
};

const tooOld = { resource: 'pods', object: null, part: null, right: null, why: 'too-old' };
const calm = (): void => undefined;

test('every kind is listed and watched', () =>
  play(calm, async ({ api, ask, cache }) => {
    const { missing, ageSeconds } = await ask(KIND_NAMES);
    assert.deepEqual([missing, ageSeconds], [[], 0]);
    await until('all watches', () => api.watches.length === KIND_NAMES.length);
    assert.ok(cache.health().every(({ lacking }) => lacking === null));
  }));

test('a question waits for the first lists, and 3 s at most', () =>
  play(calm, async ({ api, clock }) => {
    const silent = { ...api, send: () => new Promise<never>(() => undefined) };
    const cache = createClusterCache(silent, clock, { maxAgeSeconds: 60 }, calm);
    const stop = new AbortController();
    void cache.run(stop.signal);
    let answer: Answered | null = null;
    void cache.ask({ needed: ['pods'], shown: [], namespaces: null, atLeast: new Map() }, never).then((one) => {
      answer = one;
    });
    clock.pass(2.9);
    await settled();
    assert.equal(answer, null);
    clock.pass(0.1);
    await settled();
    assert.deepEqual(answer, { cluster: cache.cluster, known: new Set(), missing: [tooOld], ageSeconds: null });
    stop.abort();
  }));

test('a kind that may not be read is named; the others are known', () =>
  play(
    (api) => api.answer(listPath('poddisruptionbudgets.policy', null), refusal(403)),
    async ({ ask }) => {
      const { missing } = await ask(['pods', 'poddisruptionbudgets.policy']);
      assert.deepEqual(missing, [
        { resource: 'poddisruptionbudgets.policy', object: null, part: null, right: null, why: 'forbidden' },
      ]);
      assert.deepEqual((await ask(['pods'])).missing, []);
    },
  ));

test('what is older than the limit is missing, and its age is told', () =>
  play(calm, async ({ api, clock, ask }) => {
    await ask(['pods']);
    clock.pass(60);
    assert.deepEqual([(await ask(['pods'])).missing, (await ask(['pods'])).ageSeconds], [[], 60]);
    clock.pass(1);
    assert.deepEqual((await ask(['pods'])).missing, [tooOld]);
    api.watches.find(({ path }) => path === '/api/v1/pods')?.say('BOOKMARK', { metadata: { resourceVersion: '9' } });
    await settled();
    assert.deepEqual((await ask(['pods'])).missing, []);
  }));

test('what was just read directly must be known; a watch that is behind is waited for, then missed', () =>
  play(calm, async ({ api, clock, ask }) => {
    await ask(['pods']);
    const line = () => api.watches.find(({ path }) => path === '/api/v1/pods');
    await until('the watch', () => line() !== undefined);
    let answer: Answered | null = null;
    void ask(['pods'], [['pods', '7']]).then((one) => {
      answer = one;
    });
    await settled();
    assert.equal(answer, null);
    line()?.say('ADDED', { metadata: { name: 'a', namespace: 'shop', uid: 'u', resourceVersion: '7' } });
    await until('the answer', () => answer !== null);
    const behind = ask(['pods'], [['pods', '8']]);
    await settled();
    clock.pass(3);
    assert.deepEqual((await behind).missing, [tooOld]);
  }));

test('the same trouble is told once, until it has passed', () =>
  play(
    (api) => api.answer('/api/v1/pods', cut(), cut(), list('1')),
    async ({ api, clock, troubles }) => {
      await settled();
      clock.pass(1);
      await settled();
      clock.pass(1);
      const line = () => api.watches.find(({ path }) => path === '/api/v1/pods');
      await until('the watch', () => line() !== undefined);
      assert.deepEqual(troubles, ['pods: the line was cut']);
      line()?.fail(cut());
      await settled();
      assert.deepEqual(troubles, ['pods: the line was cut', 'pods: the line was cut']);
    },
  ));
