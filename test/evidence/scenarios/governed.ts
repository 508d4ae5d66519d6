// Who else holds what an action changes: gitops, autoscaled, owned (scoring section 5).
import { type Scenario, scenario } from '../scenario.ts';
import { deployment, type Scene } from '../scene.ts';

/** As an admin may: an empty entry forgets who wrote what. */
const forget = async (scene: Scene): Promise<void> => {
  await scene.patch('Deployment', 'web', { metadata: { managedFields: [{}] } });
};

const setsOf = async (scene: Scene): Promise<readonly string[]> => {
  const { items } = await scene.ask('GET', scene.path('ReplicaSet', null));
  return items.map(({ metadata }: { readonly metadata: { readonly name: string } }) => metadata.name);
};

const govern = async (scene: Scene, min: number, max: number): Promise<void> => {
  await scene.deploy('web', 3);
  await scene.govern('web', 'web', min, max);
};

export const GOVERNED: readonly Scenario[] = [
  scenario({
    code: 'gitops',
    cause: 'Argo CD made the Deployment and holds its replicas',
    prepare: async (scene) => {
      await scene.makeAs('argocd-controller', 'Deployment', deployment('web', 3), ['spec.replicas']);
      await scene.whole('Deployment', 'web');
    },
    command: async () => ['scale', 'deployment/web', '--replicas=4'],
    sum: 'base 10 + gitops 10',
    names: ({ namespace }) => `argocd-controller holds spec.replicas of deployments.apps ${namespace}/web`,
    remove: forget,
    after: 'base 10',
  }),
  scenario({
    code: 'gitops',
    cause: 'Flux made the Deployment and holds its image',
    prepare: async (scene) => {
      const image = 'spec.template.spec.containers.web.image';
      await scene.makeAs('kustomize-controller', 'Deployment', deployment('web', 3), [image]);
      await scene.whole('Deployment', 'web');
    },
    command: async () => ['set', 'image', 'deployment/web', 'web=registry.example/web:2'],
    sum: 'base 20 + mutable-image 5 + gitops 10',
    names: ({ namespace }) =>
      `kustomize-controller holds spec.template.spec.containers.web.image of deployments.apps ${namespace}/web`,
    remove: forget,
    after: 'base 20 + mutable-image 5',
  }),
  scenario({
    code: 'autoscaled',
    cause: 'a HorizontalPodAutoscaler governs the Deployment',
    prepare: (scene) => govern(scene, 2, 5),
    command: async () => ['scale', 'deployment/web', '--replicas=4'],
    sum: 'base 10 + autoscaled 10',
    names: ({ namespace }) => `${namespace}/web keeps 2 to 5`,
    remove: (scene) => scene.remove('HorizontalPodAutoscaler', 'web'),
    after: 'base 10',
  }),
  scenario({
    code: 'owned',
    cause: 'the ReplicaSet belongs to a Deployment',
    prepare: async (scene) => {
      await scene.deploy('web', 2);
      const [name = ''] = await setsOf(scene);
      await scene.patch('ReplicaSet', name, { metadata: { labels: { is: 'owned' } } });
    },
    command: async () => ['label', 'rs', '-l', 'is=owned', 'note=x'],
    sum: 'base 6 + selector 10 + owned 10',
    names: () => 'Deployment/web of replicaset/web-',
    remove: async (scene) => {
      // Released by its Deployment once it no longer matches (Kubernetes, adoption and release).
      const [name = ''] = await setsOf(scene);
      await scene.remove('Deployment', 'web', { propagationPolicy: 'Orphan' });
      await scene.until('the ReplicaSet is free', async () => {
        const { metadata } = await scene.read('ReplicaSet', name);
        return (metadata.ownerReferences ?? []).length === 0;
      });
    },
    after: 'base 6 + selector 10',
  }),
];
