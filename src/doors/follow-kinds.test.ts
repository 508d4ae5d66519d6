import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeClock } from '../../test/fakes/clock.ts';
import { memoryLog } from '../../test/fakes/log.ts';
import type { Resource } from '../core/model/resource.ts';
import { followKinds } from './follow-kinds.ts';

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
const FOUND = { resources: [WIDGETS], silent: [] as string[] };

describe('a command that names an unknown kind', () => {
  const open = (discover: () => Promise<typeof FOUND>) => {
    const clock = fakeClock();
    let asked = 0;
    const kinds = followKinds(
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
    assert.equal(await kinds.refreshNow(), true);
    assert.deepEqual(kinds.now(), [WIDGETS]);
  });

  test('is not looked for again within three seconds, and is after them', async () => {
    const { kinds, clock, asked } = open(() => Promise.resolve(FOUND));
    await kinds.refreshNow();
    clock.pass(2.999);
    assert.equal(await kinds.refreshNow(), false);
    clock.pass(0.001);
    assert.equal(await kinds.refreshNow(), true);
    assert.equal(asked(), 2);
  });

  test('waits for a look that is under way', async () => {
    const { promise, resolve } = Promise.withResolvers<typeof FOUND>();
    const { kinds, asked } = open(() => promise);
    const both = [kinds.refreshNow(), kinds.refreshNow()];
    resolve(FOUND);
    assert.deepEqual(await Promise.all(both), [true, true]);
    assert.equal(asked(), 1);
  });

  test('keeps what was known where nobody answers', async () => {
    let answers = true;
    const { kinds, clock } = open(() => (answers ? Promise.resolve(FOUND) : Promise.reject(new Error('gone'))));
    await kinds.refreshNow();
    answers = false;
    clock.pass(10);
    assert.equal(await kinds.refreshNow(), false);
    assert.deepEqual(kinds.now(), [WIDGETS]);
  });
});
