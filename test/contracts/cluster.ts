// What every cluster adapter must do, whichever API server answers.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { missingName } from '../../src/core/model/facts.ts';
import type { Look } from '../../src/core/remediation/sample.ts';
import { judgeLooks, type Verdict } from '../../src/core/remediation/verdict.ts';
import type { DeclarativeSpec } from '../../src/core/sealed-spec/declarative-spec.ts';
import { seal as sealSpec } from '../../src/core/sealed-spec/seal.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import {
  type ClusterUnderTest,
  Neighbourhood,
  permitFor,
  signal,
  until,
  watchedOf,
} from '../support/cluster-under-test.ts';

const RULE = { windowSeconds: 120, settleSeconds: 0, certainAfterSeconds: 0 };
const INTENT = { at: '2026-11-22T19:25:14.000Z' };
const ANOTHER_UID = '11111111-2222-3333-4444-555555555555';

let made = 0;

const imageSpec = (image: string): object => ({
  spec: { template: { spec: { containers: [{ name: 'web', image }] } } },
});

/** Registers the suite; `start` opens the cluster once for all tests. */
export const clusterContract = (name: string, start: () => Promise<ClusterUnderTest>): void => {
  describe(`cluster contract: ${name}`, () => {
    let under: ClusterUnderTest;
    let shop: Neighbourhood;
    before(async () => {
      under = await start();
      made += 1;
      shop = new Neighbourhood(under.call, `contract-${process.pid}-${made}`);
      await shop.open();
    });
    after(() => under?.stop());

    const seal = (command: string): Promise<DeclarativeSpec> => shop.seal(under.reader, command);
    const run = async (spec: DeclarativeSpec, direction: 'forward' | 'back' = 'forward') =>
      under.writer.write(permitFor(spec, direction), INTENT, signal());
    const find = async (spec: DeclarativeSpec, direction: 'forward' | 'back' = 'forward') =>
      under.writer.wasWritten(permitFor(spec, direction), INTENT, signal());
    const replicasOf = async (deployment: string): Promise<number> =>
      (await shop.read('deployments', deployment)).spec.replicas;
    const imageOf = async (plural: string, workload: string): Promise<string> =>
      (await shop.read(plural, workload)).spec.template.spec.containers[0].image;

    /** Looks as the gate does, but without its rests, until a final verdict. */
    const verdictOf = async (spec: DeclarativeSpec, direction: 'forward' | 'back' = 'forward'): Promise<Verdict> => {
      const looks: Look[] = [];
      return until('a verdict', async () => {
        looks.push({ at: looks.length + 1, samples: await under.reader.sample(watchedOf(spec, direction), signal()) });
        const verdict = judgeLooks(looks, { ...RULE, windowSeconds: 1000 });
        return verdict.is === 'moving' ? null : verdict;
      });
    };

    describe('facts', () => {
      test('of a scale: the cluster, the object, what will change', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'facts', image: 'web:1', replicas: 3 });
        const spec = await seal('kubectl scale deployment facts --replicas=5');
        const object = await shop.read('deployments', 'facts');
        const system = await shop.ask('GET', '/api/v1/namespaces/kube-system');
        assert.equal(spec.cluster.uid, system.metadata.uid);
        const [fact, ...more] = spec.facts;
        assert.deepEqual(more, []);
        assert.deepEqual(
          [fact?.kind, fact?.namespace, fact?.name, fact?.uid, fact?.preImage, fact?.replicas, fact?.controller],
          ['Deployment', shop.namespace, 'facts', object.metadata.uid, { replicas: 3 }, 3, null],
        );
        assert.equal(fact?.protected, false);
      });

      test('of a template: the live revision, the history, and a mark of the whole template', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'past', image: 'web:1', replicas: 1 });
        await shop.setImage('deployments', 'past', 'web:2');
        await shop.atRest('deployments', 'past');
        const one = await seal('kubectl rollout restart deployment past');
        assert.deepEqual([one.facts[0]?.revision, one.facts[0]?.revisions], [2, [1, 2]]);
        await shop.patch('deployments', 'past', { metadata: { labels: { other: 'label' } } });
        assert.deepEqual(
          (await seal('kubectl rollout restart deployment past')).facts[0]?.preImage,
          one.facts[0]?.preImage,
        );
        await shop.setImage('deployments', 'past', 'web:3');
        await shop.atRest('deployments', 'past');
        const other = await seal('kubectl rollout restart deployment past');
        assert.notDeepEqual(other.facts[0]?.preImage, one.facts[0]?.preImage);
      });

      test('of pods by selector: each one, with its controller', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'many', image: 'web:1', replicas: 3 });
        const spec = await seal('kubectl delete pod -l app=many');
        assert.equal(spec.facts.length, 3);
        assert.deepEqual(
          spec.facts.map(({ name: pod }) => pod),
          spec.facts.map(({ name: pod }) => pod).toSorted(),
        );
        for (const fact of spec.facts) assert.match(fact.controller ?? '', /^ReplicaSet\/many-/);
      });

      test('a bare pod has none, and says so in the plan', async () => {
        await shop.barePod('alone');
        const spec = await seal('kubectl delete pod alone');
        assert.equal(spec.facts[0]?.controller, null);
        assert.match(spec.rollbackPlan.none ?? '', /no controller/);
      });

      test('what does not exist is missing, and a protected object says so', async () => {
        const spec = await seal('kubectl scale deployment nowhere --replicas=2');
        assert.deepEqual(spec.facts, []);
        const { missing } = await under.reader.readFacts(spec.effects, signal());
        assert.deepEqual(
          missing.map((gap) => [missingName(gap), gap.why]),
          [[`deployments.apps ${shop.namespace}/nowhere`, 'not-found']],
        );
        await shop.deploy({ kind: 'Deployment', name: 'safe', image: 'web:1', replicas: 1 });
        await shop.patch('deployments', 'safe', { metadata: { annotations: { 'blastgate.io/protected': 'true' } } });
        assert.equal((await seal('kubectl scale deployment safe --replicas=2')).facts[0]?.protected, true);
      });
    });

    describe('scale', () => {
      test('is written once, found again, converges, and goes back', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'scaled', image: 'web:1', replicas: 2 });
        const spec = await seal('kubectl scale deployment scaled --replicas=4');
        assert.equal(await find(spec), 'none');
        assert.equal((await run(spec)).outcome, 'written');
        assert.equal(await replicasOf('scaled'), 4);
        assert.equal(await find(spec), 'all');
        const { resourceVersion } = (await shop.atRest('deployments', 'scaled')).metadata;
        assert.equal((await run(spec)).outcome, 'written');
        assert.equal(
          (await shop.read('deployments', 'scaled')).metadata.resourceVersion,
          resourceVersion,
          'written twice',
        );
        assert.equal((await verdictOf(spec)).is, 'converged');
        assert.equal((await run(spec, 'back')).outcome, 'written');
        assert.equal(await replicasOf('scaled'), 2);
        assert.equal(await find(spec, 'back'), 'all');
        assert.equal((await verdictOf(spec, 'back')).is, 'converged');
      });

      test('of a stateful set, to zero and back', async () => {
        await shop.deploy({ kind: 'StatefulSet', name: 'db', image: 'web:1', replicas: 2 });
        const spec = await seal('kubectl scale statefulset db --replicas=0');
        assert.equal((await run(spec)).outcome, 'written');
        assert.equal((await verdictOf(spec)).is, 'converged');
        assert.equal((await run(spec, 'back')).outcome, 'written');
        assert.equal((await verdictOf(spec, 'back')).is, 'converged');
      });

      test('a dry run changes nothing', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'dry', image: 'web:1', replicas: 2 });
        const spec = await seal('kubectl scale deployment dry --replicas=3');
        const before = (await shop.read('deployments', 'dry')).metadata.resourceVersion;
        assert.equal((await under.writer.dryRun(permitFor(spec, 'forward'), INTENT, signal())).outcome, 'written');
        const after = await shop.read('deployments', 'dry');
        assert.deepEqual([after.spec.replicas, after.metadata.resourceVersion], [2, before]);
      });

      test('is known to be overwritten when another changes it after the write', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'fought', image: 'web:1', replicas: 2 });
        const spec = await seal('kubectl scale deployment fought --replicas=3');
        await run(spec);
        await shop.patch('deployments', 'fought', { spec: { replicas: 2 } });
        const verdict = await verdictOf(spec);
        assert.deepEqual([verdict.is, verdict.code], ['failing', 'overwritten']);
      });

      test('a dry run that the API server refuses ends it', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'denied', image: 'web:1', replicas: 2 });
        const spec = await seal('kubectl scale deployment denied --replicas=3');
        under.breakNextWrite('forbid');
        const result = await under.writer.dryRun(permitFor(spec, 'forward'), INTENT, signal());
        assert.deepEqual([result.outcome, 'code' in result && result.code], ['stale', 'dry-run-refused']);
      });

      test('of two, broken off after the first: found in part, finished by the same intent', async () => {
        for (const one of ['pair-a', 'pair-b']) {
          await shop.deploy({ kind: 'Deployment', name: one, image: 'web:1', replicas: 1 });
          await shop.patch('deployments', one, { metadata: { labels: { pair: 'yes' } } });
        }
        const spec = await seal('kubectl rollout restart deployment -l pair=yes');
        assert.equal(spec.facts.length, 2);
        let times = 0;
        const writer = under.writerAfter(async () => {
          times += 1;
          if (times === 2) throw new AdapterError('no-answer', 'the connection was cut');
        });
        assert.equal((await writer.write(permitFor(spec, 'forward'), INTENT, signal())).outcome, 'unheard');
        assert.equal(await find(spec), 'some');
        assert.equal((await run(spec)).outcome, 'written');
        assert.equal(await find(spec), 'all');
        assert.equal((await verdictOf(spec)).is, 'converged');
      });

      test('of two, refused at the second: says how far it came, and the way back undoes that', async () => {
        for (const one of ['half-a', 'half-b']) {
          await shop.deploy({ kind: 'Deployment', name: one, image: 'web:1', replicas: 1 });
        }
        const spec = await seal('kubectl scale deployment half-a half-b --replicas=2');
        let times = 0;
        const writer = under.writerAfter(async () => {
          times += 1;
          if (times === 2) throw new AdapterError('refused', 'no', { status: 403 });
        });
        const result = await writer.write(permitFor(spec, 'forward'), INTENT, signal());
        assert.deepEqual(result, { outcome: 'refused', why: 'no', written: 1 });
        assert.equal((await verdictOf(spec)).code, 'overwritten');
        assert.equal((await run(spec, 'back')).outcome, 'written');
        assert.deepEqual([await replicasOf('half-a'), await replicasOf('half-b')], [1, 1]);
      });

      test('is stale when another changed it, and is not when only its status or labels moved', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'meddled', image: 'web:1', replicas: 2 });
        const spec = await seal('kubectl scale deployment meddled --replicas=5');
        await shop.patch('deployments', 'meddled', { metadata: { labels: { other: 'label' } } });
        assert.equal((await run(spec)).outcome, 'written');
        const again = await seal('kubectl scale deployment meddled --replicas=6');
        await shop.patch('deployments', 'meddled', { spec: { replicas: 3 } });
        const result = await run(again);
        assert.deepEqual([result.outcome, 'code' in result && result.code], ['stale', 'pre-image-changed']);
        assert.equal(await replicasOf('meddled'), 3);
      });

      test('does not go back over what another changed meanwhile', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'helped', image: 'web:1', replicas: 2 });
        const spec = await seal('kubectl scale deployment helped --replicas=3');
        await run(spec);
        await shop.patch('deployments', 'helped', { spec: { replicas: 7 } });
        const result = await run(spec, 'back');
        assert.deepEqual([result.outcome, 'code' in result && result.code], ['stale', 'pre-image-changed']);
        assert.equal(await replicasOf('helped'), 7);
      });
    });

    describe('restart', () => {
      for (const [kind, plural] of [
        ['Deployment', 'deployments'],
        ['StatefulSet', 'statefulsets'],
        ['DaemonSet', 'daemonsets'],
      ] as const) {
        test(`of a ${kind} rolls its pods, is known by its stamp, and goes back to the sealed revision`, async () => {
          const workload = `restart-${plural}`;
          await shop.deploy({ kind, name: workload, image: 'web:1', replicas: 2 });
          const old = (await shop.list('pods', `app=${workload}`)).map((pod) => pod.metadata.uid);
          const spec = await seal(`kubectl rollout restart ${plural} ${workload}`);
          assert.equal(spec.facts[0]?.revision, 1);
          assert.equal(await find(spec), 'none');
          assert.equal((await run(spec)).outcome, 'written');
          assert.equal(await find(spec), 'all');
          assert.equal(
            await under.writer.wasWritten(permitFor(spec, 'forward'), { at: '2026-01-01T00:00:00.000Z' }, signal()),
            'none',
            'the restart of another intent',
          );
          assert.equal((await verdictOf(spec)).is, 'converged');
          for (const pod of await shop.list('pods', `app=${workload}`))
            assert.ok(!old.includes(pod.metadata.uid) || pod.metadata.deletionTimestamp !== undefined);
          const back = await run(spec, 'back');
          assert.equal(back.outcome, 'written', JSON.stringify(back));
          assert.equal(await find(spec, 'back'), 'all');
          assert.equal((await verdictOf(spec, 'back')).is, 'converged');
          const { annotations } = (await shop.read(plural, workload)).spec.template.metadata;
          assert.equal(annotations?.['kubectl.kubernetes.io/restartedAt'], undefined);
        });
      }

      test('of a paused deployment is refused', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'paused', image: 'web:1', replicas: 1 });
        const spec = await seal('kubectl rollout restart deployment paused');
        await shop.patch('deployments', 'paused', { spec: { paused: true } });
        const result = await run(spec);
        assert.deepEqual([result.outcome, 'why' in result && /paused/.test(result.why)], ['refused', true]);
      });
    });

    describe('set image', () => {
      for (const [fate, reason] of [
        ['crash', /CrashLoopBackOff/],
        ['missing', /ImagePull|ErrImage/],
      ] as const) {
        test(`to one that is named ${fate} is seen to fail and goes back`, async () => {
          const workload = `image-${fate}`;
          await shop.deploy({ kind: 'Deployment', name: workload, image: 'web:1', replicas: 2 });
          const spec = await seal(`kubectl set image deployment/${workload} web=web:${fate}`);
          assert.equal((await run(spec)).outcome, 'written');
          const verdict = await verdictOf(spec);
          assert.deepEqual([verdict.is, verdict.code], ['failing', 'trouble']);
          assert.match(verdict.subject ?? '', reason);
          assert.equal((await run(spec, 'back')).outcome, 'written');
          assert.equal(await imageOf('deployments', workload), 'web:1');
          assert.equal((await verdictOf(spec, 'back')).is, 'converged');
        });
      }

      test('of a StatefulSet, that crashes: broken off before the stuck pod is deleted, the way back is finished', async () => {
        await shop.deploy({ kind: 'StatefulSet', name: 'members', image: 'web:1', replicas: 2 });
        const spec = await seal('kubectl set image statefulset/members web=web:crash');
        assert.equal((await run(spec)).outcome, 'written');
        assert.equal((await verdictOf(spec)).code, 'trouble');
        assert.notEqual(await find(spec, 'back'), 'all');
        let times = 0;
        const writer = under.writerAfter(async () => {
          times += 1;
          if (times === 2) throw new AdapterError('no-answer', 'the connection was cut');
        });
        const cut = await writer.write(permitFor(spec, 'back'), INTENT, signal());
        assert.equal(cut.outcome, 'unheard', JSON.stringify(cut));
        assert.equal(await imageOf('statefulsets', 'members'), 'web:1');
        assert.equal(await find(spec, 'back'), 'some');
        assert.equal((await run(spec, 'back')).outcome, 'written');
        assert.equal(await find(spec, 'back'), 'all');
        assert.equal((await verdictOf(spec, 'back')).is, 'converged');
        await shop.atRest('statefulsets', 'members');
      });

      test('of every container, init containers too', async () => {
        const initContainers = [{ name: 'first', image: 'init:1' }];
        await shop.deploy({ kind: 'Deployment', name: 'all', image: 'web:1', replicas: 1 });
        await shop.patch('deployments', 'all', { spec: { template: { spec: { initContainers } } } });
        await shop.atRest('deployments', 'all');
        const spec = await seal('kubectl set image deployment/all *=web:2'.replace('*', "'*'"));
        assert.equal((await run(spec)).outcome, 'written');
        const { spec: pod } = (await shop.read('deployments', 'all')).spec.template;
        assert.deepEqual([pod.containers[0].image, pod.initContainers[0].image], ['web:2', 'web:2']);
        assert.equal((await run(spec, 'back')).outcome, 'written');
        const { spec: restored } = (await shop.read('deployments', 'all')).spec.template;
        assert.deepEqual([restored.containers[0].image, restored.initContainers[0].image], ['web:1', 'init:1']);
      });

      test('of a container that does not exist is refused', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'named', image: 'web:1', replicas: 1 });
        const spec = await seal('kubectl set image deployment/named other=web:2');
        const { missing } = await under.reader.readFacts(spec.effects, signal());
        const what = `deployments.apps ${shop.namespace}/named container other`;
        assert.deepEqual(
          missing.map((gap) => [missingName(gap), gap.why]),
          [[what, 'not-found']],
        );
        const result = await run(spec);
        assert.deepEqual([result.outcome, 'why' in result && /no container other/.test(result.why)], ['refused', true]);
      });

      test('is stale when another field of the template changed', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'drift', image: 'web:1', replicas: 1 });
        const spec = await seal('kubectl set image deployment/drift web=web:2');
        const env = [{ name: 'MODE', value: 'fast' }];
        await shop.patch('deployments', 'drift', {
          spec: { template: { spec: { containers: [{ name: 'web', env }] } } },
        });
        const result = await run(spec);
        assert.deepEqual([result.outcome, 'code' in result && result.code], ['stale', 'pre-image-changed']);
      });

      test('does not go back when the sealed revision was thrown away', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'forgot', image: 'web:1', replicas: 1 });
        const spec = await seal('kubectl set image deployment/forgot web=web:2');
        await run(spec);
        await shop.atRest('deployments', 'forgot');
        const sets = await shop.list('replicasets', 'app=forgot');
        const old = sets.find((set) => set.spec.template.spec.containers[0].image === 'web:1');
        await shop.ask('DELETE', shop.path('replicasets', old.metadata.name));
        await until(
          'the old replica set is gone',
          async () => (await shop.list('replicasets', 'app=forgot')).length === 1,
        );
        const result = await run(spec, 'back');
        assert.deepEqual([result.outcome, 'code' in result && result.code], ['stale', 'way-back-gone']);
        assert.equal(await imageOf('deployments', 'forgot'), 'web:2');
      });
    });

    describe('undo', () => {
      for (const [kind, plural] of [
        ['Deployment', 'deployments'],
        ['StatefulSet', 'statefulsets'],
        ['DaemonSet', 'daemonsets'],
      ] as const) {
        test(`of a ${kind} goes to the revision before, and back again`, async () => {
          const workload = `undo-${plural}`;
          await shop.deploy({ kind, name: workload, image: 'web:1', replicas: 1 });
          await shop.setImage(plural, workload, 'web:2');
          await shop.atRest(plural, workload);
          const spec = await seal(`kubectl rollout undo ${plural}/${workload}`);
          assert.deepEqual(
            spec.effects.map(({ change }) => change),
            [{ to: 'revision', revision: 1 }],
          );
          assert.equal((await under.writer.dryRun(permitFor(spec, 'forward'), INTENT, signal())).outcome, 'written');
          assert.equal(await imageOf(plural, workload), 'web:2');
          const result = await run(spec);
          assert.equal(result.outcome, 'written', JSON.stringify(result));
          assert.equal(await imageOf(plural, workload), 'web:1');
          assert.equal(await find(spec), 'all');
          assert.equal((await verdictOf(spec)).is, 'converged');
          const back = await run(spec, 'back');
          assert.equal(back.outcome, 'written', JSON.stringify(back));
          assert.equal(await imageOf(plural, workload), 'web:2');
        });
      }

      test('to a revision that does not exist is refused', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'first', image: 'web:1', replicas: 1 });
        const result = await run(await seal('kubectl rollout undo deployment/first --to-revision=9'));
        assert.deepEqual([result.outcome, 'why' in result && /no revision 9/.test(result.why)], ['refused', true]);
        const none = await run(await seal('kubectl rollout undo deployment/first'));
        assert.equal(none.outcome, 'refused');
      });
    });

    describe('delete pod', () => {
      test('takes exactly that one, and its controller brings another', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'pods', image: 'web:1', replicas: 2 });
        const [pod] = await shop.list('pods', 'app=pods');
        const spec = await seal(`kubectl delete pod ${pod.metadata.name}`);
        assert.equal(await find(spec), 'none');
        assert.equal((await run(spec)).outcome, 'written');
        assert.equal(await find(spec), 'all');
        assert.equal((await verdictOf(spec)).is, 'converged');
        const left = await shop.list('pods', 'app=pods');
        assert.ok(!left.some((one) => one.metadata.uid === pod.metadata.uid));
        const again = await run(spec);
        assert.deepEqual([again.outcome, 'code' in again && again.code], ['stale', 'uid-changed']);
      });

      test('of a bare pod converges when it is gone', async () => {
        await shop.barePod('lonely');
        const spec = await seal('kubectl delete pod lonely --grace-period=0 --force');
        assert.equal((await run(spec)).outcome, 'written');
        assert.equal((await verdictOf(spec)).is, 'converged');
      });

      test('by selector is stale when the set has grown', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'grown', image: 'web:1', replicas: 1 });
        const spec = await seal('kubectl delete pod -l app=grown');
        await shop.patch('deployments', 'grown', { spec: { replicas: 2 } });
        await shop.atRest('deployments', 'grown');
        const result = await run(spec);
        assert.deepEqual([result.outcome, 'code' in result && result.code], ['stale', 'targets-changed']);
        assert.equal((await shop.list('pods', 'app=grown')).length, 2);
      });
    });

    describe('the permit', () => {
      test('of another cluster writes nothing', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'here', image: 'web:1', replicas: 1 });
        const spec = await seal('kubectl scale deployment here --replicas=2');
        const elsewhere = sealSpec({ ...spec, cluster: { name: null, uid: 'another' } });
        const result = await run(elsewhere);
        assert.deepEqual([result.outcome, 'code' in result && result.code], ['stale', 'other-cluster']);
        assert.equal(await replicasOf('here'), 1);
        assert.equal(await find(elsewhere), 'unknown');
      });

      test('of an object that was made anew writes nothing', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'anew', image: 'web:1', replicas: 1 });
        const spec = await seal('kubectl scale deployment anew --replicas=2');
        await shop.ask('DELETE', shop.path('deployments', 'anew'));
        await until(
          'it is gone',
          async () => (await shop.call('GET', shop.path('deployments', 'anew'))).status === 404,
        );
        const gone = await under.reader.sample(watchedOf(spec), signal());
        assert.deepEqual(
          gone.map(({ seen }) => seen),
          ['gone'],
        );
        await shop.deploy({ kind: 'Deployment', name: 'anew', image: 'web:1', replicas: 1 });
        const result = await run(spec);
        assert.deepEqual([result.outcome, 'code' in result && result.code], ['stale', 'uid-changed']);
        assert.deepEqual(
          (await under.reader.sample(watchedOf(spec), signal())).map(({ seen }) => seen),
          ['gone'],
        );
      });

      test('is for the object that was read: a change of each kind names its uid, and one for another uid changes nothing', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'bound', image: 'web:1', replicas: 1 });
        await shop.deploy({ kind: 'StatefulSet', name: 'bound-set', image: 'web:1', replicas: 1 });
        for (const plural of ['deployments', 'statefulsets']) {
          const workload = plural === 'deployments' ? 'bound' : 'bound-set';
          await shop.setImage(plural, workload, 'web:2');
          await shop.atRest(plural, workload);
        }
        const commands = ['deployment/bound', 'statefulset/bound-set'].flatMap((one) => [
          `kubectl scale ${one} --replicas=2`,
          `kubectl rollout restart ${one}`,
          `kubectl set image ${one} web=web:3`,
          `kubectl rollout undo ${one}`,
        ]);
        for (const command of commands) {
          const spec = await seal(command);
          const bodies: unknown[] = [];
          const elsewhere = under.writerSending((request) => {
            if (request.method === 'GET') return request;
            bodies.push(request.body?.value);
            const text = JSON.stringify(request.body).replaceAll(spec.facts[0]?.uid ?? '', ANOTHER_UID);
            return { ...request, body: JSON.parse(text) };
          });
          const before = await shop.read(spec.facts[0]?.resource ?? '', spec.facts[0]?.name ?? '');
          const result = await elsewhere.write(permitFor(spec, 'forward'), INTENT, signal());
          assert.equal(result.outcome, 'refused', command);
          assert.match('why' in result ? result.why : '', /: 409 .*UID in precondition|: 422 .*metadata\.uid/, command);
          const after = await shop.read(spec.facts[0]?.resource ?? '', spec.facts[0]?.name ?? '');
          assert.deepEqual(after.spec, before.spec, command);
          assert.ok(
            bodies.length > 0 && bodies.every((body) => JSON.stringify(body).includes(spec.facts[0]?.uid ?? '')),
          );
        }
      });

      test('that only looks like one throws', async () => {
        await shop.deploy({ kind: 'Deployment', name: 'forged', image: 'web:1', replicas: 1 });
        const genuine = permitFor(await seal('kubectl scale deployment forged --replicas=2'), 'forward');
        const forged = Object.create(Object.getPrototypeOf(genuine), Object.getOwnPropertyDescriptors(genuine));
        await assert.rejects(under.writer.write(forged, INTENT, signal()), /without a permit/);
        assert.equal(await replicasOf('forged'), 1);
      });
    });

    describe('a write that another outruns', () => {
      const COMMANDS = [
        ['scale', 'kubectl scale deployment WORK --replicas=2'],
        ['restart', 'kubectl rollout restart deployment WORK'],
        ['image', 'kubectl set image deployment/WORK web=web:3'],
        ['undo', 'kubectl rollout undo deployment/WORK'],
      ] as const;
      for (const [what, command] of COMMANDS) {
        const prepare = async (workload: string): Promise<DeclarativeSpec> => {
          await shop.deploy({ kind: 'Deployment', name: workload, image: 'web:1', replicas: 1 });
          await shop.setImage('deployments', workload, 'web:2');
          await shop.atRest('deployments', workload);
          return seal(command.replace('WORK', workload));
        };

        test(`${what}: nothing that matters changed, so it is read again and written`, async () => {
          const workload = `outrun-${what}`;
          const spec = await prepare(workload);
          let times = 0;
          const writer = under.writerAfter(async () => {
            times += 1;
            if (times <= 2) await shop.patch('deployments', workload, { metadata: { labels: { time: `${times}` } } });
          });
          const result = await writer.write(permitFor(spec, 'forward'), INTENT, signal());
          assert.deepEqual([result.outcome, times], ['written', 3]);
          assert.equal(await find(spec), 'all');
        });

        test(`${what}: what it is about changed, so nothing is written`, async () => {
          const workload = `beaten-${what}`;
          const spec = await prepare(workload);
          let beaten: unknown = null;
          const writer = under.writerAfter(async () => {
            const change = what === 'scale' ? { spec: { replicas: 9 } } : imageSpec('web:9');
            beaten ??= (await shop.patch('deployments', workload, change)).spec;
          });
          const result = await writer.write(permitFor(spec, 'forward'), INTENT, signal());
          assert.deepEqual([result.outcome, 'code' in result && result.code], ['stale', 'pre-image-changed']);
          assert.deepEqual((await shop.read('deployments', workload)).spec, beaten);
        });
      }

      test('delete pod: the pod was replaced by another of its name, which stays', async () => {
        await shop.barePod('twin');
        const spec = await seal('kubectl delete pod twin');
        let second: string | null = null;
        const writer = under.writerAfter(async () => {
          if (second !== null) return;
          await shop.ask('DELETE', `${shop.path('pods', 'twin')}?gracePeriodSeconds=0`);
          await until('it is gone', async () => (await shop.call('GET', shop.path('pods', 'twin'))).status === 404);
          await shop.barePod('twin');
          second = (await shop.read('pods', 'twin')).metadata.uid;
        });
        const result = await writer.write(permitFor(spec, 'forward'), INTENT, signal());
        assert.deepEqual([result.outcome, 'code' in result && result.code], ['stale', 'uid-changed']);
        const twin = await shop.read('pods', 'twin');
        assert.deepEqual([twin.metadata.uid, twin.metadata.deletionTimestamp], [second, undefined]);
      });
    });

    describe('a write that is broken off', () => {
      const CASES = [
        ['drop-before', 'unheard', 'none'],
        ['drop-after', 'unheard', 'all'],
        ['server-error', 'unheard', 'none'],
        ['forbid', 'refused', 'none'],
        ['conflict', 'written', 'all'],
      ] as const;
      for (const [how, outcome, found] of CASES) {
        test(`${how}: ${outcome}, and looking finds ${found}`, async () => {
          for (const command of ['scale deployment WORK --replicas=2', 'rollout restart deployment WORK']) {
            const workload = `${how}-${command.split(' ')[0]}`;
            await shop.deploy({ kind: 'Deployment', name: workload, image: 'web:1', replicas: 1 });
            const spec = await seal(`kubectl ${command.replace('WORK', workload)}`);
            under.breakNextWrite(how);
            assert.equal((await run(spec)).outcome, outcome);
            assert.equal(await find(spec), found);
          }
        });
      }
    });
  });
};
