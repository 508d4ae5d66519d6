// What a cluster changes outside of section 5: multiplier, modifiers, floors and hard rules that ask for live facts
// (scoring sections 3, 4, 6 and 7).
import { type Scenario, scenario } from '../scenario.ts';
import { deployment, type Scene, template } from '../scene.ts';

const ENVIRONMENT = 'blastgate.io/environment';
const PROTECTED = 'blastgate.io/protected';

const environment = async ({ namespace, ...scene }: Scene, value: string | null): Promise<void> => {
  const body = { metadata: { labels: { [ENVIRONMENT]: value } } };
  const { status } = await scene.call('PATCH', `/api/v1/namespaces/${namespace}`, body, 'application/merge-patch+json');
  if (status !== 200) throw new Error(`${namespace} could not be labelled: ${status}`);
};

const marked = (value: string | null) => ({ metadata: { annotations: { [PROTECTED]: value } } });

const statefulSet = (name: string) => ({
  metadata: { name },
  spec: { replicas: 2, serviceName: name, selector: { matchLabels: { app: name } }, template: template(name) },
});

export const ELSEWHERE: readonly Scenario[] = [
  scenario({
    code: 'multiplier',
    cause: 'the namespace is labelled production',
    prepare: async (scene) => {
      await scene.deploy('web', 3);
      await environment(scene, 'production');
    },
    command: async () => ['scale', 'deployment/web', '--replicas=4'],
    // 10 × 1.5
    sum: 'base 10 + multiplier 5',
    names: () => 'production ×1.5',
    remove: (scene) => environment(scene, null),
    after: 'base 10',
  }),
  {
    code: 'multiplier',
    cause: 'the label says development: by its name the namespace is production, and no label lowers that',
    ending: '-prod',
    prepare: async (scene) => {
      await scene.deploy('web', 3);
      await environment(scene, 'development');
    },
    command: async () => ['scale', 'deployment/web', '--replicas=4'],
    sum: 'base 10 + multiplier 5',
    names: () => 'production ×1.5',
    // A higher class does raise it: 10 × 2.0, and every write there asks a person (section 6), which 20 does anyway.
    remove: (scene) => environment(scene, 'control-plane'),
    after: 'base 10 + multiplier 10',
  },
  scenario({
    code: 'scale-up',
    cause: 'five is more than twice the two that there are',
    prepare: (scene) => scene.deploy('web', 2),
    command: async () => ['scale', 'deployment/web', '--replicas=5'],
    sum: 'base 10 + scale-up 15',
    names: null,
    remove: (scene) => scene.scale('web', 3),
    after: 'base 10',
  }),
  scenario({
    code: 'scale-up',
    cause: 'the maximum is more than twice the one that there is',
    prepare: (scene) => scene.govern('web', 'web', 1, 2),
    command: async () => ['patch', 'hpa', 'web', '-p', '{"spec":{"maxReplicas":5}}'],
    sum: 'base 12 + scale-up 15',
    names: null,
    remove: async (scene) => {
      await scene.patch('HorizontalPodAutoscaler', 'web', { spec: { maxReplicas: 3 } });
    },
    after: 'base 12',
  }),
  scenario({
    code: 'replica-drop',
    cause: 'the manifest asks for one replica where four run',
    prepare: (scene) => scene.deploy('web', 4),
    command: async (scene) => ['apply', '-f', scene.file('Deployment', deployment('web', 1))],
    // 25 × 3 ÷ 4 = 18.75, rounded up
    sum: 'base 30 + weight 5 + mutable-image 5 + replica-drop 19',
    names: ({ namespace }) => `deployments.apps ${namespace}/web 4 to 1`,
    remove: (scene) => scene.scale('web', 1),
    after: 'base 30 + weight 5 + mutable-image 5',
  }),
  scenario({
    code: 'scale-to-zero',
    cause: 'the maximum is below the minimum of now',
    prepare: (scene) => scene.govern('web', 'web', 2, 5),
    command: async () => ['patch', 'hpa', 'web', '-p', '{"spec":{"maxReplicas":1}}'],
    sum: 'base 12 + scale-to-zero 40',
    names: null,
    remove: async (scene) => {
      await scene.patch('HorizontalPodAutoscaler', 'web', { spec: { minReplicas: 1 } });
    },
    after: 'base 12',
  }),
  scenario({
    code: 'membership',
    cause: 'a Service asks for the label that the pod gets',
    prepare: async (scene) => {
      await scene.deploy('web', 2);
      await scene.serve('canary', { app: 'web', track: 'canary' }, 0);
    },
    command: async (scene) => ['label', 'pod', await scene.podOf('web'), 'track=canary'],
    sum: 'base 6 + membership 15',
    names: null,
    remove: (scene) => scene.remove('Service', 'canary'),
    after: 'base 6',
  }),
  scenario({
    code: 'membership',
    cause: 'a NetworkPolicy asks for the label that the pod gets',
    prepare: async (scene) => {
      await scene.deploy('web', 2);
      const spec = { podSelector: { matchExpressions: [{ key: 'quarantine', operator: 'Exists' }] }, ingress: [] };
      await scene.make('NetworkPolicy', { metadata: { name: 'quarantine' }, spec });
    },
    command: async (scene) => ['label', 'pod', await scene.podOf('web'), 'quarantine=yes'],
    sum: 'base 6 + membership 15',
    names: null,
    remove: (scene) => scene.remove('NetworkPolicy', 'quarantine'),
    after: 'base 6',
  }),
  scenario({
    code: 'hard-rule',
    cause: 'the Deployment is annotated as protected',
    prepare: async (scene) => {
      await scene.deploy('web', 3);
      await scene.patch('Deployment', 'web', marked('true'));
    },
    command: async () => ['rollout', 'restart', 'deployment/web'],
    sum: 'hard-rule 100',
    names: ({ namespace }) => `protected-object deployments.apps ${namespace}/web`,
    remove: async (scene) => {
      await scene.patch('Deployment', 'web', marked(null));
    },
    after: 'base 8',
  }),
  scenario({
    code: 'floor',
    cause: 'a StatefulSet owns the pod that is deleted by force: two copies of it may run',
    prepare: async (scene) => {
      await scene.make('StatefulSet', statefulSet('db'));
      await scene.whole('StatefulSet', 'db');
    },
    command: async () => ['delete', 'pod', 'db-0', '--force', '--grace-period=0'],
    // 8 + 20 + 15 = 43; two people from 51 on
    sum: 'base 8 + force 20 + grace-zero 15 + floor 8',
    names: () => 'stateful-pod',
    // The pods stay and a ReplicaSet takes them over.
    remove: async (scene) => {
      await scene.remove('StatefulSet', 'db', { propagationPolicy: 'Orphan' });
      await scene.make('ReplicaSet', {
        metadata: { name: 'db' },
        spec: { replicas: 2, selector: { matchLabels: { app: 'db' } }, template: template('db') },
      });
      await scene.whole('ReplicaSet', 'db');
    },
    after: 'base 8 + force 20 + grace-zero 15',
  }),
];
