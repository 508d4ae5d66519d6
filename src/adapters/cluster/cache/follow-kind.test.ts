// How one kind stays known through whatever an API server does: what is asked next, what is then known, and how old it is.
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
import type { JsonObject } from '../../../core/model/json.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { followKind, type Pace } from './follow-kind.ts';
import { type Freshness, lacking, secondsSince, UNREAD } from './freshness.ts';
import { KnownCluster } from './known-cluster.ts';

const PODS = '/api/v1/pods';
const PACE: Pace = {
  watch: 20,
  patience: 5,
  relist: { least: 100, most: 600, objectsPerSecond: 10 },
  retry: { first: 1, most: 10, refused: 60 },
};
const MAX_AGE = 60;

const pod = (name: string, version: string): JsonObject => ({
  metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: version },
});
const bookmark = (version: string): JsonObject => ({ metadata: { resourceVersion: version } });

interface Scene {
  readonly api: ScriptedApi;
  readonly clock: FakeClock;
  readonly names: () => string;
  readonly freshness: () => Freshness;
  readonly age: () => number;
  readonly why: () => string | null;
  /** Waits until the nth watch is open. */
  readonly watch: (nth: number) => Promise<ScriptedApi['watches'][number]>;
  readonly troubles: string[];
  /** From now on another world answers. */
  readonly nextWorld: () => void;
}

const play = async (prepare: (api: ScriptedApi) => void, act: (scene: Scene) => Promise<void>): Promise<void> => {
  const [api, clock, cluster, ending] = [scriptedApi(), fakeClock(), new KnownCluster(), new AbortController()];
  prepare(api);
  let freshness = UNREAD;
  const troubles: string[] = [];
  let number = 0;
  const followed = followKind(
    'pods',
    {
      client: api,
      clock,
      pace: PACE,
      cluster,
      world: { look: async () => number, now: () => number },
      onFreshness: (now) => {
        freshness = now;
      },
      onTrouble: ({ message }) => troubles.push(message),
    },
    ending.signal,
  );
  try {
    await act({
      api,
      clock,
      troubles,
      nextWorld: () => {
        number += 1;
      },
      names: () =>
        [...cluster.pods.all()]
          .map(({ name }) => name)
          .toSorted()
          .join(' '),
      freshness: () => freshness,
      age: () => (freshness.asOf === null ? Number.NaN : secondsSince(freshness.asOf, clock)),
      why: () => lacking(freshness, MAX_AGE, clock),
      watch: async (nth) => {
        await until(`watch ${nth}`, () => api.watches.length >= nth);
        const found = api.watches[nth - 1];
        assert.ok(found);
        return found;
      },
    });
  } finally {
    ending.abort();
    await followed;
  }
};

const twoPods = (api: ScriptedApi): void => api.answer(PODS, list('10', [pod('a', '3'), pod('b', '5')]));

test('a list, then a watch from its version, with bookmarks and an end', () =>
  play(twoPods, async ({ api, names, watch }) => {
    const { from, query } = await watch(1);
    assert.deepEqual([from, query['allowWatchBookmarks'], query['timeoutSeconds']], ['10', 'true', '20']);
    assert.equal(names(), 'a b');
    assert.deepEqual(api.asked, [`GET ${PODS}`, `WATCH ${PODS} from 10`]);
  }));

test('events are taken in; only a bookmark makes the knowledge young', () =>
  play(twoPods, async ({ clock, names, freshness, age, watch }) => {
    const line = await watch(1);
    clock.pass(15);
    line.say('ADDED', pod('c', '11'));
    line.say('DELETED', pod('a', '12'));
    await until('both events', () => freshness().version === '12');
    assert.equal(names(), 'b c');
    assert.equal(age(), 15);
    line.say('BOOKMARK', bookmark('14'));
    await until('the bookmark', () => freshness().version === '14');
    assert.equal(age(), 0);
  }));

test('a watch that ends in order is taken up where it stood', () =>
  play(twoPods, async ({ api, clock, watch }) => {
    const line = await watch(1);
    line.say('BOOKMARK', bookmark('15'));
    await settled();
    clock.pass(20);
    line.end();
    assert.equal((await watch(2)).from, '15');
    assert.equal(api.asked.filter((one) => one.startsWith('GET')).length, 1);
  }));

test('a watch that lasted its time and ended in order has told everything, even without a word', () =>
  play(twoPods, async ({ api, clock, watch, age }) => {
    const line = await watch(1);
    clock.pass(20);
    assert.equal(age(), 20);
    line.end();
    assert.equal((await watch(2)).from, '10');
    assert.equal(age(), 0);
    assert.equal(api.asked.filter((one) => one.startsWith('GET')).length, 1);
  }));

test('one that was ended early, without a word, is not believed: the list is read again', () =>
  play(
    (api) => api.answer(PODS, list('10', [pod('a', '3'), pod('b', '5')]), list('20', [pod('b', '5')])),
    async ({ clock, names, watch }) => {
      const line = await watch(1);
      clock.pass(10);
      clock.jump(3600);
      line.end();
      assert.equal((await watch(2)).from, '20');
      assert.equal(names(), 'b');
    },
  ));

const TOO_OLD: readonly (readonly [string, (line: ScriptedApi['watches'][number]) => void])[] = [
  ['an event that says 410', (line) => line.say('ERROR', { kind: 'Status', code: 410, message: 'too old' })],
  ['410 in place of the watch', (line) => line.fail(refusal(410))],
  ['a line of rubbish', (line) => line.fail(new AdapterError('invalid-answer', 'no JSON'))],
  ['an event without a version', (line) => line.say('ADDED', { metadata: { name: 'x' } })],
  ['a cluster that went back in time', (line) => line.say('BOOKMARK', bookmark('4'))],
];
for (const [what, happens] of TOO_OLD) {
  test(`after ${what} the list is read again, and what is gone is gone`, () =>
    play(
      (api) => api.answer(PODS, list('10', [pod('a', '3'), pod('b', '5')]), list('30', [pod('b', '29')])),
      async ({ clock, names, watch }) => {
        happens(await watch(1));
        await settled();
        clock.pass(1);
        assert.equal((await watch(2)).from, '30');
        assert.equal(names(), 'b');
      },
    ));
}

test('where another world answers, the list is read again in place of the next watch', () =>
  play(
    (api) => api.answer(PODS, list('10', [pod('a', '3'), pod('b', '5')]), list('4', [pod('b', '4')])),
    async ({ api, clock, names, watch, nextWorld, freshness }) => {
      const line = await watch(1);
      clock.pass(20);
      nextWorld();
      line.end();
      assert.equal((await watch(2)).from, '4');
      assert.equal(names(), 'b');
      assert.deepEqual([freshness().world, freshness().version], [1, '4']);
      assert.deepEqual(api.asked.slice(2), [`GET ${PODS}`, `WATCH ${PODS} from 4`]);
    },
  ));

test('a cut line is taken up from the last version after a pause that grows', () =>
  play(twoPods, async ({ api, clock, watch, why }) => {
    const line = await watch(1);
    line.say('ADDED', pod('c', '11'));
    await settled();
    api.refuseWatch(PODS, cut(), cut());
    line.fail(cut());
    for (const seconds of [1, 2, 4]) {
      await settled();
      const before = api.asked.length;
      clock.pass(seconds - 0.5);
      await settled();
      assert.equal(api.asked.length, before, `asked again before ${seconds} s`);
      clock.pass(0.5);
      await settled();
    }
    assert.equal((await watch(2)).from, '11');
    assert.equal(api.asked.filter((one) => one.startsWith('GET')).length, 1);
    assert.equal(why(), null);
  }));

test('while nothing is heard the knowledge grows old, and then is none', () =>
  play(twoPods, async ({ api, clock, watch, why }) => {
    const line = await watch(1);
    api.refuseWatch(PODS, ...Array.from({ length: 50 }, cut));
    line.fail(cut());
    for (let second = 0; second < 60; second += 1) {
      assert.equal(why(), null, `at ${second} s`);
      clock.pass(1);
      await settled();
    }
    clock.pass(1);
    assert.equal(why(), 'too-old');
  }));

test('a line that has died in silence is given up, and the list is read again', () =>
  play(
    (api) => api.answer(PODS, list('10', [pod('a', '3'), pod('b', '5')]), list('20', [pod('b', '5')])),
    async ({ api, clock, names, watch }) => {
      await watch(1);
      clock.pass(24);
      await settled();
      assert.equal(api.asked.length, 2);
      clock.pass(1);
      assert.equal((await watch(2)).from, '20');
      assert.equal(names(), 'b');
    },
  ));

test('a watch that ends at once is not asked for again at once', () =>
  play(twoPods, async ({ api, clock, watch }) => {
    (await watch(1)).end();
    await settled();
    assert.equal(api.watches.length, 1);
    clock.pass(1);
    assert.equal((await watch(2)).from, '10');
  }));

test('a server that asks for a pause gets it', () =>
  play(
    (api) => api.answer(PODS, refusal(429, 7), list('10')),
    async ({ api, clock, watch }) => {
      await settled();
      clock.pass(6);
      await settled();
      assert.equal(api.asked.length, 1);
      clock.pass(1);
      await watch(1);
    },
  ));

test('a right that lacks is named, the others live on, and it is tried again after a minute', () =>
  play(
    (api) => api.answer(PODS, refusal(403), list('10')),
    async ({ clock, why, watch, troubles }) => {
      await settled();
      assert.equal(why(), 'forbidden');
      assert.deepEqual(troubles, ['told to answer 403']);
      clock.pass(1);
      await watch(1);
      assert.equal(why(), null);
    },
  ));

test('a kind that stays refused is asked for less and less often, at least each minute', () =>
  play(
    (api) => api.answer(PODS, refusal(403)),
    async ({ api, clock }) => {
      for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
        await settled();
        const before = api.asked.length;
        clock.pass(seconds - 0.5);
        await settled();
        assert.equal(api.asked.length, before, `asked again before ${seconds} s`);
        clock.pass(0.5);
        await settled();
        assert.equal(api.asked.length, before + 1, `not asked again after ${seconds} s`);
      }
    },
  ));

test('the right to watch that lacks is named although the list was read', () =>
  play(
    (api) => {
      twoPods(api);
      api.refuseWatch(PODS, refusal(403));
    },
    async ({ why }) => {
      await settled();
      assert.equal(why(), 'forbidden');
    },
  ));

test('a list of pages is taken in as a whole, or not at all', () =>
  play(
    (api) =>
      api.answer(
        PODS,
        list('10', [pod('a', '3')], 'next'),
        refusal(410),
        list('12', [pod('b', '5')], 'next'),
        list('12', [pod('c', '6')]),
      ),
    async ({ api, clock, names, watch, why }) => {
      await settled();
      assert.equal(names(), '');
      assert.equal(why(), 'too-old');
      clock.pass(1);
      await watch(1);
      assert.equal(names(), 'b c');
      assert.deepEqual(api.asked.slice(0, 4), [
        `GET ${PODS}`,
        `GET ${PODS} continue next`,
        `GET ${PODS}`,
        `GET ${PODS} continue next`,
      ]);
    },
  ));

test('what a watch never told is found by the list that is read now and then', () =>
  play(
    (api) => api.answer(PODS, list('10', [pod('a', '3'), pod('b', '5')]), list('50', [pod('b', '5')])),
    async ({ clock, names, watch }) => {
      for (let nth = 1; nth <= 5; nth += 1) {
        const line = await watch(nth);
        assert.equal(line.from, '10');
        clock.pass(20);
        line.end();
      }
      assert.equal((await watch(6)).from, '50');
      assert.equal(names(), 'b');
    },
  ));

test('a list without a version is no list', () =>
  play(
    (api) => api.answer(PODS, { items: [] }),
    async ({ why, api }) => {
      await settled();
      assert.equal(why(), 'garbled');
      assert.equal(api.asked.length, 1);
    },
  ));

test('a date that is set back makes nothing young, and one that is set forward makes it old until it is heard again', () =>
  play(twoPods, async ({ clock, age, why, watch, freshness }) => {
    const line = await watch(1);
    clock.jump(-3600);
    clock.pass(20);
    assert.equal(age(), 20);
    clock.jump(2 * 3600);
    assert.equal(why(), 'too-old');
    line.say('BOOKMARK', bookmark('11'));
    await until('the bookmark', () => freshness().version === '11');
    assert.equal(why(), null);
  }));
