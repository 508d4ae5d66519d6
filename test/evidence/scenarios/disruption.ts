// How much of a service goes away: pdb, last-replica, endpoints, share, replica-drop (scoring section 5).
import { type Scenario, scenario } from '../scenario.ts';
import type { Scene } from '../scene.ts';

const rolling = (maxUnavailable: string) => ({
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable, maxSurge: 0 } },
});

/** The pod of two that is not the first by name. */
const other = async (scene: Scene): Promise<string> =>
  [...(await scene.pods({ app: 'web' }, 'staying'))].sort()[1] ?? '';

export const DISRUPTION: readonly Scenario[] = [
  scenario({
    code: 'pdb',
    cause: 'a PodDisruptionBudget wants all three pods',
    prepare: async (scene) => {
      await scene.deploy('web', 3);
      await scene.budget('web', 'web', 3, 0);
    },
    command: async (scene) => ['delete', 'pod', await scene.podOf('web')],
    sum: 'base 8 + pdb 25',
    names: ({ namespace }) => `${namespace}/web allows 0`,
    remove: (scene) => scene.remove('PodDisruptionBudget', 'web'),
    after: 'base 8',
  }),
  scenario({
    code: 'pdb',
    cause: 'a fixed minAvailable leaves one of three, and two replicas are taken away',
    prepare: async (scene) => {
      await scene.deploy('web', 3);
      await scene.budget('web', 'web', 2, 1);
    },
    command: async () => ['scale', 'deployment/web', '--replicas=1'],
    // replica-drop: 25 × 2 ÷ 3 = 16.7, rounded up
    sum: 'base 10 + pdb 25 + replica-drop 17',
    names: ({ namespace }) => `${namespace}/web allows 1`,
    remove: (scene) => scene.remove('PodDisruptionBudget', 'web'),
    after: 'base 10 + replica-drop 17',
  }),
  scenario({
    code: 'last-replica',
    cause: 'the pod is the only ready one of its Deployment',
    prepare: (scene) => scene.deploy('web', 1),
    command: async (scene) => ['delete', 'pod', await scene.podOf('web')],
    sum: 'base 8 + last-replica 20',
    names: ({ namespace }) => `deployments.apps ${namespace}/web`,
    remove: (scene) => scene.scale('web', 2),
    after: 'base 8',
  }),
  scenario({
    code: 'last-replica',
    cause: 'the other pod of the Deployment is not ready',
    prepare: async (scene) => {
      await scene.deploy('web', 2);
      await scene.readiness(await other(scene), 'False');
      await scene.whole('Deployment', 'web', 1);
    },
    command: async (scene) => ['delete', 'pod', await scene.podOf('web')],
    sum: 'base 8 + last-replica 20',
    names: ({ namespace }) => `deployments.apps ${namespace}/web`,
    remove: async (scene) => {
      await scene.readiness(await other(scene), 'True');
      await scene.whole('Deployment', 'web');
    },
    after: 'base 8',
  }),
  scenario({
    code: 'endpoints',
    cause: 'a Service has no other endpoint; last-replica is the same outage and counts less',
    prepare: async (scene) => {
      await scene.deploy('web', 1);
      await scene.serve('web', { app: 'web' }, 1);
    },
    command: async (scene) => ['delete', 'pod', await scene.podOf('web')],
    sum: 'base 8 + endpoints 25',
    names: ({ namespace }) => `service ${namespace}/web would have 0 of 1`,
    remove: async (scene) => {
      await scene.scale('web', 2);
      await scene.endpoints('web', 2);
    },
    after: 'base 8',
  }),
  scenario({
    code: 'endpoints',
    cause: 'a label that the Service selects by is changed on its only endpoint',
    prepare: async (scene) => {
      await scene.deploy('web', 1);
      await scene.serve('web', { app: 'web' }, 1);
    },
    command: async (scene) => ['label', '--overwrite', 'pod', await scene.podOf('web'), 'app=old'],
    sum: 'base 6 + membership 15 + endpoints 25',
    names: ({ namespace }) => `service ${namespace}/web would have 0 of 1`,
    remove: async (scene) => {
      await scene.scale('web', 2);
      await scene.endpoints('web', 2);
    },
    after: 'base 6 + membership 15',
  }),
  scenario({
    code: 'endpoints',
    cause: 'the Service that is deleted has endpoints',
    prepare: async (scene) => {
      await scene.deploy('web', 2);
      await scene.serve('web', { app: 'web' }, 2);
    },
    command: async () => ['delete', 'service', 'web'],
    sum: 'base 40 + weight 10 + endpoints 25 + no-way-back 15',
    names: ({ namespace }) => `service ${namespace}/web would have 0 of 2`,
    remove: async (scene) => {
      await scene.scale('web', 0);
      await scene.endpoints('web', 0);
    },
    after: 'base 40 + weight 10 + no-way-back 15',
  }),
  scenario({
    code: 'share',
    cause: 'a rolling restart may take half of four pods at once',
    prepare: (scene) => scene.deploy('web', 4, rolling('50%')),
    command: async () => ['rollout', 'restart', 'deployment/web'],
    // 20 × 2 ÷ 4
    sum: 'base 8 + share 10',
    names: ({ namespace }) => `deployments.apps ${namespace}/web 2 of 4`,
    remove: async (scene) => {
      await scene.patch('Deployment', 'web', { spec: rolling('25%') });
      await scene.whole('Deployment', 'web');
    },
    after: 'base 8',
  }),
  scenario({
    code: 'replica-drop',
    cause: 'three of four replicas are taken away',
    prepare: (scene) => scene.deploy('web', 4),
    command: async () => ['scale', 'deployment/web', '--replicas=1'],
    // 25 × 3 ÷ 4 = 18.75, rounded up; share would be 20 × 3 ÷ 4 = 15, the same outage
    sum: 'base 10 + replica-drop 19',
    names: ({ namespace }) => `deployments.apps ${namespace}/web 4 to 1`,
    remove: (scene) => scene.scale('web', 1),
    after: 'base 10',
  }),
  scenario({
    code: 'share',
    cause: 'one of three is down already when another is deleted',
    prepare: async (scene) => {
      await scene.deploy('web', 3);
      await scene.readiness(await other(scene), 'False');
      await scene.whole('Deployment', 'web', 2);
    },
    command: async (scene) => ['delete', 'pod', await scene.podOf('web')],
    // two of three are away: 20 × 2 ÷ 3 = 13.3, rounded up
    sum: 'base 8 + share 14',
    names: ({ namespace }) => `deployments.apps ${namespace}/web 2 of 3`,
    remove: async (scene) => {
      await scene.readiness(await other(scene), 'True');
      await scene.whole('Deployment', 'web');
    },
    after: 'base 8',
  }),
  scenario({
    code: 'replica-drop',
    cause: 'an autoscaler that is created may run two of four',
    prepare: (scene) => scene.deploy('web', 4),
    command: async () => ['autoscale', 'deployment/web', '--min=1', '--max=2'],
    // 25 × 2 ÷ 4 = 12.5, rounded up
    sum: 'base 12 + replica-drop 13',
    names: ({ namespace }) => `deployments.apps ${namespace}/web 4 to 2`,
    remove: (scene) => scene.scale('web', 2),
    after: 'base 12',
  }),
  scenario({
    code: 'endpoints',
    cause: 'no ready pod answers to the new selector',
    prepare: async (scene) => {
      await scene.deploy('web', 1);
      await scene.serve('web', { app: 'web' }, 1);
    },
    command: async () => ['patch', 'service', 'web', '-p', '{"spec":{"selector":{"app":"next"}}}'],
    sum: 'base 22 + weight 10 + membership 15 + endpoints 25',
    names: ({ namespace }) => `service ${namespace}/web would have 0 of 1`,
    remove: (scene) => scene.deploy('next', 1),
    after: 'base 22 + weight 10 + membership 15',
  }),
  scenario({
    code: 'endpoints',
    cause: 'set selector takes the pods away',
    prepare: async (scene) => {
      await scene.deploy('web', 1);
      await scene.serve('web', { app: 'web' }, 1);
    },
    command: async () => ['set', 'selector', 'service', 'web', 'tier=front'],
    sum: 'base 22 + weight 10 + membership 15 + endpoints 25',
    names: ({ namespace }) => `service ${namespace}/web would have 0 of 1`,
    remove: async (scene) => {
      await scene.patch('Pod', await scene.podOf('web'), { metadata: { labels: { tier: 'front' } } });
    },
    after: 'base 22 + weight 10 + membership 15',
  }),
];
