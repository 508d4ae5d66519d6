// The gate dies around every single save, in memory: the next one takes over the same store and cluster. Nothing may be lost
// or done twice, whichever save it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { verifyTrail } from '../../src/core/remediation/replay.ts';
import type { Store } from '../../src/ports/store.ts';
import { memoryStore } from '../fakes/store.ts';
import { type Stage, setStage } from '../support/memory-gate.ts';

class Death extends Error {}

/** A store whose process dies at one save: just before it, or just after. Everything it would do later fails too. */
const dying = (store: Store, at: number, moment: 'before' | 'after'): Store => {
  let [saves, dead] = [0, false];
  const alive = (): void => {
    if (dead) throw new Death();
  };
  return {
    ...store,
    remediations: {
      ...store.remediations,
      save: async (...args) => {
        alive();
        const now = saves === at;
        saves += 1;
        dead ||= now;
        if (now && moment === 'before') throw new Death();
        const saved = await store.remediations.save(...args);
        alive();
        return saved;
      },
      claim: async (...args) => {
        alive();
        return store.remediations.claim(...args);
      },
      postpone: async (...args) => {
        alive();
        return store.remediations.postpone(...args);
      },
    },
  };
};

interface Story {
  readonly says: string;
  readonly prepare: (stage: Stage) => void;
  readonly text: string;
  readonly voters: readonly string[];
  readonly seconds: number;
  readonly ends: string;
  readonly writes: readonly string[];
}

const sick = (stage: Stage): void => {
  for (const workload of stage.cluster.workloads.values()) workload.health = 'broken';
};

const STORIES: readonly Story[] = [
  {
    says: 'auto',
    prepare: () => {},
    text: 'scale dev/web 5',
    voters: [],
    seconds: 30,
    ends: 'succeeded',
    writes: ['forward deployment/web 3→5'],
  },
  {
    says: 'dual',
    prepare: () => {},
    text: 'scale production/web 0',
    voters: ['ben', 'cho'],
    seconds: 30,
    ends: 'succeeded',
    writes: ['forward deployment/web 3→0'],
  },
  {
    says: 'human that crashes, and whose way back does not help',
    prepare: sick,
    text: 'scale production/web 5',
    voters: ['ben'],
    seconds: 30,
    ends: 'rollback-failed',
    writes: ['forward deployment/web 3→5', 'back deployment/web 5→3'],
  },
];

/** Plays a story on a store that dies once; the next gate begins where the claims of the dead one have run out. */
const play = async (story: Story, at: number, moment: 'before' | 'after'): Promise<'died' | 'lived'> => {
  const store = memoryStore();
  const first = setStage(dying(store, at, moment));
  const second = setStage(store, { clock: first.clock, cluster: first.cluster });
  story.prepare(first);
  let stage = first;
  /** Does it; when the gate dies of it, lets its claims run out and does it with the next one. */
  const live = async (act: (on: Stage) => Promise<unknown>): Promise<void> => {
    try {
      await act(stage);
    } catch (error) {
      assert.ok(error instanceof Death && stage === first, String(error));
      stage = second;
      stage.clock.pass(91);
      await act(stage);
    }
  };
  await live(async (on) => {
    // As a client does that got no answer: it looks first.
    const known = await store.remediations.briefs('INC-1', 'any', 1, on.never);
    if (known.length === 0) await on.proposeText(story.text);
  });
  for (const who of story.voters) await live((on) => on.vote('p-1', who));
  await live((on) => on.pass(story.seconds));
  await second.pass(story.seconds);

  const where = `${story.says}, ${moment} save ${at}`;
  assert.equal((await second.read('p-1')).state, story.ends, where);
  assert.deepEqual(second.cluster.writes, story.writes, where);
  assert.equal((await store.history.outcomes({ limit: 9, before: null }, second.never)).outcomes.length, 1, where);
  const lines = await store.trail.lines(0, 10_000, second.never);
  const { head, kept } = await store.trail.snapshot(second.never);
  assert.deepEqual(verifyTrail({ lines, head, kept, known: [], hashOf: hashOfLine }), [], where);
  await second.tell();
  const told = second.chat.said().map(({ text }) => text);
  assert.ok(
    told.some((text) => text.includes('INC-1')),
    where,
  );
  assert.equal(new Set(told).size, told.length, `${where}: something was told twice`);
  return stage === second ? 'died' : 'lived';
};

for (const story of STORIES)
  for (const moment of ['before', 'after'] as const)
    test(`${story.says}: killed ${moment} any save, it ends the same`, async () => {
      let died = 0;
      while ((await play(story, died, moment)) === 'died') died += 1;
      assert.ok(died >= 4, `only ${died} saves were tried`);
    });

/** A writer whose process dies the first `deaths` times between its stored intent and the write of that direction. */
const dieBeforeWrites = (stage: Stage, direction: 'forward' | 'back', deaths: number): (() => number) => {
  const write = stage.cluster.write.bind(stage.cluster);
  let died = 0;
  stage.cluster.write = async (permit, ...rest) => {
    if (permit.direction !== direction || died >= deaths) return write(permit, ...rest);
    died += 1;
    // The process is gone: nothing that it would have stored afterwards is stored.
    return new Promise(() => {});
  };
  return () => died;
};

/** Ticks as a gate does that is started again after each death, when its claims have run out. */
const outlive = async (stage: Stage, died: () => number): Promise<void> => {
  for (let rests = 0; rests < 20; ) {
    const before = died();
    const ticked: boolean[] = [];
    void stage.tick().then((busy) => ticked.push(busy));
    while (ticked.length === 0 && died() === before) await new Promise((resolve) => setImmediate(resolve));
    if (died() > before) stage.clock.pass(91);
    else if (ticked[0] !== true) {
      rests += 1;
      stage.clock.pass(5);
    }
  }
};

test('deaths between intent and write use up no tries of a write that was never sent', async () => {
  for (const [direction, deaths, ends, writes] of [
    ['forward', 6, 'succeeded', ['forward deployment/web 3→5']],
    ['back', 6, 'rolled-back', ['forward deployment/web 3→5', 'back deployment/web 5→3']],
    ['back', 20, 'rollback-failed', ['forward deployment/web 3→5']],
  ] as const) {
    const stage = setStage();
    if (direction === 'back') {
      const workload = stage.cluster.workloads.get('production/web');
      assert.ok(workload !== undefined);
      workload.health = 'broken';
      const write = stage.cluster.write.bind(stage.cluster);
      stage.cluster.write = async (...args) => {
        const answer = await write(...args);
        if (args[0].direction === 'back') workload.health = 'fine';
        return answer;
      };
    }
    const died = dieBeforeWrites(stage, direction, deaths);
    await stage.proposeText('scale production/web 5');
    await stage.vote('p-1', 'ben');
    await outlive(stage, died);
    const where = `${direction}, ${deaths} deaths`;
    assert.equal((await stage.read('p-1')).state, ends, where);
    assert.equal(died(), Math.min(deaths, 20), where);
    assert.deepEqual(stage.cluster.writes, writes, where);
  }
});
