// The cluster adapters against a real Kubernetes control plane.
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { createClusterReader } from '../../src/adapters/cluster/reader.ts';
import { createClusterWriter } from '../../src/adapters/cluster/writer.ts';
import { startControlPlane } from '../servers/kubernetes.ts';
import { clusterContract } from './cluster.ts';

clusterContract('a real control plane', async () => {
  const plane = await startControlPlane();
  const client = await openCluster({ kubeconfig: plane.kubeconfigPath('admin'), serviceHost: null });
  return {
    reader: createClusterReader(client),
    writer: createClusterWriter(client),
    call: (...call) => plane.request('admin', ...call),
    breakNextWrite: null,
    stop: plane.stop,
  };
});
