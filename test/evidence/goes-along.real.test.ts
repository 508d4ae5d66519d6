// What goes by itself with what is deleted or scaled down, on a real control plane: the gate refuses the write and everything is
// still there; an admin's write of the same then takes it along.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { type Door, type GateUnderTest, openGate, throughCommandLine } from './doors.ts';
import { deployment, type Kind, Scene, template, versionOf } from './scene.ts';

/** Milliseconds: the garbage collector takes a dependent within a second or two. */
const COLLECTED_WITHIN = 4_000;

interface Case {
  readonly name: string;
  readonly prepare: (scene: Scene) => Promise<void>;
  readonly command: (scene: Scene) => Promise<readonly string[]>;
  /** The hard rule that blocks it; null: the gate would let people decide. */
  readonly rule: string | null;
  /** What goes along when an admin does the same. */
  readonly goes: (scene: Scene) => readonly [kind: Kind, name: string];
  readonly admin: (scene: Scene) => Promise<unknown>;
}

const size = { storage: '1Gi' };
const CLAIM = { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: size } };

const owner = async (scene: Scene, kind: Kind, name: string): Promise<object> => {
  const { metadata } = await scene.read(kind, name);
  return { apiVersion: versionOf(kind), kind, name, uid: metadata.uid };
};

const claim = async (scene: Scene, name: string, ...owners: readonly object[]): Promise<void> => {
  await scene.make('PersistentVolumeClaim', { metadata: { name, ownerReferences: owners }, spec: CLAIM });
};

const statefulSet = async (scene: Scene, policy: object, replicas = 2): Promise<void> => {
  await scene.make('StatefulSet', {
    metadata: { name: 'db' },
    spec: {
      replicas,
      serviceName: 'db',
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: { app: 'db' } },
      persistentVolumeClaimRetentionPolicy: policy,
      template: template('db'),
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: CLAIM }],
    },
  });
  for (let at = 0; at < replicas; at += 1) {
    await scene.make('PersistentVolume', {
      metadata: { name: `${scene.namespace}-${at}` },
      spec: {
        capacity: size,
        accessModes: ['ReadWriteOnce'],
        storageClassName: '',
        persistentVolumeReclaimPolicy: 'Retain',
        hostPath: { path: `/data/${at}` },
        claimRef: { namespace: scene.namespace, name: `data-db-${at}` },
      },
    });
  }
  await scene.whole('StatefulSet', 'db');
};

const bare = async (scene: Scene, name: string): Promise<void> => {
  await scene.make('Pod', { ...template(name), metadata: { name, labels: { app: name } } });
  await scene.podReady(name);
};

const service = (scene: Scene, name: string): Promise<unknown> =>
  scene.make('Service', { metadata: { name }, spec: { ports: [{ port: 80 }] } });

const CASES: readonly Case[] = [
  {
    name: 'a StatefulSet that deletes claims when it is scaled down',
    prepare: (scene) => statefulSet(scene, { whenScaled: 'Delete' }),
    command: async () => ['scale', 'sts/db', '--replicas=1'],
    rule: 'delete-persistentvolumeclaim',
    goes: () => ['PersistentVolumeClaim', 'data-db-1'],
    admin: (scene) => scene.patch('StatefulSet', 'db', { spec: { replicas: 1 } }),
  },
  {
    name: 'the same, scaled by a patch of the whole object',
    prepare: (scene) => statefulSet(scene, { whenScaled: 'Delete' }),
    command: async () => ['patch', 'sts', 'db', '--type=merge', '-p', '{"spec":{"replicas":0}}'],
    rule: 'delete-persistentvolumeclaim',
    goes: () => ['PersistentVolumeClaim', 'data-db-0'],
    admin: (scene) => scene.patch('StatefulSet', 'db', { spec: { replicas: 0 } }),
  },
  {
    name: 'a StatefulSet that deletes claims when it is deleted',
    prepare: (scene) => statefulSet(scene, { whenDeleted: 'Delete' }),
    command: async () => ['delete', 'sts', 'db'],
    rule: 'delete-persistentvolumeclaim',
    goes: () => ['PersistentVolumeClaim', 'data-db-0'],
    admin: (scene) => scene.remove('StatefulSet', 'db', { propagationPolicy: 'Background' }),
  },
  {
    name: 'a claim that a pod owns',
    prepare: async (scene) => {
      await bare(scene, 'p');
      await claim(scene, 'data', await owner(scene, 'Pod', 'p'));
    },
    command: async () => ['delete', 'pod', 'p'],
    rule: 'delete-persistentvolumeclaim',
    goes: () => ['PersistentVolumeClaim', 'data'],
    admin: (scene) => scene.remove('Pod', 'p'),
  },
  {
    name: 'a claim that a pod of a Deployment owns, which a rollout replaces',
    prepare: async (scene) => {
      await scene.deploy('web', 1);
      await claim(scene, 'data', await owner(scene, 'Pod', await scene.podOf('web')));
    },
    command: async () => ['rollout', 'restart', 'deployment/web'],
    rule: 'delete-persistentvolumeclaim',
    goes: () => ['PersistentVolumeClaim', 'data'],
    admin: async (scene) => scene.remove('Pod', await scene.podOf('web')),
  },
  {
    name: 'a claim of a ConfigMap, which the gate itself may not read',
    prepare: async (scene) => {
      await scene.make('ConfigMap', { metadata: { name: 'owner' } });
      await claim(scene, 'data', await owner(scene, 'ConfigMap', 'owner'));
    },
    command: async () => ['delete', 'cm', 'owner'],
    rule: 'delete-persistentvolumeclaim',
    goes: () => ['PersistentVolumeClaim', 'data'],
    admin: (scene) => scene.remove('ConfigMap', 'owner'),
  },
  {
    name: 'a claim that two objects own which go together',
    prepare: async (scene) => {
      await service(scene, 'a');
      await service(scene, 'b');
      await claim(scene, 'data', await owner(scene, 'Service', 'a'), await owner(scene, 'Service', 'b'));
    },
    command: async () => ['delete', 'svc', 'a', 'b'],
    rule: 'delete-persistentvolumeclaim',
    goes: () => ['PersistentVolumeClaim', 'data'],
    admin: async (scene) => {
      await scene.remove('Service', 'a');
      await scene.remove('Service', 'b');
    },
  },
  {
    name: 'a claim down a chain: Service, ReplicaSet, claim',
    prepare: async (scene) => {
      await service(scene, 'top');
      const { metadata, ...rest } = deployment('mid', 0);
      const made = { ...rest, metadata: { ...metadata, ownerReferences: [await owner(scene, 'Service', 'top')] } };
      await scene.make('ReplicaSet', made);
      await claim(scene, 'data', await owner(scene, 'ReplicaSet', 'mid'));
    },
    command: async () => ['delete', 'svc', 'top'],
    rule: 'delete-persistentvolumeclaim',
    goes: () => ['PersistentVolumeClaim', 'data'],
    admin: (scene) => scene.remove('Service', 'top'),
  },
  {
    name: 'a Deployment marked as protected, owned by a Service',
    prepare: async (scene) => {
      await service(scene, 'top');
      await scene.make('Deployment', {
        ...deployment('web', 1),
        metadata: {
          name: 'web',
          annotations: { 'blastgate.io/protected': 'true' },
          ownerReferences: [await owner(scene, 'Service', 'top')],
        },
      });
    },
    command: async () => ['delete', 'svc', 'top'],
    rule: 'protected-object',
    goes: () => ['Deployment', 'web'],
    admin: (scene) => scene.remove('Service', 'top'),
  },
  {
    name: 'a ClusterRole that a node owns',
    prepare: async (scene) => {
      await scene.node(scene.namespace);
      const owners = [await owner(scene, 'Node', scene.namespace)];
      await scene.make('ClusterRole', { metadata: { name: scene.namespace, ownerReferences: owners }, rules: [] });
    },
    command: async ({ namespace }) => ['delete', 'node', namespace],
    rule: 'delete-clusterrole',
    goes: ({ namespace }) => ['ClusterRole', namespace],
    admin: (scene) => scene.remove('Node', scene.namespace),
  },
  {
    name: 'a CRD that a node owns',
    prepare: async (scene) => {
      await scene.node(scene.namespace);
      const owners = [await owner(scene, 'Node', scene.namespace)];
      await scene.make('CustomResourceDefinition', widgets(`${scene.namespace}.example.com`, owners));
    },
    command: async ({ namespace }) => ['delete', 'node', namespace],
    rule: 'delete-crd',
    goes: ({ namespace }) => ['CustomResourceDefinition', `widgets.${namespace}.example.com`],
    admin: (scene) => scene.remove('Node', scene.namespace),
  },
];

const widgets = (group: string, ownerReferences: readonly object[]): object => ({
  metadata: { name: `widgets.${group}`, ownerReferences },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

const exists = async (scene: Scene, kind: Kind, name: string): Promise<boolean> => {
  const { status, body } = await scene.call('GET', scene.path(kind, name));
  // as: an object of the cluster.
  const { metadata } = body as { readonly metadata?: { readonly deletionTimestamp?: string } };
  return status === 200 && metadata?.deletionTimestamp === undefined;
};

describe('what goes along, on a real control plane', { concurrency: 4 }, () => {
  let plane: ControlPlane;
  let gate: GateUnderTest;
  let commandLine: Door;
  let folder: string;
  before(async () => {
    plane = await startControlPlane();
    folder = mkdtempSync(join(tmpdir(), 'blastgate-along-'));
    gate = await openGate(folder, plane.kubeconfigPath('gate'));
    commandLine = throughCommandLine(plane.kubeconfigPath('gate'));
  });
  after(async () => {
    await gate?.stop();
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (name: string): Promise<Scene> => {
    const scene = new Scene(
      (...call) => plane.request('admin', ...call),
      `along-${name}`,
      async () => ({ status: 500, body: null }),
      folder,
    );
    await scene.open();
    return scene;
  };

  /** What both doors say, and what becomes of a proposal. */
  const blocks = async (scene: Scene, words: readonly string[], rule: string): Promise<void> => {
    const seen = await commandLine(scene.namespace, words);
    assert.deepEqual([seen.tier, seen.lines[0]?.subject?.split(' ')[0]], ['blocked', rule], JSON.stringify(seen));
    await scene.until('the cache has heard of it', async () => {
      const { tier } = await gate.door(scene.namespace, words);
      return tier === 'blocked';
    });
    const { status, body } = await gate.call('healer', 'POST', '/proposals', {
      argv: ['kubectl', ...words],
      namespace: scene.namespace,
      incident: scene.namespace,
    });
    assert.deepEqual([status, body.state, body.spec.hardRule.code], [201, 'blocked', rule], JSON.stringify(body));
    assert.deepEqual([body.spec.rollbackPlan.steps, body.spec.rollbackPlan.command], [[], null]);
    const going = body.spec.impact.nodes.filter(({ role }: { readonly role: string }) => role === 'goes');
    assert.ok(going.length > 0, 'the picture shows what goes');
  };

  for (const [at, one] of CASES.entries()) {
    test(one.name, async () => {
      const scene = await open(`${at}`);
      await one.prepare(scene);
      const [kind, name] = one.goes(scene);
      assert.ok(one.rule !== null);
      await blocks(scene, await one.command(scene), one.rule);
      await pause(COLLECTED_WITHIN / 4);
      assert.ok(await exists(scene, kind, name), 'it is still there');
      await one.admin(scene);
      await scene.until(`${kind} ${name} gone`, async () => !(await exists(scene, kind, name)));
    });
  }

  test('an eviction by a drain is a deletion too', async () => {
    const scene = await open('drain');
    await scene.deploy('web', 1);
    const pod = await scene.podOf('web');
    await claim(scene, 'data', await owner(scene, 'Pod', pod));
    const { spec } = await scene.read('Pod', pod);
    await blocks(scene, ['drain', spec.nodeName, '--ignore-daemonsets', '--force'], 'delete-persistentvolumeclaim');
    assert.ok(await exists(scene, 'PersistentVolumeClaim', 'data'));
  });

  test('another owner that stays, and an orphaning deletion, keep the claim', async () => {
    const scene = await open('keeps');
    await service(scene, 'a');
    await service(scene, 'b');
    await claim(scene, 'data', await owner(scene, 'Service', 'a'), await owner(scene, 'Service', 'b'));
    await statefulSet(scene, { whenDeleted: 'Delete' });
    for (const words of [
      ['delete', 'svc', 'a'],
      ['delete', 'sts', 'db', '--cascade=orphan'],
      ['rollout', 'restart', 'sts/db'],
    ]) {
      const { tier } = await commandLine(scene.namespace, words);
      assert.notEqual(tier, 'blocked', words.join(' '));
    }
    await scene.remove('Service', 'a');
    await scene.remove('StatefulSet', 'db', { propagationPolicy: 'Orphan' });
    await pause(COLLECTED_WITHIN);
    for (const name of ['data', 'data-db-0', 'data-db-1'])
      assert.ok(await exists(scene, 'PersistentVolumeClaim', name), name);
  });

  test('the claim of an ephemeral volume goes with its pod, and no rule says so', async () => {
    const scene = await open('ephemeral');
    const volumes = [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: CLAIM } } }];
    await scene.make('PersistentVolume', {
      metadata: { name: scene.namespace },
      spec: {
        capacity: size,
        accessModes: ['ReadWriteOnce'],
        storageClassName: '',
        hostPath: { path: '/scratch' },
        claimRef: { namespace: scene.namespace, name: 'p-scratch' },
      },
    });
    await scene.make('Pod', { ...template('p', { volumes }), metadata: { name: 'p', labels: { app: 'p' } } });
    await scene.podReady('p');
    assert.ok(await exists(scene, 'PersistentVolumeClaim', 'p-scratch'));
    const { sum } = await commandLine(scene.namespace, ['delete', 'pod', 'p']);
    assert.equal(sum, 'base 8 + bare-pod 30 + no-way-back 15 + stateful 10');
  });

  test('an owner of a kind that the gate may not read asks for a person', async () => {
    const scene = await open('custom');
    await scene.make('CustomResourceDefinition', widgets('along.example.com', []));
    const path = `/apis/along.example.com/v1/namespaces/${scene.namespace}/widgets`;
    const widget = await scene.until('the widget', async () => {
      const made = { apiVersion: 'along.example.com/v1', kind: 'Widget', metadata: { name: 'w' } };
      const { status, body } = await scene.call('POST', path, made);
      // biome-ignore lint/suspicious/noExplicitAny: an object of the cluster
      return status === 201 ? (body as any) : null;
    });
    await claim(scene, 'data', {
      apiVersion: 'along.example.com/v1',
      kind: 'Widget',
      name: 'w',
      uid: widget.metadata.uid,
    });
    await scene.deploy('web', 2);
    const { lines, tier } = await commandLine(scene.namespace, ['delete', 'pod', await scene.podOf('web')]);
    assert.equal(tier, 'human');
    assert.match(lines.find(({ code }) => code === 'no-evidence')?.subject ?? '', /widget.*w.*: forbidden/);
  });
});
