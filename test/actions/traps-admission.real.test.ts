// What webhooks do to dry runs and writes, on a control plane of its own: what cannot be tried is said, what is invented anew is
// not sealed or is refused, and what is not answered is not written blindly.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { understand } from '../../src/core/command/understand.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import { effectsOf } from '../../src/core/model/understanding.ts';
import { MAKE, type Stand } from '../differential/objects.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { type Mutate, startWebhook, type Webhook } from '../support/admission.ts';
import { signal, until } from '../support/cluster-under-test.ts';
import { gateOn } from '../verification/gate-on.ts';
import { endedAs, Trap } from './trap.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

const D = 'deployments.apps';
let plane: ControlPlane;
const hooks: Webhook[] = [];
before(async () => {
  plane = await startControlPlane();
});
after(async () => {
  for (const hook of hooks) await hook.close();
  await plane?.stop();
});

/** A namespace whose config maps and deployments pass through a webhook once they stand there. */
const behind = async (namespace: string, mutate: Mutate, ...stands: readonly Stand[]): Promise<Trap> => {
  const trap = await Trap.open(plane, namespace);
  for (const stand of stands) await trap.make(stand);
  const hook = await startWebhook(plane, mutate);
  hooks.push(hook);
  await trap.shop.ask('POST', HOOKS, hookOf(namespace, hook));
  // The API server learns of it in its own time: a write that it changes shows that it has.
  const seen = `${trap.path('configmaps', 'seen')}?dryRun=All`;
  await trap.make({
    resource: 'configmaps',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'seen' } },
  });
  await until('the webhook is called', async () => {
    const { body } = await trap.shop.call(
      'PATCH',
      seen,
      { metadata: { labels: { a: 'b' } } },
      'application/merge-patch+json',
    );
    return (body as Any).metadata?.annotations?.['example.com/seen'] !== undefined;
  });
  return trap;
};

const HOOKS = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';

const hookOf = (namespace: string, { clientConfig }: Webhook): object => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: namespace },
  webhooks: [
    {
      name: `${namespace}.example.com`,
      clientConfig,
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      failurePolicy: 'Fail',
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      rules: [
        {
          apiGroups: ['', 'apps'],
          apiVersions: ['*'],
          operations: ['CREATE', 'UPDATE'],
          resources: ['configmaps', 'deployments'],
        },
      ],
    },
  ],
});

const set = (path: string, value: unknown): object => ({ op: 'add', path, value });

/** Marks the object "seen", so that the test knows when the hook works; then what else the case does. */
const marking =
  (more: Mutate): Mutate =>
  (request) =>
    request.object.metadata.name === 'seen'
      ? [set('/metadata/annotations', { 'example.com/seen': 'yes' })]
      : more(request);

let stamp = 0;

describe('a webhook that changes what it is shown', () => {
  test('the same way each time: what it adds is sealed, written, and taken back', async () => {
    const adds: Mutate = ({ object }) => (object.data?.mode === 'fast' ? [set('/data/added', 'by-hook')] : []);
    const trap = await behind('steady', marking(adds), MAKE.configmaps('web'));
    const spec = await trap.seal(`kubectl patch configmap web --type=merge -p '{"data":{"mode":"fast"}}'`);
    await trap.done(spec);
    assert.deepEqual((await trap.read('configmaps', 'web')).data, { mode: 'fast', other: 'kept', added: 'by-hook' });
    await trap.done(spec, 'back');
    assert.deepEqual((await trap.read('configmaps', 'web')).data, { mode: 'slow', other: 'kept' });
  });

  test('another way each time: that is generated, the rest is sealed, written and taken back', async () => {
    const stamps: Mutate = ({ object }) => {
      stamp += 1;
      const at = object.metadata.labels === undefined ? [set('/metadata/labels', {})] : [];
      return object.data?.mode === undefined ? [] : [...at, set('/metadata/labels/stamp', `${stamp}`)];
    };
    const trap = await behind('restless', marking(stamps), MAKE.configmaps('web'));
    const spec = await trap.seal(`kubectl patch configmap web --type=merge -p '{"data":{"mode":"fast"}}'`);
    assert.deepEqual(
      spec.changes?.[0]?.fields.map(({ path, generated = false }) => [path, generated]),
      [
        ['/data/mode', false],
        ['/metadata/labels/stamp', true],
      ],
    );
    await trap.done(spec);
    assert.equal(await trap.found(spec), 'all');
    await trap.done(spec, 'back');
    assert.equal((await trap.read('configmaps', 'web')).data.mode, 'slow');
  });

  test('another image each time: nobody can approve that, so it is refused', async () => {
    const images: Mutate = ({ object }) => {
      stamp += 1;
      return object.kind === 'Deployment' ? [set('/spec/template/spec/containers/1/image', `side:${stamp}`)] : [];
    };
    const trap = await behind('sly', marking(images), MAKE[D]('web'));
    const before = await trap.read(D, 'web');
    for (const command of ['kubectl set env deployment/web A=1', 'kubectl set image deployment/web web=web:2']) {
      const spec = await trap.seal(command);
      assert.equal(spec.rehearsed, 'refused', command);
      assert.match(`${spec.rehearsedWhy}`, /two dry runs differ in .*image/);
    }
    assert.deepEqual((await trap.read(D, 'web')).spec, before.spec);
  });

  test('otherwise in the write than in the dry run: it is seen in the answer, and goes back', async () => {
    const liar: Mutate = ({ object, dryRun }) =>
      object.data?.mode === 'fast' && dryRun !== true ? [set('/data/mode', 'wild')] : [];
    const trap = await behind('liar', marking(liar), MAKE.configmaps('web'));
    // Who wrote last is known by the second.
    await pause(1_100);
    const spec = await trap.seal(`kubectl patch configmap web --type=merge -p '{"data":{"mode":"fast"}}'`);
    const result = await trap.write(spec);
    assert.deepEqual([endedAs(result), 'written' in result && result.written], ['refused', 1]);
    assert.match('why' in result ? result.why : '', /made something else of \/data\/mode/);
    assert.equal((await trap.read('configmaps', 'web')).data.mode, 'wild');
    // It has arrived, though not as approved: so it goes back.
    assert.equal(await trap.found(spec), 'all');
    await trap.done(spec, 'back');
    assert.equal((await trap.read('configmaps', 'web')).data.mode, 'slow');
  });

  test('otherwise in the write, and then changed by somebody else: that stays', async () => {
    const liar: Mutate = ({ object, dryRun }) =>
      object.data?.mode === 'fast' && dryRun !== true ? [set('/data/mode', 'wild')] : [];
    const trap = await behind('liars', marking(liar), MAKE.configmaps('web'));
    const spec = await trap.seal(`kubectl patch configmap web --type=merge -p '{"data":{"mode":"fast"}}'`);
    assert.equal(endedAs(await trap.write(spec)), 'refused');
    await trap.change('configmaps', 'web', { data: { mode: 'theirs' } });
    assert.equal(endedAs(await trap.write(spec, 'back')), 'stale pre-image-changed');
    assert.equal((await trap.read('configmaps', 'web')).data.mode, 'theirs');
  });
});

describe('a webhook without dry runs', () => {
  /** No API takes such a hook any more; one that was made long ago is still in the store. */
  const store = async (namespace: string): Promise<void> => {
    const { body } = await plane.request('admin', 'GET', `${HOOKS}/${namespace}`);
    const old = JSON.stringify(body).replaceAll('"sideEffects":"None"', '"sideEffects":"Some"');
    const key = `/registry/mutatingwebhookconfigurations/${namespace}`;
    const response = await fetch(`${plane.etcdUrl}/v3/kv/put`, {
      method: 'POST',
      body: JSON.stringify({ key: Buffer.from(key).toString('base64'), value: Buffer.from(old).toString('base64') }),
    });
    assert.ok(response.ok, await response.text());
  };

  test('what is carried out by its difference is refused with the reason, and what is not may go on and says so', async () => {
    const trap = await behind(
      'stubborn',
      marking(() => []),
      MAKE.configmaps('web'),
      MAKE[D]('web'),
    );
    await store('stubborn');
    await until('the API server forbids dry runs', async () => {
      const path = `${trap.path('configmaps', 'web')}?dryRun=All`;
      return (await trap.shop.call('PATCH', path, {}, 'application/merge-patch+json')).status >= 400;
    });
    const patched = await gateOn(trap.ports, trap.shop.namespace).refusals(
      `kubectl patch configmap web --type=merge -p '{"data":{"mode":"fast"}}'`,
    );
    assert.deepEqual(
      patched.map(({ code }) => code),
      ['dry-run-refused'],
    );
    assert.match(`${patched[0]?.about}`, /does not support dry run/);
    const spec = await trap.seal('kubectl rollout restart deployment web');
    assert.deepEqual([spec.rehearsed, spec.changes ?? []], ['not-possible', []]);
    assert.match(`${spec.rehearsedWhy}`, /does not support dry run/);
    assert.equal(endedAs(await trap.write(spec)), 'written');
    assert.equal(await trap.found(spec), 'all');
  });
});

/** Two versions of a kind: what is kept as v1 is read as v2, through the hook. */
const engines = (clientConfig: Webhook['clientConfig']): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'engines.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Namespaced',
    names: { plural: 'engines', singular: 'engine', kind: 'Engine' },
    conversion: { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v1'] } },
    versions: ['v1', 'v2'].map((name) => ({
      name,
      served: true,
      storage: name === 'v1',
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: { spec: { type: 'object', properties: { power: { type: 'integer' } } } },
        },
      },
    })),
  },
});

const ENGINES: Resource = {
  name: 'engines',
  singular: 'engine',
  shortNames: [],
  kind: 'Engine',
  group: 'example.org',
  versions: ['v2', 'v1'],
  namespaced: true,
  categories: [],
  verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
};

describe('a conversion webhook that is down', () => {
  const PATH = '/apis/example.org/v1/namespaces/motors/engines';
  let trap: Trap;
  let hook: Webhook;
  const power = async (): Promise<number> => {
    const { body } = await plane.request('admin', 'GET', `${PATH}/one`);
    return (body as Any).spec.power;
  };
  before(async () => {
    hook = await startWebhook(plane);
    hooks.push(hook);
    trap = await Trap.open(plane, 'motors', 'admin');
    trap.shop.customResources = [ENGINES];
    await trap.shop.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', engines(hook.clientConfig));
    const one = { apiVersion: 'example.org/v1', kind: 'Engine', metadata: { name: 'one' }, spec: { power: 1 } };
    await until('engines are served', async () => (await plane.request('admin', 'POST', PATH, one)).status === 201);
  });

  const PATCH = `kubectl patch engine one --type=merge -p '{"spec":{"power":2}}'`;

  test('nothing is proposed that cannot be read, and nobody is told that it is not there', async () => {
    await hook.down();
    try {
      const effects = effectsOfPatch();
      const facts = await trap.ports.reader.readFacts(effects, signal());
      assert.deepEqual(
        facts.missing.filter(({ resource }) => resource.startsWith('engines')).map(({ why }) => why),
        ['unreachable'],
      );
      const rehearsal = await trap.ports.writer.rehearse(effects, facts.targets, signal());
      assert.equal(rehearsal.forward.is, 'not-possible');
    } finally {
      await hook.up();
    }
  });

  /** The effects of the patch, understood without the cluster. */
  const effectsOfPatch = () => {
    const surroundings = { namespace: 'motors', files: new Map(), customResources: [ENGINES], readDocuments };
    return effectsOf(understand({ kind: 'line', line: PATCH }, surroundings));
  };

  test('a write that was approved before is not sent blindly, and goes when the hook is up again', async () => {
    const spec = await trap.seal(PATCH);
    assert.equal(spec.rehearsed, 'passed');
    await hook.down();
    try {
      const result = await trap.write(spec);
      assert.equal(endedAs(result), 'unheard', JSON.stringify(result));
      assert.equal(await trap.found(spec), 'unknown');
      assert.equal(await power(), 1);
    } finally {
      await hook.up();
    }
    await trap.done(spec);
    assert.deepEqual([await power(), await trap.found(spec)], [2, 'all']);
    await trap.done(spec, 'back');
    assert.equal(await power(), 1);
  });

  test('a way back that cannot be read is not made either, and is made when it can be', async () => {
    const spec = await trap.seal(PATCH);
    await trap.done(spec);
    await hook.down();
    try {
      assert.equal(endedAs(await trap.write(spec, 'back')), 'unheard');
      assert.equal(await power(), 2);
    } finally {
      await hook.up();
    }
    await trap.done(spec, 'back');
    assert.equal(await power(), 1);
  });
});
