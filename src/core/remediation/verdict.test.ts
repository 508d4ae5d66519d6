// What counts as converged, what as failed, and what never counts at all.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { lookOf } from './look-of.ts';
import type { Health, Look, PodTrouble, RolloutStatus, Sample } from './sample.ts';
import { judgeLooks, type Verdict, type VerdictRule } from './verdict.ts';

const RULE: VerdictRule = { windowSeconds: 120, settleSeconds: 10, certainAfterSeconds: 10 };
const WEB = 'deployment/web -n shop';

type Workload = Sample & { readonly seen: 'workload' };

const healthy: Workload = {
  seen: 'workload',
  target: WEB,
  uid: 'u1',
  generation: 2,
  observedGeneration: 2,
  desired: 3,
  replicas: 3,
  updated: 3,
  ready: 3,
  available: 3,
  paused: false,
  deadlineExceeded: false,
  troubles: [],
};
const web = (changes: Partial<Workload>): Sample => ({ ...healthy, ...changes });
const trouble = (reason: string, restarts = 0): PodTrouble => ({ pod: 'web-1', container: 'web', reason, restarts });
const rolling = web({ updated: 1, ready: 2, available: 2 });
const crashing = web({ updated: 3, ready: 2, available: 2, troubles: [trouble('CrashLoopBackOff', 1)] });
const nothing: Sample = { seen: 'nothing', target: WEB, why: 'connection refused' };

const look = (at: number, ...samples: readonly Sample[]): Look => ({ at, samples });
/** The same samples at several moments. */
const during = (from: number, to: number, step: number, ...samples: readonly Sample[]): readonly Look[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => look(from + i * step, ...samples));

const calm: RolloutStatus = {
  updatedReady: 3,
  progressDeadlineSeconds: 600,
  minReadySeconds: 0,
  exceededSinceWrite: null,
  refusesPods: false,
  hindrances: [],
};
const status = (changes: Partial<RolloutStatus>, counts: Partial<Workload> = {}): Sample =>
  web({ updated: 1, ready: 2, available: 2, ...counts, rollout: { ...calm, updatedReady: 0, ...changes } });
/** Looks as the gate takes them, one after the other, every `step` seconds. */
const watched = (step: number, samples: readonly Sample[]): readonly Look[] => {
  const looks: Look[] = [];
  for (const one of samples) looks.push(lookOf(looks.at(-1) ?? null, (looks.length + 1) * step, [one]));
  return looks;
};
const QUOTA = {
  object: 'replicaset/web-5d8f',
  reason: 'FailedCreate',
  message: 'pods "web-5d8f-x" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=3, limited: pods=3',
};

interface Case {
  readonly when: string;
  readonly looks: readonly Look[];
  readonly verdict: readonly [Verdict['is'], Verdict['code']];
}

const CASES: readonly Case[] = [
  { when: 'nobody has looked yet', looks: [], verdict: ['moving', 'not-seen'] },
  { when: 'a look saw no object at all', looks: [look(2)], verdict: ['moving', 'not-seen'] },
  { when: 'one look is healthy', looks: [look(2, healthy)], verdict: ['moving', 'settling'] },
  { when: 'healthy for less than the settle time', looks: during(2, 10, 2, healthy), verdict: ['moving', 'settling'] },
  { when: 'healthy for the settle time', looks: during(2, 12, 2, healthy), verdict: ['converged', 'converged'] },
  {
    when: 'a look in between saw nothing',
    looks: [...during(2, 8, 2, healthy), look(10, nothing), look(12, healthy)],
    verdict: ['moving', 'settling'],
  },
  {
    when: 'a look that failed as a whole is long past',
    looks: [look(2, { seen: 'nothing', target: 'deployment/web', why: 'reset' }), ...during(4, 14, 2, healthy)],
    verdict: ['converged', 'converged'],
  },
  {
    when: 'success was near and then the pods crash',
    looks: [...during(2, 10, 2, healthy), look(12, crashing)],
    verdict: ['moving', 'trouble'],
  },
  { when: 'still rolling out', looks: during(2, 60, 2, rolling), verdict: ['moving', 'rolling-out'] },
  {
    when: 'old pods are still there',
    looks: during(2, 60, 2, web({ replicas: 4 })),
    verdict: ['moving', 'rolling-out'],
  },
  { when: 'rolling out when the window ends', looks: during(2, 120, 2, rolling), verdict: ['failing', 'window-over'] },
  {
    when: 'healthy only just before the window ends',
    looks: [...during(2, 114, 2, rolling), ...during(116, 122, 2, healthy)],
    verdict: ['moving', 'settling'],
  },
  {
    when: 'healthy just before the window ends and settled after it',
    looks: [...during(2, 114, 2, rolling), ...during(116, 126, 2, healthy)],
    verdict: ['converged', 'converged'],
  },
  {
    when: 'the controller has not seen the change',
    looks: during(2, 30, 2, web({ generation: 3 })),
    verdict: ['moving', 'not-observed'],
  },
  {
    when: 'no controller ever wrote a status',
    looks: during(2, 30, 2, web({ observedGeneration: null })),
    verdict: ['moving', 'not-observed'],
  },
  {
    when: 'ready but not yet available',
    looks: during(2, 30, 2, web({ available: 2 })),
    verdict: ['moving', 'rolling-out'],
  },
  {
    when: 'scaled to zero and empty',
    looks: during(2, 12, 2, web({ desired: 0, replicas: 0, updated: 0, ready: 0, available: 0 })),
    verdict: ['converged', 'as-approved'],
  },
  {
    when: 'scaled to zero, pods not yet gone',
    looks: during(2, 12, 2, web({ desired: 0, replicas: 2, updated: 2 })),
    verdict: ['moving', 'rolling-out'],
  },
  { when: 'a crash loop has just begun', looks: [look(2, rolling), look(4, crashing)], verdict: ['moving', 'trouble'] },
  { when: 'a crash loop lasts', looks: during(2, 12, 2, crashing), verdict: ['failing', 'trouble'] },
  {
    when: 'a crash loop lasts, seen through a gap of silence',
    looks: [look(2, crashing), look(6, nothing), look(12, crashing)],
    verdict: ['failing', 'trouble'],
  },
  {
    when: 'a crash loop was over in between',
    looks: [look(2, crashing), look(6, rolling), look(12, crashing)],
    verdict: ['moving', 'trouble'],
  },
  {
    when: 'a container has crashed three times',
    looks: [look(2, web({ ready: 2, available: 2, troubles: [trouble('CrashLoopBackOff', 3)] }))],
    verdict: ['failing', 'trouble'],
  },
  {
    when: 'an image cannot be pulled and backs off',
    looks: during(2, 12, 5, web({ updated: 1, troubles: [trouble('ImagePullBackOff')] })),
    verdict: ['failing', 'trouble'],
  },
  {
    when: 'pull error and back-off take turns',
    looks: [
      look(2, web({ updated: 1, troubles: [trouble('ErrImagePull')] })),
      look(7, web({ updated: 1, troubles: [trouble('ImagePullBackOff')] })),
      look(12, web({ updated: 1, troubles: [trouble('ErrImagePull')] })),
    ],
    verdict: ['failing', 'trouble'],
  },
  {
    when: 'an image name is not valid',
    looks: [look(1, web({ updated: 1, troubles: [trouble('InvalidImageName')] }))],
    verdict: ['failing', 'trouble'],
  },
  {
    when: 'containers are being created',
    looks: during(2, 30, 2, web({ ready: 0, available: 0, troubles: [trouble('ContainerCreating')] })),
    verdict: ['moving', 'rolling-out'],
  },
  {
    when: 'the progress deadline has just passed',
    looks: [look(2, rolling), look(4, web({ available: 2, ready: 2, deadlineExceeded: true }))],
    verdict: ['moving', 'deadline-exceeded'],
  },
  {
    when: 'the progress deadline stays passed',
    looks: during(2, 12, 2, web({ available: 2, ready: 2, deadlineExceeded: true })),
    verdict: ['failing', 'deadline-exceeded'],
  },
  {
    when: 'a passed deadline belongs to an older generation',
    looks: during(2, 30, 2, web({ generation: 3, available: 2, deadlineExceeded: true })),
    verdict: ['moving', 'not-observed'],
  },
  {
    when: 'everything is available though the old condition still stands',
    looks: during(2, 12, 2, web({ deadlineExceeded: true })),
    verdict: ['converged', 'converged'],
  },
  { when: 'paused in the middle', looks: [look(2, web({ paused: true, updated: 1 }))], verdict: ['failing', 'paused'] },
  {
    when: 'paused, but nothing is left to roll out',
    looks: during(2, 12, 2, web({ paused: true })),
    verdict: ['converged', 'converged'],
  },
  {
    when: 'the workload is gone',
    looks: [look(2, healthy), look(4, { seen: 'gone', target: WEB })],
    verdict: ['failing', 'gone'],
  },
  {
    when: 'another has overwritten the change',
    looks: [look(2, healthy), look(4, { seen: 'overwritten', target: WEB })],
    verdict: ['failing', 'overwritten'],
  },
  { when: 'never an answer', looks: during(2, 118, 2, nothing), verdict: ['moving', 'not-seen'] },
  { when: 'never an answer until the end', looks: during(2, 120, 2, nothing), verdict: ['unknown', 'never-seen'] },
  {
    when: 'healthy for long, silent at the end',
    looks: [...during(100, 106, 2, healthy), ...during(108, 120, 2, nothing)],
    verdict: ['unknown', 'never-seen'],
  },
  {
    when: 'a deleted pod is still there',
    looks: during(2, 30, 2, { seen: 'leaving', target: 'pod/web-1 -n shop' }, healthy),
    verdict: ['moving', 'leaving'],
  },
  {
    when: 'a deleted pod is away and its controller is whole',
    looks: during(2, 12, 2, { seen: 'removed', target: 'pod/web-1 -n shop' }, healthy),
    verdict: ['converged', 'converged'],
  },
  {
    when: 'a deleted pod is away and nothing is known to bring another',
    looks: during(2, 12, 2, { seen: 'removed', target: 'pod/web-1 -n shop' }),
    verdict: ['converged', 'as-approved'],
  },
  {
    when: 'a deleted pod never goes',
    looks: during(2, 120, 2, { seen: 'leaving', target: 'pod/web-1 -n shop' }, healthy),
    verdict: ['failing', 'window-over'],
  },
  {
    when: 'nothing has moved for longer than the window, and its own deadline is longer',
    looks: watched(10, Array(40).fill(status({}))),
    verdict: ['moving', 'rolling-out'],
  },
  {
    when: 'nothing has moved for its own deadline',
    looks: watched(10, Array(62).fill(status({}))),
    verdict: ['failing', 'window-over'],
  },
  {
    when: 'nothing moves and its own deadline is shorter than the window',
    looks: watched(10, Array(11).fill(status({ progressDeadlineSeconds: 15 }))),
    verdict: ['moving', 'rolling-out'],
  },
  {
    when: 'one pod more every 100 s, far beyond window and deadline',
    looks: watched(
      10,
      Array.from({ length: 200 }, (_, i) =>
        status(
          { updatedReady: Math.floor(i / 10), progressDeadlineSeconds: 110 },
          { desired: 30, updated: 30, replicas: 30 },
        ),
      ),
    ),
    verdict: ['moving', 'rolling-out'],
  },
  {
    when: 'a pod is ready now and then and nothing else moves',
    looks: watched(
      10,
      Array.from({ length: 30 }, (_, i) => status({ updatedReady: i % 2, progressDeadlineSeconds: 120 })),
    ),
    verdict: ['failing', 'window-over'],
  },
  {
    when: 'a rollout of an hour and more stands still for an hour',
    looks: watched(60, Array(62).fill(status({ progressDeadlineSeconds: 86_400 }))),
    verdict: ['failing', 'window-over'],
  },
  {
    when: 'a kind without a deadline stands still for its window while its pods must stay ready for long',
    looks: watched(10, Array(20).fill(status({ progressDeadlineSeconds: null, minReadySeconds: 100 }))),
    verdict: ['moving', 'rolling-out'],
  },
  {
    when: 'a kind without a deadline stands still for window and readiness together',
    looks: watched(10, Array(23).fill(status({ progressDeadlineSeconds: null, minReadySeconds: 100 }))),
    verdict: ['failing', 'window-over'],
  },
  {
    when: 'Kubernetes says that the deadline of this write has passed',
    looks: watched(15, [status({ exceededSinceWrite: true }, { deadlineExceeded: true })]),
    verdict: ['failing', 'deadline-exceeded'],
  },
  {
    when: 'the passed deadline is of the rollout before',
    looks: watched(10, Array(20).fill(status({ exceededSinceWrite: false }, { deadlineExceeded: true }))),
    verdict: ['moving', 'rolling-out'],
  },
  {
    when: 'a quota stops it within the window',
    looks: watched(10, Array(11).fill(status({ refusesPods: true, hindrances: [QUOTA] }))),
    verdict: ['moving', 'rolling-out'],
  },
  {
    when: 'a quota stops it for the whole window',
    looks: watched(10, Array(12).fill(status({ refusesPods: true, hindrances: [QUOTA] }))),
    verdict: ['failing', 'window-over'],
  },
  {
    when: 'the controller takes the change up late: its time begins then',
    looks: watched(10, [...Array(6).fill(web({ generation: 3 })), ...Array(10).fill(status({ refusesPods: true }))]),
    verdict: ['moving', 'rolling-out'],
  },
  {
    when: 'one of two workloads crashes',
    looks: during(2, 12, 2, { ...healthy, target: 'deployment/api -n shop' }, crashing),
    verdict: ['failing', 'trouble'],
  },
  {
    when: 'one of two workloads is left out of a look',
    looks: [look(2, { ...healthy, target: 'deployment/api -n shop' }, healthy), ...during(4, 30, 2, healthy)],
    verdict: ['moving', 'not-seen'],
  },
];

describe('a pod in which a program ran', () => {
  const target = 'pod/web-1 -n shop';
  const intact: Sample = { seen: 'intact', target };
  const unready: Sample = { seen: 'unready', target };
  const lost: Sample = { seen: 'container-lost', target, container: 'web' };
  const said = ({ is, code }: Verdict): readonly string[] => [is, code];

  test('that is as before has converged once that has lasted', () => {
    assert.deepEqual(said(judgeLooks([look(2, intact)], RULE)), ['moving', 'settling']);
    assert.deepEqual(said(judgeLooks(during(2, 14, 2, intact), RULE)), ['converged', 'as-approved']);
  });

  test('that is not ready any more is waited for until its window is over', () => {
    assert.deepEqual(said(judgeLooks(during(2, 60, 2, unready), RULE)), ['moving', 'unready']);
    assert.deepEqual(said(judgeLooks(during(2, 130, 2, unready), RULE)), ['failing', 'window-over']);
    const back = [...during(2, 60, 2, unready), ...during(62, 80, 2, intact)];
    assert.deepEqual(said(judgeLooks(back, RULE)), ['converged', 'as-approved']);
  });

  test('whose container was started anew has failed at once', () => {
    const verdict = judgeLooks([look(2, intact), look(4, lost)], RULE);
    assert.deepEqual(said(verdict), ['failing', 'container-lost']);
    assert.equal(verdict.subject, `${target}: web`);
  });
});

describe('the verdict', () => {
  for (const { when, looks, verdict: expected } of CASES) {
    test(`${when}: ${expected.join(', ')}`, () => {
      const verdict = judgeLooks(looks, RULE);
      assert.deepEqual([verdict.is, verdict.code], expected, JSON.stringify(verdict));
    });
  }

  test('a rollout that stands still names what the cluster says of it', () => {
    const looks = watched(10, Array(12).fill(status({ refusesPods: true, hindrances: [QUOTA] })));
    assert.equal(
      judgeLooks(looks, RULE).subject,
      `deployment/web -n shop: 1 updated, 2 ready, 2 available of 3; replicaset/web-5d8f FailedCreate: ${QUOTA.message}`,
    );
  });

  test('a failure names the pod and its reason', () => {
    assert.equal(
      judgeLooks(during(2, 12, 2, crashing), RULE).subject,
      'deployment/web -n shop: pod/web-1 web CrashLoopBackOff',
    );
  });
});

const anySample: fc.Arbitrary<Sample> = fc.oneof(
  fc.constantFrom<Sample>(healthy, rolling, crashing, nothing, { seen: 'gone', target: WEB }),
  fc.record({ observedGeneration: fc.constantFrom(null, 1, 2), updated: fc.nat(4), paused: fc.boolean() }).map(web),
);
const anyLooks: fc.Arbitrary<readonly Look[]> = fc
  .array(fc.array(anySample, { maxLength: 2 }), { maxLength: 80 })
  .map((all) => all.map((samples, i) => ({ at: (i + 1) * 2, samples })));

describe('whatever was seen', () => {
  test('only an unbroken stretch of health converges', () => {
    fc.assert(
      fc.property(anyLooks, (looks) => {
        if (judgeLooks(looks, RULE).is !== 'converged') return;
        const last = looks.at(-1)?.at ?? 0;
        for (const { samples } of looks.filter(({ at }) => at >= last - RULE.settleSeconds)) {
          assert.ok(samples.length > 0);
          for (const sample of samples) {
            assert.equal(sample.seen, 'workload');
            assert.equal(sample.seen === 'workload' && sample.available, 3);
          }
        }
      }),
    );
  });

  test('a verdict is final at the latest when the window and the settle time are over', () => {
    fc.assert(
      fc.property(anyLooks, (looks) => {
        const late = [...looks, look(RULE.windowSeconds + RULE.settleSeconds + 60, nothing)];
        assert.notEqual(judgeLooks(late, RULE).is, 'moving');
      }),
    );
  });
});

const thing = (health: Partial<Health>): Sample => ({
  seen: 'object',
  target: WEB,
  health: { is: 'healthy', code: 'healthy', says: null, ready: null, ...health },
});
const judged = (looks: readonly Look[], before: readonly Sample[] = []): string => {
  const { is, code } = judgeLooks(looks, RULE, before);
  return `${is} ${code}`;
};

describe('what was broken before', () => {
  const crashLoop = (counts: Partial<Workload> = {}): Sample =>
    web({ ready: 1, available: 1, troubles: [trouble('CrashLoopBackOff', 9)], ...counts });
  const unready = web({ ready: 1, available: 1 });
  const notReady = thing({ is: 'lasting', code: 'not-ready', ready: 0 });
  for (const [what, before, now, early, late] of [
    ['crashes as before', crashLoop(), crashLoop(), 'moving trouble', 'as-before still-unhealthy'],
    [
      'crashes, and more are ready',
      crashLoop(),
      crashLoop({ ready: 2 }),
      'moving trouble',
      'as-before still-unhealthy',
    ],
    ['crashes, and fewer are ready', crashLoop(), crashLoop({ ready: 0 }), 'failing trouble', 'failing trouble'],
    ['crashes, and nobody looked before', undefined, crashLoop(), 'failing trouble', 'failing trouble'],
    ['crashes, and was well before', healthy, crashLoop(), 'failing trouble', 'failing trouble'],
    ['crashes, and only rolled out before', rolling, crashLoop(), 'failing trouble', 'failing trouble'],
    ['lacks ready pods as before', unready, unready, 'moving rolling-out', 'as-before still-unhealthy'],
    ['has fewer ready pods', unready, web({ ready: 0, available: 0 }), 'moving rolling-out', 'failing window-over'],
    [
      'is scaled to fewer than were ready',
      web({ ready: 2, available: 2 }),
      web({ desired: 1, updated: 1, replicas: 2, ready: 1, available: 0 }),
      'moving rolling-out',
      'as-before still-unhealthy',
    ],
    ['is overwritten', crashLoop(), { seen: 'overwritten', target: WEB }, 'failing overwritten', 'failing overwritten'],
    ['is gone', crashLoop(), { seen: 'gone', target: WEB }, 'failing gone', 'failing gone'],
    [
      'has no endpoints, as before',
      thing({ is: 'lasting', code: 'no-endpoints', ready: 0 }),
      thing({ is: 'lasting', code: 'no-endpoints', ready: 0 }),
      'moving no-endpoints',
      'as-before still-unhealthy',
    ],
    [
      'has no endpoints any more',
      thing({ ready: 2 }),
      thing({ is: 'lasting', code: 'no-endpoints', ready: 0 }),
      'failing no-endpoints',
      'failing no-endpoints',
    ],
    [
      'is a custom object that is not ready, as before',
      notReady,
      notReady,
      'moving not-ready',
      'as-before still-unhealthy',
    ],
  ] as const satisfies readonly (readonly [string, Sample | undefined, Sample, string, string])[])
    test(`${what}`, () => {
      const then = before === undefined ? [] : [before];
      assert.equal(judged(during(2, 20, 2, now), then), early);
      assert.equal(judged(during(2, 130, 2, now), then), late);
    });

  test('heals: it has converged, as anything else', () => {
    assert.equal(
      judged([...during(2, 60, 2, crashLoop()), ...during(62, 74, 2, healthy)], [crashLoop()]),
      'converged converged',
    );
  });

  test('a node that no write heals is as approved at once', () => {
    const node = thing({ is: 'lasting', code: 'not-ready', ready: 0, isBystander: true });
    assert.equal(judged(during(2, 14, 2, node), [node]), 'converged still-unhealthy');
    const ready = thing({ ready: 1, isBystander: true });
    assert.equal(judged(during(2, 14, 2, node), [ready]), 'failing not-ready');
  });

  test('one that was broken hides no other that breaks', () => {
    const other: Sample = { ...healthy, target: 'deployment/api -n shop' };
    const broken: Sample = { ...crashLoop(), target: 'deployment/api -n shop' } as Sample;
    assert.equal(judged(during(2, 20, 2, crashLoop(), broken), [crashLoop(), other]), 'failing trouble');
  });
});

describe('an object that does not roll out', () => {
  for (const [what, health, early, late] of [
    ['tells that it is well', {}, 'converged converged', 'converged converged'],
    [
      'tells nothing',
      { code: 'nothing-to-wait-for' },
      'converged nothing-to-wait-for',
      'converged nothing-to-wait-for',
    ],
    ['is suspended', { code: 'suspended' }, 'converged suspended', 'converged suspended'],
    ['runs', { is: 'running', code: 'running' }, 'moving running', 'converged running'],
    ['has failed', { is: 'certain', code: 'run-failed' }, 'failing run-failed', 'failing run-failed'],
    ['is not ready yet', { is: 'moving', code: 'not-ready' }, 'moving not-ready', 'failing window-over'],
    ['has lost its endpoints', { is: 'lasting', code: 'no-endpoints' }, 'failing no-endpoints', 'failing no-endpoints'],
  ] as const satisfies readonly (readonly [string, Partial<Health>, string, string])[])
    test(what, () => {
      assert.equal(judged(during(2, 20, 2, thing(health))), early);
      assert.equal(judged(during(2, 130, 2, thing(health))), late);
    });

  test('each further step of it is progress', () => {
    const jobs = [0, 1, 2].map((ready) => thing({ is: 'moving', code: 'not-ready', ready }));
    assert.deepEqual(
      watched(10, [...jobs, ...jobs.slice(2)]).map(({ progress }) => progress?.since),
      [0, 20, 30, 30],
    );
  });
});

describe('a check of the policy', () => {
  const check = (is: 'passed' | 'failed'): Sample => ({ seen: 'check', target: 'promql errors < 1', is, says: '7' });
  const silent: Sample = { seen: 'nothing', of: 'check', target: 'promql errors < 1', why: 'no answer' };
  test('that passes changes nothing', () => {
    assert.equal(judged(during(2, 12, 2, healthy, check('passed'))), 'converged converged');
  });
  test('that fails is waited for until the window ends, and named', () => {
    assert.equal(judged(during(2, 60, 2, healthy, check('failed'))), 'moving check-failed');
    const { subject, ...verdict } = judgeLooks(during(2, 122, 2, healthy, check('failed')), RULE);
    assert.deepEqual(verdict, { is: 'failing', code: 'check-failed' });
    assert.equal(subject, 'promql errors < 1: 7');
  });
  test('that fails and then passes for the soak has passed', () => {
    const looks = [...during(2, 60, 2, healthy, check('failed')), ...during(62, 74, 2, healthy, check('passed'))];
    assert.equal(judged(looks), 'converged converged');
  });
  test('that passes and then fails is no success', () => {
    const looks = [...during(2, 8, 2, healthy, check('passed')), ...during(10, 12, 2, healthy, check('failed'))];
    assert.equal(judged(looks), 'moving check-failed');
  });
  test('that gives no answer is neither: it is not known when the window ends', () => {
    assert.equal(judged(during(2, 60, 2, healthy, silent)), 'moving check-unseen');
    assert.equal(judged(during(2, 122, 2, healthy, silent)), 'unknown check-unseen');
  });
  test('that failed before the write already is no failure of it', () => {
    assert.equal(judged(during(2, 122, 2, healthy, check('failed')), [check('failed')]), 'as-before still-unhealthy');
    assert.equal(judged(during(2, 122, 2, healthy, check('failed')), [check('passed')]), 'failing check-failed');
  });
  test('that gives no answer hides no progress of the objects', () => {
    const [first, second] = [rolling, web({ updated: 2, ready: 2, available: 2 })].map((one) => [one, silent]);
    const looks = [lookOf(null, 2, first ?? [])];
    looks.push(lookOf(looks[0] ?? null, 60, second ?? []));
    assert.equal(looks[1]?.progress?.since, 60);
  });
});
