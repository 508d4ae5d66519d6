// What others do between the approval, the write and the way back, on a real control plane: nothing of theirs is overwritten, and
// what does not concern the action does not stop it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { MAKE, type Stand } from '../differential/objects.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { permitFor, until } from '../support/cluster-under-test.ts';
import { endedAs, Trap } from './trap.ts';

const D = 'deployments.apps';
/** The object under another name, its first container too. */
const named = (stand: Stand, name: string): Stand =>
  JSON.parse(JSON.stringify(stand).replaceAll('"web"', `"${name}"`)) as Stand;

let plane: ControlPlane;
let trap: Trap;
before(async () => {
  plane = await sharedControlPlane();
  trap = await Trap.open(plane, 'traps');
});
after(() => plane?.stop());

/** One action of each make: what it changes, what else of the same object somebody may change, and the same thing changed. */
const ACTIONS: readonly {
  readonly command: string;
  readonly stand: Stand;
  /** Somebody else's change that has nothing to do with it. */
  readonly unrelated: object;
  /** Somebody else's change of the very same field. */
  readonly same: object;
  /** Where to look. */
  readonly at: (object: Any) => unknown;
}[] = [
  {
    command: `kubectl patch configmap NAME --type=merge -p '{"data":{"mode":"fast"}}'`,
    stand: MAKE.configmaps('web'),
    unrelated: { data: { other: 'theirs' } },
    same: { data: { mode: 'theirs' } },
    at: ({ data }) => data.mode,
  },
  {
    command: 'kubectl label service NAME tier=front --overwrite',
    stand: {
      ...MAKE.services('web'),
      object: { ...MAKE.services('web').object, metadata: { name: 'web', labels: { tier: 'old' } } },
    },
    unrelated: { metadata: { labels: { theirs: 'x' } } },
    same: { metadata: { labels: { tier: 'theirs' } } },
    at: ({ metadata }) => metadata.labels.tier,
  },
  {
    command: 'kubectl scale deployment NAME --replicas=2',
    stand: MAKE[D]('web'),
    unrelated: { metadata: { annotations: { theirs: 'x' } } },
    same: { spec: { replicas: 0 } },
    at: ({ spec }) => spec.replicas,
  },
  {
    command: 'kubectl set env deployment/NAME OLD=new --containers=app',
    stand: MAKE[D]('web', {
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'app', image: 'x:1', env: [{ name: 'OLD', value: 'x' }] }] },
      },
    }),
    unrelated: { spec: { minReadySeconds: 1 } },
    same: {
      spec: {
        template: { spec: { containers: [{ name: 'app', image: 'x:1', env: [{ name: 'OLD', value: 'theirs' }] }] } },
      },
    },
    at: ({ spec }) => spec.template.spec.containers[0].env[0].value,
  },
  {
    command: 'kubectl set image deployment/NAME app=x:2',
    stand: MAKE[D]('web', {
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'x:1' }] } },
    }),
    unrelated: { metadata: { labels: { theirs: 'x' } } },
    same: { spec: { template: { spec: { containers: [{ name: 'app', image: 'theirs:1' }] } } } },
    at: ({ spec }) => spec.template.spec.containers[0].image,
  },
];

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

describe("somebody else's change in between", () => {
  for (const [i, { command, stand, unrelated, same, at }] of ACTIONS.entries()) {
    const { resource } = stand;
    const settle = async (name: string): Promise<void> => {
      if (resource === D) await trap.shop.atRest('deployments', name);
    };
    const words = (name: string): string => command.replace('NAME', name);

    test(`${command}: an unrelated one stops neither the write nor the way back, and stays`, async () => {
      const name = `free-${i}`;
      await trap.make(named(stand, name));
      const first = at(await trap.read(resource, name));
      const spec = await trap.seal(words(name));
      await trap.change(resource, name, unrelated);
      await trap.done(spec);
      await settle(name);
      assert.notEqual(at(await trap.read(resource, name)), first);
      await trap.change(resource, name, { metadata: { annotations: { later: 'too' } } });
      await trap.done(spec, 'back');
      const left = await trap.read(resource, name);
      assert.deepEqual([at(left), left.metadata.annotations.later], [first, 'too']);
    });

    test(`${command}: one of the same field before the write makes it stale, and stays`, async () => {
      const name = `held-${i}`;
      await trap.make(named(stand, name));
      const spec = await trap.seal(words(name));
      await trap.change(resource, name, same);
      const theirs = at(await trap.read(resource, name));
      assert.equal(endedAs(await trap.write(spec)), 'stale pre-image-changed');
      assert.equal(at(await trap.read(resource, name)), theirs);
    });

    test(`${command}: one of the same field after the write is not rolled back over`, async () => {
      const name = `over-${i}`;
      await trap.make(named(stand, name));
      const spec = await trap.seal(words(name));
      await trap.done(spec);
      await settle(name);
      await trap.change(resource, name, same);
      const theirs = at(await trap.read(resource, name));
      assert.equal(endedAs(await trap.write(spec, 'back')), 'stale pre-image-changed');
      assert.equal(at(await trap.read(resource, name)), theirs);
    });

    test(`${command}: another object of the name is left alone, by the write and by the way back`, async () => {
      const name = `twin-${i}`;
      await trap.make(named(stand, name));
      const spec = await trap.seal(words(name));
      await trap.replace(named(stand, name));
      const second = await trap.read(resource, name);
      assert.equal(endedAs(await trap.write(spec)), 'stale uid-changed');
      const again = await trap.seal(words(name));
      await trap.done(again);
      const third = await trap.replace(named(stand, name));
      assert.equal(endedAs(await trap.write(again, 'back')), 'stale uid-changed');
      const left = await trap.read(resource, name);
      assert.deepEqual([left.metadata.uid, at(left)], [third, at(second)]);
    });
  }
});

describe('a history that is too short', () => {
  const twice = async (name: string): Promise<void> => {
    await trap.make(named(MAKE[D]('web'), name));
    await trap.shop.setImage('deployments', name, 'web:2');
    await trap.shop.atRest('deployments', name);
  };

  test('of one revision has nothing to undo to', async () => {
    await trap.make(named(MAKE[D]('web'), 'young'));
    const spec = await trap.seal('kubectl rollout undo deployment young');
    assert.equal(spec.rehearsed, 'refused');
    assert.match(`${spec.rehearsedWhy}`, /revision/);
  });

  test('of one revision goes back after a write, which makes the second', async () => {
    await trap.make(named(MAKE[D]('web'), 'oldest'));
    const spec = await trap.seal('kubectl set image deployment/oldest oldest=web:9');
    await trap.done(spec);
    await trap.shop.atRest('deployments', 'oldest');
    await trap.done(spec, 'back');
    assert.equal((await trap.read(D, 'oldest')).spec.template.spec.containers[0].image, 'web:1');
  });

  test('that keeps none has no way back, and says so before anybody agrees', async () => {
    await trap.make(named(MAKE[D]('web', { revisionHistoryLimit: 0 }), 'none'));
    const spec = await trap.seal('kubectl rollout restart deployment none');
    assert.deepEqual([spec.rollbackPlan.steps, spec.rollbackPlan.fidelity], [[], 'none']);
    assert.match(`${spec.rollbackPlan.none}`, /revisionHistoryLimit|history/);
  });

  test('whose limit is lowered after the write is not rolled back by guess', async () => {
    await twice('lowered');
    const spec = await trap.seal('kubectl rollout restart deployment lowered');
    await trap.done(spec);
    await trap.change(D, 'lowered', { spec: { revisionHistoryLimit: 0 } });
    await trap.shop.atRest('deployments', 'lowered');
    await until('the old revisions are gone', async () => {
      const sets = await trap.shop.list('replicasets', 'app=lowered');
      return sets.length === 1;
    });
    const before = await trap.read(D, 'lowered');
    assert.equal(endedAs(await trap.write(spec, 'back')), 'stale way-back-gone');
    assert.deepEqual((await trap.read(D, 'lowered')).spec, before.spec);
  });
});

describe('a paused rollout', () => {
  for (const command of ['kubectl rollout restart deployment NAME', 'kubectl rollout undo deployment NAME'])
    test(`${command}: paused in between is not written over`, async () => {
      const name = command.includes('undo') ? 'stopped-undo' : 'stopped-restart';
      await trap.make(named(MAKE[D]('web'), name));
      await trap.shop.patch('deployments', name, { spec: { template: { metadata: { annotations: { a: 'b' } } } } });
      await trap.shop.atRest('deployments', name);
      const spec = await trap.seal(command.replace('NAME', name));
      await trap.change(D, name, { spec: { paused: true } });
      const before = await trap.read(D, name);
      const result = await trap.write(spec);
      assert.equal(endedAs(result), 'refused', JSON.stringify(result));
      assert.match('why' in result ? result.why : '', /paused/);
      assert.deepEqual((await trap.read(D, name)).spec, before.spec);
    });

  test('takes an image, and goes back to the one before', async () => {
    await trap.make(named(MAKE[D]('web'), 'resting'));
    await trap.change(D, 'resting', { spec: { paused: true } });
    const spec = await trap.seal('kubectl patch deployment resting -p \'{"spec":{"minReadySeconds":4}}\'');
    await trap.done(spec);
    await trap.done(spec, 'back');
    assert.equal((await trap.read(D, 'resting')).spec.minReadySeconds, undefined);
  });
});

describe('a finalizer that never ends', () => {
  const stays = (name: string): Stand => ({
    resource: 'configmaps',
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, finalizers: ['example.com/never'] },
      data: { a: 'b' },
    },
  });

  test('leaves the object on its way out: written, found, and no second one is made until it is gone', async () => {
    await trap.make(stays('stays'));
    const spec = await trap.seal('kubectl delete configmap stays');
    await trap.done(spec);
    assert.notEqual((await trap.read('configmaps', 'stays')).metadata.deletionTimestamp, undefined);
    assert.equal(await trap.found(spec), 'all');
    await trap.done(spec);
    const back = await trap.write(spec, 'back');
    assert.equal(endedAs(back), 'refused');
    assert.match('why' in back ? back.why : '', /finalizers/);
    assert.equal(await trap.found(spec, 'back'), 'none');
    await trap.change('configmaps', 'stays', { metadata: { finalizers: null } });
    await until('it is gone', async () => !(await trap.isThere('configmaps', 'stays')));
    await trap.done(spec, 'back');
    const made = await trap.read('configmaps', 'stays');
    assert.deepEqual([made.data, made.metadata.finalizers], [{ a: 'b' }, ['example.com/never']]);
    await trap.change('configmaps', 'stays', { metadata: { finalizers: null } });
  });
});

describe('what cannot be changed', () => {
  const FIXED: readonly (readonly [string, Stand, RegExp])[] = [
    [
      `kubectl patch deployment web -p '{"spec":{"selector":{"matchLabels":{"app":"x"}}}}'`,
      MAKE[D]('web'),
      /immutable|does not match/,
    ],
    [
      `kubectl patch service web -p '{"spec":{"clusterIP":"10.96.7.7"}}'`,
      MAKE.services('web'),
      /may not change once set/,
    ],
    [
      `kubectl patch statefulset web --type=merge -p '{"spec":{"serviceName":"x"}}'`,
      MAKE['statefulsets.apps']('web'),
      /forbidden|Forbidden/,
    ],
    [`kubectl patch job web -p '{"spec":{"completions":3}}'`, MAKE['jobs.batch']('web'), /immutable/],
  ];
  for (const [i, [command, stand, says]] of FIXED.entries())
    test(`${command} is refused in the server's words before anybody is asked`, async () => {
      const name = `fixed-${i}`;
      await trap.make(named(stand, name));
      const before = await trap.read(stand.resource, name);
      const spec = await trap.seal(command.replace(' web ', ` ${name} `));
      assert.equal(spec.rehearsed, 'refused');
      assert.match(`${spec.rehearsedWhy}`, says);
      assert.notEqual(endedAs(await trap.write(spec)), 'written');
      assert.deepEqual((await trap.read(stand.resource, name)).spec, before.spec);
    });

  const DATA = `-p '{"data":{"mode":"fast"}}'`;
  test('a config map that is immutable takes a label and no data', async () => {
    await trap.make(named(MAKE.configmaps('web', { immutable: true }), 'sealed'));
    const data = await trap.seal(`kubectl patch configmap sealed ${DATA}`);
    assert.equal(data.rehearsed, 'refused');
    assert.match(`${data.rehearsedWhy}`, /immutable/);
    await trap.done(await trap.seal('kubectl label configmap sealed a=b'));
  });

  test('a config map that becomes immutable before the write keeps its data', async () => {
    await trap.make(named(MAKE.configmaps('web'), 'closing'));
    const spec = await trap.seal(`kubectl patch configmap closing ${DATA}`);
    await trap.change('configmaps', 'closing', { immutable: true });
    const result = await trap.write(spec);
    assert.deepEqual([endedAs(result), 'written' in result && result.written], ['refused', 0]);
    assert.match('why' in result ? result.why : '', /immutable/);
    assert.equal((await trap.read('configmaps', 'closing')).data.mode, 'slow');
  });

  test('a config map that becomes immutable after the write does not go back, and says why', async () => {
    await trap.make(named(MAKE.configmaps('web'), 'closed'));
    const spec = await trap.seal(`kubectl patch configmap closed ${DATA}`);
    await trap.done(spec);
    await trap.change('configmaps', 'closed', { immutable: true });
    const back = await trap.write(spec, 'back');
    assert.equal(endedAs(back), 'refused');
    assert.match('why' in back ? back.why : '', /immutable/);
    assert.equal((await trap.read('configmaps', 'closed')).data.mode, 'fast');
  });

  test('a config map that is immutable comes back as one after its deletion', async () => {
    await trap.make(named(MAKE.configmaps('web', { immutable: true }), 'returns'));
    const spec = await trap.seal('kubectl delete configmap returns');
    await trap.done(spec);
    await until('it is gone', async () => !(await trap.isThere('configmaps', 'returns')));
    await trap.done(spec, 'back');
    const { immutable, data } = await trap.read('configmaps', 'returns');
    assert.deepEqual([immutable, data], [true, { mode: 'slow', other: 'kept' }]);
  });
});

describe('generateName', () => {
  const text = JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { generateName: 'born-' },
    data: { a: 'b' },
  });
  const files = new Map([['born.json', text]]);
  const born = async (): Promise<readonly string[]> => {
    const { items } = await trap.shop.ask('GET', `/api/v1/namespaces/${trap.shop.namespace}/configmaps`);
    return items.map(({ metadata }: Any) => metadata.name).filter((name: string) => name.startsWith('born-'));
  };

  test('is filled in by the gate, so that a lost answer is found, nothing is made twice, and only its own goes back', async () => {
    await trap.shop.ask('POST', `/api/v1/namespaces/${trap.shop.namespace}/configmaps`, JSON.parse(text));
    const theirs = await born();
    const spec = await trap.seal('kubectl create -f born.json', files);
    assert.equal(spec.rehearsed, 'passed');
    // The answer is lost on its way.
    const lossy = trap.ports.writerSending((request) => request);
    await trap.done(spec);
    assert.equal(await trap.found(spec), 'all');
    assert.equal(endedAs(await trap.write(spec, 'forward', lossy)), 'written');
    assert.equal((await born()).length, theirs.length + 1);
    await trap.done(spec, 'back');
    await until('its own is gone', async () => (await born()).length === theirs.length);
    assert.deepEqual(await born(), theirs);
  });
});

describe('what is made anew', () => {
  const config = (name: string, mode: string, finalizers: readonly string[] = []): Stand['object'] => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(finalizers.length === 0 ? {} : { finalizers: [...finalizers] }) },
    data: { mode },
  });
  const stand = (object: Stand['object']): Stand => ({ resource: 'configmaps', object });
  const files = (name: string) => new Map([['new.json', JSON.stringify(config(name, 'fast'))]]);

  test('waits for its name: an object that stays is no success, and what went comes back once it is gone', async () => {
    await trap.make(stand(config('blocked', 'slow', ['example.com/never'])));
    const spec = await trap.seal('kubectl replace --force -f new.json', files('blocked'));
    const intent = { at: '2026-11-22T19:25:14.000Z', revealed: trap.shop.revealed };
    const cut = trap.ports.writer.write(permitFor(spec, 'forward'), intent, AbortSignal.timeout(1500));
    assert.notEqual((await cut.catch(() => ({ outcome: 'unheard' }))).outcome, 'written');
    assert.equal(await trap.found(spec), 'some');
    const back = await trap.write(spec, 'back');
    assert.match('why' in back ? back.why : '', /finalizers/);
    await trap.change('configmaps', 'blocked', { metadata: { finalizers: null } });
    await until('it is gone', async () => !(await trap.isThere('configmaps', 'blocked')));
    await trap.done(spec, 'back');
    const { data, metadata } = await trap.read('configmaps', 'blocked');
    assert.deepEqual([data, metadata.finalizers], [{ mode: 'slow' }, ['example.com/never']]);
    await trap.change('configmaps', 'blocked', { metadata: { finalizers: null } });
  });

  test('is not deleted where somebody has changed it since', async () => {
    await trap.make(stand(config('moved', 'slow')));
    const spec = await trap.seal('kubectl replace --force -f new.json', files('moved'));
    await trap.change('configmaps', 'moved', { data: { mode: 'theirs' } });
    assert.equal(endedAs(await trap.write(spec)), 'stale pre-image-changed');
    assert.equal((await trap.read('configmaps', 'moved')).data.mode, 'theirs');
  });

  test('is not taken back over what somebody has made of it', async () => {
    await trap.make(stand(config('kept', 'slow')));
    const spec = await trap.seal('kubectl replace --force -f new.json', files('kept'));
    await trap.done(spec);
    await trap.change('configmaps', 'kept', { data: { mode: 'theirs' } });
    assert.equal(endedAs(await trap.write(spec, 'back')), 'stale pre-image-changed');
    assert.equal((await trap.read('configmaps', 'kept')).data.mode, 'theirs');
  });
});

describe('auth reconcile', () => {
  const role = (rules: readonly object[]): string =>
    JSON.stringify({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'wide', namespace: trap.shop.namespace },
      rules,
    });

  const RBAC = 'rbac.authorization.k8s.io';
  before(() =>
    trap.make({
      resource: `rolebindings.${RBAC}`,
      object: {
        apiVersion: `${RBAC}/v1`,
        kind: 'RoleBinding',
        metadata: { name: 'reconcile' },
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'blastgate-reconcile' },
        subjects: [{ apiGroup: RBAC, kind: 'User', name: 'gate' }],
      },
    }),
  );

  test('grants nothing that the gate does not hold: the API server says so before anybody is asked', async () => {
    const text = role([{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }]);
    const spec = await trap.seal('kubectl auth reconcile -f role.json', new Map([['role.json', text]]));
    assert.equal(spec.rehearsed, 'refused');
    assert.match(spec.rehearsedWhy ?? '', /attempting to grant RBAC permissions not currently held/);
  });

  test('makes a role of rights that the gate holds, and takes it back', async () => {
    const text = role([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
    const spec = await trap.seal('kubectl auth reconcile -f role.json', new Map([['role.json', text]]));
    await trap.done(spec);
    assert.equal(await trap.found(spec), 'all');
    await trap.done(spec, 'back');
    assert.equal(await trap.isThere(`roles.${RBAC}`, 'wide'), false);
  });
});
