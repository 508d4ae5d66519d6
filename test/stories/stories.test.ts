// The four stories on the sandbox, as the demo plays them; and what the gate wrote to the cluster meanwhile.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { playAll } from './play-all.ts';

describe('on the sandbox', () => {
  let world: World;
  before(async () => {
    world = await startWorld({});
  });
  after(async () => {
    await world.stop();
    assert.equal(existsSync(world.folder), false, 'nothing is left behind');
  });

  playAll(() => ({
    stage: world.stage,
    written: () =>
      world.cluster
        .writes()
        .filter(({ dryRun, code }) => !dryRun && code !== null && code < 300)
        .map(({ namespace, name }) => `${namespace}/${name}`),
  }));
});
