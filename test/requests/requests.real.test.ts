// The requests that a real kubectl sends, proposed as requests: carried out, each leaves what kubectl itself leaves on a twin.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { ApiRequest } from '../../src/core/model/api-request.ts';
import { runCommandByGate } from '../differential/by-gate.ts';
import { type Command, commandOf } from '../differential/commands.ts';
import { MAKE, NS, type Stand } from '../differential/objects.ts';
import { changes } from '../differential/row.ts';
import { inside, Stage } from '../differential/stage.ts';
import { compareTwins } from '../differential/twins.ts';
import { Random } from '../generators/random.ts';
import { auditLogEnd, readAuditLog } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { until } from '../support/cluster-under-test.ts';
import { WriteCatcher } from './catch-write.ts';

const D = 'deployments.apps';
const W = 'widgets.example.com';
const web = [MAKE[D]('web')];
const config = [MAKE.configmaps('web')];
const ofWeb = MAKE[D]('web', { replicas: 2 }).object;
const manifest = (...objects: readonly Stand['object'][]) => ({ 'all.json': objects });

/** Each a command that sends one write. */
const WAYS = [
  changes(`label {${D} web} set=new --overwrite`, web),
  changes(`annotate {${D} web} note=x`, web),
  changes(`scale {${D} web} --replicas=3`, web),
  changes(`scale {${D} web} --replicas=3 --current-replicas=1`, web),
  changes(`scale {${W} web} --replicas=3`, [MAKE[W]('web')]),
  changes(`set image {${D} web} web=web:2`, web),
  changes(`set env {${D} web} MODE=fast`, web),
  changes(`rollout restart {${D} web}`, web),
  changes(`rollout pause {${D} web}`, web),
  changes(`patch {${D} web} --type=json --patch='[{"op":"replace","path":"/spec/replicas","value":2}]'`, web),
  changes(`patch {${D} web} --type=merge --patch='{"spec":{"minReadySeconds":1}}'`, web),
  changes(`patch {${W} web} --type=merge --patch='{"spec":{"tags":["a"]}}'`, [MAKE[W]('web')]),
  changes('apply --filename=all.json', web, manifest(ofWeb)),
  changes('apply --filename=all.json', [], manifest(MAKE.configmaps('web').object)),
  changes('apply --server-side --force-conflicts --filename=all.json', web, manifest(ofWeb)),
  changes('replace --filename=all.json', web, manifest(ofWeb)),
  changes('create --filename=all.json', [], manifest(MAKE.services('web').object)),
  changes('create configmap web --from-literal=mode=fast'),
  changes('create secret generic web --from-literal=password=hunter2hunter2'),
  changes('run web --image=web:1 --restart=Never'),
  changes(`expose {${D} web} --port=80`, web),
  changes(`autoscale {${D} web} --max=3`, web),
  changes('delete {configmaps web}', config),
  changes('delete {pods web}', [MAKE.pods('web')]),
];

let plane: ControlPlane;
let stage: Stage;
before(async () => {
  plane = await startControlPlane();
  stage = await Stage.open(plane);
});
after(async () => {
  stage?.close();
  await plane?.stop();
});

let made = 0;

/** Lines that say why the two sides are not the same; none: they are. */
const play = async (command: Command): Promise<readonly string[]> => {
  made += 1;
  const logged = auditLogEnd(plane.auditLogPath);
  const [ours, theirs] = await Promise.all([stage.settle(`r-${made}x`, command), stage.settle(`q-${made}x`, command)]);
  const catcher = await WriteCatcher.open(plane);
  try {
    const argv = command.argv.map((word) => inside(word, ours.namespace));
    const request = await catcher.caught(argv, ours.folder);
    if (request === null) return ['kubectl has sent no write'];
    const [gate, real] = await Promise.all([
      runCommandByGate(stage.ports, { kind: 'request', request }, new Map()),
      stage.byKubectl(theirs, command, plane.kubectlPath),
    ]);
    return await compareTwins(stage, command, { ours, theirs, gate, real, logged });
  } finally {
    catcher.close();
    await Promise.all([stage.clear(ours, command), stage.clear(theirs, command)]);
  }
};

/** The managers of an object's fields, but for those of its status. */
const managersOf = async (path: string): Promise<readonly string[]> => {
  const { body } = await plane.request('admin', 'GET', path);
  const { metadata } = body as { readonly metadata: { readonly managedFields?: readonly Entry[] } };
  return (metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource !== 'status')
    .map(({ manager }) => manager);
};
interface Entry {
  readonly manager: string;
  readonly subresource?: string;
}

/** Carried out for one object that stands there alone, by a request to it. */
const carryOut = async (
  stand: Stand,
  made: (namespace: string) => ApiRequest,
  look: (namespace: string) => Promise<void> = () => Promise.resolve(),
) => {
  const command = commandOf('requests', changes('get pods', [stand]), new Random(1));
  const name = `s-${randomBytes(3).toString('hex')}`;
  await stage.settle(name, command);
  await look(name);
  const end = await runCommandByGate(stage.ports, { kind: 'request', request: made(name) }, new Map());
  return { namespace: name, end };
};

test('the manager of the fields is the one that the request names, else the gate', async () => {
  for (const [query, manager] of [
    ['fieldManager=healer', 'healer'],
    ['', 'blastgate'],
  ] as const) {
    const path = (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps/web`;
    const { namespace, end } = await carryOut(MAKE.configmaps('web'), (at) => ({
      method: 'PATCH',
      path: path(at),
      query,
      contentType: 'application/merge-patch+json',
      body: { kind: 'text', text: '{"data":{"mode":"fast"}}' },
    }));
    assert.deepEqual([end.by, end.why], ['written', '']);
    assert.ok((await managersOf(path(namespace))).includes(manager));
  }
});

test('an eviction takes the pod, unless a budget forbids it', async () => {
  const { namespace, end } = await carryOut(MAKE.pods('web'), (at) => ({
    method: 'POST',
    path: `/api/v1/namespaces/${at}/pods/web/eviction`,
    query: '',
    contentType: 'application/json',
    body: { kind: 'value', value: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web' } } },
  }));
  assert.deepEqual([end.by, end.why], ['written', '']);
  await until('the pod to go', async () => {
    const { status } = await plane.request('admin', 'GET', `/api/v1/namespaces/${namespace}/pods/web`);
    return status === 404;
  });
  const sent = readAuditLog(plane.auditLogPath, 0).filter(
    ({ objectRef, user }) =>
      objectRef?.namespace === namespace && objectRef.subresource === 'eviction' && user.username === 'gate',
  );
  assert.ok(sent.length > 0, 'it was no eviction');
});

/** What a person or program has asked for of an object. */
const wanted = async (path: string): Promise<unknown> => {
  const { status, body } = await plane.request('admin', 'GET', path);
  if (status === 404) return null;
  const { spec, data } = body as { readonly spec?: unknown; readonly data?: unknown };
  return spec ?? data;
};

const HPA = 'horizontalpodautoscalers';

/** A stand, the path of one object in @NS, and the request: what it leaves goes away again. */
const BACK: Readonly<Record<string, readonly [stand: Stand, path: string, request: Partial<ApiRequest>]>> = {
  'a patch by an older version of the API': [
    MAKE[`${HPA}.autoscaling`]('web'),
    `/apis/autoscaling/v1/namespaces/@NS/${HPA}/web`,
    {
      contentType: 'application/merge-patch+json',
      body: { kind: 'value', value: { spec: { targetCPUUtilizationPercentage: 55 } } },
    },
  ],
  'a server-side apply': [
    MAKE.configmaps('web'),
    '/api/v1/namespaces/@NS/configmaps/web',
    {
      query: 'fieldManager=healer&force=true',
      contentType: 'application/apply-patch+yaml',
      body: { kind: 'text', text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {mode: fast}\n' },
    },
  ],
  'a new object by its own manager': [
    MAKE.services('other'),
    '/api/v1/namespaces/@NS/configmaps/web',
    {
      method: 'POST',
      path: '/api/v1/namespaces/@NS/configmaps',
      query: 'fieldManager=healer',
      body: {
        kind: 'value',
        value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { a: 'b' } },
      },
    },
  ],
};

for (const [what, [stand, path, request]] of Object.entries(BACK))
  test(`${what} is carried out and taken back`, async () => {
    let before: unknown;
    const { namespace, end } = await carryOut(
      stand,
      (at) => {
        const asked = {
          method: 'PATCH',
          path,
          query: '',
          contentType: null,
          body: { kind: 'none' },
          ...request,
        } as const;
        return { ...asked, path: inside(asked.path, at) };
      },
      async (at) => {
        before = await wanted(inside(path, at));
      },
    );
    assert.deepEqual([end.by, end.why], ['written', '']);
    assert.notDeepEqual(await wanted(inside(path, namespace)), before);
    assert.equal((await end.takeBack?.())?.outcome, 'written');
    assert.deepEqual(await wanted(inside(path, namespace)), before);
  });

describe('a request beside kubectl', { concurrency: 4 }, () => {
  for (const way of WAYS)
    test(way.words.replaceAll(NS, 'shop'), async () => {
      assert.deepEqual(await play(commandOf('requests', way, new Random(1))), []);
    });
});
