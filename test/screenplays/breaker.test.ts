// Too many failures pause the gate, people are told, and a person lets it go on; and never more writes at once than allowed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { type Breaker, policyOf } from '../../src/core/blast-radius/policy.ts';
import { metricsText } from '../../src/doors/http/metrics.ts';
import { nextStep } from '../../src/flow/worker/advance.ts';
import { type Stage, setStage } from '../support/memory-gate.ts';

const set = (rules: { readonly breaker?: Breaker; readonly writesAtOnce?: number } = {}): Stage => {
  const stage = setStage();
  // What runs within an hour is no matter here: after several that succeed the next would be asked of people, and fail nothing.
  const budgets = { workload: 1e6, namespace: 1e6, node: 1e6, cluster: 1e6 };
  Object.assign(stage.gate, { policy: policyOf({ ...DEFAULT_POLICY.document, budgets, ...rules }, null) });
  return stage;
};

const isPaused = (stage: Stage): Promise<boolean> => stage.store.controls.paused(null, stage.never);

/** One that the cluster refuses: it fails at once. */
const fail = async (stage: Stage, n: number): Promise<void> => {
  stage.cluster.troubles.write.push('refused');
  await stage.proposeText('scale dev/web 5', `INC-${n}`);
  await stage.settle();
};

const resume = async (stage: Stage): Promise<void> => {
  const at = new Date(stage.clock.now()).toISOString();
  await stage.store.controls.setPaused(
    'running',
    { kind: 'note', at, what: 'running', who: 'ana', about: 'the gate' },
    stage.never,
  );
  stage.gate.wakeSignal.notify();
};

test('the third failure within half an hour pauses the gate: said in chat, trail, log and metrics', async () => {
  const stage = set();
  await fail(stage, 1);
  await fail(stage, 2);
  assert.equal(await isPaused(stage), false);
  await fail(stage, 3);
  assert.equal(await isPaused(stage), true);
  const refused = await stage.proposeText('scale dev/web 5', 'INC-4');
  assert.deepEqual(refused.ok ? null : refused.refusal.code, 'paused');
  await stage.tell();
  const said = stage.chat.said().filter(({ text }) => text.includes('paused itself'));
  assert.equal(said.length, 1);
  assert.match(
    said[0]?.text ?? '',
    /^INC-3 · 🛑 the gate has paused itself: 3 failures or rollbacks within 30 minutes[\s\S]*blastgate resume/,
  );
  const events = await stage.store.trail.eventsOf('p-3', stage.never);
  assert.deepEqual(events.at(-1)?.event, { event: 'breaker-tripped', failures: 3, withinMinutes: 30 });
  const lines = await stage.store.trail.lines(0, 1000, stage.never);
  const notes = lines.flatMap(({ deed }) => (deed.kind === 'note' ? [deed] : []));
  assert.deepEqual(
    notes.map(({ what, who, about }) => ({ what, who, about })),
    [{ what: 'paused', who: null, about: '3 failures within 30 minutes: p-3, p-2, p-1' }],
  );
  assert.equal(stage.log.lines.filter(({ event }) => event === 'breaker_tripped').length, 1);
  const metrics = await metricsText(stage.gate, '1', stage.never);
  assert.match(metrics, /^blastgate_paused 1$/m);
  assert.match(metrics, /^blastgate_breaker_failures 3$/m);
  assert.match(metrics, /^blastgate_breaker_limit 3$/m);
});

test('what was approved waits, and a rollback under way goes on', async () => {
  const stage = set({ breaker: { failures: 2, withinMinutes: 5 } });
  const api = stage.cluster.workloads.get('dev/api');
  assert.ok(api !== undefined);
  api.health = 'slow';
  await stage.proposeText('scale dev/api 4', 'INC-1');
  await stage.pass(115);
  assert.equal((await stage.read('p-1')).state, 'verifying');
  await stage.proposeText('scale production/web 5', 'INC-2');
  await fail(stage, 3);
  await fail(stage, 4);
  assert.equal(await isPaused(stage), true);
  await stage.vote('p-2', 'ben');
  await stage.pass(60);
  assert.equal((await stage.read('p-1')).state, 'rolled-back');
  assert.equal((await stage.read('p-2')).state, 'approved');
  await resume(stage);
  await stage.pass(30);
  assert.equal((await stage.read('p-2')).state, 'succeeded');
});

test('failures before a resume do not count again; as many after it do', async () => {
  const stage = set();
  for (const n of [1, 2, 3]) await fail(stage, n);
  stage.clock.pass(10);
  await resume(stage);
  stage.clock.pass(1);
  await fail(stage, 4);
  await fail(stage, 5);
  assert.equal(await isPaused(stage), false);
  await fail(stage, 6);
  assert.equal(await isPaused(stage), true);
});

test('failures of longer ago do not count', async () => {
  const stage = set();
  await fail(stage, 1);
  await fail(stage, 2);
  stage.clock.pass(30 * 60);
  await fail(stage, 3);
  assert.equal(await isPaused(stage), false);
});

test('a gate that died between the last failure and the pause pauses before it writes again', async () => {
  const stage = set();
  for (const n of [1, 2]) await fail(stage, n);
  // As a process that dies just after the third was saved leaves it.
  const failedAfter = stage.store.history.failedAfter.bind(stage.store.history);
  Object.assign(stage.store.history, { failedAfter: async () => [] });
  await fail(stage, 3);
  Object.assign(stage.store.history, { failedAfter });
  assert.equal(await isPaused(stage), false);
  const writes = stage.cluster.writes.length;
  await stage.proposeText('scale dev/api 4', 'INC-4');
  await stage.pass(20);
  assert.equal((await stage.read('p-4')).state, 'approved');
  assert.equal(stage.cluster.writes.length, writes);
  assert.equal(await isPaused(stage), true);
});

test('whatever succeeds and fails, whenever, and whenever it is resumed: it is paused as soon as, and only when, so many count', async () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constant('fail' as const) },
    { weight: 2, arbitrary: fc.constant('succeed' as const) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 400 }) },
    { weight: 2, arbitrary: fc.constant('resume' as const) },
  );
  const rule = fc.record({ failures: fc.integer({ min: 1, max: 4 }), withinMinutes: fc.integer({ min: 1, max: 10 }) });
  await fc.assert(
    fc.asyncProperty(rule, fc.array(step, { minLength: 3, maxLength: 14 }), async (breaker, steps) => {
      const stage = set({ breaker });
      let [failures, paused, n]: [number[], boolean, number] = [[], false, 0];
      for (const one of steps) {
        n += 1;
        // Instants are whole milliseconds: two things of one instant have no order.
        stage.clock.pass(1);
        if (typeof one === 'number') stage.clock.pass(one);
        else if (one === 'resume') {
          await resume(stage);
          // Of a gate that runs it does nothing: what failed before goes on counting.
          if (paused) [failures, paused] = [[], false];
        } else if (one === 'succeed') {
          await stage.proposeText('scale dev/web 5', `INC-${n}`);
          if (!paused) await stage.pass(15);
        } else if (!paused) {
          await fail(stage, n);
          failures.push(stage.clock.now());
          const since = stage.clock.now() - breaker.withinMinutes * 60_000;
          paused = failures.filter((at) => at > since).length >= breaker.failures;
        }
        assert.equal(await isPaused(stage), paused, `${JSON.stringify(steps)} at ${n}`);
        const web = stage.cluster.workloads.get('dev/web');
        if (web !== undefined) web.replicas = 3;
      }
    }),
    { numRuns: 40 },
  );
});

test('never more writes at once than the policy says, whatever is approved; the others follow in their order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 4, max: 7 }), async (writesAtOnce, many) => {
      const stage = set({ writesAtOnce });
      const begun: string[] = [];
      const waiting: (() => void)[] = [];
      const write = stage.cluster.write.bind(stage.cluster);
      stage.cluster.write = async (permit, ...rest) => {
        begun.push(permit.spec.incident ?? '');
        await new Promise<void>((go) => waiting.push(go));
        return write(permit, ...rest);
      };
      for (let n = 1; n <= many; n += 1) {
        stage.cluster.workloads.set(`dev/w${n}`, {
          ...{ namespace: 'dev', name: `w${n}`, uid: `uid-w${n}`, replicas: 3, generation: 1 },
          ...{ health: 'fine', readyNow: 0, before: null },
        });
        await stage.proposeText(`scale dev/w${n} 4`, `INC-${n}`);
        stage.clock.pass(1);
      }
      const steps: Promise<void>[] = [];
      const takeAll = async (): Promise<void> => {
        for (;;) {
          const found = await nextStep(stage.gate, 'begun', stage.never);
          if (found.kind === 'nothing') break;
          steps.push(found.take());
          for (let i = 0; i < 100; i += 1) await new Promise((done) => setImmediate(done));
        }
      };
      for (let done = 0; done < many; done += 1) {
        await takeAll();
        assert.equal(begun.length, Math.min(many, done + writesAtOnce));
        waiting[done]?.();
        await steps[done];
      }
      assert.deepEqual(
        begun,
        Array.from({ length: many }, (_, i) => `INC-${i + 1}`),
      );
    }),
    { numRuns: 8 },
  );
});
