// Writes that hold secrets, on a real control plane.
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { sharedControlPlane } from '../servers/kubernetes.ts';
import { carriedOut } from './carried-out.ts';

carriedOut('a real control plane', async () => {
  const plane = await sharedControlPlane();
  return {
    client: await openCluster({ kubeconfig: plane.kubeconfigPath('admin'), serviceHost: null }),
    call: (...one) => plane.request('admin', ...one),
    stop: () => plane.stop(),
  };
});
