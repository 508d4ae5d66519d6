// Live evidence on a real control plane: each code appears with its cause and vanishes with it.
import assert from 'node:assert/strict';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import type { MakeAs } from './scene.ts';
import { evidenceSuite } from './suite.ts';

/** Takes the right out of the role of the user gate. */
const withhold = async ({ request }: ControlPlane): Promise<() => Promise<void>> => {
  const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles/gate';
  const { body } = await request('admin', 'GET', path);
  // as: a ClusterRole.
  const { rules } = body as { readonly rules: readonly { readonly resources: readonly string[] }[] };
  const write = async (some: typeof rules): Promise<void> => {
    const { status } = await request('admin', 'PATCH', path, { rules: some }, 'application/merge-patch+json');
    assert.equal(status, 200);
  };
  await write(rules.filter(({ resources }) => !resources.includes('poddisruptionbudgets')));
  return () => write(rules);
};

evidenceSuite(
  'live evidence on a real control plane',
  async () => {
    const cluster = await startControlPlane();
    const makeAs: MakeAs = (path, manager, object) =>
      cluster.request('admin', 'POST', `${path}?fieldManager=${manager}`, object);
    return {
      call: (method, path, body, type) => cluster.request('admin', method, path, body, type),
      kubeconfig: cluster.kubeconfigPath('gate'),
      makeAs,
      withhold: () => withhold(cluster),
      stop: () => cluster.stop(),
    };
  },
  4,
);
