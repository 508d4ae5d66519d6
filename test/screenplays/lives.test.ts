import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { DEFAULT_POLICY_DOCUMENT } from '../../src/core/blast-radius/default-policy.ts';
import { policyOf } from '../../src/core/blast-radius/policy.ts';
import { verifyTrail } from '../../src/core/remediation/replay.ts';
import { STATES, type State, TRANSITIONS } from '../../src/core/remediation/state.ts';
import { cancel } from '../../src/flow/requests/cancel.ts';
import { withdrawVote } from '../../src/flow/requests/withdraw-vote.ts';
import { CAST, type Stage, setStage } from '../support/memory-gate.ts';

interface Play {
  readonly says: string;
  /** What happens to the first proposal, p-1. */
  readonly scenes: (stage: Stage) => Promise<void>;
  readonly path: readonly State[];
  /** Every change that reached the cluster; default none. */
  readonly writes?: readonly string[];
  readonly refusal?: string;
  /** The state that is remembered as an outcome; default none. */
  readonly remembered?: State;
}

const FORWARD = 'forward deployment/web 3→5';
const BACK = 'back deployment/web 5→3';
const WAITING = ['awaiting-approval'] as const;
const UNDER_WAY = ['approved', 'executing'] as const;

const auto = async (stage: Stage): Promise<void> => {
  await stage.proposeText('scale dev/web 5');
};
const human = async (stage: Stage): Promise<void> => {
  await stage.proposeText('scale production/web 5');
};
const unhealthy = (stage: Stage, health: 'slow' | 'broken'): void => {
  const web = stage.cluster.workloads.get('dev/web');
  assert.ok(web);
  web.health = health;
};
const pause = async (stage: Stage, to: 'paused' | 'running'): Promise<void> => {
  const deed = { kind: 'note', at: '2026-01-01T00:00:00.000Z', what: to, who: 'ana', about: '' } as const;
  await stage.store.controls.setPaused(to, deed, stage.never);
};
/** The gate dies between the intent and what follows it: nobody hears the answer, the claim runs out. */
const dieWhileWriting = (stage: Stage, arrives: 'arrives' | 'does-not-arrive'): void => {
  const write = stage.cluster.write.bind(stage.cluster);
  stage.cluster.write = async (...args) => {
    stage.cluster.write = write;
    if (arrives === 'arrives') await write(...args);
    throw new Death();
  };
};
/** What a write that got no answer does when it arrives late. */
const arriveLate = (stage: Stage, direction: 'forward' | 'back'): void => {
  const web = stage.cluster.workloads.get('dev/web');
  assert.ok(web);
  web.replicas = direction === 'forward' ? 5 : 3;
  if (direction === 'back') web.health = 'fine';
};
/** The lost write arrives right after the first look for it. */
const arrivesAfterTheLook = (stage: Stage): void => {
  const look = stage.cluster.wasWritten.bind(stage.cluster);
  stage.cluster.wasWritten = async (...args) => {
    stage.cluster.wasWritten = look;
    const found = await look(...args);
    arriveLate(stage, args[0].direction);
    return found;
  };
};
/** The write that is sent again is told that the object is another one. */
const repeated = (stage: Stage, first: 'arrived' | 'never-arrived'): void => {
  const write = stage.cluster.write.bind(stage.cluster);
  let lost = false;
  stage.cluster.write = async (...args) => {
    if (lost) {
      stage.cluster.write = write;
      if (first === 'arrived') arriveLate(stage, args[0].direction);
      return { outcome: 'stale', code: 'uid-changed', why: 'deployment/web is another object now' };
    }
    const answer = await write(...args);
    lost = answer.outcome === 'unheard';
    return answer;
  };
};
class Death extends Error {}
const surviving = async (stage: Stage, scenes: () => Promise<void>): Promise<void> => {
  const save = stage.store.remediations.save.bind(stage.store.remediations);
  const remediations = stage.store.remediations as { save: typeof save };
  // The dead process saves nothing any more: what it would have said about the death is lost.
  remediations.save = async (changes, signal) => {
    const mourns = changes.some(({ records }) =>
      records.some(({ event }) => event.event === 'write-answered' && event.answer.outcome === 'unheard'),
    );
    if (!mourns) return save(changes, signal);
    remediations.save = save;
    throw new Death();
  };
  await assert.rejects(scenes, Death);
};

const PLAYS: readonly Play[] = [
  {
    says: 'auto runs by itself and converges',
    scenes: async (stage) => {
      await auto(stage);
      await stage.pass(15);
    },
    path: [...UNDER_WAY, 'verifying', 'succeeded'],
    writes: [FORWARD],
    remembered: 'succeeded',
  },
  {
    says: 'human waits for one person, is rehearsed, and converges',
    scenes: async (stage) => {
      await human(stage);
      await stage.pass(10);
      assert.equal((await stage.read('p-1')).state, 'awaiting-approval');
      assert.ok((await stage.vote('p-1', 'ben')).ok);
      await stage.pass(15);
      assert.deepEqual(stage.cluster.dryRuns, ['forward']);
    },
    path: [...WAITING, ...UNDER_WAY, 'verifying', 'succeeded'],
    writes: [FORWARD],
    remembered: 'succeeded',
  },
  {
    says: 'a vote that it hung on is taken back before anything runs: it waits again',
    scenes: async (stage) => {
      await human(stage);
      assert.ok((await stage.vote('p-1', 'ben')).ok);
      assert.ok((await withdrawVote(stage.gate, { proposal: 'p-1', person: 'ben' }, stage.never)).ok);
      await stage.pass(20);
      assert.ok((await stage.vote('p-1', 'cho')).ok);
      await stage.pass(15);
    },
    path: [...WAITING, 'approved', ...WAITING, ...UNDER_WAY, 'verifying', 'succeeded'],
    writes: [FORWARD],
    remembered: 'succeeded',
  },
  {
    says: 'dual waits for two different people',
    scenes: async (stage) => {
      await stage.proposeText('scale production/web 0');
      assert.ok((await stage.vote('p-1', 'ben')).ok);
      const twice = await stage.vote('p-1', 'ben');
      assert.ok(!twice.ok && twice.refusal.code === 'already-voted');
      await stage.pass(20);
      assert.equal((await stage.read('p-1')).state, 'awaiting-approval');
      assert.ok((await stage.vote('p-1', 'cho')).ok);
      await stage.pass(15);
    },
    path: [...WAITING, ...UNDER_WAY, 'verifying', 'succeeded'],
    writes: ['forward deployment/web 3→0'],
    remembered: 'succeeded',
  },
  {
    says: 'a hard rule blocks',
    scenes: async (stage) => void (await stage.proposeText('rm -rf /')),
    path: ['blocked'],
  },
  {
    says: 'what is not understood is refused',
    scenes: async (stage) => void (await stage.proposeText('what is this')),
    path: ['refused'],
  },
  {
    says: 'one denial ends it, whoever has agreed',
    scenes: async (stage) => {
      await stage.proposeText('scale production/web 0');
      await stage.vote('p-1', 'ben');
      await stage.vote('p-1', 'cho', 'reject');
      const late = await stage.vote('p-1', 'dee');
      assert.ok(!late.ok && late.refusal.code === 'not-open');
    },
    path: [...WAITING, 'rejected'],
  },
  {
    says: 'four hours without an answer expire it',
    scenes: async (stage) => {
      await human(stage);
      await stage.pass(4 * 3600);
    },
    path: [...WAITING, 'expired'],
    refusal: 'expired',
  },
  {
    says: 'the proposer takes it back',
    scenes: async (stage) => {
      await human(stage);
      const stranger = await cancel(stage.gate, 'p-1', { id: 'ben', rights: ['approve'] }, stage.never);
      assert.ok(!stranger.ok && stranger.refusal.code === 'no-right');
      assert.ok((await cancel(stage.gate, 'p-1', { id: 'healer', rights: [] }, stage.never)).ok);
    },
    path: [...WAITING, 'cancelled'],
  },
  {
    says: 'a newer proposal of the same incident and target takes its place',
    scenes: async (stage) => {
      await human(stage);
      await stage.proposeText('scale production/api 6');
      assert.equal((await stage.read('p-1')).state, 'awaiting-approval', 'another target');
      await stage.proposeText('scale production/web 6', 'INC-2');
      assert.equal((await stage.read('p-1')).state, 'awaiting-approval', 'another incident');
      await stage.proposeText('scale production/web 6');
    },
    path: [...WAITING, 'superseded'],
  },
  {
    says: 'while people are asked the object changes under it',
    scenes: async (stage) => {
      await human(stage);
      const web = stage.cluster.workloads.get('production/web');
      assert.ok(web);
      web.replicas = 4;
      await stage.pass(70);
    },
    path: [...WAITING, 'stale'],
    refusal: 'pre-image-changed',
  },
  {
    says: 'the object was replaced between the last approval and the write',
    scenes: async (stage) => {
      await human(stage);
      const web = stage.cluster.workloads.get('production/web');
      assert.ok(web);
      web.uid = 'uid-new';
      await stage.vote('p-1', 'ben');
      await stage.pass(5);
    },
    path: [...WAITING, 'approved', 'stale'],
    refusal: 'uid-changed',
  },
  {
    says: 'its approver lost the right before the write',
    scenes: async (stage) => {
      await human(stage);
      await stage.vote('p-1', 'ben');
      stage.setPeople({ ...CAST, people: CAST.people.filter(({ id }) => id !== 'ben') });
      await stage.pass(5);
    },
    path: [...WAITING, 'approved', 'stale'],
    refusal: 'no-right',
  },
  {
    says: 'the people file cannot be read when it is about to start: it waits, and no vote is thrown away',
    scenes: async (stage) => {
      await human(stage);
      await stage.vote('p-1', 'ben');
      stage.setPeople({ people: [], agents: [] });
      await stage.pass(30);
      assert.equal((await stage.read('p-1')).state, 'approved');
      stage.setPeople(CAST);
      await stage.pass(30);
    },
    path: [...WAITING, ...UNDER_WAY, 'verifying', 'succeeded'],
    writes: [FORWARD],
    remembered: 'succeeded',
  },
  {
    says: 'what is known of the cluster is too old when it is about to start: it waits until it is known again',
    scenes: async (stage) => {
      const readFacts = stage.cluster.readFacts.bind(stage.cluster);
      await stage.proposeText('scale dev/web 5');
      stage.cluster.readFacts = async (...args) => {
        const facts = await readFacts(...args);
        return {
          ...facts,
          missing: [
            { resource: 'endpointslices.discovery.k8s.io', object: null, part: null, right: null, why: 'too-old' },
          ],
        };
      };
      await stage.pass(30);
      assert.equal((await stage.read('p-1')).state, 'approved');
      assert.equal(stage.cluster.writes.length, 0);
      stage.cluster.readFacts = readFacts;
      await stage.pass(30);
    },
    path: [...UNDER_WAY, 'verifying', 'succeeded'],
    writes: [FORWARD],
    remembered: 'succeeded',
  },
  {
    says: 'failures in the meantime lift it into a higher tier',
    scenes: async (stage) => {
      await auto(stage);
      await stage.proposeText('scale dev/web 6', 'INC-2');
      unhealthy(stage, 'slow');
      await stage.pass(200);
      assert.equal((await stage.read('p-2')).refusal?.code, 'tier-raised');
      assert.equal((await stage.read('p-2')).state, 'stale');
    },
    path: [...UNDER_WAY, 'verifying', 'rolling-back', 'rolled-back'],
    writes: [FORWARD, BACK],
    remembered: 'rolled-back',
  },
  {
    says: 'the server refuses the dry run',
    scenes: async (stage) => {
      stage.cluster.troubles.dryRun.push('refused');
      await human(stage);
      await stage.vote('p-1', 'ben');
      await stage.pass(5);
    },
    path: [...WAITING, 'approved', 'stale'],
    refusal: 'dry-run-refused',
  },
  {
    says: 'paused too long, an approved one expires; votes still count meanwhile',
    scenes: async (stage) => {
      await human(stage);
      await pause(stage, 'paused');
      assert.ok((await stage.vote('p-1', 'ben')).ok);
      await stage.pass(4 * 3600 + 60);
    },
    path: [...WAITING, 'approved', 'expired'],
    refusal: 'expired',
  },
  {
    says: 'paused and resumed, it starts',
    scenes: async (stage) => {
      await pause(stage, 'paused');
      await pause(stage, 'running');
      await auto(stage);
      await pause(stage, 'paused');
      await stage.pass(20);
      assert.deepEqual(stage.cluster.writes, []);
      await pause(stage, 'running');
      await stage.pass(20);
    },
    path: [...UNDER_WAY, 'verifying', 'succeeded'],
    writes: [FORWARD],
    remembered: 'succeeded',
  },
  {
    says: 'a cluster that cannot be asked is waited for',
    scenes: async (stage) => {
      await auto(stage);
      stage.cluster.troubles.read.push('unreachable', 'unreachable');
      await stage.pass(30);
    },
    path: [...UNDER_WAY, 'verifying', 'succeeded'],
    writes: [FORWARD],
    remembered: 'succeeded',
  },
  {
    says: 'the API refuses: nothing has changed',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('refused');
      await auto(stage);
      await stage.pass(5);
    },
    path: [...UNDER_WAY, 'failed'],
  },
  {
    says: 'never healthy: after the window it goes back by itself, also while paused',
    scenes: async (stage) => {
      await auto(stage);
      unhealthy(stage, 'slow');
      await stage.pass(60);
      assert.equal((await stage.read('p-1')).state, 'verifying');
      await pause(stage, 'paused');
      await stage.pass(90);
    },
    path: [...UNDER_WAY, 'verifying', 'rolling-back', 'rolled-back'],
    writes: [FORWARD, BACK],
    remembered: 'rolled-back',
  },
  {
    says: 'a crash loop is certain before the window is over; the way back does not heal it',
    scenes: async (stage) => {
      await auto(stage);
      unhealthy(stage, 'broken');
      await stage.pass(60);
    },
    path: [...UNDER_WAY, 'verifying', 'rolling-back', 'rollback-failed'],
    writes: [FORWARD, BACK],
    remembered: 'rollback-failed',
  },
  {
    says: 'a cluster that is never seen again is not healthy',
    scenes: async (stage) => {
      await auto(stage);
      stage.cluster.troubles.look.push(...Array.from({ length: 61 }, () => 'unreachable' as const));
      await stage.pass(160);
    },
    path: [...UNDER_WAY, 'verifying', 'rolling-back', 'rolled-back'],
    writes: [FORWARD, BACK],
    remembered: 'rolled-back',
  },
  {
    says: 'without a way back a person has it',
    scenes: async (stage) => {
      stage.withoutWayBack();
      await auto(stage);
      // Without an inverse the score is higher, and people are asked.
      await stage.vote('p-1', 'ben');
      unhealthy(stage, 'broken');
      await stage.pass(60);
    },
    path: [...WAITING, ...UNDER_WAY, 'verifying', 'handed-over'],
    writes: [FORWARD],
    refusal: 'way-back-gone',
    remembered: 'handed-over',
  },
  {
    says: 'the sealed revision is gone when it is needed',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('fine', 'gone');
      await auto(stage);
      unhealthy(stage, 'broken');
      await stage.pass(60);
    },
    path: [...UNDER_WAY, 'verifying', 'rolling-back', 'handed-over'],
    writes: [FORWARD],
    refusal: 'way-back-gone',
    remembered: 'handed-over',
  },
  {
    says: 'no answer, but it arrived: read, not sent again',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('lost-after');
      await auto(stage);
      await stage.pass(20);
    },
    path: [...UNDER_WAY, 'uncertain', 'verifying', 'succeeded'],
    writes: [FORWARD],
    remembered: 'succeeded',
  },
  {
    says: 'no answer and not there: sent again',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('lost-before');
      await auto(stage);
      await stage.pass(20);
    },
    path: [...UNDER_WAY, 'uncertain', 'executing', 'verifying', 'succeeded'],
    writes: [FORWARD],
    remembered: 'succeeded',
  },
  {
    says: 'sent three times and never there',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('lost-before', 'lost-before', 'lost-before');
      await auto(stage);
      await stage.pass(20);
    },
    path: [...UNDER_WAY, 'uncertain', 'executing', 'uncertain', 'executing', 'uncertain', 'failed'],
  },
  {
    says: 'not there, and no longer true when it was about to be sent again',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('lost-before');
      stage.cluster.troubles.find.push('unreachable');
      await auto(stage);
      await stage.settle();
      const web = stage.cluster.workloads.get('dev/web');
      assert.ok(web);
      web.replicas = 7;
      await stage.pass(20);
    },
    path: [...UNDER_WAY, 'uncertain', 'failed'],
    refusal: 'pre-image-changed',
  },
  {
    says: 'the write arrives late, after it was looked for: found, not taken for another hand',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('lost-before');
      arrivesAfterTheLook(stage);
      await auto(stage);
      await stage.pass(20);
    },
    path: [...UNDER_WAY, 'uncertain', 'verifying', 'succeeded'],
    remembered: 'succeeded',
  },
  {
    says: 'the write arrives late, and its repetition is refused as stale for it: found, not failed',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('lost-before');
      repeated(stage, 'arrived');
      await auto(stage);
      await stage.pass(20);
    },
    path: [...UNDER_WAY, 'uncertain', 'executing', 'uncertain', 'verifying', 'succeeded'],
    remembered: 'succeeded',
  },
  {
    says: 'the repetition is refused as stale, and the first write is not there either',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('lost-before');
      repeated(stage, 'never-arrived');
      await auto(stage);
      await stage.pass(20);
    },
    path: [...UNDER_WAY, 'uncertain', 'executing', 'uncertain', 'failed'],
    refusal: 'uid-changed',
  },
  {
    says: 'the way back arrives late, and its repetition is refused as stale for it: found and watched',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('fine', 'lost-before');
      repeated(stage, 'arrived');
      await auto(stage);
      unhealthy(stage, 'slow');
      await stage.pass(200);
    },
    path: [
      ...UNDER_WAY,
      'verifying',
      'rolling-back',
      'uncertain',
      'rolling-back',
      'uncertain',
      'rolling-back',
      'rolled-back',
    ],
    writes: [FORWARD],
    remembered: 'rolled-back',
  },
  {
    says: 'the repeated way back is refused as stale and is not there: a person has it',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('fine', 'lost-before');
      repeated(stage, 'never-arrived');
      await auto(stage);
      unhealthy(stage, 'slow');
      await stage.pass(200);
    },
    path: [...UNDER_WAY, 'verifying', 'rolling-back', 'uncertain', 'rolling-back', 'uncertain', 'handed-over'],
    writes: [FORWARD],
    refusal: 'uid-changed',
    remembered: 'handed-over',
  },
  {
    says: 'paused between a lost write and its repetition: nothing is sent',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('lost-before');
      stage.cluster.troubles.find.push('unreachable');
      await auto(stage);
      await stage.settle();
      await pause(stage, 'paused');
      await stage.pass(30);
      assert.equal((await stage.read('p-1')).state, 'uncertain');
      await pause(stage, 'running');
      await stage.pass(20);
    },
    path: [...UNDER_WAY, 'uncertain', 'executing', 'verifying', 'succeeded'],
    writes: [FORWARD],
    remembered: 'succeeded',
  },
  {
    says: 'no answer, and nobody can be asked for ten minutes: a person has it',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('lost-before');
      stage.cluster.troubles.find.push(...Array.from({ length: 200 }, () => 'unreachable' as const));
      await auto(stage);
      await stage.pass(590);
      await stage.pass(30);
    },
    path: [...UNDER_WAY, 'uncertain', 'handed-over'],
    remembered: 'handed-over',
  },
  {
    says: 'some of several objects were written: what stands there is taken back',
    scenes: async (stage) => {
      stage.half('unheard');
      await auto(stage);
      await stage.pass(20);
    },
    path: [...UNDER_WAY, 'uncertain', 'rolling-back', 'rolled-back'],
    writes: [FORWARD, BACK],
    remembered: 'rolled-back',
  },
  {
    says: 'the gate dies after the write arrived: the next one reads and goes on',
    scenes: async (stage) => {
      await surviving(stage, async () => {
        dieWhileWriting(stage, 'arrives');
        await auto(stage);
        await stage.settle();
      });
      await stage.pass(120);
    },
    path: [...UNDER_WAY, 'uncertain', 'verifying', 'succeeded'],
    writes: [FORWARD],
    remembered: 'succeeded',
  },
  {
    says: 'the way back gets no answer and cannot be found for a while, but converges: found whole, judged at once',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('fine', 'lost-after');
      stage.cluster.troubles.find.push('unreachable', 'unreachable', 'unreachable');
      await auto(stage);
      unhealthy(stage, 'slow');
      await stage.pass(200);
    },
    path: [...UNDER_WAY, 'verifying', 'rolling-back', 'uncertain', 'rolled-back'],
    writes: [FORWARD, BACK],
    remembered: 'rolled-back',
  },
  {
    says: 'the gate was down for longer than the window: what became healthy unseen is watched, not taken back',
    scenes: async (stage) => {
      await auto(stage);
      await stage.settle();
      stage.clock.pass(600);
      await stage.pass(4);
      assert.equal((await stage.read('p-1')).state, 'verifying', 'not believed without its settle time');
      stage.clock.pass(600);
      await stage.pass(20);
      assert.equal((await stage.read('p-1')).forward?.watches, 2);
    },
    path: [...UNDER_WAY, 'verifying', 'succeeded'],
    writes: [FORWARD],
    remembered: 'succeeded',
  },
  {
    says: 'a gate that keeps dying does not watch for ever',
    scenes: async (stage) => {
      await auto(stage);
      unhealthy(stage, 'slow');
      await stage.settle();
      for (let i = 0; i < 7; i += 1) {
        stage.clock.pass(100);
        await stage.settle();
      }
      await stage.pass(120);
    },
    path: [...UNDER_WAY, 'verifying', 'rolling-back', 'rolled-back'],
    writes: [FORWARD, BACK],
    remembered: 'rolled-back',
  },
  {
    says: 'the way back gets no answer, is found whole at once, and is watched',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('fine', 'lost-after');
      await auto(stage);
      unhealthy(stage, 'slow');
      await stage.pass(200);
    },
    path: [...UNDER_WAY, 'verifying', 'rolling-back', 'uncertain', 'rolling-back', 'rolled-back'],
    writes: [FORWARD, BACK],
    remembered: 'rolled-back',
  },
  {
    says: 'the way back is sent three times and never there',
    scenes: async (stage) => {
      stage.cluster.troubles.write.push('fine', 'lost-before', 'lost-before', 'lost-before');
      await auto(stage);
      unhealthy(stage, 'broken');
      await stage.pass(60);
    },
    path: [
      ...UNDER_WAY,
      'verifying',
      'rolling-back',
      'uncertain',
      'rolling-back',
      'uncertain',
      'rolling-back',
      'uncertain',
      'rollback-failed',
    ],
    writes: [FORWARD],
    remembered: 'rollback-failed',
  },
];

const visited = async (stage: Stage, id: string) =>
  (await stage.store.trail.eventsOf(id, stage.never)).filter(({ from, to }) => from !== to);

const seen = new Set<string>();

for (const { says, scenes, path, writes = [], refusal, remembered } of PLAYS) {
  test(says, async () => {
    const stage = setStage();
    await scenes(stage);
    const steps = await visited(stage, 'p-1');
    assert.deepEqual(
      steps.map(({ to }) => to).filter((to) => to !== 'proposed'),
      path,
    );
    assert.deepEqual(stage.cluster.writes, writes);
    if (refusal !== undefined) assert.equal((await stage.read('p-1')).refusal?.code, refusal);
    const { outcomes } = await stage.store.history.outcomes({ limit: 9, before: null }, stage.never);
    const own = outcomes.filter(({ proposal }) => proposal === 'p-1');
    assert.deepEqual(
      own.map(({ state }) => state),
      remembered === undefined ? [] : [remembered],
    );
    const lines = await stage.store.trail.lines(0, 10_000, stage.never);
    const { head, kept } = await stage.store.trail.snapshot(stage.never);
    assert.deepEqual(verifyTrail({ lines, head, kept, known: [], hashOf: hashOfLine }), []);
    for (const { from, to } of steps) seen.add(`${from} → ${to}`);
  });
}

test('every transition of the table is played, and nothing else ever happened', () => {
  const allowed = STATES.flatMap((from) => TRANSITIONS[from].map((to) => `${from} → ${to}`));
  // A program that ends with another code than 0: played by programs.test.ts, on a cluster that runs programs.
  seen.add('verifying → failed');
  assert.deepEqual(
    [...new Set(allowed)].filter((one) => !seen.has(one)),
    [],
  );
  assert.deepEqual(
    [...seen].filter((one) => !allowed.includes(one) && one !== 'null → proposed'),
    [],
  );
});

const SOAK = policyOf({ ...DEFAULT_POLICY_DOCUMENT, verify: { scale: { soakSeconds: 90 } } }, null);

test('a soak that the policy asks for is sealed, waited for, and kept in few looks', async () => {
  const stage = setStage();
  Object.assign(stage.gate, { policy: SOAK });
  await auto(stage);
  assert.equal((await stage.read('p-1')).spec.soakSeconds, 90);
  await stage.pass(80);
  const during = await stage.read('p-1');
  assert.equal(during.state, 'verifying');
  assert.ok(during.looks.length <= 17, `${during.looks.length} looks are kept`);
  await stage.pass(20);
  assert.equal((await stage.read('p-1')).state, 'succeeded');
});

test('what moves during a soak gets its patience anew, and the soak begins again', async () => {
  const stage = setStage();
  Object.assign(stage.gate, { policy: SOAK, specSettings: { ...stage.gate.specSettings, convergeWithinSeconds: 30 } });
  await auto(stage);
  await stage.pass(60);
  unhealthy(stage, 'slow');
  await stage.pass(20);
  assert.equal((await stage.read('p-1')).state, 'verifying', 'half a minute of patience is not over');
  const web = stage.cluster.workloads.get('dev/web');
  assert.ok(web);
  web.health = 'fine';
  await stage.pass(80);
  assert.equal((await stage.read('p-1')).state, 'verifying', 'the soak is counted from the new health');
  await stage.pass(20);
  assert.equal((await stage.read('p-1')).state, 'succeeded');
});

test('what stays down during a soak is taken back when its patience is over', async () => {
  const stage = setStage();
  Object.assign(stage.gate, { policy: SOAK, specSettings: { ...stage.gate.specSettings, convergeWithinSeconds: 30 } });
  await auto(stage);
  await stage.pass(60);
  unhealthy(stage, 'slow');
  await stage.pass(40);
  assert.notEqual((await stage.read('p-1')).state, 'verifying');
  assert.equal((await stage.read('p-1')).verdict?.code, 'window-over');
});
