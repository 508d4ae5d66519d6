// What goes with a pod, and whether there is a way back: bare-pod, stateful, capacity, no-way-back (scoring section 5).
import { type Scenario, scenario } from '../scenario.ts';
import { pooled, type Scene, template } from '../scene.ts';

const barePod = async (scene: Scene, name: string): Promise<void> => {
  await scene.make('Pod', { ...template(name), metadata: { name, labels: { app: name } } });
  await scene.podReady(name);
};

/** A ReplicaSet that takes the pods with its label for its own. */
const adopt = async (scene: Scene, app: string): Promise<void> => {
  await scene.make('ReplicaSet', {
    metadata: { name: app },
    spec: { replicas: 2, selector: { matchLabels: { app } }, template: template(app) },
  });
  await scene.whole('ReplicaSet', app);
};

/** A claim that is bound to a volume of its own. */
const claim = async (scene: Scene, name: string): Promise<void> => {
  const size = { storage: '1Gi' };
  await scene.make('PersistentVolume', {
    metadata: { name: `${scene.namespace}-${name}` },
    spec: {
      capacity: size,
      accessModes: ['ReadWriteMany'],
      storageClassName: '',
      hostPath: { path: '/data' },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: scene.namespace, name },
    },
  });
  await scene.make('PersistentVolumeClaim', {
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteMany'],
      storageClassName: '',
      volumeName: `${scene.namespace}-${name}`,
      resources: { requests: size },
    },
  });
};

const nodeOf = async (scene: Scene, app: string): Promise<string> => {
  const pod = await scene.read('Pod', await scene.podOf(app));
  return pod.spec.nodeName;
};

export const PODS: readonly Scenario[] = [
  scenario({
    code: 'bare-pod',
    cause: 'no controller brings the pod back, and that there is no way back says so too',
    prepare: (scene) => barePod(scene, 'web'),
    command: async () => ['delete', 'pod', 'web'],
    sum: 'base 8 + bare-pod 30 + no-way-back 15',
    names: ({ namespace }) => `pod ${namespace}/web`,
    remove: (scene) => adopt(scene, 'web'),
    after: 'base 8',
  }),
  scenario({
    code: 'bare-pod',
    cause: 'the pod has not finished',
    prepare: (scene) => barePod(scene, 'web'),
    command: async () => ['delete', 'pod', 'web'],
    sum: 'base 8 + bare-pod 30 + no-way-back 15',
    names: ({ namespace }) => `pod ${namespace}/web`,
    remove: async (scene) => {
      await scene.patch('Pod', 'web', { status: { phase: 'Succeeded' } }, '/status');
    },
    after: 'base 8',
  }),
  scenario({
    code: 'stateful',
    cause: 'the pod mounts a persistent volume',
    prepare: async (scene) => {
      await claim(scene, 'data');
      const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
      await scene.deploy('web', 2, { template: template('web', { volumes }) });
    },
    command: async (scene) => ['delete', 'pod', await scene.podOf('web')],
    sum: 'base 8 + stateful 10',
    names: ({ namespace }) => `pod ${namespace}/web-`,
    remove: async (scene) => {
      await scene.patch('Deployment', 'web', { spec: { template: { spec: { volumes: null } } } });
      await scene.whole('Deployment', 'web');
    },
    after: 'base 8',
  }),
  scenario({
    code: 'capacity',
    cause: 'the pod of the drained node needs 10 CPUs, and neither other node has them free',
    prepare: async (scene) => {
      const third = `${scene.namespace}-3`;
      for (const at of [1, 2, 3]) await scene.node(`${scene.namespace}-${at}`);
      await scene.deploy('filler', 1, pooled(scene, 'filler', '8', { 'kubernetes.io/hostname': third }));
      // One each on the first two, since two of 10 have no room on one.
      await scene.deploy('web', 2, pooled(scene, 'web', '10'));
    },
    command: async (scene) => ['drain', await nodeOf(scene, 'web'), '--ignore-daemonsets'],
    sum: 'base 45 + capacity 15',
    names: ({ namespace }) => `pod ${namespace}/web-`,
    remove: async (scene) => {
      await scene.scale('filler', 0);
    },
    after: 'base 45',
  }),
  scenario({
    code: 'no-way-back',
    cause: 'the Deployment keeps no earlier revisions',
    prepare: (scene) => scene.deploy('web', 2, { revisionHistoryLimit: 0 }),
    command: async () => ['set', 'image', 'deployment/web', 'web=registry.example/web:2'],
    sum: 'base 20 + mutable-image 5 + no-way-back 15',
    names: ({ namespace }) => `deployment/web -n ${namespace}`,
    remove: async (scene) => {
      await scene.patch('Deployment', 'web', { spec: { revisionHistoryLimit: 10 } });
      await scene.whole('Deployment', 'web');
    },
    after: 'base 20 + mutable-image 5',
  }),
  scenario({
    code: 'unschedulable',
    cause: 'no node has the label that the template would ask for',
    prepare: (scene) => scene.deploy('web', 2),
    command: async ({ namespace }) => [
      ...['patch', 'deployment', 'web', '-p'],
      `{"spec":{"template":{"spec":{"nodeSelector":{"pool":"${namespace}"},"tolerations":[{"operator":"Exists"}]}}}}`,
    ],
    sum: 'base 26 + weight 5 + placement 10 + unschedulable 40',
    names: ({ namespace }) => `deployments.apps ${namespace}/web`,
    remove: (scene) => scene.node(scene.namespace),
    after: 'base 26 + weight 5 + placement 10',
  }),
  scenario({
    code: 'unschedulable',
    cause: 'no node has as many CPUs as the pods would ask for',
    prepare: async (scene) => {
      await scene.node(scene.namespace);
      await scene.deploy('web', 1, pooled(scene, 'web', '1'));
    },
    command: async () => ['set', 'resources', 'deployment/web', '--requests=cpu=17'],
    sum: 'base 22 + weight 5 + unschedulable 40',
    names: ({ namespace }) => `deployments.apps ${namespace}/web`,
    remove: async (scene) => {
      const more = { cpu: '32', memory: '64Gi', pods: '110' };
      await scene.patch('Node', scene.namespace, { status: { capacity: more, allocatable: more } }, '/status');
    },
    after: 'base 22 + weight 5',
  }),
  scenario({
    code: 'bare-pod',
    cause: 'nothing is known of its controller that would return it',
    prepare: async (scene) => {
      const { metadata } = await scene.make('ConfigMap', { metadata: { name: 'set' } });
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'set', uid: metadata.uid, controller: true };
      await scene.make('Pod', {
        ...template('web'),
        metadata: { name: 'web', labels: { app: 'web' }, ownerReferences: [owner] },
      });
      await scene.podReady('web');
    },
    command: async () => ['delete', 'pod', 'web'],
    sum: 'base 8 + bare-pod 30 + no-way-back 15',
    names: ({ namespace }) => `pod ${namespace}/web`,
    remove: async (scene) => {
      await scene.patch('Pod', 'web', { status: { phase: 'Succeeded' } }, '/status');
    },
    after: 'base 8',
  }),
  scenario({
    code: 'scale-to-zero',
    cause: 'no node admits the pods of the DaemonSet any more: all of them go at once',
    prepare: async (scene) => {
      const spec = { selector: { matchLabels: { app: 'log' } }, template: template('log') };
      await scene.make('DaemonSet', { metadata: { name: 'log' }, spec });
      await scene.until('DaemonSet log whole', async () => {
        const { status = {} } = await scene.read('DaemonSet', 'log');
        return status.numberReady > 0 && status.numberReady === status.desiredNumberScheduled;
      });
    },
    command: async ({ namespace }) => [
      ...['patch', 'daemonset', 'log', '-p'],
      `{"spec":{"template":{"spec":{"nodeSelector":{"pool":"${namespace}"},"tolerations":[{"operator":"Exists"}]}}}}`,
    ],
    // 131
    sum: 'base 26 + weight 15 + placement 10 + scale-to-zero 40 + unschedulable 40 + cap -32',
    names: null,
    remove: (scene) => scene.node(scene.namespace),
    // those of the other nodes go: all there are
    after: 'base 26 + weight 15 + placement 10 + share 20',
  }),
];
