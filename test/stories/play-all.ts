// The stories as tests on any stage: one test each, one assertion per promise.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { REPORTS } from '../../src/doors/demo/old-node.ts';
import { type Beat, play } from '../../src/doors/demo/play.ts';
import type { Stage } from '../../src/doors/demo/stage.ts';
import { STORIES } from '../../src/doors/demo/stories.ts';
import type { Story } from '../../src/doors/demo/story.ts';

/** Where the stories are played, once it stands. */
export interface Ground {
  readonly stage: Stage;
  /** "namespace/name" of each request of the gate that changed something in a namespace, dry runs left out. */
  readonly written: () => readonly string[];
  readonly tell: (story: Story, beat: Beat) => void;
}

/** They touch different workloads, so they may happen at once, as incidents do. */
export const playAll = (ground: () => Ground, stories: readonly Story[] = STORIES): void => {
  describe('the stories', { concurrency: stories.length }, () => {
    for (const story of stories) {
      test(`${story.incident} ends as told: ${story.title}`, async ({ signal }) => {
        const told: string[] = [];
        const { stage, tell } = ground();
        const listen = (beat: Beat): void => {
          told.push(beat.kind);
          tell(story, beat);
        };
        const checks = await play(story, stage, listen, signal);
        assert.ok(checks.length >= 7, 'a story promises seven things');
        assert.deepEqual(
          checks.filter(({ instead }) => instead !== null),
          [],
        );
        assert.deepEqual([told[0], told.at(-1)], ['begins', 'compared']);
      });
    }
  });

  test('the gate wrote what was approved, one way back, and nothing else', () => {
    const evicted = Array.from({ length: REPORTS.replicas }, () => `${REPORTS.namespace}/${REPORTS.name}`);
    const settings = stories.flatMap(({ place }) => {
      const name = `${place.namespace}/${place.configMap}`;
      return place.configMap === null ? [] : [name, name];
    });
    const approved = [
      'kube-system/coredns',
      'kube-system/coredns',
      'production/api',
      'shop/web',
      ...evicted,
      ...settings,
    ];
    // Pods have names of their own.
    const written = ground()
      .written()
      .map((one) => one.replace(/^(staging\/reports)-.*/, '$1'));
    assert.deepEqual(written.toSorted(), approved.toSorted());
  });
};
