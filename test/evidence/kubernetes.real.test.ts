// Live evidence on a real control plane: each code appears with its cause and vanishes with it.
import { startControlPlane } from '../servers/kubernetes.ts';
import type { MakeAs } from './scene.ts';
import { evidenceSuite } from './suite.ts';

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
      stop: () => cluster.stop(),
    };
  },
  4,
);
