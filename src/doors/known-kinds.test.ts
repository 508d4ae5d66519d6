import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeClock } from '../../test/fakes/clock.ts';
import { memoryLog } from '../../test/fakes/log.ts';
import type { Discovered } from '../adapters/cluster/discovery.ts';
import type { Resource } from '../core/model/resource.ts';
import { knownKinds } from './known-kinds.ts';

const WIDGETS: Resource = {
  name: 'widgets',
  singular: 'widget',
  shortNames: [],
  kind: 'Widget',
  group: 'example.com',
  versions: ['v1'],
  namespaced: true,
  categories: [],
  verbs: ['get'],
};
const FOUND: Discovered = { resources: [WIDGETS], silent: [] };

describe('a command that names an unknown kind', () => {
  const open = (discover: () => Promise<Discovered>) => {
    const clock = fakeClock();
    let asked = 0;
    const kinds = knownKinds(
      () => {
        asked += 1;
        return discover();
      },
      clock,
      memoryLog(),
    );
    return { kinds, clock, asked: () => asked };
  };

  test('makes the gate look for it, and it is known from then on', async () => {
    const { kinds } = open(() => Promise.resolve(FOUND));
    assert.deepEqual(kinds.now(), []);
    assert.equal(await kinds.lookAgain(), true);
    assert.deepEqual(kinds.now(), [WIDGETS]);
  });

  test('is not looked for again within three seconds, and is after them', async () => {
    const { kinds, clock, asked } = open(() => Promise.resolve(FOUND));
    await kinds.lookAgain();
    clock.pass(2.999);
    assert.equal(await kinds.lookAgain(), false);
    clock.pass(0.001);
    assert.equal(await kinds.lookAgain(), true);
    assert.equal(asked(), 2);
  });

  test('waits for a look that is under way', async () => {
    const { promise, resolve } = Promise.withResolvers<Discovered>();
    const { kinds, asked } = open(() => promise);
    const both = [kinds.lookAgain(), kinds.lookAgain()];
    resolve(FOUND);
    assert.deepEqual(await Promise.all(both), [true, true]);
    assert.equal(asked(), 1);
  });

  test('keeps what was known where nobody answers', async () => {
    let answers = true;
    const { kinds, clock } = open(() => (answers ? Promise.resolve(FOUND) : Promise.reject(new Error('gone'))));
    await kinds.lookAgain();
    answers = false;
    clock.pass(10);
    assert.equal(await kinds.lookAgain(), false);
    assert.deepEqual(kinds.now(), [WIDGETS]);
  });
});
