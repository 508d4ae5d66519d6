// The stories on the sandbox, as the demo plays them; and what the gate wrote to the cluster meanwhile.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { STORIES } from '../../src/doors/demo/stories.ts';
import type { Story } from '../../src/doors/demo/story.ts';
import { teller } from '../../src/doors/demo/tell.ts';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { painter } from '../../src/doors/terminal/paint.ts';
import { readmeBlocks } from '../readme-blocks.ts';
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

  const told = new Map<Story, string>();
  const tellers = new Map(
    STORIES.map((story, i) => {
      const out = (text: string): void => void told.set(story, `${told.get(story) ?? ''}${text}`);
      return [story, teller({ paint: painter({ colour: false }), width: 96, out }, `${i + 1} of ${STORIES.length}`)];
    }),
  );
  playAll(() => ({
    stage: world.stage,
    tell: (story, beat) => tellers.get(story)?.(beat),
    written: () =>
      world.cluster
        .writes()
        .filter(({ userAgent }) => userAgent === 'blastgate')
        .filter(({ dryRun, code, namespace }) => !dryRun && code !== null && code < 300 && namespace !== null)
        .map(({ namespace, name }) => `${namespace}/${name}`),
  }));

  test('the README shows the dual story as it goes', () => {
    const dual = STORIES.find(({ tier }) => tier === 'dual');
    const shown = readmeBlocks('text').find((block) => block.includes('INC-1003')) ?? '';
    assert.notEqual(shown, '');
    assert.deepEqual(lasting(shown), lasting(dual === undefined ? '' : (told.get(dual) ?? '')));
  });
});

/** The lines that are the same each time: without what depends on the moment, and with names in the place of addresses. */
const lasting = (text: string): readonly string[] => {
  let passing = false;
  const lines: string[] = [];
  for (const line of text.trim().split('\n')) {
    passing = /^ +\+\d/.test(line) || (passing && /^ {13}/.test(line));
    if (passing) continue;
    const named = line
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
      .replace(/(\/issues\/)\d+/g, '$1NUMBER')
      .replace(/(sha256:|digest )[0-9a-f]{12}/g, '$1DIGEST');
    lines.push(named.trimEnd());
  }
  return lines;
};
