// What a drain must do, whichever API server answers.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Look } from '../../src/core/remediation/sample.ts';
import { judgeLooks, type Verdict } from '../../src/core/remediation/verdict.ts';
import { changesOf, type DeclarativeSpec } from '../../src/core/sealed-spec/declarative-spec.ts';
import {
  type ClusterUnderTest,
  Neighbourhood,
  permitFor,
  signal,
  until,
  watchedOf,
} from '../support/cluster-under-test.ts';
import { DrainStage, listening } from '../support/drain-stage.ts';

const RULE = { windowSeconds: 1000, settleSeconds: 0, certainAfterSeconds: 0 };
const INTENT = { at: '2026-11-22T19:25:14.000Z' };
const GOES_ON = { ...INTENT, goesOn: true } as const;

let made = 0;

export interface DrainUnderTest extends Omit<ClusterUnderTest, 'breakNextWrite'> {
  /** Names of the pods of a namespace for which the gate asked, one for each request that was granted. */
  readonly granted: (namespace: string) => Promise<readonly string[]>;
  /** Answers the next eviction of a pod of that name, or one that begins so, once. */
  readonly failNextEviction: (pod: string, how: 500 | 429 | 'drop-before' | 'drop-after') => void;
}

/** Registers the suite; `start` opens a cluster of its own. */
export const drainContract = (name: string, start: () => Promise<DrainUnderTest>): void => {
  describe(`drain: ${name}`, { concurrency: 5 }, () => {
    let under: DrainUnderTest;
    let shop: Neighbourhood;
    before(async () => {
      under = await start();
      made += 1;
      shop = new Neighbourhood(under.call, `drain-${process.pid}-${made}`);
      await shop.open();
    });
    after(() => under?.stop());

    const stageOf = (pool: string): DrainStage => new DrainStage(shop, pool);
    const seal = (command: string): Promise<DeclarativeSpec> => shop.seal(under.reader, command, under.writer);
    const write = (spec: DeclarativeSpec, control = listening().control) =>
      under.writer.write(permitFor(spec, 'forward'), INTENT, signal(), control);
    const goOn = (spec: DeclarativeSpec, control = listening().control) =>
      under.writer.write(permitFor(spec, 'forward'), GOES_ON, signal(), control);
    const back = (spec: DeclarativeSpec) => under.writer.write(permitFor(spec, 'back'), INTENT, signal());
    const find = (spec: DeclarativeSpec) => under.writer.wasWritten(permitFor(spec, 'forward'), INTENT, signal());
    const verdictOf = async (spec: DeclarativeSpec, direction: 'forward' | 'back' = 'forward'): Promise<Verdict> => {
      const looks: Look[] = [];
      return until('a verdict', async () => {
        looks.push({ at: looks.length + 1, samples: await under.reader.sample(watchedOf(spec, direction), signal()) });
        const verdict = judgeLooks(looks, RULE);
        return verdict.is === 'moving' ? null : verdict;
      });
    };
    const podsOf = (spec: DeclarativeSpec): readonly string[] =>
      spec.facts.filter(({ resource }) => resource === 'pods').map(({ name: pod }) => pod);

    test('the sealed pods leave, step by step; their workloads are whole again elsewhere', async () => {
      const stage = stageOf('plain');
      const node = await stage.node('a');
      await stage.workload('Deployment', 'plain', 4);
      await stage.workload('StatefulSet', 'plain-db', 1);
      await stage.node('b');
      const spec = await seal(`kubectl drain ${node} --ignore-daemonsets`);
      const pods = podsOf(spec);
      assert.equal(pods.length, 5);
      assert.equal(await find(spec), 'none');
      const { heard, control } = listening();
      const result = await write(spec, control);
      assert.equal(result.outcome, 'written', JSON.stringify(result));
      assert.ok('objects' in result && result.objects.length === 6, JSON.stringify(result));
      assert.deepEqual(
        heard.filter((one, i, all) => one.done !== all[i - 1]?.done).map(({ done, of }) => [done, of]),
        [1, 2, 3, 4, 5, 6].map((done) => [done, 6]),
      );
      assert.equal(await stage.isCordoned('a'), true);
      assert.deepEqual([...(await stage.podsOn('a')).keys()], []);
      assert.deepEqual((await under.granted(shop.namespace)).filter((pod) => pods.includes(pod)).toSorted(), pods);
      assert.equal(await find(spec), 'all');
      assert.deepEqual([(await verdictOf(spec)).is, (await stage.podsOn('b')).size], ['converged', 5]);
      assert.equal((await back(spec)).outcome, 'written');
      assert.equal(await stage.isCordoned('a'), false);
      assert.equal((await verdictOf(spec, 'back')).is, 'converged');
    });

    test('what is sealed: the node by its difference, each pod by its uid, the way back and what it does not bring back', async () => {
      const stage = stageOf('sealed');
      const node = await stage.node('a');
      await stage.workload('Deployment', 'sealed', 2);
      const spec = await seal(`kubectl drain ${node} --timeout=90s`);
      const uids = await stage.podsOn('a');
      assert.deepEqual(
        changesOf(spec).map(({ object, uid, op, fields }) => [object, uid, op, fields.map(({ path }) => path)]),
        [
          [`nodes ${node}`, (await stage.readNode('a')).metadata.uid, 'update', ['/spec/unschedulable']],
          ...[...uids.keys()].toSorted().map((pod) => [`pods ${shop.namespace}/${pod}`, uids.get(pod), 'delete', []]),
        ],
      );
      const { command, fidelity, loses, none } = spec.rollbackPlan;
      assert.deepEqual([command, fidelity, none], [`kubectl uncordon ${node}`, 'partial', null]);
      assert.match(loses?.join() ?? '', /^2 pods do not come back/);
      assert.match(spec.targetState, /2 pods have been evicted.*not gone after 90 s/);
      assert.deepEqual(spec.runnable, { is: true, why: null });
    });

    test('a node that was cordoned before stays so when the drain is taken back', async () => {
      const stage = stageOf('before');
      const node = await stage.node('a');
      await stage.workload('Deployment', 'before', 1);
      await stage.setCordoned('a', true);
      await stage.node('b');
      const spec = await seal(`kubectl drain ${node}`);
      assert.equal((await write(spec)).outcome, 'written');
      assert.equal((await back(spec)).outcome, 'written');
      assert.equal(await stage.isCordoned('a'), true);
      assert.equal((await verdictOf(spec, 'back')).is, 'converged');
      assert.equal(spec.rollbackPlan.command, `# node/${node} stays as it is`);
    });

    test('a budget that never lets go: known when it is proposed, given up in its time, uncordoned', async () => {
      const stage = stageOf('never');
      const node = await stage.node('a');
      await stage.workload('Deployment', 'never', 2);
      await stage.node('b');
      await stage.budget('never', { maxUnavailable: 0 });
      const spec = await seal(`kubectl drain ${node} --timeout=2s`);
      const seen = await under.reader.readFacts(spec.effects, signal());
      assert.deepEqual(
        seen.neighbourhood.budgets.map(({ disruptionsAllowed, neverAllows }) => [disruptionsAllowed, neverAllows]),
        [[0, true]],
      );
      assert.equal(spec.rehearsed, 'passed');
      const { heard, control } = listening();
      const result = await write(spec, control);
      assert.ok(result.outcome === 'refused', JSON.stringify(result));
      assert.match(result.why, /gave up after 2 s, 2 of 2 pods are still there: pod\/never-.*disruption budget/);
      assert.match(heard.at(-1)?.subject ?? '', /^pod\/never-\S+ -n \S+: .*disruption budget/);
      assert.equal(await find(spec), 'some');
      assert.equal((await back(spec)).outcome, 'written');
      assert.equal(await stage.isCordoned('a'), false);
      assert.equal((await stage.podsOn('a')).size, 2);
      assert.deepEqual(
        (await under.granted(shop.namespace)).filter((pod) => podsOf(spec).includes(pod)),
        [],
      );
    });

    test('a budget that lets go after a while is waited for', async () => {
      const stage = stageOf('later');
      const node = await stage.node('a');
      await stage.workload('Deployment', 'later', 2);
      await stage.node('b');
      await stage.budget('later', { maxUnavailable: 0 });
      const spec = await seal(`kubectl drain ${node}`);
      const { control, until: heard } = listening();
      const writing = write(spec, control);
      await heard(({ subject }) => subject.includes('disruption budget'));
      await stage.loosen('later');
      assert.equal((await writing).outcome, 'written');
      assert.equal((await stage.podsOn('a')).size, 0);
      assert.equal((await verdictOf(spec)).is, 'converged');
    });

    test('a pod that was replaced under its name in between is not evicted', async () => {
      const stage = stageOf('again');
      const node = await stage.node('a');
      await stage.workload('StatefulSet', 'again', 2);
      const spec = await seal(`kubectl drain ${node}`);
      const old = (await stage.podsOn('a')).get('again-0') ?? '';
      await shop.ask('DELETE', shop.path('pods', 'again-0'));
      const uid = await until('another again-0', async () => {
        const now = (await stage.podsOn('a')).get('again-0');
        return now === undefined || now === old ? null : now;
      });
      await stage.node('b');
      assert.equal((await write(spec)).outcome, 'written');
      assert.deepEqual([...(await stage.podsOn('a'))], [['again-0', uid]]);
      assert.deepEqual(
        (await under.granted(shop.namespace)).filter((pod) => pod.startsWith('again-')),
        ['again-1'],
      );
    });

    test('cut off in the middle it goes on where it is: nothing twice, and a person who uncordons is not overruled', async () => {
      const stage = stageOf('cut');
      const node = await stage.node('a');
      await stage.workload('Deployment', 'cut', 2);
      await stage.workload('Deployment', 'cut-held', 1);
      await stage.node('b');
      await stage.budget('cut-held', { maxUnavailable: 0 });
      const spec = await seal(`kubectl drain ${node}`);
      const first = listening();
      const writing = write(spec, first.control);
      await first.until(({ done }) => done === 3);
      first.end();
      const result = await writing;
      assert.equal(result.outcome, 'unheard', JSON.stringify(result));
      assert.equal(await find(spec), 'some');
      await stage.setCordoned('a', false);
      const overruled = await goOn(spec);
      assert.ok(overruled.outcome === 'refused' && /somebody has uncordoned it/.test(overruled.why));
      assert.deepEqual([await find(spec), await stage.isCordoned('a')], ['some', false]);
      await stage.setCordoned('a', true);
      await stage.loosen('cut-held');
      assert.equal((await goOn(spec)).outcome, 'written');
      assert.equal(await find(spec), 'all');
      assert.deepEqual(
        (await under.granted(shop.namespace)).filter((pod) => pod.startsWith('cut-')).toSorted(),
        podsOf(spec).toSorted(),
      );
    });

    test('somebody who uncordons a node while it is drained ends the drain', async () => {
      const stage = stageOf('hand');
      const node = await stage.node('a');
      await stage.workload('Deployment', 'hand', 1);
      await stage.budget('hand', { maxUnavailable: 0 });
      const spec = await seal(`kubectl drain ${node}`);
      const { control, until: heard } = listening();
      const writing = write(spec, control);
      await heard(({ subject }) => subject.includes('disruption budget'));
      await stage.setCordoned('a', false);
      const result = await writing;
      assert.ok(result.outcome === 'refused', JSON.stringify(result));
      assert.match(result.why, /node\/hand-a: somebody has uncordoned it while it was drained/);
      assert.equal((await back(spec)).outcome, 'written');
      assert.equal(await stage.isCordoned('a'), false);
    });

    test('several nodes, by a selector: all cordoned first, one drained after the other', async () => {
      const stage = stageOf('many');
      await stage.node('a', { leaves: 'many' });
      await stage.node('b', { leaves: 'many' });
      await stage.workload('Deployment', 'many', 4);
      const spec = await seal('kubectl drain -l leaves=many');
      const { heard, control } = listening();
      const writing = write(spec, control);
      await until('a third node', () => stage.node('c'));
      assert.equal((await writing).outcome, 'written');
      assert.deepEqual(
        heard.slice(0, 2).map(({ subject }) => subject),
        ['node/many-a', 'node/many-b'],
      );
      assert.deepEqual([(await stage.podsOn('a')).size, (await stage.podsOn('b')).size], [0, 0]);
      assert.equal((await verdictOf(spec)).is, 'converged');
    });

    test('--disable-eviction deletes them past their budget', async () => {
      const stage = stageOf('past');
      const node = await stage.node('a');
      await stage.workload('Deployment', 'past', 2);
      await stage.node('b');
      await stage.budget('past', { maxUnavailable: 0 });
      const spec = await seal(`kubectl drain ${node} --disable-eviction`);
      assert.match(spec.targetState, /2 pods have been deleted, whatever/);
      assert.equal((await write(spec)).outcome, 'written');
      assert.equal((await stage.podsOn('a')).size, 0);
    });

    for (const how of [429, 500, 'drop-before', 'drop-after'] as const) {
      test(`an eviction that is answered with ${how} is looked for, and asked for again at most`, async () => {
        const stage = stageOf(`fault-${how}`);
        const node = await stage.node('a');
        await stage.workload('Deployment', `fault-${how}`, 1);
        await stage.node('b');
        const spec = await seal(`kubectl drain ${node}`);
        under.failNextEviction(`fault-${how}`, how);
        const result = await write(spec);
        assert.equal(result.outcome, 'written', JSON.stringify(result));
        assert.equal((await stage.podsOn('a')).size, 0);
        const granted = (await under.granted(shop.namespace)).filter((pod) => podsOf(spec).includes(pod));
        assert.ok(granted.length <= 1, granted.join());
        assert.equal((await verdictOf(spec)).is, 'converged');
      });
    }

    test('nowhere to go: the verdict says which workload is short, and why', async () => {
      const stage = stageOf('short');
      const node = await stage.node('a');
      await stage.workload('Deployment', 'short', 1);
      const spec = await seal(`kubectl drain ${node}`);
      assert.equal((await write(spec)).outcome, 'written');
      const samples = await until('the scheduler', async () => {
        const seen = await under.reader.sample(watchedOf(spec), signal());
        return JSON.stringify(seen).includes('nschedulable') ? seen : null;
      });
      const verdict = judgeLooks(
        [0, 400].map((at) => ({ at, samples })),
        { ...RULE, windowSeconds: 120 },
      );
      assert.deepEqual([verdict.is, verdict.code], ['failing', 'window-over']);
      assert.match(verdict.subject ?? '', /^replicaset\/short-\S+ -n \S+: .* 0 available of 1; .*nschedulable/);
    });
  });
};
